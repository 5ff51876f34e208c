/* SPDX-License-Identifier: Apache-2.0
 *
 * fold_alerts.c - what an alert says, as a candidate of the board. */
#include <math.h>

#include "base/ascii.h"
#include "base/cut.h"
#include "base/hash.h"
#include "base/time.h"
#include "engine/fold.h"
#include "event/alert.h"
#include "event/series.h"
#include "incident/writer.h"

#define SEED 0x616c657274666f6cULL
/* An alert that says when it ends is told again every few minutes; a webhook, in hours. */
#define STALE_NS (900 * NS_PER_S)
#define STALE_WEBHOOK_NS (S_PER_DAY * NS_PER_S)
#define SUMMARY_BYTES_MAX 300

static double surprise_of(Str severity)
{
    if (ascii_holds(severity, "crit") || ascii_holds(severity, "page"))
        return 6;
    return ascii_holds(severity, "info") || ascii_holds(severity, "none") ? 3 : 4.5;
}

static const WhoName *first_of(const Who *who, WhoSort sort)
{
    for (size_t i = 0; i < who->count; i++)
        if (who->names[i].sort == sort)
            return &who->names[i];
    return NULL;
}

static void write_sentence(const Alert *alert, Candidate *c)
{
    Writer w = writer_make(c->sentence, sizeof c->sentence);
    Str name = series_name(str_of(alert->series)), summary = str_of(alert->summary);
    Who who = who_of(STR(""), str_of(alert->series));
    const WhoName *machine = first_of(&who, WHO_MACHINE), *service = first_of(&who, WHO_SERVICE);
    writer_add(&w, "alert %.*s fires", (int)cut_at_character(name, 100), name.text);
    if (machine != NULL)
        writer_add(&w, " on %s", machine->text);
    else if (service != NULL)
        writer_add(&w, " for %s", service->text);
    if (summary.size > 0)
        writer_add(&w, ": %.*s", (int)cut_at_character(summary, SUMMARY_BYTES_MAX), summary.text);
}

static odd_time ends_of(const Alert *alert, odd_time known)
{
    if (alert->is_resolved)
        return ODD_TIME_NONE;
    if (alert->ends == ODD_TIME_NONE)
        return time_plus(known, STALE_WEBHOOK_NS);
    odd_time stale = time_plus(known, STALE_NS);
    return alert->ends > stale ? alert->ends : stale;
}

static void alert_candidate(const Alert *alert, const Event *event, Candidate *c)
{
    Str series = str_of(alert->series);
    memset(c, 0, sizeof *c);
    c->kind = FINDING_ALERT;
    c->has_beginning = alert->starts != ODD_TIME_NONE;
    c->time = c->has_beginning && alert->starts < event->known ? alert->starts : event->known;
    c->last_time = event->known;
    c->ends = ends_of(alert, event->known);
    c->pattern = hash_bytes(series.text, series.size, SEED);
    c->surprise = surprise_of(series_label(series, STR("severity")));
    c->seen = 1;
    c->expected = c->effect = NAN;
    cut_into(c->source, sizeof c->source, event->source);
    cut_into(c->pattern_text, sizeof c->pattern_text, series);
    cut_into(c->how_rare, sizeof c->how_rare, STR("a rule says so"));
    write_sentence(alert, c);
    c->sample_size = (uint16_t)strlen(alert->summary);
    memcpy(c->sample, alert->summary, c->sample_size);
}

bool fold_alert(odd_fold *fold, const Event *event)
{
    Alert alert;
    Candidate candidate;
    if (!alert_read(event->text, &alert))
        return true;
    alert_candidate(&alert, event, &candidate);
    return board_take_alert(&fold->board, &candidate) == ODD_OK;
}
