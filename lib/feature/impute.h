/* SPDX-License-Identifier: Apache-2.0
 *
 * impute.h - what stands for a value that is missing: one file, one imputer.
 *
 * SHAPE      State of a whole feature, flat, a multiple of 8 bytes, all zero at first; learnt from
 *            the facts of all entities.  Of an entity it knows the newest fact.
 * ERRORS     NaN: there is nothing to stand for it yet, and the value stays missing.
 * EXACTNESS  learn commutes to the bit, as in aggregate.h.
 */
#ifndef FEATURE_IMPUTE_H
#define FEATURE_IMPUTE_H
#include <oddball.h>

#include "feature/aggregate.h"

typedef struct {
    odd_time    as_of;
    double      argument; /* Of the definition: a number, or ns. */
    const void *state;
    odd_time    last;     /* Of the entity's newest fact; ODD_TIME_NONE: it has none. */
    double      last_value;
} ImputeAsk;

typedef struct {
    const char *name;
    const char *usage;
    uint32_t    state_bytes;
    bool        wants_number, wants_span; /* Its argument. */
    bool        of_facts; /* Its state is of facts: only for aggregates that have their unit. */
    void (*learn)(void *state, odd_time time, double value); /* NULL: it learns nothing. */
    double (*value)(const ImputeAsk *ask);
} Imputer;

extern const Imputer *const imputers[]; /* Written by the build; NULL at the end. */

#endif
