/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* Above: what cmocka needs first. */
#include <cmocka.h>
#include <stdio.h>

#include "event/series.h"

#define LABEL(n, v) ((Label){.name = STR(n), .value = STR(v)})

static void assert_series(Str name, Label *labels, size_t count, const char *expected)
{
    char buffer[256];
    size_t size = series_text(name, labels, count, buffer, sizeof buffer);
    buffer[size] = '\0';
    assert_string_equal(buffer, expected);
    assert_int_equal(size, strlen(expected));
}

static void labels_are_sorted_by_their_bytes(void **state)
{
    (void)state;
    Label labels[] = {LABEL("job", "node"), LABEL("instance", "a:9100"), LABEL("Zone", "b")};
    assert_series(STR("up"), labels, 3, "up{Zone=\"b\",instance=\"a:9100\",job=\"node\"}");
    assert_series(STR("up"), NULL, 0, "up");
}

static void every_order_of_labels_gives_the_same_name(void **state)
{
    (void)state;
    const Label three[] = {LABEL("a", "1"), LABEL("ab", "2"), LABEL("b", "3")};
    for (int order = 0; order < 27; order++) {
        int i = order / 9, j = order / 3 % 3, k = order % 3;
        if (i == j || j == k || i == k)
            continue;
        Label labels[] = {three[i], three[j], three[k]};
        assert_series(STR("m"), labels, 3, "m{a=\"1\",ab=\"2\",b=\"3\"}");
    }
}

static void of_a_label_that_comes_twice_the_last_one_counts(void **state)
{
    (void)state;
    Label labels[] = {LABEL("a", "1"), LABEL("b", "x"), LABEL("a", "3"), LABEL("a", "2")};
    assert_series(STR("m"), labels, 4, "m{a=\"2\",b=\"x\"}");
    Label gone[] = {LABEL("a", "1"), LABEL("a", "")};
    assert_series(STR("m"), gone, 2, "m");
}

static void the_label_of_the_name_gives_the_name(void **state)
{
    (void)state;
    Label labels[] = {LABEL("job", "j"), LABEL("__name__", "up"), LABEL("empty", "")};
    assert_series(STR(""), labels, 3, "up{job=\"j\"}");
    Label other[] = {LABEL("__name__", "other")};
    assert_series(STR("up"), other, 1, "up");
}

static void values_are_escaped(void **state)
{
    (void)state;
    Label labels[] = {LABEL("path", "C:\\x \"y\"\nz")};
    assert_series(STR("m"), labels, 1, "m{path=\"C:\\\\x \\\"y\\\"\\nz\"}");
}

static void names_that_are_no_identifiers_stand_in_quotes(void **state)
{
    (void)state;
    Label labels[] = {LABEL("k8s.pod", "p"), LABEL("a", "1"), LABEL("9x", "n"), LABEL("a:b", "c")};
    assert_series(STR("http.requests"), labels, 4,
                  "{\"http.requests\",\"9x\"=\"n\",a=\"1\",\"a:b\"=\"c\",\"k8s.pod\"=\"p\"}");
    assert_series(STR("http.requests"), NULL, 0, "{\"http.requests\"}");
    assert_series(STR("job:up:sum"), NULL, 0, "job:up:sum");
}

static void a_series_without_a_name_is_none(void **state)
{
    (void)state;
    char buffer[64];
    Label labels[] = {LABEL("a", "1"), LABEL("__name__", "")};
    assert_int_equal(series_text(STR(""), labels, 2, buffer, sizeof buffer), 0);
}

static void too_many_labels_are_refused(void **state)
{
    (void)state;
    char buffer[4096], names[SERIES_LABELS_MAX + 1][8];
    Label labels[SERIES_LABELS_MAX + 1];
    for (int i = 0; i <= SERIES_LABELS_MAX; i++) {
        snprintf(names[i], sizeof names[i], "l%d", i);
        labels[i] = (Label){.name = str_of(names[i]), .value = STR("v")};
    }
    assert_int_equal(series_text(STR("m"), labels, SERIES_LABELS_MAX + 1, buffer, sizeof buffer),
                     0);
    assert_true(series_text(STR("m"), labels, SERIES_LABELS_MAX, buffer, sizeof buffer) > 0);
}

static void a_buffer_that_is_too_small_by_any_amount_gives_nothing(void **state)
{
    (void)state;
    Label labels[] = {LABEL("a.b", "x\ny"), LABEL("c", "d")};
    char buffer[64];
    size_t whole = series_text(STR("m"), labels, 2, buffer, sizeof buffer);
    assert_true(whole > 0);
    for (size_t size = 0; size < whole; size++) {
        memset(buffer, '#', sizeof buffer);
        assert_int_equal(series_text(STR("m"), labels, 2, buffer, size), 0);
        assert_int_equal(buffer[size], '#');
    }
    assert_int_equal(series_text(STR("m"), labels, 2, buffer, whole), whole);
}

static void a_name_is_read_back_with_its_labels(void **state)
{
    (void)state;
    Label labels[] = {LABEL("path", "/a,b}c"), LABEL("q", "say \"x\" \\"), LABEL("z", "1")};
    char buffer[128];
    static const char *const names[] = {"m", "my.name"};
    for (size_t i = 0; i < 2; i++) {
        Str text = {.text = buffer};
        text.size = series_text(str_of(names[i]), labels, 3, buffer, sizeof buffer);
        assert_true(str_equal(series_name(text), str_of(names[i])));
        assert_true(str_equal(series_label(text, STR("path")), STR("/a,b}c")));
        assert_true(str_equal(series_label(text, STR("q")), STR("say \\\"x\\\" \\\\")));
        assert_true(str_equal(series_label(text, STR("z")), STR("1")));
        assert_int_equal(series_label(text, STR("y")).size, 0);
    }
}

static void what_is_no_name_of_a_series_has_a_name_and_ends(void **state)
{
    (void)state;
    static const char *const texts[] = {"",     "load1",   "{",       "a{",        "a{b",
                                        "a{b=", "a{b=\"",  "a{b=\"\\", "a{b=\"c\"d=\"e\"}", "{\"",
                                        "a{,,}", "a{=}",    "a b c",   "a{b=c,d}"};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        Label label;
        size_t at = 0, count = 0;
        while (series_next_label(str_of(texts[i]), &at, &label) && count < 10)
            count++;
        assert_true(count < 3);
        assert_true(series_name(str_of(texts[i])).size > 0 || i == 0 || texts[i][0] == '{');
    }
    assert_true(str_equal(series_name(STR("load1")), STR("load1")));
    assert_true(str_equal(series_label(STR("a{b=c,d}"), STR("b")), STR("c")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(labels_are_sorted_by_their_bytes),
        cmocka_unit_test(every_order_of_labels_gives_the_same_name),
        cmocka_unit_test(of_a_label_that_comes_twice_the_last_one_counts),
        cmocka_unit_test(the_label_of_the_name_gives_the_name),
        cmocka_unit_test(values_are_escaped),
        cmocka_unit_test(names_that_are_no_identifiers_stand_in_quotes),
        cmocka_unit_test(a_series_without_a_name_is_none),
        cmocka_unit_test(too_many_labels_are_refused),
        cmocka_unit_test(a_name_is_read_back_with_its_labels),
        cmocka_unit_test(what_is_no_name_of_a_series_has_a_name_and_ends),
        cmocka_unit_test(a_buffer_that_is_too_small_by_any_amount_gives_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
