/* SPDX-License-Identifier: Apache-2.0
 *
 * series_kind.h - what kind of numbers a series has, and what of them is to be watched.
 *
 * Of a counter, which only grows until it starts again, the rate is watched; of all others the
 * value itself.
 *
 * SHAPE      Flat, O(1).
 * ERRORS     A series that was taken for a counter and then falls, but not to its start, is a gauge
 *            for good.
 */
#ifndef DETECT_SERIES_KIND_H
#define DETECT_SERIES_KIND_H
#include <oddball.h>
#include <stdbool.h>

#include "base/str.h"

typedef enum {
    SERIES_GAUGE,    /* Any number.                                             */
    SERIES_COUNTER,  /* Grows, and starts again from about nothing at a reset.   */
    SERIES_CONSTANT, /* Has never changed.                                      */
    SERIES_INTEGER,  /* Whole numbers.                                          */
    SERIES_SPARSE,   /* Nothing, most of the time.                              */
    SERIES_BOUNDED,  /* Within 0 and 1, or 0 and 100, and comes near the bounds. */
    SERIES_COUNT     /* How many came in each window of time: it was told so.    */
} SeriesClass;

typedef struct {
    double   last, low, high;
    uint32_t count, grown, zeros;
    uint16_t resets;
    uint8_t  fractions;  /* Not 0: not all are whole numbers.   */
    uint8_t  is_counter; /* Now watched as one.                 */
    uint8_t  is_gauge;   /* It fell, so it can be no counter.   */
    uint8_t  is_named;   /* Its name says that it is a counter: so it is one from the beginning on,
                            however seldom it grows, and low, high and zeros are of its growth. */
    uint8_t  is_count;   /* Told so: how many came in each window. */
    uint8_t  unused[5];
} SeriesKind;            /* All zero is the empty state. */

/* By the endings that Prometheus and OpenTelemetry give to counters; name: without labels. */
bool series_name_counts(Str name);

typedef struct {
    double value;   /* To be watched: the value, or a rate per second (per sample without time). */
    double from, per; /* The series' own value is from + value * per.                            */
    bool   skip;    /* The first of a counter, or the first after a reset: nothing to watch.     */
} Measure;

/* What the next value would be.  step_s: seconds since the last one; 0 or less: not known. */
Measure     series_measure(const SeriesKind *kind, double value, double step_s);
/* True: it is watched as another thing than before, what was learnt is void. */
bool        series_kind_learn(SeriesKind *kind, double value);
/* Of a series that is nothing most of the time, the surprise that a value (of a counter: its growth)
 * bears out, the last one of about `events` in a row: so seldom is it anything, and by Chebyshev's inequality that large;
 * or nothing at all, for long.  Of any other series, infinite. */
double      series_kind_most(const SeriesKind *kind, double value, double events);
/* It was told that it counts, or nothing speaks against it so far: small whole numbers. */
bool        series_kind_may_count(const SeriesKind *kind);
SeriesClass series_class(const SeriesKind *kind);
const char *series_class_name(SeriesClass class);

#endif
