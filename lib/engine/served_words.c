/* SPDX-License-Identifier: Apache-2.0
 *
 * served_words.c - what findings of models in production have in common: names, why, and how many
 * looks a surprise is to be corrected for. */
#include <math.h>
#include <stdio.h>

#include "base/real.h"
#include "engine/served.h"
#include "incident/sentence.h"

#define RUN_ROWS 1e6   /* Rows between two false alarms, as evidence counts them. */
#define ALARM_DAYS 7.0 /* And so many days at least. */
#define HARM_SHOWN 0.001

static double rows_of_alarm(const Served *served)
{
    const ServedPlain *plain = &served->plain;
    uint64_t day = plain->day_rows > plain->day_before ? plain->day_rows : plain->day_before;
    return ALARM_DAYS * (double)day;
}

double served_correction(const Served *served)
{
    return served_looks(served, RUN_ROWS);
}

double served_looks(const Served *served, double rows)
{
    double looks = rows_of_alarm(served) / rows;
    return looks > 1 ? real_log10(looks) : 0;
}

Str served_name(const Served *served, Str column, const char *between, char room[SERVED_NAME_BYTES])
{
    Str model = served_model(served), version = served_version(served);
    int size = snprintf(room, SERVED_NAME_BYTES, "%.*s%s%.*s%s%.*s", (int)column.size, column.text,
                        between, (int)model.size, model.text, version.size > 0 ? " " : "",
                        (int)version.size, version.text);
    return (Str){.text = room,
                 .size = size < SERVED_NAME_BYTES ? (size_t)size : SERVED_NAME_BYTES - 1};
}

void served_say(const Served *served, const char *words, const char *with, double harm,
                char *sentence)
{
    Cause cause = served_cause(served);
    char added[64] = "";
    if (!isnan(harm) && harm > HARM_SHOWN)
        snprintf(added, sizeof added, ", about %.2g %s more errors", 100 * harm,
                 served_of_numbers(served) ? "%" : "points");
    if (cause == CAUSE_NONE)
        snprintf(sentence, SENTENCE_SIZE, "%s%s%s", words, with, added);
    else
        snprintf(sentence, SENTENCE_SIZE, "%s%s%s; %s: %s", words, with, added, cause_name(cause),
                 cause_sentence(cause));
}
