/* SPDX-License-Identifier: Apache-2.0
 *
 * templates.h - the lines of the lake put together again: gaps of a template and vars of a row.
 *
 * SHAPE      A hash table by template, open addressing; texts in one pool.
 * ERRORS     ODD_NOMEM; ODD_CORRUPT where the rows are torn.
 * EXACTNESS  templates_line gives the bytes of the line as it came, or nothing.
 */
#ifndef STORE_TEMPLATES_H
#define STORE_TEMPLATES_H
#include <oddball.h>

#include "base/mem.h"
#include "base/str.h"
#include "store/duckdb.h"

typedef struct {
    uint64_t hash, pattern;
    bool     has_pattern;
    size_t   gaps_from, gap_count; /* 0: the slot is free. */
} Template;

typedef struct {
    size_t from, size; /* In the pool. */
} Gap;

typedef struct {
    Mem      *mem;
    Template *slots;
    size_t    slot_count, used; /* A power of two, at most half of them used. */
    Gap      *gaps;
    size_t    gap_count, gap_capacity;
    char     *pool;
    size_t    pool_size, pool_capacity;
} Templates; /* {.mem = ...} knows none. */

/* From rows of ODD_TABLE_TEMPLATES; or from a file of them, asked of DuckDB. */
odd_rc templates_of_rows(Templates *templates, Str bytes);
odd_rc templates_of_file(Templates *templates, Duck *duck, const char *path);
void   templates_close(Templates *templates);

/* For duck_add_function, with a Templates as the context; ids are 16 hexadecimal digits.
 * Arguments: raw BLOB, head TEXT, template TEXT, vars TEXTS.  _line: exact bytes; _text: made
 * well-formed UTF-8, a byte that is none as \xff.  Missing where the template is not known. */
bool templates_line(const void *templates, const DuckArgument *arguments, DuckRoom *room, Str *ret);
bool templates_text(const void *templates, const DuckArgument *arguments, DuckRoom *room, Str *ret);

/* Arguments: template TEXT, pattern TEXT (when the line was learnt).  The pattern's id today. */
bool templates_pattern(const void *templates, const DuckArgument *arguments, DuckRoom *room,
                       Str *ret);

/* Argument: a HASH.  Needs no context. */
bool templates_id(const void *none, const DuckArgument *arguments, DuckRoom *room, Str *ret);

#endif
