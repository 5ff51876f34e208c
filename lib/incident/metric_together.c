/* SPDX-License-Identifier: Apache-2.0 */
#include "incident/metric_together.h"

#include "base/cut.h"
#include "event/series.h"
#include "event/target.h"
#include "incident/quantity.h"
#include "incident/writer.h"

#define WHO_BYTES_MAX 120
#define NAME_BYTES_MAX 64
#define LABEL_BYTES_MAX 24
#define LABELS_MAX 2
#define EXPECTED_LEAST 1.0

static double expected_of(const Crowded *crowded)
{
    return crowded->expected > EXPECTED_LEAST ? crowded->expected : EXPECTED_LEAST;
}

/* What it is of was said before. */
static void write_series(Writer *w, Str series)
{
    Label label;
    size_t at = 0;
    int told = 0;
    writer_quote(w, series_name(series), NAME_BYTES_MAX);
    while (told < LABELS_MAX && series_next_label(series, &at, &label)) {
        if (target_is_label(label.name))
            continue;
        writer_add(w, "%s%.*s %.*s", told == 0 ? " (" : ", ",
                   (int)cut_at_character(label.name, LABEL_BYTES_MAX), label.name.text,
                   (int)cut_at_character(label.value, LABEL_BYTES_MAX), label.value.text);
        told++;
    }
    writer_add(w, "%s", told > 0 ? ")" : "");
}

size_t metric_together(const Crowded *crowded, char *buffer, size_t size)
{
    Writer w = writer_make(buffer, size);
    char odd[NUMBER_SIZE], series[NUMBER_SIZE], usual[NUMBER_SIZE];
    Str who = crowded->who.size > 0 ? crowded->who : crowded->source;
    double expected = (double)(int64_t)(expected_of(crowded) + 0.5);
    writer_add(&w, "%s of %s series of %s%.*s are odd at once, where %s %s usual",
               number_text(crowded->odd, odd), number_text(crowded->series, series),
               crowded->who.size > 0 ? "" : "source ", (int)cut_at_character(who, WHO_BYTES_MAX),
               who.text, number_text(expected, usual), expected > 1 ? "are" : "is");
    for (uint32_t i = 0; i < crowded->most_count; i++) {
        writer_add(&w, "%s", i == 0 ? "; most of all " : ", ");
        write_series(&w, crowded->most[i]);
    }
    return w.used;
}

size_t metric_together_how_rare(const Crowded *crowded, char *buffer, size_t size)
{
    Writer w = writer_make(buffer, size);
    char text[NUMBER_SIZE];
    writer_add(&w, "%sx as many as usual", ratio_text(crowded->odd / expected_of(crowded), text));
    return w.used;
}
