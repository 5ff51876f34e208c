/* SPDX-License-Identifier: Apache-2.0
 *
 * evidence.h - is this field a variable?  What speaks for it and against it, as log-odds.
 *
 * Asked of patterns that agree in all but the masked fields.
 */
#ifndef PATTERN_EVIDENCE_H
#define PATTERN_EVIDENCE_H
#include "pattern/table.h"

#define MASK_FIELDS_MAX 16

typedef struct {
    uint32_t count;
    uint32_t fields[MASK_FIELDS_MAX];
} Mask;

typedef struct {
    const PatternTable *table;
    double   context; /* Log-odds from what surrounds the field. */
    double   looks;   /* Sum of the log-odds of each value.      */
    uint32_t count;   /* Distinct values.                        */
    uint32_t typed;   /* Of them, variables already.             */
} Evidence;

/* cells: of any of the patterns. */
void evidence_open(Evidence *e, const PatternTable *table, uint32_t skeleton, const uint32_t *cells,
                   const Mask *mask, uint32_t field);
void evidence_add(Evidence *e, uint32_t cell); /* Once for each distinct value. */

/* Natural scale, 0 is even; never above it with less than two values. */
double evidence_odds(const Evidence *e);

#endif
