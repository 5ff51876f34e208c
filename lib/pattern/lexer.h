/* SPDX-License-Identifier: Apache-2.0
 *
 * lexer.h - cuts a message into fields by byte class: words and typed variables, and gaps between.
 *
 * ALGORITHM  One pass, a table of byte classes, no regular expression.
 * SHAPE      Pure function of the text and the seed; nothing is kept.
 * EXACTNESS  Messages that differ only in what varies by its shape (numbers, addresses, ids ...)
 *            or in the amount of white space have the same key.
 */
#ifndef PATTERN_LEXER_H
#define PATTERN_LEXER_H
#include <stdint.h>

#include "base/str.h"

typedef enum {
    KIND_WORD = 0, /* A constant, until evidence says otherwise. */
    KIND_DELIMITER,
    KIND_NUM,
    KIND_HEX,
    KIND_IP,
    KIND_MAC,
    KIND_UUID,
    KIND_HOST,
    KIND_PATH,
    KIND_URL,
    KIND_EMAIL,
    KIND_TIME,
    KIND_SIZE,
    KIND_BOOL,
    KIND_ID,     /* Letters and digits: blk_-12, task_01_m.  */
    KIND_QUOTED, /* A quoted string that is a variable.      */
    KIND_VALUE,  /* A word that evidence showed to be a variable. */
    KIND_COUNT
} Kind;

#define LEX_VALUES_MAX 128

typedef struct {    /* A field of one line: a word, or a variable by its shape.     */
    uint64_t hash;  /* Of its bytes.                                                */
    uint32_t from;  /* In the text.                                                 */
    uint16_t size;  /* Cut at 65,535.                                               */
    uint8_t  kind;  /* Kind; words too, since evidence may make them variables.     */
} Value;

typedef struct {
    uint64_t key;         /* Of the words, gaps and moulds: same key, same shape.          */
    uint64_t check;       /* A second, independent hash of the same.                       */
    uint32_t value_count; /* At most LEX_VALUES_MAX; the last one then is all the rest.    */
    uint32_t byte_count;  /* Of the text.                                                  */
    const Value *values;  /* The fields in their order in the text.  Borrowed.             */
} Lexed;

/* The fields go to `values`, which *ret_lexed points to from then on. */
void lex(Str text, uint64_t seed, Value values[LEX_VALUES_MAX], Lexed *ret_lexed);

#endif
