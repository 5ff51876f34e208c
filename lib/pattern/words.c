/* SPDX-License-Identifier: Apache-2.0 */
#include "pattern/words.h"

#include <assert.h>

#include "base/hash.h"
#include "pattern/scan.h"

#define SLOTS_FIRST 256

static bool is_unit(Str s)
{
    static const char *const units[] = {"B",  "KB", "MB", "GB", "TB", "K",   "M",   "G",   "KiB", "MiB",
                                        "GiB", "ns", "us", "ms", "s",  "sec", "secs", "min", "mins",
                                        "bytes", "seconds", "minutes", "hours", "days", NULL};
    for (const char *const *unit = units; *unit != NULL; unit++)
        if (str_equal(s, str_of(*unit)))
            return true;
    return false;
}

static uint8_t look_of(Str s)
{
    unsigned look = is_unit(s) ? LOOK_UNIT : 0;
    for (size_t i = 0; i < s.size; i++) {
        char c = s.text[i];
        if (c == MOULD_BLANK)
            look |= LOOK_BLANK;
        else if (c >= '0' && c <= '9')
            look |= LOOK_DIGIT;
        else if (c >= 'A' && c <= 'Z')
            look |= LOOK_UPPER;
        else if (c >= 'a' && c <= 'z')
            look |= LOOK_LOWER;
        else if (c == '_')
            look |= LOOK_UNDER;
        else if ((unsigned char)c < 0x80)
            look |= LOOK_JOINED;
    }
    return (uint8_t)look;
}

bool words_open(Words *words, Room *room, uint64_t seed)
{
    static const char blank[] = {MOULD_BLANK};
    words->slots = room_take(room, SLOTS_FIRST * sizeof *words->slots);
    if (words->slots == NULL)
        return false;
    words->slot_count = SLOTS_FIRST;
    words->seed = seed;
    return words_add(words, room, (Str){.text = blank, .size = 1}) == WORD_BLANK;
}

void words_close(Words *words, Room *room)
{
    room_free(room, words->words, words->word_capacity * sizeof *words->words);
    room_free(room, words->text, words->text_capacity);
    room_free(room, words->slots, words->slot_count * sizeof *words->slots);
}

Str words_text(const Words *words, uint32_t word)
{
    assert(word < words->count);
    return (Str){.text = words->text + words->words[word].at, .size = words->words[word].size};
}

static bool words_rehash(Words *words, Room *room)
{
    size_t slot_count = 2 * words->slot_count;
    uint32_t *slots = room_take(room, slot_count * sizeof *slots);
    if (slots == NULL)
        return false;
    for (uint32_t w = 0; w < words->count; w++) {
        size_t at = words->words[w].hash & (slot_count - 1);
        while (slots[at] != 0)
            at = (at + 1) & (slot_count - 1);
        slots[at] = w + 1;
    }
    room_free(room, words->slots, words->slot_count * sizeof *words->slots);
    words->slots = slots;
    words->slot_count = slot_count;
    return true;
}

static bool words_make_space(Words *words, Room *room, size_t size)
{
    Word *grown = room_grow(room, words->words, &words->word_capacity, words->count + 1, sizeof *grown);
    if (grown == NULL)
        return false;
    words->words = grown;
    char *text = room_grow(room, words->text, &words->text_capacity, words->text_size + size, 1);
    if (text == NULL)
        return false;
    words->text = text;
    return 2 * ((size_t)words->count + 1) <= words->slot_count || words_rehash(words, room);
}

/* The slot of the text, or the free one where it would go. */
static size_t words_slot(const Words *words, Str text, uint32_t hash)
{
    size_t at = hash & (words->slot_count - 1);
    for (; words->slots[at] != 0; at = (at + 1) & (words->slot_count - 1)) {
        uint32_t word = words->slots[at] - 1;
        if (words->words[word].hash == hash && str_equal(words_text(words, word), text))
            break;
    }
    return at;
}

static Str words_cut(Str text)
{
    return text.size > WORD_SIZE_MAX ? str_part(text, 0, WORD_SIZE_MAX) : text;
}

static uint32_t words_hash(const Words *words, Str text)
{
    return (uint32_t)hash_bytes(text.text, text.size, words->seed);
}

uint32_t words_find(const Words *words, Str text)
{
    text = words_cut(text);
    size_t at = words_slot(words, text, words_hash(words, text));
    return words->slots[at] == 0 ? WORD_NONE : words->slots[at] - 1;
}

uint32_t words_add(Words *words, Room *room, Str text)
{
    text = words_cut(text);
    uint32_t hash = words_hash(words, text);
    size_t at = words_slot(words, text, hash);
    if (words->slots[at] != 0)
        return words->slots[at] - 1;
    if (words->count >= WORD_COUNT_MAX || !words_make_space(words, room, text.size))
        return WORD_NONE;
    at = words_slot(words, text, hash);
    memcpy(words->text + words->text_size, text.text, text.size);
    words->words[words->count] = (Word){.hash = hash,
                                        .at = words->text_size,
                                        .size = (uint16_t)text.size,
                                        .look = look_of(text)};
    words->text_size += (uint32_t)text.size;
    words->slots[at] = ++words->count;
    return words->count - 1;
}

static bool is_joint(char c)
{
    return c != '\0' && strchr(".-/@#(:$~", c) != NULL;
}

uint32_t words_widen(Words *words, Room *room, uint32_t a, uint32_t b)
{
    Str x = words_text(words, a), y = words_text(words, b);
    size_t size = x.size < y.size ? x.size : y.size, head = 0, tail = 0;
    while (head < size && x.text[head] == y.text[head])
        head++;
    while (tail < size && x.text[x.size - 1 - tail] == y.text[y.size - 1 - tail])
        tail++;
    while (head > 0 && !is_joint(x.text[head - 1]))
        head--;
    while (tail > 0 && !(is_joint(x.text[x.size - tail]) || x.text[x.size - tail] == ')'))
        tail--;
    if (head + tail >= size || head + tail + 1 > MOULD_SIZE_MAX)
        return WORD_BLANK;
    char mould[MOULD_SIZE_MAX];
    memcpy(mould, x.text, head);
    mould[head] = MOULD_BLANK;
    memcpy(mould + head + 1, x.text + x.size - tail, tail);
    uint32_t word = words_add(words, room, (Str){.text = mould, .size = head + 1 + tail});
    return word == WORD_NONE ? WORD_BLANK : word;
}
