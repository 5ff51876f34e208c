/* SPDX-License-Identifier: Apache-2.0
 *
 * samples.h - the values of one look at something, kept until they are durable.
 *
 * OWNERSHIP  samples_free.  All zero is the empty list.
 * ERRORS     What finds no memory, or no room (SAMPLES_MAX), is left out and counted.
 */
#ifndef SOURCE_SAMPLES_H
#define SOURCE_SAMPLES_H
#include <oddball.h>
#include <stdbool.h>

#define SAMPLES_MAX 20000
#define SERIES_TEXT_SIZE 4096

typedef struct {
    size_t series; /* Where its name begins in text. */
    double value;
} SampleRow;

typedef struct {
    const char *source;
    odd_time    time;
    SampleRow  *rows;
    size_t      count, capacity;
    char       *text; /* Names, each with its NUL. */
    size_t      text_size, text_capacity;
    uint64_t    left_out;
} Samples;

void samples_begin(Samples *samples, const char *source, odd_time time); /* Empty again. */
void samples_free(Samples *samples);

typedef struct {
    const char *name, *value;
} SampleLabel;

/* labels are in the order of their names; those without a value are left out. */
void samples_add(Samples *samples, const char *name, const SampleLabel *labels, size_t count,
                 double value);

/* The same with no label, or one. */
void samples_plain(Samples *samples, const char *name, double value);
void samples_one(Samples *samples, const char *name, const char *label, const char *text,
                 double value);

/* As GiveFill: what is a Samples. */
bool samples_fill(void *samples, odd_events *events);

#endif
