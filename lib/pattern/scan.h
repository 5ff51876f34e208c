/* SPDX-License-Identifier: Apache-2.0
 *
 * scan.h - one field of a message: where it ends, what kind it is, and its mould.
 *
 * A message is fields parted by gaps (white space, brackets, quotes, = , ; : and runs of
 * punctuation).  The mould of a field is its text with MOULD_BLANK for each part that varies by its
 * shape: "node-12" has the mould "node-\1", "10.1.2.3" has "\1".  A word is its own mould.
 *
 * SHAPE      Pure functions of the text.
 */
#ifndef PATTERN_SCAN_H
#define PATTERN_SCAN_H
#include <stdint.h>

#include "base/str.h"
#include "pattern/lexer.h"

#define MOULD_BLANK '\1'
#define MOULD_SIZE_MAX 96 /* A longer mould becomes a single blank. */

typedef struct {
    uint32_t from, size; /* In the text; size 0: only punctuation here, which is gap. */
    uint32_t gap_size;   /* If size is 0: bytes of punctuation.                       */
    uint8_t  kind;       /* Kind                                                      */
    uint8_t  mould_size; /* 0: a word, whose mould is its text.                       */
    char     mould[MOULD_SIZE_MAX];
} Field;

/* Classes of bytes; 0 ends a field. */
extern const uint8_t scan_class[256];

static inline bool scan_is_space(unsigned char c)
{
    return c <= ' ' || c == 0x7f;
}

/* The field that begins at text[at], a byte whose class is not 0. */
void scan_field(Str text, size_t at, Field *ret_field);

/* Fields that begin with a delimiter, at text[at]: "<1 sec", and the nothing within an empty " ()",
 * whose size is 0.  False: there is none. */
bool scan_bracket(Str text, size_t at, Field *ret_field);

/* All from text[at] on, as one variable: the tail of a message with too many fields. */
void scan_rest(Str text, size_t at, Field *ret_field);

#endif
