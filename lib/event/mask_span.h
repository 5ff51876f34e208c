/* SPDX-License-Identifier: Apache-2.0
 *
 * mask_span.h - what all that look for secrets share: spans, classes of characters, and
 * tokens that stand where a secret was.
 *
 * SHAPE      Pure functions.
 */
#ifndef EVENT_MASK_SPAN_H
#define EVENT_MASK_SPAN_H
#include <oddball.h>
#include <stdint.h>

#include "base/str.h"

typedef struct {
    size_t        from, to;
    odd_mask_kind kind;
} MaskSpan;

#define MASK_NAME_BYTES_MAX 32 /* Of the name in a token. */
#define MASK_TOKEN_HEX 8

/* The bytes of a token "<name:4f1c2a90>" at text[at]; 0: there is none. */
size_t mask_token_at(Str text, size_t at);

/* A token, or what only looks like it, ends right before text[at]. */
bool mask_token_before(Str text, size_t at);

enum { /* Classes of a character. */
       MASK_WORD = 1,    /* Letters, digits, '_'                             */
       MASK_DIGIT = 2,   /*                                                  */
       MASK_GROUPED = 4, /* Digits and what groups them: blank, '-'          */
       MASK_LOCAL = 8,   /* Of an address, before its '@'                    */
       MASK_DOMAIN = 16, /* Letters, digits, '-', '.'                        */
       MASK_BASE64 = 32, /* Letters, digits, "+/=_-.~": of tokens and keys   */
       MASK_SOFT = 64,   /* Ends a value if a value may end there: ",;)]}>|" and quotes */
       MASK_LETTER = 128,
       MASK_URL = 256, /* Of user and password in a URL */
};
extern const uint16_t mask_classes[256];

static inline bool mask_is(char c, int classes)
{
    return (mask_classes[(unsigned char)c] & classes) != 0;
}

/* No word goes on from before text[at]; the letter of an escape ("\n") is none of a word. */
bool mask_word_starts(Str text, size_t at);

/* Whether text[at] begins with `word`, in small letters, in any case. */
bool mask_word_at(Str text, size_t at, Str word);

#endif
