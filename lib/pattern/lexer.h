/* SPDX-License-Identifier: Apache-2.0
 *
 * lexer.h - cuts a message into tokens by byte class: constants, delimiters and typed variables.
 *
 * ALGORITHM  One pass, a table of byte classes, no regular expression.
 * SHAPE      Pure function of the text; nothing is kept.
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

#define LEX_VALUES_MAX 48

typedef struct {         /* A variable place of one line.                       */
    uint64_t hash;       /* Of its bytes.                                       */
    uint32_t from, size; /* In the text.                                        */
    uint8_t  kind;       /* Kind                                                */
} Value;

typedef struct {
    uint64_t key;         /* Of the constants, delimiters and kinds: same key, same shape. */
    uint64_t check;       /* A second, independent hash of the same.                       */
    uint32_t value_count; /* At most LEX_VALUES_MAX; later ones are not listed.            */
    uint32_t byte_count;  /* Of the text that the key covers.                              */
    Value    values[LEX_VALUES_MAX];
} Lexed;

void lex(Str text, uint64_t seed, Lexed *ret_lexed);

#endif
