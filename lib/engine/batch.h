/* SPDX-License-Identifier: Apache-2.0
 *
 * batch.h - whole lines of one source, laid out and lexed, waiting to be learnt in order.
 *
 * OWNERSHIP  A batch owns a copy of its bytes and all that points into them; odd_batch_free.
 * EXACTNESS  Made from the source's layout, the seed and the bytes alone, so batches may be made on
 *            any thread, in any order.
 */
#ifndef ENGINE_BATCH_H
#define ENGINE_BATCH_H
#include <oddball.h>

#include "base/mem.h"
#include "engine/series_book.h"
#include "event/record.h"
#include "pattern/lexer.h"

typedef struct {          /* One line. */
    odd_time time;        /* ODD_TIME_NONE: not said. */
    uint64_t key, check;  /* Of its message. */
    uint32_t line_from, line_size;
    uint32_t message_from, message_size;
    uint32_t value_from;
    uint16_t value_count;
    uint8_t  level;
    bool     continues;
    bool     has_nul, has_invalid_utf8, is_cut;
    bool     message_is_rewritten; /* message_from is in `rewritten`, not in `bytes`. */
    uint8_t  fault;       /* Of a table's row: RowFault; its labels are its message. */
    uint32_t line;        /* Of a table's row: which of the batch's, from 0.         */
} Item;

struct odd_batch {
    Mem      mem; /* Its own: batches are freed on any thread. */
    int      source;
    uint64_t first_row;
    size_t   byte_count, byte_capacity; /* Of bytes. */
    char    *bytes;
    char    *rewritten; /* Messages of JSON lines. */
    size_t   rewritten_size, rewritten_capacity;
    Item    *items;
    size_t   item_count, item_capacity;
    Value   *values;
    size_t   value_count, value_capacity;
    bool     is_sheet;   /* A table's rows: numbers, so many for each item. */
    uint32_t width;
    double  *numbers;
    uint8_t *number_kinds; /* NumberKind */
    size_t   number_capacity, number_kind_capacity;
    size_t   line_count; /* Of a table: heads and empty lines among them. */
    size_t   next; /* Item to commit next. */
};

/* An empty batch, to be filled by the functions below and filled again after batch_clear. */
odd_batch *batch_open(void); /* NULL: no memory. */
void       batch_clear(odd_batch *batch, int source, uint64_t first_row);

/* Whole lines; then one line whose time and level may be known already (ODD_TIME_NONE and
 * LEVEL_NONE: they are not). */
odd_rc batch_add_lines(odd_batch *batch, const odd_db *db, Str lines);
odd_rc batch_add_record(odd_batch *batch, const odd_db *db, Str line, odd_time time, int level);

/* Whole lines of a source that is a table of series. */
odd_rc batch_add_rows(odd_batch *batch, const BookSource *table, Str lines);

odd_rc commit_line(odd_db *db, odd_batch *batch); /* Its next line. */
odd_rc commit_row(odd_db *db, odd_batch *batch);  /* Its next row, if it is_sheet. */

/* No NUL and no byte above 127 in the whole block: most logs, and no line needs a closer look. */
bool bytes_are_plain(const char *bytes, size_t size);

Str batch_line(const odd_batch *batch, const Item *item);
Str batch_message(const odd_batch *batch, const Item *item);

#endif
