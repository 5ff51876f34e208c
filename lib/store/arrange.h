/* SPDX-License-Identifier: Apache-2.0
 *
 * arrange.h - hot rows on their way into files: cut into days, and those of a day in the order that
 * makes a file small.
 *
 * SHAPE      Rows of LOGS by source, block of 65,536 lines, template; of SAMPLES by source, series,
 *            time; of COMMITS by position.  What is equal stays as it came.  A day is that of the
 *            time, or where it is missing of when a row came, or else 1970-01-01.
 * UNITS      Days since 1970-01-01, UTC.  32 bytes a row, and the rows of one day once more.
 * OWNERSHIP  The rows that come in outlive the Arranged; those of a day live until the next one.
 * ERRORS     ODD_NOMEM; ODD_CORRUPT where the rows are torn.
 */
#ifndef STORE_ARRANGE_H
#define STORE_ARRANGE_H
#include "event/table.h"

typedef struct {
    int32_t  day;
    uint32_t size;      /* Of its bytes. */
    uint64_t high, low; /* What it is sorted by. */
    uint64_t at;        /* Where it came, counted through all pieces. */
} ArrangedRow;

typedef struct {
    int32_t day;
    size_t  first, count; /* Of its rows. */
} ArrangedDay;

typedef struct {
    Mem         *mem;
    const Str   *pieces;
    size_t       piece_count;
    ArrangedRow *rows;
    size_t       row_count, row_capacity;
    ArrangedDay *days; /* Those with the most rows first. */
    size_t       day_count, day_capacity;
    Table        out; /* Of one day. */
} Arranged;

/* Rows of a table that grows by the day, in pieces one behind the other.  Rows of the rarest days
 * beyond day_max count as of the day with the most. */
odd_rc arrange_open(Arranged *arranged, Mem *mem, odd_table table, const Str *pieces,
                    size_t piece_count, size_t day_max);
odd_rc arrange_day(Arranged *arranged, size_t number, Str *ret_rows);
void   arrange_close(Arranged *arranged);

#endif
