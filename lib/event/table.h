/* SPDX-License-Identifier: Apache-2.0
 *
 * table.h - rows of a table as bytes, for the lake: written by the engine, read where the lake is.
 *
 * A table is a run of chunks; two tables of the same columns, one behind the other, are one table.
 *
 *     chunk    "oddtab1\n", bytes of the rest (8), rows (8), columns (1), then of each column its
 *              kind (1), its name (size 1, text); then row behind row
 *     row      a bit for each column, whole bytes, set where the cell is missing; then the cells
 *     cell     INT, TIME, HASH, REAL: 8 bytes little-endian; TEXT, BLOB: size as a varint, bytes;
 *              TEXTS: count as a varint, then each text
 *
 * OWNERSHIP  A Table owns its bytes; a TableReader borrows what it reads.
 * ERRORS     Writing never fails at once: table_finish tells whether memory ran out on the way.
 */
#ifndef EVENT_TABLE_H
#define EVENT_TABLE_H
#include <oddball.h>

#include "base/mem.h"
#include "base/str.h"

#define TABLE_COLUMNS_MAX 32

typedef enum {
    CELL_INT = 1,
    CELL_REAL,
    CELL_TIME, /* odd_time; ODD_TIME_NONE is a missing cell. */
    CELL_HASH, /* Of 64 bits without sign.                   */
    CELL_TEXT, /* Well-formed UTF-8.                         */
    CELL_BLOB, /* Any bytes.                                 */
    CELL_TEXTS /* A list of TEXT.                            */
} CellKind;

typedef struct {
    const char *name;
    CellKind    kind;
} TableColumn;

typedef struct { /* Rows on their way out. */
    Mem               *mem;
    const TableColumn *columns;
    size_t             column_count;
    char              *bytes;
    size_t             size, capacity;
    size_t             chunk_at, row_at, column; /* Where the open chunk and row began. */
    uint64_t           row_count;                /* Of the open chunk. */
    bool               failed;
} Table;

/* columns: static.  Cells are added left to right; the last one ends its row. */
void   table_open(Table *table, Mem *mem, const TableColumn *columns, size_t column_count);
void   table_missing(Table *table);
void   table_int(Table *table, int64_t value);
void   table_real(Table *table, double value); /* NaN is a missing cell. */
void   table_time(Table *table, odd_time time);
void   table_hash(Table *table, uint64_t hash);
void   table_text(Table *table, Str text); /* TEXT and BLOB */
void   table_texts_begin(Table *table, size_t count);
void   table_texts_add(Table *table, Str text);
void   table_texts_end(Table *table);
void   table_put_row(Table *table, Str row); /* As table_row gave it, of the same columns. */
odd_rc table_finish(Table *table, Str *ret_bytes); /* Closes the chunk. */
void   table_clear(Table *table);                  /* No rows; keeps its memory. */
void   table_close(Table *table);

typedef struct {
    CellKind kind;
    bool     missing;
    int64_t  integer; /* INT, TIME */
    uint64_t hash;
    double   real;
    Str      text;       /* TEXT, BLOB; of TEXTS the bytes of its texts, see table_text_next. */
    size_t   text_count; /* TEXTS */
} Cell;

typedef struct {
    Str         bytes;
    size_t      at, chunk_end;
    size_t      row_at;    /* Where the last row began. */
    uint64_t    rows_left; /* In this chunk. */
    size_t      column_count;
    CellKind    kinds[TABLE_COLUMNS_MAX];
    Str         names[TABLE_COLUMNS_MAX];
} TableReader; /* {.bytes = ...} stands before the first row. */

/* ODD_ROW, ODD_DONE, or ODD_CORRUPT where the bytes are torn or the columns change. */
odd_rc table_next(TableReader *reader, Cell cells[TABLE_COLUMNS_MAX]);
Str    table_row(const TableReader *reader); /* The bytes of the last row. */
bool   table_text_next(Cell *texts, Str *ret_text); /* Of a TEXTS cell; false at its end. */

/* How many bytes of what is still being written are whole chunks. */
size_t table_whole(Str bytes);

/* The names and kinds of the first chunk, without reading a row. */
odd_rc table_columns(TableReader *reader);
bool   table_has(const TableReader *reader, const TableColumn *columns, size_t count); /* Then. */

#endif
