/* SPDX-License-Identifier: Apache-2.0
 *
 * fact.h - one thing that counts for a feature: of whom, when, how much; and many of them as bytes.
 *
 * SHAPE      A run of bytes, fact behind fact, each a Fact and then the bytes of its entity.
 * OWNERSHIP  Facts owns its bytes; what facts_next gives points into those that it reads.
 * ERRORS     facts_add gives false when memory is short.  facts_next gives false at the end, and
 *            where bytes are torn.
 */
#ifndef FEATURE_FACT_H
#define FEATURE_FACT_H
#include <oddball.h>
#include <stdbool.h>

#include "base/mem.h"
#include "base/str.h"

#define ENTITY_SIZE_MAX 256

typedef struct {
    odd_time time;  /* When it happened: never behind `known`. */
    odd_time known; /* When it came here. */
    double   value;
    uint64_t hash;
    uint32_t feature; /* In its set. */
    uint32_t entity_size;
} Fact;

typedef struct {
    Mem   *mem;
    char  *bytes;
    size_t size, capacity;
} Facts; /* {.mem = ...} is empty. */

bool facts_add(Facts *facts, Fact fact, Str entity);
bool facts_next(Str bytes, size_t *at, Fact *ret, Str *ret_entity);
void facts_clear(Facts *facts); /* Gives back what a flood needed. */
void facts_close(Facts *facts);

#endif
