/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "pattern/lexer.h"

#define SEED 7

static Lexed lexed_of(const char *text)
{
    static Value values[LEX_VALUES_MAX];
    Lexed lexed;
    lex(str_of(text), SEED, values, &lexed);
    return lexed;
}

static void assert_same_key(const char *a, const char *b)
{
    Lexed x = lexed_of(a), y = lexed_of(b);
    if (x.key != y.key)
        print_error("%s | %s\n", a, b);
    assert_int_equal(x.key, y.key);
    assert_int_equal(x.check, y.check);
}

static void assert_other_key(const char *a, const char *b)
{
    Lexed x = lexed_of(a), y = lexed_of(b);
    assert_int_not_equal(x.key, y.key);
    assert_int_not_equal(x.check, y.check);
}

/* The kind of the first field of text, which must be all of the text. */
static void assert_kind(const char *text, Kind kind)
{
    Lexed lexed = lexed_of(text);
    if (lexed.value_count != 1 || lexed.values[0].kind != kind ||
        lexed.values[0].size != strlen(text))
        print_error("%s: %u fields, kind %d, %d bytes\n", text, lexed.value_count,
                    lexed.values[0].kind, lexed.values[0].size);
    assert_int_equal(lexed.value_count, 1);
    assert_int_equal(lexed.values[0].kind, kind);
    assert_int_equal(lexed.values[0].size, strlen(text));
}

static void a_shape_tells_the_kind(void **state)
{
    (void)state;
    assert_kind("connect", KIND_WORD);
    assert_kind("12", KIND_NUM);
    assert_kind("-3.5e-05", KIND_NUM);
    assert_kind("0x7fed806eb5d", KIND_HEX);
    assert_kind("10.0.3.17", KIND_IP);
    assert_kind("fe80::1", KIND_IP);
    assert_kind("00:1b:21:3c:9d:f8", KIND_MAC);
    assert_kind("12:34:56.789", KIND_TIME);
    assert_kind("2026-11-23", KIND_TIME);
    assert_kind("Sun Jul 17 07:06:00 2005", KIND_TIME);
    assert_kind("2026-11-23T20", KIND_TIME);
    assert_kind("131FE7ED-87F7-471D-8797-C11107688DF7", KIND_UUID);
    assert_kind("www.example.com", KIND_HOST);
    assert_kind("jo@example.com", KIND_EMAIL);
    assert_kind("/var/log/syslog", KIND_PATH);
    assert_kind("/search?q=a&b=(c)", KIND_PATH);
    assert_kind("C:\\Windows\\win.ini", KIND_PATH);
    assert_kind("https://example.com:8080/a?b=c", KIND_URL);
    assert_kind("blk_-1608999687919862906", KIND_ID);
    assert_kind("task_01_m", KIND_ID);
    assert_kind("true", KIND_BOOL);
    assert_kind("2048 bytes (2.0 KB)", KIND_SIZE);
    assert_kind("3.5 ms", KIND_SIZE);
}

static void what_varies_by_its_shape_does_not_count(void **state)
{
    (void)state;
    assert_same_key("took 12 ms", "took 3.5 ms");
    assert_same_key("from 10.0.0.1:22", "from /192.168.7.3:5070");
    assert_same_key("deleting blk_-12", "deleting blk_99");
    assert_same_key("open  /a/b", " open /var/c ");
    assert_same_key("tag=\"a b (c)\" x", "tag=\"d\" x");
    assert_same_key("at Fri Jul 15 10:22:31 2005", "at Sat Aug 6 01:02:03 2011");
}

static void words_and_gaps_count(void **state)
{
    (void)state;
    assert_other_key("VM Started", "VM Paused");
    assert_other_key("a=b", "a:b");
    assert_other_key("a b", "a  b c");
    assert_other_key("up", "up.");
    assert_other_key("(a", "a");
    assert_other_key("", " .");
}

static void the_seed_changes_every_key(void **state)
{
    (void)state;
    static Value values[LEX_VALUES_MAX];
    Lexed a, b;
    lex(STR("connect to 10.0.0.1"), 1, values, &a);
    lex(STR("connect to 10.0.0.1"), 2, values, &b);
    assert_int_not_equal(a.key, b.key);
    assert_int_not_equal(a.check, b.check);
}

static void a_line_of_64_kib_is_lexed_to_its_end(void **state)
{
    (void)state;
    static char text[65536];
    for (size_t i = 0; i < sizeof text; i++)
        text[i] = i % 2 ? ' ' : 'x';
    static Value values[LEX_VALUES_MAX];
    Lexed lexed;
    lex((Str){.text = text, .size = sizeof text}, SEED, values, &lexed);
    assert_int_equal(lexed.value_count, LEX_VALUES_MAX);
    Value last = lexed.values[LEX_VALUES_MAX - 1];
    assert_int_equal(last.kind, KIND_VALUE);
    assert_int_equal(last.from + last.size, sizeof text);
    memset(text, 'y', sizeof text);
    lex((Str){.text = text, .size = sizeof text}, SEED, values, &lexed);
    assert_int_equal(lexed.value_count, 1);
}

static void an_empty_bracket_is_a_place(void **state)
{
    (void)state;
    Lexed lexed = lexed_of("from 10.0.0.1 () at");
    assert_int_equal(lexed.value_count, 4);
    assert_int_equal(lexed.values[2].kind, KIND_VALUE);
    assert_int_equal(lexed.values[2].size, 0);
    assert_int_equal(lexed_of("main() called").value_count, 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_shape_tells_the_kind),
        cmocka_unit_test(what_varies_by_its_shape_does_not_count),
        cmocka_unit_test(words_and_gaps_count),
        cmocka_unit_test(the_seed_changes_every_key),
        cmocka_unit_test(a_line_of_64_kib_is_lexed_to_its_end),
        cmocka_unit_test(an_empty_bracket_is_a_place),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
