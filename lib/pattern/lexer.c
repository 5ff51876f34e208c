/* SPDX-License-Identifier: Apache-2.0 */
#include "pattern/lexer.h"

#include "base/hash.h"
#include "pattern/scan.h"

#define GAP_STEP 0x9e3779b97f4a7c15ULL

typedef struct {
    uint64_t key, check;
    uint64_t gap;   /* Hash of the bytes between two fields. */
    bool     space; /* White space came, and counts once something follows. */
    Value   *values;
    uint32_t value_count;
} Keys;

static inline void keys_gap(Keys *k, unsigned char c)
{
    k->gap = (k->gap + c + 1) * GAP_STEP;
}

static inline void keys_space(Keys *k)
{
    if (k->space)
        keys_gap(k, ' ');
    k->space = false;
}

static inline void keys_field(Keys *k, uint64_t hash)
{
    k->key = hash_add(k->key ^ k->gap, hash);
    k->check =
        (k->check << 23 | k->check >> 41) * GAP_STEP + (hash ^ (k->gap >> 32 | k->gap << 32));
    k->gap = 0;
}

/* hash_bytes for a field, without a call to memcpy of unknown size where the text allows it. */
static inline uint64_t hash_field(Str text, size_t from, size_t size, uint64_t seed)
{
    if (size > 8 || from + 8 > text.size || size == 0)
        return hash_bytes(text.text + from, size, seed);
    uint64_t word = hash_load((const unsigned char *)text.text + from, 8);
    word &= ~0ULL >> (64 - 8 * size);
    return hash_add(hash_fold(seed ^ HASH_P2, (uint64_t)size ^ HASH_P1), word);
}

static inline uint64_t mould_hash(const Field *field, uint64_t hash, uint64_t seed)
{
    if (field->mould_size == 0)
        return hash;
    if (field->mould_size == 1)
        return HASH_P1 ^ seed;
    return hash_bytes(field->mould, field->mould_size, seed);
}

static inline void keys_add(Keys *k, Str text, const Field *field, uint64_t seed)
{
    uint64_t hash = hash_field(text, field->from, field->size, seed);
    k->values[k->value_count++] = (Value){
        .hash = hash,
        .from = field->from,
        .size = (uint16_t)(field->size < UINT16_MAX ? field->size : UINT16_MAX),
        .kind = field->kind,
    };
    keys_field(k, mould_hash(field, hash, seed));
}

/* A delimiter at text[at]; gives where to go on. */
static size_t lex_delimiter(Str text, size_t at, uint64_t seed, Keys *k)
{
    unsigned char c = (unsigned char)text.text[at];
    if (scan_is_space(c)) {
        k->space = k->space || k->value_count > 0 || k->gap != 0;
        return at + 1;
    }
    keys_space(k);
    Field field;
    if ((c == '<' || c == ')') && k->value_count < LEX_VALUES_MAX - 1 &&
        scan_bracket(text, at, &field)) {
        keys_add(k, text, &field, seed);
        if (field.size > 0)
            return at + field.size;
    }
    keys_gap(k, c);
    return at + 1;
}

void lex(Str text, uint64_t seed, Value values[LEX_VALUES_MAX], Lexed *ret_lexed)
{
    Keys k = {.key = seed, .check = ~seed, .values = values};
    Field field;
    for (size_t at = 0; at < text.size;) {
        if (scan_class[(unsigned char)text.text[at]] == 0) {
            at = lex_delimiter(text, at, seed, &k);
            continue;
        }
        keys_space(&k);
        if (k.value_count == LEX_VALUES_MAX - 1)
            scan_rest(text, at, &field);
        else
            scan_field(text, at, &field);
        if (field.size == 0) {
            for (size_t end = at + field.gap_size; at < end; at++)
                keys_gap(&k, (unsigned char)text.text[at]);
            continue;
        }
        keys_add(&k, text, &field, seed);
        at = field.from + field.size;
    }
    if (k.gap != 0)
        keys_field(&k, HASH_P2);
    *ret_lexed = (Lexed){.key = k.key,
                         .check = k.check,
                         .value_count = k.value_count,
                         .byte_count = (uint32_t)text.size,
                         .values = values};
}
