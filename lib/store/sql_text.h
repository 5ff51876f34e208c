/* SPDX-License-Identifier: Apache-2.0
 *
 * sql_text.h - a text that is put together piece by piece: statements, lists of files, sentences.
 *
 * OWNERSHIP  A SqlText owns its bytes; all zero but for `mem` is the empty one.
 * ERRORS     Adding never fails at once: sql_text gives NULL where memory ran out on the way.
 */
#ifndef STORE_SQL_TEXT_H
#define STORE_SQL_TEXT_H
#include "base/mem.h"
#include "base/str.h"

typedef struct {
    Mem   *mem;
    char  *bytes;
    size_t size, capacity;
    bool   failed;
} SqlText;

void sql_add(SqlText *text, Str piece);
void sql_format(SqlText *text, const char *format, ...) __attribute__((format(printf, 2, 3)));
void sql_quote(SqlText *text, char quote, Str piece); /* Quotes in it are doubled. */

const char *sql_text(SqlText *text); /* Terminated; valid until the next addition. */
void        sql_clear(SqlText *text);
void        sql_close(SqlText *text);

#endif
