/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "event/level.h"

static void the_usual_words_are_levels_in_any_case(void **state)
{
    (void)state;
    static const struct {
        const char *word;
        Level       level;
    } words[] = {{"INFO", LEVEL_INFO},     {"info", LEVEL_INFO},      {"Warning", LEVEL_WARN},
                 {"WARN", LEVEL_WARN},     {"error", LEVEL_ERROR},    {"SEVERE", LEVEL_ERROR},
                 {"FATAL", LEVEL_FATAL},   {"crit", LEVEL_FATAL},     {"emerg", LEVEL_FATAL},
                 {"Notice", LEVEL_NOTICE}, {"trace", LEVEL_TRACE},    {"DEBUG", LEVEL_DEBUG},
                 {"", LEVEL_NONE},         {"informal", LEVEL_NONE},  {"inf0", LEVEL_NONE},
                 {"e", LEVEL_NONE},        {"errors", LEVEL_NONE},    {"warnings", LEVEL_NONE}};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        assert_int_equal(level_of_word(str_of(words[i].word)), words[i].level);
}

static void numbers_are_those_of_pino_or_of_syslog(void **state)
{
    (void)state;
    assert_int_equal(level_of_number(STR("10")), LEVEL_TRACE);
    assert_int_equal(level_of_number(STR("30")), LEVEL_INFO);
    assert_int_equal(level_of_number(STR("60")), LEVEL_FATAL);
    assert_int_equal(level_of_number(STR("3")), LEVEL_ERROR);
    assert_int_equal(level_of_number(STR("7")), LEVEL_DEBUG);
    assert_int_equal(level_of_number(STR("8")), LEVEL_NONE);
    assert_int_equal(level_of_number(STR("70")), LEVEL_NONE);
    assert_int_equal(level_of_number(STR("-1")), LEVEL_NONE);
    assert_int_equal(level_of_number(STR("300")), LEVEL_NONE);
}

static void a_message_that_opens_with_its_level_has_it(void **state)
{
    (void)state;
    static const struct {
        const char *message;
        Level       level;
    } messages[] = {{"ERROR: no space left", LEVEL_ERROR},
                    {"error: no space left", LEVEL_ERROR},
                    {"[warning] low", LEVEL_WARN},
                    {"WARNING low", LEVEL_WARN},
                    {"fatal: not a repository", LEVEL_FATAL},
                    {"panic: runtime error", LEVEL_FATAL},
                    {"Traceback (most recent call last):", LEVEL_ERROR},
                    {"Exception in thread \"main\" java.lang.Error", LEVEL_ERROR},
                    {"Error reading the manual", LEVEL_NONE},
                    {"error reading the manual", LEVEL_NONE},
                    {"Information about you", LEVEL_NONE},
                    {"log in", LEVEL_NONE},
                    {"nothing", LEVEL_NONE},
                    {"", LEVEL_NONE},
                    {"[", LEVEL_NONE}};
    for (size_t i = 0; i < sizeof messages / sizeof messages[0]; i++)
        assert_int_equal(level_of_start(str_of(messages[i].message)), messages[i].level);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_usual_words_are_levels_in_any_case),
        cmocka_unit_test(numbers_are_those_of_pino_or_of_syslog),
        cmocka_unit_test(a_message_that_opens_with_its_level_has_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
