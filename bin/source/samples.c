/* SPDX-License-Identifier: Apache-2.0 */
#include "source/samples.h"

#include <stdlib.h>
#include <string.h>

void samples_begin(Samples *samples, const char *source, odd_time time)
{
    samples->source = source;
    samples->time = time;
    samples->count = 0;
    samples->text_size = 0;
}

void samples_free(Samples *samples)
{
    free(samples->rows);
    free(samples->text);
    *samples = (Samples){0};
}

typedef struct { /* A series' name being written. */
    char   text[SERIES_TEXT_SIZE];
    size_t size;
    bool   full;
} Name;

static void name_put(Name *name, const char *text, bool quoted)
{
    for (; *text != '\0'; text++) {
        if (name->size + 3 > sizeof name->text) {
            name->full = true;
            return;
        }
        char c = *text == '\n' ? 'n' : *text;
        if (quoted && (*text == '\n' || *text == '"' || *text == '\\'))
            name->text[name->size++] = '\\';
        name->text[name->size++] = quoted ? c : *text;
    }
    name->text[name->size] = '\0';
}

static void name_write(Name *to, const char *name, const SampleLabel *labels, size_t count)
{
    const char *before = "{";
    to->size = 0;
    to->full = false;
    name_put(to, name, false);
    for (size_t i = 0; i < count; i++) {
        if (labels[i].value == NULL || labels[i].value[0] == '\0')
            continue;
        name_put(to, before, false);
        name_put(to, labels[i].name, false);
        name_put(to, "=\"", false);
        name_put(to, labels[i].value, true);
        name_put(to, "\"", false);
        before = ",";
    }
    if (before[0] == ',')
        name_put(to, "}", false);
}

static bool samples_room(Samples *samples, size_t text_size)
{
    if (samples->count == samples->capacity) {
        size_t     capacity = samples->capacity == 0 ? 256 : samples->capacity * 2;
        SampleRow *grown = realloc(samples->rows, capacity * sizeof *grown);
        if (grown == NULL)
            return false;
        samples->rows = grown;
        samples->capacity = capacity;
    }
    if (samples->text_size + text_size > samples->text_capacity) {
        size_t capacity = (samples->text_size + text_size) * 2;
        char  *grown = realloc(samples->text, capacity);
        if (grown == NULL)
            return false;
        samples->text = grown;
        samples->text_capacity = capacity;
    }
    return true;
}

void samples_add(Samples *samples, const char *name, const SampleLabel *labels, size_t count,
                 double value)
{
    Name to;
    name_write(&to, name, labels, count);
    if (to.full || samples->count >= SAMPLES_MAX || !samples_room(samples, to.size + 1)) {
        samples->left_out++;
        return;
    }
    samples->rows[samples->count++] = (SampleRow){.series = samples->text_size, .value = value};
    memcpy(samples->text + samples->text_size, to.text, to.size + 1);
    samples->text_size += to.size + 1;
}

void samples_plain(Samples *samples, const char *name, double value)
{
    samples_add(samples, name, NULL, 0, value);
}

void samples_one(Samples *samples, const char *name, const char *label, const char *text,
                 double value)
{
    samples_add(samples, name, &(SampleLabel){.name = label, .value = text}, 1, value);
}

bool samples_fill(void *what, odd_events *events)
{
    const Samples *samples = what;
    for (size_t i = 0; i < samples->count; i++) {
        const SampleRow *row = &samples->rows[i];
        odd_rc rc = odd_events_sample(events, samples->source, samples->text + row->series,
                                      samples->time, row->value);
        if (rc != ODD_OK && rc != ODD_RANGE)
            return false;
    }
    return true;
}
