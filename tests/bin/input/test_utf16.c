/* SPDX-License-Identifier: Apache-2.0 */
#include "fixture.h"

#include <string.h>

#include "input/utf16.h"

#define SEED_COUNT 1000

static uint64_t convert(const void *bytes, size_t size, bool big_endian, size_t piece, Text *ret)
{
    Utf16       utf16 = {.big_endian = big_endian};
    const char *from = bytes;
    char        to[UTF16_ROOM(4096)];
    assert_in_range(piece, 1, 4096);
    for (size_t at = 0; at < size; at += piece) {
        size_t part = size - at < piece ? size - at : piece;
        text_add(ret, to, utf16_convert(&utf16, from + at, part, to));
    }
    text_add(ret, to, utf16_end(&utf16, to));
    return utf16.lone_count;
}

static void check(const void *bytes, size_t size, bool big_endian, const char *wanted,
                  uint64_t lone_count)
{
    for (size_t piece = 1; piece <= size + 1; piece++) {
        Text got = {0};
        assert_int_equal(convert(bytes, size, big_endian, piece, &got), lone_count);
        assert_string_equal(got.bytes, wanted);
        text_free(&got);
    }
}

/* printf 'aé€😀' | iconv -f UTF-8 -t UTF-16LE | xxd -p: 6100e900ac203dd800de */
static void both_byte_orders_give_the_same_text(void **state)
{
    (void)state;
    check(BYTES("a\0\xe9\0\xac\x20\x3d\xd8\0\xde"), false, "a\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80", 0);
    check(BYTES("\0a\0\xe9\x20\xac\xd8\x3d\xde\0"), true, "a\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80", 0);
}

static void a_lone_surrogate_is_a_replacement_character_and_counted(void **state)
{
    (void)state;
    check(BYTES("\xd8\x3d\0a"), true, "\xef\xbf\xbd" "a", 1);
    check(BYTES("\xde\0\0a"), true, "\xef\xbf\xbd" "a", 1);
    check(BYTES("\xd8\x3d\xd8\x3d\xde\0"), true, "\xef\xbf\xbd\xf0\x9f\x98\x80", 1);
}

static void what_is_torn_at_the_end_is_counted(void **state)
{
    (void)state;
    check(BYTES("\0a\0"), true, "a\xef\xbf\xbd", 1);
    check(BYTES("\0a\xd8\x3d"), true, "a\xef\xbf\xbd", 1);
    check(BYTES("\xd8\x3d\0"), true, "\xef\xbf\xbd\xef\xbf\xbd", 2);
}

static void any_split_gives_the_same_text(void **state)
{
    (void)state;
    for (uint64_t first = 1; first <= SEED_COUNT; first++) {
        uint64_t seed = first;
        uint8_t  bytes[64];
        size_t   size = random_below(&seed, sizeof bytes + 1);
        for (size_t i = 0; i < size; i++) /* Surrogates are common. */
            bytes[i] = (uint8_t)(random_below(&seed, 2) == 0 ? 0xd8 + random_below(&seed, 8)
                                                             : random_below(&seed, 256));
        Text     whole = {0}, parts = {0};
        bool     big_endian = random_below(&seed, 2) == 0;
        uint64_t lone = convert(bytes, size, big_endian, 4096, &whole);
        if (convert(bytes, size, big_endian, 1 + random_below(&seed, 9), &parts) != lone ||
            whole.size != parts.size || memcmp(whole.bytes, parts.bytes, whole.size) != 0)
            fail_msg("seed %u", (unsigned)first);
        text_free(&whole);
        text_free(&parts);
    }
}

static void the_tap_tells_how_many_characters_were_torn(void **state)
{
    (void)state;
    Notes      notes = {0};
    TapSetting setting = setting_of(&notes);
    char       to[16];
    Tap       *tap = utf16_tap(memory_tap(BYTES("\xd8\x3d\0a"), 1, 1), true, &setting);
    size_t     size = 0, got;
    while ((got = tap_read(tap, to + size, sizeof to - size)) > 0)
        size += got;
    assert_int_equal(size, 4);
    assert_memory_equal(to, "\xef\xbf\xbd" "a", 4);
    assert_true(notes_tell(&notes, "it holds 1 torn UTF-16"));
    tap_close(tap);
    notes_free(&notes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(both_byte_orders_give_the_same_text),
        cmocka_unit_test(a_lone_surrogate_is_a_replacement_character_and_counted),
        cmocka_unit_test(what_is_torn_at_the_end_is_counted),
        cmocka_unit_test(any_split_gives_the_same_text),
        cmocka_unit_test(the_tap_tells_how_many_characters_were_torn),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
