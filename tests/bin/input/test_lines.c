/* SPDX-License-Identifier: Apache-2.0 */
#include "fixture.h"

#include <string.h>

#include "input/lines.h"

#define LINE_MAX 8
#define SEED_COUNT 1000

/* What lines.h says, in the simplest way: all at once, byte by byte. */
static LineCounts plain_lines(const Text *from, size_t line_bytes_max, Text *ret)
{
    LineCounts counts = {0};
    size_t     in_line = 0;
    for (size_t i = 0; i < from->size; i++) {
        bool is_end = from->bytes[i] == '\n';
        if (is_end || in_line < line_bytes_max)
            text_add(ret, from->bytes + i, 1);
        else
            counts.cut_bytes++;
        counts.rows += in_line == 0;
        counts.cut_lines += !is_end && in_line == line_bytes_max;
        in_line = is_end ? 0 : in_line + 1;
    }
    text_add(ret, BYTES(""));
    counts.bytes = ret->size;
    return counts;
}

static LineCounts read_lines_of(Tap *tap, const TapSetting *setting, size_t block_bytes,
                                size_t line_bytes_max, Text *ret)
{
    Lines    lines;
    Block    block = {0};
    uint64_t rows = 0;
    bool     ended = false; /* By a block without a line end. */
    lines_begin(&lines, tap, block_bytes, line_bytes_max);
    lines.setting = setting;
    while (lines_next(&lines, &block)) {
        assert_false(ended);
        assert_int_equal(block.row, rows + 1);
        assert_in_range(block.size, 1, block_bytes + line_bytes_max + 1);
        rows += block.row_count;
        ended = block.bytes[block.size - 1] != '\n';
        text_add(ret, block.bytes, block.size);
    }
    assert_false(lines.failed);
    LineCounts counts = lines.counts;
    assert_int_equal(counts.rows, rows);
    text_add(ret, BYTES(""));
    lines_end(&lines);
    block_free(&block);
    tap_close(tap);
    return counts;
}

static LineCounts read_lines(Tap *tap, size_t block_bytes, size_t line_bytes_max, Text *ret)
{
    return read_lines_of(tap, NULL, block_bytes, line_bytes_max, ret);
}

/* Lines mostly short, some about as long as the limit, some far longer. */
static void random_text(uint64_t *seed, Text *ret)
{
    size_t count = random_below(seed, 30);
    for (size_t i = 0; i < count; i++) {
        size_t size = random_below(seed, random_below(seed, 4) == 0 ? 6 * LINE_MAX : LINE_MAX + 2);
        for (size_t at = 0; at < size; at++)
            text_add(ret, &(char){(char)('a' + at % 26)}, 1);
        if (random_below(seed, 8) == 0)
            text_add(ret, BYTES("\r"));
        if (i + 1 < count || random_below(seed, 2) == 0)
            text_add(ret, BYTES("\n"));
    }
    text_add(ret, BYTES(""));
}

static void any_split_and_any_block_size_give_the_same_lines(void **state)
{
    (void)state;
    for (uint64_t first = 1; first <= SEED_COUNT; first++) {
        uint64_t seed = first;
        Text     text = {0}, wanted = {0}, got = {0};
        random_text(&seed, &text);
        LineCounts counts = plain_lines(&text, LINE_MAX, &wanted);
        size_t     piece_max = 1 + random_below(&seed, 40);
        size_t     block_bytes = 1 + random_below(&seed, 60);
        Tap       *tap = memory_tap(text.bytes, text.size, seed, piece_max);
        LineCounts found = read_lines(tap, block_bytes, LINE_MAX, &got);
        if (got.size != wanted.size || memcmp(got.bytes, wanted.bytes, got.size) != 0 ||
            memcmp(&found, &counts, sizeof found) != 0)
            fail_msg("seed %u", (unsigned)first);
        text_free(&text);
        text_free(&wanted);
        text_free(&got);
    }
}

static void check_lines(const char *bytes, size_t size, const char *wanted, LineCounts counts)
{
    Text       got = {0};
    LineCounts found = read_lines(memory_tap(bytes, size, 1, 3), 4, LINE_MAX, &got);
    assert_int_equal(got.size, counts.bytes);
    if (got.size > 0)
        assert_memory_equal(got.bytes, wanted, got.size);
    assert_memory_equal(&found, &counts, sizeof found);
    text_free(&got);
}

static void nothing_gives_no_block(void **state)
{
    (void)state;
    check_lines(BYTES(""), "", (LineCounts){0});
}

static void a_last_line_without_a_line_end_is_a_line(void **state)
{
    (void)state;
    check_lines(BYTES("one\ntwo"), "one\ntwo", (LineCounts){.rows = 2, .bytes = 7});
}

static void empty_lines_count(void **state)
{
    (void)state;
    check_lines(BYTES("\n\n\n"), "\n\n\n", (LineCounts){.rows = 3, .bytes = 3});
}

static void a_line_as_long_as_the_limit_is_kept_whole(void **state)
{
    (void)state;
    check_lines(BYTES("12345678\nx\n"), "12345678\nx\n", (LineCounts){.rows = 2, .bytes = 11});
}

static void a_longer_line_is_cut_and_the_rest_is_counted(void **state)
{
    (void)state;
    check_lines(BYTES("123456789ab\nx\n"), "12345678\nx\n",
                (LineCounts){.rows = 2, .bytes = 11, .cut_lines = 1, .cut_bytes = 3});
}

static void a_last_line_that_is_cut_stays_without_a_line_end(void **state)
{
    (void)state;
    check_lines(BYTES("x\n123456789ab"), "x\n12345678",
                (LineCounts){.rows = 2, .bytes = 10, .cut_lines = 1, .cut_bytes = 3});
}

static void nuls_and_bytes_that_are_no_utf8_pass_through(void **state)
{
    (void)state;
    check_lines(BYTES("a\0b\n\xff\xc0\r\n"), "a\0b\n\xff\xc0\r\n",
                (LineCounts){.rows = 2, .bytes = 8, .nul_bytes = 1});
}

static void a_torn_last_line_is_left_out_and_an_unended_one_kept(void **state)
{
    (void)state;
    for (size_t block_bytes = 1; block_bytes < 12; block_bytes++) {
        bool       broken = true;
        Text       text = {0}, whole = {0}, cut = {0};
        LineCounts counts =
            read_lines_of(memory_tap(BYTES("one\ntwo\nthr"), block_bytes, 4),
                          &(TapSetting){.broken = &broken}, block_bytes, 100, &text);
        assert_string_equal(text.bytes, "one\ntwo\n");
        assert_int_equal(counts.rows, 2);
        assert_int_equal(counts.torn_lines, 1);
        counts = read_lines_of(memory_tap(BYTES("a line too lo"), block_bytes, 4),
                               &(TapSetting){.broken = &broken}, block_bytes, 5, &cut);
        assert_string_equal(cut.bytes, "a lin");
        assert_int_equal(counts.torn_lines, 0);
        counts = read_lines(memory_tap(BYTES("one\ntwo\nthr"), block_bytes, 4), block_bytes, 100,
                            &whole);
        assert_string_equal(whole.bytes, "one\ntwo\nthr");
        assert_int_equal(counts.torn_lines, 0);
        text_free(&text);
        text_free(&whole);
        text_free(&cut);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(any_split_and_any_block_size_give_the_same_lines),
        cmocka_unit_test(nothing_gives_no_block),
        cmocka_unit_test(a_last_line_without_a_line_end_is_a_line),
        cmocka_unit_test(empty_lines_count),
        cmocka_unit_test(a_line_as_long_as_the_limit_is_kept_whole),
        cmocka_unit_test(a_longer_line_is_cut_and_the_rest_is_counted),
        cmocka_unit_test(a_last_line_that_is_cut_stays_without_a_line_end),
        cmocka_unit_test(nuls_and_bytes_that_are_no_utf8_pass_through),
        cmocka_unit_test(a_torn_last_line_is_left_out_and_an_unended_one_kept),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
