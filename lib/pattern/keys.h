/* SPDX-License-Identifier: Apache-2.0
 *
 * keys.h - from the key of a message to its pattern: the cache that nearly every line ends in.
 *
 * ALGORITHM  Open addressing with linear probing, at most 3/4 full; a second hash is compared too.
 * SHAPE      The key with which a pattern began stays for ever.  Keys that later joined a known
 *            pattern are aliases: forgotten when they are many, and found again the long way.
 *            Signatures (of lists, of coarse patterns) are kept as keys that no line has.
 * ERRORS     False, and nothing has changed: no memory.
 */
#ifndef PATTERN_KEYS_H
#define PATTERN_KEYS_H
#include "pattern/table.h"

#define KEY_ALIAS (1u << 31) /* In KeySlot.ref. */

/* The slot that holds the key, or the free one where it would go. */
KeySlot   *key_slot(const PatternTable *table, uint64_t key, uint32_t check);
PatternRef key_root(const PatternTable *table, const KeySlot *slot);

/* True: keys_add of one key will work, and of COARSE_COUNT_MAX signatures after it. */
bool keys_make_space(PatternTable *table, bool alias);
bool keys_add(PatternTable *table, uint64_t key, uint32_t check, PatternRef ref, bool alias);

PatternRef keys_signature(const PatternTable *table, uint64_t key); /* Or PATTERN_NONE. */
bool       keys_add_signature(PatternTable *table, uint64_t signature, PatternRef root);

#endif
