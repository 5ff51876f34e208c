/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>

#include "incident/sentence.h"

static const char *sentence(Finding finding)
{
    static char buffer[SENTENCE_SIZE];
    sentence_write(&finding, buffer, sizeof buffer);
    return buffer;
}

static const char *how_rare(Finding finding)
{
    static char buffer[SENTENCE_SIZE];
    sentence_how_rare(&finding, buffer, sizeof buffer);
    return buffer;
}

static void a_rare_error_is_told_with_its_level_and_its_history(void **state)
{
    (void)state;
    Finding f = {.kind = FINDING_RARE,
                 .pattern = STR("disk <num> failed"),
                 .level = LEVEL_ERROR,
                 .seen = 1,
                 .history = 1234567};
    assert_string_equal(sentence(f), "error: `disk <num> failed` comes once in 1,234,567 lines");
    assert_string_equal(how_rare(f), "once in 1,234,567 lines");
}

static void a_level_that_the_line_says_itself_is_not_said_again(void **state)
{
    (void)state;
    Finding f = {.kind = FINDING_RARE,
                 .pattern = STR("error: no route"),
                 .level = LEVEL_ERROR,
                 .seen = 2,
                 .history = 100};
    assert_string_equal(sentence(f), "`error: no route` comes twice in 100 lines");
}

static void a_burst_is_told_by_its_ratio_to_normal(void **state)
{
    (void)state;
    Finding f = {.kind = FINDING_BURST, .pattern = STR("login"), .seen = 400, .expected = 10};
    assert_string_equal(sentence(f),
                        "`login` comes 40x as often as usual: 400 lines instead of 10");
    assert_string_equal(how_rare(f), "40x the usual");
}

static void one_line_is_no_lines(void **state)
{
    (void)state;
    Finding f = {.kind = FINDING_LESS, .pattern = STR("beat"), .seen = 1, .expected = 32};
    assert_string_equal(sentence(f), "`beat` comes 32x less often: 1 line instead of 32");
}

static void silence_tells_what_was_to_be_expected(void **state)
{
    (void)state;
    Finding f = {.kind = FINDING_SILENT, .pattern = STR("beat"), .seen = 0, .expected = 120};
    assert_string_equal(sentence(f), "`beat` fell silent: 0 lines where 120 were to be expected");
}

static void a_value_names_its_place(void **state)
{
    (void)state;
    Finding f = {.kind = FINDING_VALUE,
                 .pattern = STR("session opened for <value>"),
                 .place = STR("for"),
                 .value = STR("mallory"),
                 .seen = 1,
                 .expected = NAN,
                 .history = 2310};
    assert_string_equal(sentence(f), "`mallory` as for in `session opened for <value>` comes once "
                                     "in 2,310 lines");
}

static void a_value_that_the_good_run_does_not_have_is_new(void **state)
{
    (void)state;
    Finding f = {.kind = FINDING_VALUE,
                 .pattern = STR("Started <value>."),
                 .place_number = -1,
                 .seen = 2,
                 .expected = 0,
                 .history = 3503};
    assert_string_equal(sentence(f),
                        "another form of `Started <value>.` is new: 2 lines, none in the good run");
    assert_string_equal(how_rare(f), "never in 3,503 good lines");
}

static void a_long_pattern_is_cut_and_never_within_a_character(void **state)
{
    (void)state;
    char text[201];
    for (size_t i = 0; i < 200; i += 2)
        memcpy(text + i, "\xc3\xa9", 2);
    Finding f = {.kind = FINDING_NEW, .pattern = {.text = text + 1, .size = 199}, .seen = 1};
    const char *told = sentence(f);
    const char *end = strstr(told, " ...`");
    assert_non_null(end);
    assert_int_equal((unsigned char)end[-1], 0xa9);
}

static void a_short_buffer_cuts_the_sentence_and_nothing_else(void **state)
{
    (void)state;
    Finding f = {.kind = FINDING_RARE, .pattern = STR("abc"), .seen = 2, .history = 10};
    for (size_t size = 2; size < 60; size++) {
        char buffer[64];
        memset(buffer, '#', sizeof buffer);
        size_t written = sentence_write(&f, buffer, size);
        assert_true(written < size);
        assert_int_equal(buffer[written], 0);
        assert_int_equal(buffer[size], '#');
    }
}

static void every_kind_has_a_word_and_a_sentence(void **state)
{
    (void)state;
    for (int kind = 0; kind < FINDING_KIND_COUNT; kind++) {
        Finding f = {.kind = (FindingKind)kind,
                     .seen = 3,
                     .expected = 9,
                     .history = 100,
                     .value = STR("age is higher"), /* Of models both come from whoever found it. */
                     .place = STR("0.3 standard deviations off")};
        assert_true(strlen(finding_kind_word(f.kind)) > 2);
        assert_true(strlen(sentence(f)) > 5);
        assert_true(strlen(how_rare(f)) > 5);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_rare_error_is_told_with_its_level_and_its_history),
        cmocka_unit_test(a_level_that_the_line_says_itself_is_not_said_again),
        cmocka_unit_test(a_burst_is_told_by_its_ratio_to_normal),
        cmocka_unit_test(one_line_is_no_lines),
        cmocka_unit_test(silence_tells_what_was_to_be_expected),
        cmocka_unit_test(a_value_names_its_place),
        cmocka_unit_test(a_value_that_the_good_run_does_not_have_is_new),
        cmocka_unit_test(a_long_pattern_is_cut_and_never_within_a_character),
        cmocka_unit_test(a_short_buffer_cuts_the_sentence_and_nothing_else),
        cmocka_unit_test(every_kind_has_a_word_and_a_sentence),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
