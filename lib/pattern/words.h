/* SPDX-License-Identifier: Apache-2.0
 *
 * words.h - every mould that was seen, once: a number for a text, and what the text looks like.
 *
 * ALGORITHM  Open addressing with linear probing, at most half full.
 * OWNERSHIP  The vocabulary owns the texts; numbers are valid for ever, pointers until words_add.
 * ERRORS     WORD_NONE when memory is short; nothing has changed then.
 */
#ifndef PATTERN_WORDS_H
#define PATTERN_WORDS_H
#include <stdint.h>

#include "base/str.h"
#include "pattern/room.h"

#define WORD_NONE UINT32_MAX
#define WORD_BLANK 0 /* The mould of a place that may hold anything. */
#define WORD_COUNT_MAX ((1u << 27) - 1) /* A cell has 27 bits for it. */
#define WORD_SIZE_MAX 1024 /* Longer moulds are cut. */

enum { /* Looks of a word. */
    LOOK_DIGIT = 1,
    LOOK_UPPER = 2,
    LOOK_LOWER = 4,
    LOOK_JOINED = 8, /* Parts joined by . - / @ or the like. */
    LOOK_UNDER = 16, /* Parts joined by an underscore.       */
    LOOK_UNIT = 32,  /* B KB ms ...: follows a number.       */
    LOOK_BLANK = 64  /* Holds a blank: a variable by shape.  */
};

typedef struct {
    uint32_t hash;
    uint32_t at;
    uint16_t size;
    uint8_t  look;
} Word;

typedef struct {
    Word     *words;
    size_t    word_capacity;
    uint32_t  count;
    char     *text;
    size_t    text_capacity;
    uint32_t  text_size;
    uint32_t *slots; /* Number + 1 of a word; 0 is free. */
    size_t    slot_count;
    uint64_t  seed;
} Words;

bool     words_open(Words *words, Room *room, uint64_t seed); /* With WORD_BLANK in it. */
void     words_close(Words *words, Room *room);
uint32_t words_find(const Words *words, Str text); /* WORD_NONE: not there. */
uint32_t words_add(Words *words, Room *room, Str text);
/* The narrowest mould of both: what they have in common up to a separator on either side. */
uint32_t words_widen(Words *words, Room *room, uint32_t a, uint32_t b);
Str      words_text(const Words *words, uint32_t word);

#endif
