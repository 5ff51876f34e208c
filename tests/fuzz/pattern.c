/* SPDX-License-Identifier: Apache-2.0
 *
 * pattern.c - the lexer and the pattern table, fed with lines of any bytes.
 *
 * Checks that fields stand in order within the text, that counts and references hold, and that two
 * runs over the same bytes agree.
 */
#include <assert.h>
#include <stddef.h>
#include <stdint.h>

#include "base/hash.h"
#include "pattern/pattern.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static void check_fields(Str line, const Lexed *lexed)
{
    uint32_t at = 0;
    assert(lexed->value_count <= LEX_VALUES_MAX);
    for (uint32_t n = 0; n < lexed->value_count; n++) {
        assert(lexed->values[n].from >= at);
        at = lexed->values[n].from + lexed->values[n].size;
        assert(at <= line.size);
    }
}

static uint64_t digest_of(const PatternTable *table)
{
    uint64_t digest = 0;
    char buffer[256];
    for (PatternRef ref = 0; ref < pattern_count(table); ref++) {
        size_t n = pattern_text(table, ref, NULL, buffer, sizeof buffer);
        digest = hash_bytes(buffer, n < sizeof buffer ? n : sizeof buffer, digest);
        digest = hash_add(digest, pattern_id(table, ref));
    }
    return digest;
}

static uint64_t run(const uint8_t *bytes, size_t size)
{
    static Value values[LEX_VALUES_MAX];
    Lexed lexed;
    Mem mem = {0};
    PatternTable *table = pattern_table_open(&mem, size, size % 2 ? 100000 : 0);
    assert(table != NULL);
    for (size_t at = 0; at < size;) {
        const uint8_t *end = memchr(bytes + at, '\n', size - at);
        size_t stop = end != NULL ? (size_t)(end - bytes) : size;
        Str line = {.text = (const char *)bytes + at, .size = stop - at};
        bool is_new;
        lex(line, size, values, &lexed);
        check_fields(line, &lexed);
        PatternRef ref = pattern_learn(table, line, &lexed, &is_new);
        static PatternPlace places[LEX_VALUES_MAX];
        uint32_t count = pattern_places(table, ref, &lexed, places);
        for (uint32_t i = 0; i < count; i++) {
            char name[64];
            assert(places[i].value < lexed.value_count);
            pattern_place_name(table, ref, (int)places[i].place, name, sizeof name);
        }
        at = stop + 1;
    }
    pattern_settle(table);
    uint64_t digest = digest_of(table);
    pattern_table_close(table);
    assert(mem.bytes == 0);
    return digest;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    assert(run(bytes, size) == run(bytes, size));
    return 0;
}
