/* SPDX-License-Identifier: Apache-2.0
 *
 * hours.h - what a column holds at each hour of the day, beside what it holds in the whole
 * reference: a model that is asked other things at night is not told each night.
 *
 * ALGORITHM  Rows by hour and cell.  What is expected of an hour are its shares, leaning on those
 *            of the whole reference by HOURS_LEAN rows.  What it may stray by is what the whole
 *            may beyond its own season, half of what the column moves in an hour (from the hour
 *            before to the one behind, beyond chance), and a tenth of what the hour differs from
 *            the whole: days are not alike.  Where hours hardly differ they are not told apart.
 * SHAPE      Flat, 8.3 KB.
 * BLIND TO   The day of the week.
 */
#ifndef MODEL_HOURS_H
#define MODEL_HOURS_H
#include "model/expected.h"

#define HOURS_COUNT 24
#define HOURS_ROWS_MIN 200 /* Of an hour that is judged by its own. */
#define HOURS_LEAN 20.0    /* Rows as the whole. */

typedef struct {
    uint32_t counts[HOURS_COUNT][CELL_COUNT];
    uint32_t rows[HOURS_COUNT];
    Expected whole; /* Of the whole reference, once an hour was entered. */
    uint32_t is_begun, is_used; /* used: by the hour that was entered last. */
} Hours; /* All zero knows nothing. */

void hours_learn(Hours *hours, size_t hour, const uint8_t *cells, size_t n);
/* *expected, which is first that of the whole reference, becomes that of the hour, or where that
 * has too few rows, of the whole again.  Whether it is another one than before. */
bool hours_enter(Hours *hours, size_t hour, const Bins *bins, Expected *expected);
/* Of the whole, whatever the hour is. */
static inline const Expected *hours_whole(const Hours *hours, const Expected *expected)
{
    return hours != NULL && hours->is_begun ? &hours->whole : expected;
}

#endif
