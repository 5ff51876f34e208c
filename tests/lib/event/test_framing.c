/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* Above: what cmocka needs first. */
#include <cmocka.h>
#include <stdlib.h>

#include "event/framing.h"

typedef struct {
    char text[1024]; /* Messages, each ended with '|'. */
    size_t size;
} Got;

static void got_message(Got *got, Str message)
{
    assert_true(got->size + message.size + 2 < sizeof got->text);
    memcpy(got->text + got->size, message.text, message.size);
    got->size += message.size;
    got->text[got->size++] = '|';
    got->text[got->size] = '\0';
}

/* In blocks of exactly their size, so that a sanitizer sees what is read behind them. */
static void feed(odd_framing *framing, Str bytes, Got *got)
{
    char *copy = malloc(bytes.size > 0 ? bytes.size : 1);
    assert_non_null(copy);
    if (bytes.size > 0)
        memcpy(copy, bytes.text, bytes.size);
    Str rest = {.text = copy, .size = bytes.size}, message;
    while (framing_next(framing, &rest, &message))
        got_message(got, message);
    assert_int_equal(rest.size, 0);
    free(copy);
}

static odd_framing_counts run(Str bytes, size_t split, Got *got)
{
    odd_framing *framing = framing_open();
    assert_non_null(framing);
    *got = (Got){0};
    feed(framing, str_part(bytes, 0, split), got);
    feed(framing, str_part(bytes, split, bytes.size), got);
    Str message;
    if (framing_end(framing, &message))
        got_message(got, message);
    assert_false(framing_end(framing, &message));
    odd_framing_counts counts = framing->counts;
    framing_close(framing);
    return counts;
}

static odd_framing_counts assert_framed(Str bytes, const char *expected)
{
    Got got;
    odd_framing_counts counts = {0};
    for (size_t split = 0; split <= bytes.size; split++) {
        counts = run(bytes, split, &got);
        assert_string_equal(got.text, expected);
    }
    return counts;
}

static void lines_end_with_lf_or_nul_wherever_the_stream_is_split(void **state)
{
    (void)state;
    odd_framing_counts counts = assert_framed(STR("<34>one\n<35>two\0<36>three\n\n\0four"),
                                              "<34>one|<35>two|<36>three|four|");
    assert_int_equal(counts.messages, 4);
    assert_int_equal(counts.counted, 0);
}

static void counted_messages_may_hold_line_ends(void **state)
{
    (void)state;
    odd_framing_counts counts = assert_framed(STR("11 <34>one\ntwo5 <35>x"), "<34>one\ntwo|<35>x|");
    assert_int_equal(counts.counted, 2);
    assert_int_equal(counts.miscounted, 0);
}

static void both_framings_may_take_turns(void **state)
{
    (void)state;
    odd_framing_counts counts =
        assert_framed(STR("<1>a\n5 <2>bc\n<3>d\n4 <4>e5 <5>f\n6 <6>g\r\n7 <7>hij"),
                      "<1>a|<2>bc|<3>d|<4>e|<5>f|<6>g|<7>hij|");
    assert_int_equal(counts.counted, 5);
    assert_int_equal(counts.miscounted, 0);
}

static void numbers_that_are_no_lengths_belong_to_their_line(void **state)
{
    (void)state;
    odd_framing_counts counts =
        assert_framed(STR("12 monkeys\n2026-11-27 a\n7\n10.0.0.1 up\n0 <1>x\n99\n5 \n"),
                      "12 monkeys|2026-11-27 a|7|10.0.0.1 up|0 <1>x|99|5 |");
    assert_int_equal(counts.counted, 0);
}

static void a_length_beyond_the_limit_is_no_length(void **state)
{
    (void)state;
    odd_framing_counts counts =
        assert_framed(STR("99999999999999999999 <1>x\n1048577 <2>y\n<3>z\n"),
                      "99999999999999999999 <1>x|1048577 <2>y|<3>z|");
    assert_int_equal(counts.miscounted, 2);
}

static void a_length_that_is_too_small_costs_order_for_one_line_only(void **state)
{
    (void)state;
    odd_framing_counts counts = assert_framed(STR("6 <34>one two\n<35>three\n9 <36>four\n"),
                                              "<34>on|e two|<35>three|<36>four|");
    assert_int_equal(counts.miscounted, 1);
}

static void a_length_that_is_too_large_is_given_up_at_the_end(void **state)
{
    (void)state;
    assert_framed(STR("60 <34>one two\n"), "<34>one two\n|");
}

static void longer_messages_are_cut_and_what_follows_is_not_lost(void **state)
{
    (void)state;
    size_t size = FRAMING_BYTES_MAX + 1000;
    const char *heads[] = {"<34>", "66536 <34>"};
    for (int counted = 0; counted < 2; counted++) {
        char *bytes = malloc(size + 20);
        Str head = str_of(heads[counted]);
        size_t head_size = head.size - 4;
        memset(bytes, 'x', head_size + size);
        memcpy(bytes, head.text, head.size);
        memcpy(bytes + head_size + size, "\n<35>y\n", 7);
        odd_framing *framing = framing_open();
        assert_non_null(framing);
        size_t found = 0;
        for (size_t at = 0; at < head_size + size + 7;) { /* In pieces of a network. */
            size_t piece = head_size + size + 7 - at < 1448 ? head_size + size + 7 - at : 1448;
            Str rest = {.text = bytes + at, .size = piece}, message;
            while (framing_next(framing, &rest, &message))
                assert_int_equal(message.size, found++ == 0 ? FRAMING_BYTES_MAX : 5);
            at += piece;
        }
        assert_int_equal(found, 2);
        assert_int_equal(framing->counts.cut, 1);
        assert_true(framing->mem.bytes <= sizeof *framing + 2 * FRAMING_BYTES_MAX);
        framing_close(framing);
        free(bytes);
    }
}

static void a_long_message_that_came_whole_is_cut_too(void **state)
{
    (void)state;
    size_t size = FRAMING_BYTES_MAX + 10;
    char *bytes = malloc(size);
    memset(bytes, 'x', size);
    bytes[size - 1] = '\n';
    odd_framing *framing = framing_open();
    assert_non_null(framing);
    Str rest = {.text = bytes, .size = size}, message;
    assert_true(framing_next(framing, &rest, &message));
    assert_int_equal(message.size, FRAMING_BYTES_MAX);
    assert_int_equal(framing->counts.cut, 1);
    framing_close(framing);
    free(bytes);
}

static void without_memory_messages_are_cut_instead_of_lost(void **state)
{
    (void)state;
    odd_framing *framing = framing_open();
    assert_non_null(framing);
    framing->mem.bytes_max = framing->mem.bytes + 16;
    Str rest = STR("<34>0123456789"), message;
    assert_false(framing_next(framing, &rest, &message));
    rest = STR("abcdefghij\n<35>next\n");
    assert_true(framing_next(framing, &rest, &message));
    assert_true(str_equal(message, STR("<34>0123456789")));
    assert_int_equal(framing->counts.cut, 1);
    assert_true(framing_next(framing, &rest, &message));
    assert_true(str_equal(message, STR("<35>next")));
    framing_close(framing);
}

static void the_public_door_gives_the_same(void **state)
{
    (void)state;
    odd_framing *framing;
    assert_int_equal(odd_framing_open(&framing), ODD_OK);
    const char *bytes = "<1>a\n5 <2>bc<3>", *message = NULL;
    size_t size = strlen(bytes), message_size = 0;
    assert_int_equal(odd_framing_next(framing, &bytes, &size, &message, &message_size), ODD_ROW);
    assert_memory_equal(message, "<1>a", message_size);
    assert_int_equal(odd_framing_next(framing, &bytes, &size, &message, &message_size), ODD_ROW);
    assert_memory_equal(message, "<2>bc", message_size);
    assert_int_equal(odd_framing_next(framing, &bytes, &size, &message, &message_size), ODD_DONE);
    assert_int_equal(size, 0);
    assert_int_equal(odd_framing_end(framing, &message, &message_size), ODD_ROW);
    assert_memory_equal(message, "<3>", message_size);
    assert_int_equal(odd_framing_end(framing, &message, &message_size), ODD_DONE);
    assert_int_equal(odd_framing_count(framing).messages, 3);
    odd_framing_close(framing);
    odd_framing_close(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines_end_with_lf_or_nul_wherever_the_stream_is_split),
        cmocka_unit_test(counted_messages_may_hold_line_ends),
        cmocka_unit_test(both_framings_may_take_turns),
        cmocka_unit_test(numbers_that_are_no_lengths_belong_to_their_line),
        cmocka_unit_test(a_length_beyond_the_limit_is_no_length),
        cmocka_unit_test(a_length_that_is_too_small_costs_order_for_one_line_only),
        cmocka_unit_test(a_length_that_is_too_large_is_given_up_at_the_end),
        cmocka_unit_test(longer_messages_are_cut_and_what_follows_is_not_lost),
        cmocka_unit_test(a_long_message_that_came_whole_is_cut_too),
        cmocka_unit_test(without_memory_messages_are_cut_instead_of_lost),
        cmocka_unit_test(the_public_door_gives_the_same),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
