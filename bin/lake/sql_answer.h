/* SPDX-License-Identifier: Apache-2.0
 *
 * sql_answer.h - the answer to a question in SQL: a table in memory.
 *
 * Times come as ISO 8601 text in UTC, bytes that are not text with escapes (\xff), lists and
 * structures as DuckDB writes them.
 * OWNERSHIP  The caller frees the answer; texts belong to it.
 */
#ifndef LAKE_SQL_ANSWER_H
#define LAKE_SQL_ANSWER_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef enum { SQL_MISSING, SQL_BOOL, SQL_INT, SQL_REAL, SQL_TEXT } SqlKind;

typedef struct {
    SqlKind     kind;
    int64_t     integer; /* BOOL, INT */
    double      real;    /* REAL */
    const char *text;    /* TEXT; terminated, but it may hold NULs. */
    size_t      size;
} SqlCell;

typedef struct SqlAnswer SqlAnswer;

size_t      sql_answer_columns(const SqlAnswer *answer);
const char *sql_answer_column(const SqlAnswer *answer, size_t column); /* Its name. */
size_t      sql_answer_rows(const SqlAnswer *answer);
SqlCell     sql_answer_cell(const SqlAnswer *answer, size_t row, size_t column);
bool        sql_answer_cut(const SqlAnswer *answer);  /* There were more rows than allowed. */
const char *sql_answer_note(const SqlAnswer *answer); /* What of the lake could not be read; "". */
void        sql_answer_free(SqlAnswer *answer);       /* NULL is a no-op. */

#endif
