/* SPDX-License-Identifier: Apache-2.0
 *
 * facts.h - what there is to say of a column: kind, what is missing, ends, middle, commonest text;
 * and whether rows are told apart by their keys.
 *
 * SHAPE      O(rows log rows) for each column.
 * ERRORS     Where memory is short, quantiles are not known (NaN).
 */
#ifndef LEARN_FACTS_H
#define LEARN_FACTS_H
#include "event/json_text.h"
#include "learn/frame.h"

typedef struct {
    Str       name;
    FrameKind kind;
    uint64_t  missing, distinct, most_rows;
    double    lowest, highest, mean, deviation, median; /* Of numbers; else NaN. */
    odd_time  first, last; /* Of times. */
    Str       most;
} ColumnFacts;

void facts_of_column(const Frame *frame, size_t column, ColumnFacts *ret);

/* As an object of JSON. */
void facts_put(const ColumnFacts *facts, JsonText *json);

/* ODD_EXISTS: two rows have the same in all of these columns; the first such two.  ODD_NOMEM. */
odd_rc facts_same_keys(const Frame *frame, const uint32_t *columns, size_t count, size_t *ret_first,
                       size_t *ret_second);

#endif
