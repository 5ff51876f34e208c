/* SPDX-License-Identifier: Apache-2.0 */
#include <assert.h>
#include <stdio.h>

#include "base/hash.h"
#include "pattern/scan.h"
#include "pattern/table.h"

static const char *const kind_name[KIND_COUNT] = {
    "word", "word", "num",   "hex",  "ip",   "mac",  "uuid", "host",  "path",
    "url",  "email", "time", "size", "bool", "id",   "text", "value",
};

typedef struct {
    char  *buffer;
    size_t size, used; /* used counts on beyond size. */
} Out;

static void out_put(Out *out, Str s)
{
    for (size_t i = 0; i < s.size; i++, out->used++)
        if (out->used < out->size)
            out->buffer[out->used] = s.text[i];
}

static void out_blank(Out *out, Kind kind, const char *wildcard)
{
    if (wildcard != NULL) {
        out_put(out, str_of(wildcard));
        return;
    }
    out_put(out, STR("<"));
    out_put(out, str_of(kind_name[kind]));
    out_put(out, STR(">"));
}

static void out_mould(Out *out, Str mould, Kind kind, const char *wildcard)
{
    if (kind == KIND_TIME && wildcard == NULL) {
        out_blank(out, kind, NULL);
        return;
    }
    for (size_t i = 0; i < mould.size; i++) {
        if (mould.text[i] == MOULD_BLANK)
            out_blank(out, kind, wildcard);
        else
            out_put(out, str_part(mould, i, i + 1));
    }
}

static void out_pattern(const PatternTable *table, PatternRef root, const char *wildcard, Out *out)
{
    const Pattern *pattern = &table->patterns[root];
    const Skeleton *skeleton = &table->skeletons[pattern->skeleton];
    const uint32_t *cells = table->cells + pattern->cells;
    Str gaps = words_text(&table->words, skeleton->gaps);
    uint32_t n = 0;
    for (size_t i = 0; i < gaps.size; i++) {
        if (gaps.text[i] != MOULD_BLANK) {
            out_put(out, str_part(gaps, i, i + 1));
            continue;
        }
        assert(n < skeleton->field_count);
        out_mould(out, words_text(&table->words, cell_word(cells[n])), cell_kind(cells[n]),
                  wildcard);
        n++;
    }
}

size_t pattern_text(const PatternTable *table, PatternRef ref, const char *wildcard, char *buffer,
                    size_t size)
{
    Out out = {.buffer = buffer, .size = size};
    out_pattern(table, pattern_root(table, ref), wildcard, &out);
    return out.used;
}

/* By its text with plain wildcards, so that neither seed, order nor the kinds of places count. */
uint64_t pattern_id(const PatternTable *table, PatternRef ref)
{
    char buffer[4096];
    size_t size = pattern_text(table, ref, "<*>", buffer, sizeof buffer);
    uint64_t id = hash_bytes(buffer, size < sizeof buffer ? size : sizeof buffer, HASH_P1);
    return size <= sizeof buffer ? id : hash_add(id, size);
}

/* -- places ------------------------------------------------------------------------------------ */

static bool is_place(const PatternTable *table, uint32_t cell)
{
    return (table->words.words[cell_word(cell)].look & LOOK_BLANK) != 0;
}

uint32_t pattern_places(const PatternTable *table, PatternRef ref, const Lexed *lexed,
                        PatternPlace ret_places[LEX_VALUES_MAX])
{
    const Pattern *pattern = &table->patterns[pattern_root(table, ref)];
    const uint32_t *cells = table->cells + pattern->cells;
    uint32_t field_count = table->skeletons[pattern->skeleton].field_count, list = pattern->list;
    uint32_t more = lexed->value_count > field_count ? lexed->value_count - field_count : 0;
    uint32_t count = 0;
    for (uint32_t n = 0; n < lexed->value_count; n++) {
        uint32_t place = n;
        if (list != 0 && n >= list) /* The fields of a list are all the same place. */
            place = n >= list + more ? n - more : list - 1;
        if (place < field_count && is_place(table, cells[place]))
            ret_places[count++] = (PatternPlace){.value = n, .place = place};
    }
    return count;
}

/* The gap before field n, and the number of places of its kind up to and with it. */
static Str gap_before(const PatternTable *table, const Pattern *pattern, uint32_t n,
                      int *ret_ordinal)
{
    Str gaps = words_text(&table->words, table->skeletons[pattern->skeleton].gaps);
    const uint32_t *cells = table->cells + pattern->cells;
    size_t from = 0;
    uint32_t field = 0;
    *ret_ordinal = 0;
    for (size_t i = 0; i < gaps.size; i++) {
        if (gaps.text[i] != MOULD_BLANK)
            continue;
        uint32_t cell = cells[field];
        *ret_ordinal += is_place(table, cell) && cell_kind(cell) == cell_kind(cells[n]);
        if (field++ == n)
            return str_part(gaps, from, i);
        from = i + 1;
    }
    return STR("");
}

static void out_ordinal(Out *out, int ordinal, Kind kind)
{
    static const char *const suffix[] = {"th", "st", "nd", "rd"};
    int last = ordinal % 100 / 10 == 1 || ordinal % 10 > 3 ? 0 : ordinal % 10;
    char text[48];
    int size = snprintf(text, sizeof text, "%d%s %s", ordinal, suffix[last], kind_name[kind]);
    out_put(out, (Str){.text = text, .size = (size_t)size});
}

size_t pattern_place_name(const PatternTable *table, PatternRef ref, int place, char *buffer,
                          size_t size)
{
    const Pattern *pattern = &table->patterns[pattern_root(table, ref)];
    uint32_t n = (uint32_t)place;
    assert(place >= 0 && n < table->skeletons[pattern->skeleton].field_count);
    const uint32_t *cells = table->cells + pattern->cells;
    Out out = {.buffer = buffer, .size = size};
    int ordinal;
    Str gap = gap_before(table, pattern, n, &ordinal);
    bool named = n > 0 && !is_place(table, cells[n - 1]);
    for (size_t i = 0; named && i < gap.size; i++)
        named = memchr(" =:([{\"'", gap.text[i], 8) != NULL;
    if (!named) {
        out_ordinal(&out, ordinal, cell_kind(cells[n]));
        return out.used;
    }
    out_put(&out, words_text(&table->words, cell_word(cells[n - 1])));
    if (memchr(gap.text, '=', gap.size) != NULL)
        out_put(&out, STR("="));
    return out.used;
}
