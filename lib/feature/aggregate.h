/* SPDX-License-Identifier: Apache-2.0
 *
 * aggregate.h - what is known of the facts of a span of time: one file, one aggregate or a pair.
 *
 * SHAPE      A cell is cell_bytes of flat state, a multiple of 8; all zero is the empty one.
 * ERRORS     None.  Values of facts are finite; the caller leaves out what is not.
 * EXACTNESS  add and merge commute and associate to the bit: cells of parts of the facts, put
 *            together in any order, are the cell of all of them.  So nothing depends on the order
 *            in which facts arrive, on threads, or on where commits end.
 */
#ifndef FEATURE_AGGREGATE_H
#define FEATURE_AGGREGATE_H
#include <stdbool.h>
#include <stdint.h>

typedef struct {
    double   value;
    uint64_t hash; /* Of what it says, number or text: for distinct. */
} FactValue;

typedef struct {
    double window_s;
    double quantile; /* In (0, 1). */
} AggregateAsk;

typedef struct {
    const char *name;
    uint32_t    cell_bytes;
    bool        wants_value;   /* Of facts; else it counts them. */
    bool        empty_is_zero; /* Of nothing it is 0, and not missing. */
    void (*add)(void *cell, FactValue fact);
    void (*merge)(void *cell, const void *other);
    double (*value)(const void *cell, const AggregateAsk *ask); /* NaN: missing. */
} Aggregate;

extern const Aggregate *const aggregates[]; /* Written by the build; NULL at the end. */

#endif
