/* SPDX-License-Identifier: Apache-2.0
 *
 * pattern.h - the patterns of a stream of messages: what families of lines have in common.
 *
 * ALGORITHM  An exact cache from key to pattern; on a miss, evidence decides whether the new key
 *            is a new pattern or another form of a known one; see doc/design/patterns.md.
 * OWNERSHIP  The table owns all it returns, until the next pattern_learn or pattern_table_close.
 * ERRORS     pattern_learn never fails: when memory is short, keys become coarser, and
 *            pattern_table_coarse tells it.
 * EXACTNESS  Same messages in the same order, same seed: same references, merges and ids.
 */
#ifndef PATTERN_PATTERN_H
#define PATTERN_PATTERN_H
#include <stdint.h>

#include "base/image.h"
#include "base/mem.h"
#include "base/str.h"
#include "pattern/lexer.h"

typedef uint32_t PatternRef; /* From 0, dense, in order of first sight; valid for ever. */
typedef struct PatternTable PatternTable;

PatternTable *pattern_table_open(Mem *mem, uint64_t seed, uint64_t bytes_max); /* NULL: no memory */
void          pattern_table_close(PatternTable *table);

/* The pattern of a message, learnt if need be.  `lexed` is lex() of `text` with the table's seed.
 * *ret_is_new: the message began a pattern that was not known. */
PatternRef pattern_learn(PatternTable *table, Str text, const Lexed *lexed, bool *ret_is_new);

/* Merges are facts, in order: number n (from 0) says that `from` is now `into` (both were roots).
 * Users of references follow them with a counter of their own. */
typedef struct {
    PatternRef from, into;
} PatternMerge;
size_t       pattern_merge_count(const PatternTable *table);
PatternMerge pattern_merge(const PatternTable *table, size_t n);

/* The end of the input, or a good moment: merges that need the whole picture are made now. */
void       pattern_settle(PatternTable *table);

PatternRef pattern_root(const PatternTable *table, PatternRef ref); /* After all merges so far. */
size_t     pattern_count(const PatternTable *table);                /* References, roots or not. */
uint64_t   pattern_id(const PatternTable *table, PatternRef ref);   /* Content hash of its root. */

/* The printed pattern; a variable stands as `wildcard`, or as its type in angles if NULL.
 * Gives the number of bytes of the whole; writes at most `size` of them. */
size_t pattern_text(const PatternTable *table, PatternRef ref, const char *wildcard, char *buffer,
                    size_t size);

/* Which of a line's values fill which places, in their order; the others are words that are
 * constant in this pattern.  Gives how many.
 * A place is the number of its field, so merges make places of words without moving the others
 * (but for lists: all fields of a list are one place once a second length was seen).  Its name is
 * its left neighbour, such as "user" or "port=", or "2nd num". */
typedef struct {
    uint32_t value, place;
} PatternPlace;
uint32_t pattern_places(const PatternTable *table, PatternRef ref, const Lexed *lexed,
                        PatternPlace ret_places[LEX_VALUES_MAX]);
size_t pattern_place_name(const PatternTable *table, PatternRef ref, int place, char *buffer,
                          size_t size);

/* As bytes and back; NULL: no memory, or the image is torn. */
void          pattern_table_save(const PatternTable *table, ImageOut *out);
PatternTable *pattern_table_load(Mem *mem, ImageIn *in);

/* From now on it may use so much; what it has it keeps. */
void     pattern_table_limit(PatternTable *table, uint64_t bytes_max);
uint64_t pattern_table_bytes(const PatternTable *table);

/* Lines whose key was coarser than it should be, because memory was short. */
uint64_t pattern_table_coarse(const PatternTable *table);

#endif
