/* SPDX-License-Identifier: Apache-2.0
 *
 * evidence.h - is this field a variable?  What speaks for it and against it, as log-odds.
 *
 * Asked of patterns that agree in all but one field.
 */
#ifndef PATTERN_EVIDENCE_H
#define PATTERN_EVIDENCE_H
#include "pattern/table.h"

typedef struct {
    const PatternTable *table;
    double   context;  /* Log-odds from what surrounds the field. */
    uint32_t count;    /* Distinct values.                        */
    uint32_t typed;    /* Of them, variables already.             */
    double   looks;    /* Sum of the log-odds of each value.      */
} Evidence;

void evidence_open(Evidence *e, const PatternTable *table, uint32_t skeleton, const uint32_t *cells,
                   uint32_t field);
void evidence_add(Evidence *e, uint32_t cell, uint32_t line_count);
bool evidence_is_variable(const Evidence *e);

#endif
