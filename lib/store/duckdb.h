/* SPDX-License-Identifier: Apache-2.0
 *
 * duckdb.h - DuckDB, loaded when it is first needed: tables and functions of ours in, answers out.
 *
 * The database is in memory, and empty but for what is added here; its times are in UTC.
 * OWNERSHIP  What a table or a function is added with is borrowed until duck_close.  An answer is
 *            closed before its Duck; texts of a row live until the next row.
 * ERRORS     The sentence is in duck_problem until the next call.
 * UNITS      TIME cells are ns; DuckDB keeps microseconds, rounded down.
 */
#ifndef STORE_DUCKDB_H
#define STORE_DUCKDB_H
#include <oddball.h>

#include "base/mem.h"
#include "base/str.h"
#include "event/table.h"

typedef struct Duck       Duck;
typedef struct DuckAnswer DuckAnswer;

typedef struct {
    const char *library;      /* libduckdb.so */
    uint64_t    memory_bytes_max;
    int         threads;
} DuckOptions;

/* Without extensions from elsewhere, and without spilling to the disk. */
odd_rc duck_open(const DuckOptions *options, Duck **ret_duck, char *problem, size_t problem_size);
void        duck_close(Duck *duck); /* NULL is a no-op. */
const char *duck_problem(const Duck *duck);

odd_rc duck_run(Duck *duck, const char *sql); /* For its effect. */

/* A table function NAME() over bytes that lie in memory, in one piece or several, one behind the
 * other. */
typedef struct {
    const char        *name;
    const TableColumn *columns;
    size_t             column_count;
    const Str         *pieces; /* Looked at when a statement runs. */
    size_t             piece_count;
} DuckTable;
odd_rc duck_add_table(Duck *duck, const DuckTable *table);

#define DUCK_ARGUMENTS_MAX 6
typedef struct {
    CellKind   kind;
    bool       missing;
    int64_t    integer; /* INT; TIME as DuckDB has it, in microseconds. */
    uint64_t   hash;
    Str        text;  /* TEXT, BLOB */
    const Str *texts; /* TEXTS */
    size_t     text_count;
} DuckArgument;

typedef struct { /* Where a function may put its result together. */
    Mem    mem;
    char  *bytes;
    size_t capacity;
} DuckRoom;

/* A function of a row.  work: gives the result, TEXT or BLOB, which lives until its next call in
 * this room; false: missing.  It may be called on several threads, each with a room of its own. */
typedef struct {
    const char *name;
    CellKind    arguments[DUCK_ARGUMENTS_MAX];
    size_t      argument_count;
    CellKind    result;
    const void *context;
    bool (*work)(const void *context, const DuckArgument *arguments, DuckRoom *room, Str *ret_text);
} DuckFunction;
odd_rc duck_add_function(Duck *duck, const DuckFunction *function);

typedef enum {
    DUCK_MISSING,
    DUCK_BOOL,
    DUCK_INT,
    DUCK_REAL,
    DUCK_TIME,
    DUCK_TEXT,
    DUCK_BLOB
} DuckKind;
typedef struct {
    DuckKind kind;
    int64_t  integer; /* BOOL, INT; TIME in ns. */
    double   real;
    Str      text; /* TEXT, BLOB */
} DuckCell;

typedef enum {
    DUCK_ANYTHING, /* Statements of ours. */
    DUCK_SELECT,   /* One that changes nothing: SELECT, DESCRIBE, SUMMARIZE ...     */
    DUCK_EXPLAIN   /* EXPLAIN of one: whether of such a one is for the caller to see. */
} DuckLeave;

/* Rows come as they are computed.  ODD_SYNTAX: it cannot be read, is more than one, or is none of
 * those that it may be.  Other types than those of DuckCell come as TEXT. */
odd_rc      duck_ask(Duck *duck, const char *sql, DuckLeave leave, DuckAnswer **ret_answer);
odd_rc      duck_check(Duck *duck, const char *sql, DuckLeave leave); /* Without running it. */
size_t      duck_answer_columns(const DuckAnswer *answer);
const char *duck_answer_column(DuckAnswer *answer, size_t column);
odd_rc      duck_answer_next(DuckAnswer *answer); /* ODD_ROW, ODD_DONE, or why it failed. */
DuckCell    duck_answer_cell(const DuckAnswer *answer, size_t column); /* Of the current row. */
void        duck_answer_close(DuckAnswer *answer); /* NULL is a no-op. */

#endif
