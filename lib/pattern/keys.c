/* SPDX-License-Identifier: Apache-2.0 */
#include "pattern/keys.h"

#include "base/hash.h"

#define ALIAS_COUNT_MIN 65536
#define KEYS_SPARE (COARSE_COUNT_MAX + 1)

KeySlot *key_slot(const PatternTable *table, uint64_t key, uint32_t check)
{
    size_t at = key & (table->key_slot_count - 1);
    while (table->keys[at].ref != 0 && (table->keys[at].key != key || table->keys[at].check != check))
        at = (at + 1) & (table->key_slot_count - 1);
    return &table->keys[at];
}

/* Moves the keys to slot_count slots. */
static bool keys_move(PatternTable *table, size_t slot_count, bool with_aliases)
{
    KeySlot *old = table->keys;
    size_t old_count = table->key_slot_count;
    KeySlot *slots = room_take(&table->room, slot_count * sizeof *slots);
    if (slots == NULL)
        return false;
    table->keys = slots;
    table->key_slot_count = slot_count;
    for (size_t i = 0; i < old_count; i++) {
        if (old[i].ref == 0)
            continue;
        if (with_aliases || !(old[i].ref & KEY_ALIAS))
            *key_slot(table, old[i].key, old[i].check) = old[i];
        else
            table->key_count--;
    }
    table->alias_count = with_aliases ? table->alias_count : 0;
    room_free(&table->room, old, old_count * sizeof *old);
    return true;
}

bool keys_make_space(PatternTable *table, bool alias)
{
    size_t own = table->key_count - table->alias_count;
    if (alias && table->alias_count >= ALIAS_COUNT_MIN && table->alias_count >= 2 * own &&
        !keys_move(table, table->key_slot_count, false))
        return false;
    return 4 * (table->key_count + KEYS_SPARE) <= 3 * table->key_slot_count ||
           keys_move(table, 2 * table->key_slot_count, true);
}

bool keys_add(PatternTable *table, uint64_t key, uint32_t check, PatternRef ref, bool alias)
{
    if (!keys_make_space(table, alias))
        return false;
    KeySlot *slot = key_slot(table, key, check);
    table->key_count += slot->ref == 0;
    table->alias_count += alias;
    *slot = (KeySlot){.key = key, .check = check, .ref = (ref + 1) | (alias ? KEY_ALIAS : 0)};
    return true;
}

PatternRef key_root(const PatternTable *table, const KeySlot *slot)
{
    return pattern_root(table, (slot->ref & ~KEY_ALIAS) - 1);
}

/* Of a key that is no line's but a signature's. */
static uint32_t signature_check(uint64_t key)
{
    return (uint32_t)hash_add(HASH_P0, key);
}

PatternRef keys_signature(const PatternTable *table, uint64_t key)
{
    const KeySlot *slot = key_slot(table, key, signature_check(key));
    return slot->ref == 0 ? PATTERN_NONE : key_root(table, slot);
}

bool keys_add_signature(PatternTable *table, uint64_t key, PatternRef root)
{
    return keys_signature(table, key) != PATTERN_NONE || keys_add(table, key, signature_check(key), root, false);
}
