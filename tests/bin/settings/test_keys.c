/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "settings/keys.h"

static char problem[SETTINGS_PROBLEM_SIZE];

static const Key *key_of(const char *name)
{
    int row = keys_find(name);
    assert_true(row >= 0);
    return &keys[row];
}

static bool add(Settings *settings, const char *name, const char *text)
{
    return key_add(key_of(name), settings, text, problem, sizeof problem);
}

static void every_key_has_a_flag_of_its_name(void **state)
{
    (void)state;
    for (size_t i = 0; i < keys_count; i++) {
        char flag[KEY_SIZE], variable[KEY_VARIABLE_SIZE];
        bool is_switch = keys[i].kind == KEY_BOOL;
        int  size = snprintf(flag, sizeof flag, "%s%s", is_switch ? "no-" : "", keys[i].name);
        assert_true(size < KEY_SIZE);
        for (char *c = flag; *c; c++)
            *c = *c == '.' || *c == '_' ? '-' : *c;
        assert_string_equal(keys[i].flag, flag);
        assert_int_equal(keys_find(keys[i].name), i);
        assert_int_equal(keys_find_flag(flag), i);
        assert_int_equal(is_switch, keys[i].value == NULL);
        key_variable(&keys[i], variable);
        assert_int_equal(strncmp(variable, "ODDBALL_", 8), 0);
        assert_string_not_equal(variable, "ODDBALL_DATA");
    }
}

static void every_default_and_every_example_is_good(void **state)
{
    (void)state;
    for (size_t i = 0; i < keys_count; i++) {
        Settings settings = {0};
        char     example[128];
        if (keys[i].usual != NULL && !key_is_list(&keys[i]))
            assert_true(key_add(&keys[i], &settings, keys[i].usual, problem, sizeof problem));
        snprintf(example, sizeof example, "%s", keys[i].example);
        example[strcspn(example, " ")] = '\0';
        assert_true(key_add(&keys[i], &settings, example, problem, sizeof problem));
        settings_free(&settings);
    }
}

static void what_is_shown_is_taken_again(void **state)
{
    (void)state;
    static const struct {
        const char *key, *text, *shown;
    } cases[] = {
        {"memory", "512M", "512M"},   {"memory", "1.5G", "1536M"}, {"memory", "1024MiB", "1G"},
        {"memory", "33554433", "33554433"}, {"retention_size", "0", "0"},
        {"checkpoint", "1m", "60s"},  {"sql.time", "250ms", "0.25s"}, {"backfill", "12h", "0.5d"},
        {"models.outcome_wait", "48h", "2d"},
        {"retention", "0", "0"},      {"retention", "1y", "365.25d"},
        {"findings_per_day", "0.5", "0.5"}, {"findings_per_day", "10", "10"},
        {"threads", "4", "4"},        {"seed", "9000000000000000000", "9000000000000000000"},
        {"mask", "no", "false"},      {"mask", "ON", "true"},
        {"listen", "[::1]:80", "[::1]:80"}, {"listen", ":0", ":0"}, {"listen", "off", "off"},
        {"mask_rules", "t=A=B", "t=A=B"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        Settings   settings = {0};
        const Key *key = key_of(cases[i].key);
        assert_true(add(&settings, cases[i].key, cases[i].text));
        char *shown = key_text(key, &settings, 0);
        assert_string_equal(shown, cases[i].shown);
        assert_null(key_text(key, &settings, 1));
        Settings again = {0};
        assert_true(add(&again, cases[i].key, shown));
        char *same = key_text(key, &again, 0);
        assert_string_equal(same, shown);
        free(shown);
        free(same);
        settings_free(&settings);
        settings_free(&again);
    }
}

static void a_wrong_value_is_told_and_changes_nothing(void **state)
{
    (void)state;
    static const struct {
        const char *key, *text;
    } cases[] = {
        {"memory", "lots"},     {"memory", "1M"},        {"memory", "-1"},      {"memory", ""},
        {"threads", "257"},     {"threads", "1.5"},      {"threads", "-1"},     {"checkpoint", "5"},
        {"checkpoint", "0"},    {"checkpoint", "2d"},    {"backfill", "7"},     {"mask", "maybe"},
        {"listen", "6330"},     {"listen", "a b:1"},     {"listen", "h:65536"}, {"listen", "h:"},
        {"listen", ""},         {"listen", "::1:80"},    {"listen", "[x]:1"},   {"listen", "h:1\n"},
        {"webhook", "ftp://x"}, {"webhook", "http://"},  {"webhook", "http:///x"},
        {"webhook", "http://a b"}, {"webhook", "HTTP"},  {"scrape", ""},        {"files", ""},
        {"mask_rules", "x"},    {"mask_rules", "=x"},    {"mask_rules", "x="},
        {"mask_rules", "A B=x"}, {"findings_per_day", "0"}, {"findings_per_day", "nan"},
        {"seed", "-1"},         {"seed", "99999999999999999999"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        Settings settings = {0};
        if (add(&settings, cases[i].key, cases[i].text))
            fail_msg("%s takes '%s'", cases[i].key, cases[i].text);
        assert_non_null(strstr(problem, "does not take '"));
        assert_non_null(strstr(problem, "; a good value is "));
        Settings nothing = {0};
        assert_memory_equal(&settings, &nothing, sizeof settings);
    }
}

static void lists_grow_are_cleared_and_have_a_limit(void **state)
{
    (void)state;
    Settings settings = {0};
    for (int i = 0; i < SETTINGS_LIST_MAX; i++)
        assert_true(add(&settings, "files", "a"));
    assert_false(add(&settings, "files", "a"));
    assert_string_equal(problem, "has more than 1024 items, which is its limit");
    assert_int_equal(settings.files.count, SETTINGS_LIST_MAX);
    key_clear(key_of("files"), &settings);
    assert_int_equal(settings.files.count, 0);
    assert_true(add(&settings, "mask_rules", "a=1"));
    assert_true(add(&settings, "mask_rules", "b=2"));
    assert_true(add(&settings, "mask_rules", "a=3"));
    assert_int_equal(settings.mask_rule_count, 2);
    assert_string_equal(settings.mask_rules[0].expression, "3");
    settings_free(&settings);
    assert_null(settings.mask_rules);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_key_has_a_flag_of_its_name),
        cmocka_unit_test(every_default_and_every_example_is_good),
        cmocka_unit_test(what_is_shown_is_taken_again),
        cmocka_unit_test(a_wrong_value_is_told_and_changes_nothing),
        cmocka_unit_test(lists_grow_are_cleared_and_have_a_limit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
