/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "http/json_tree.h"

static char problem[256];

static JsonTree *read_text(const char *text)
{
    problem[0] = '\0';
    return json_tree_read(text, strlen(text), problem, sizeof problem);
}

static void values_are_found_by_name_and_place(void **state)
{
    (void)state;
    JsonTree *root = read_text("{\"items\":[{\"id\":7},{\"id\":\"x\\u0000y\",\"odd\":true}],"
                               "\"rate\":2.5,\"next\":null}");
    assert_non_null(root);
    const JsonTree *items = json_tree_member(root, "items");
    assert_int_equal(json_tree_count(items), 2);
    assert_int_equal(json_tree_count(root), 3);
    int64_t     id = 0;
    double      rate = 0;
    bool        odd = false;
    const char *text = NULL;
    size_t      size = 0;
    assert_true(json_tree_integer(json_tree_member(json_tree_item(items, 0), "id"), &id));
    assert_int_equal(id, 7);
    const JsonTree *second = json_tree_item(items, 1);
    assert_true(json_tree_text(json_tree_member(second, "id"), &text, &size));
    assert_int_equal(size, 3);
    assert_memory_equal(text, "x\0y", 4);
    assert_true(json_tree_bool(json_tree_member(second, "odd"), &odd));
    assert_true(odd);
    assert_true(json_tree_real(json_tree_member(root, "rate"), &rate));
    assert_true(fabs(rate - 2.5) < 1e-12);
    assert_int_equal(json_tree_kind(json_tree_member(root, "next")), JSON_TREE_NULL);
    json_tree_free(root);
}

static void what_is_not_there_is_absent_all_the_way_down(void **state)
{
    (void)state;
    JsonTree       *root = read_text("[1]");
    const JsonTree *none = json_tree_member(json_tree_item(json_tree_item(root, 5), 0), "x");
    int64_t         number = 3;
    const char     *text = "kept";
    assert_int_equal(json_tree_kind(none), JSON_TREE_ABSENT);
    assert_int_equal(json_tree_kind(json_tree_member(root, "x")), JSON_TREE_ABSENT);
    assert_int_equal(json_tree_count(none), 0);
    assert_false(json_tree_integer(none, &number));
    assert_false(json_tree_text(none, &text, NULL));
    assert_int_equal(number, 3);
    assert_string_equal(text, "kept");
    assert_null(json_tree_write(none));
    json_tree_free(root);
    json_tree_free(NULL);
}

static void a_number_is_no_text_and_a_text_no_number(void **state)
{
    (void)state;
    JsonTree   *root = read_text("[\"5\", 5, 5.0, true]");
    int64_t     number = 0;
    double      real = 0;
    bool        truth = false;
    const char *text = NULL;
    assert_false(json_tree_integer(json_tree_item(root, 0), &number));
    assert_false(json_tree_real(json_tree_item(root, 0), &real));
    assert_false(json_tree_text(json_tree_item(root, 1), &text, NULL));
    assert_false(json_tree_bool(json_tree_item(root, 1), &truth));
    assert_false(json_tree_integer(json_tree_item(root, 2), &number));
    assert_true(json_tree_real(json_tree_item(root, 1), &real));
    assert_false(json_tree_real(json_tree_item(root, 3), &real));
    json_tree_free(root);
}

static void bad_json_is_refused_in_a_sentence(void **state)
{
    (void)state;
    const char *const bad[] = {"", "{", "{\"a\":1,\"a\":2}", "[1,]", "nul", "[1] x", "\"\xff\"",
                               "\"\\ud800\"", "[1e999]", "[123456789012345678901234567890]"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        assert_null(read_text(bad[i]));
        assert_non_null(strstr(problem, "this is not JSON: line 1"));
    }
}

static void brackets_are_bounded_and_those_in_texts_do_not_count(void **state)
{
    (void)state;
    char deep[100000], text[300] = "\"";
    memset(deep, '[', sizeof deep);
    assert_null(json_tree_read(deep, sizeof deep, problem, sizeof problem));
    assert_string_equal(problem, "the JSON is nested deeper than 64");
    memset(text + 1, '[', 200);
    strcat(text, "\\\"[\"");
    JsonTree *root = read_text(text);
    assert_non_null(root);
    json_tree_free(root);
}

static void a_stranger_is_named(void **state)
{
    (void)state;
    static const char *const names[] = {"sql", "rows"};
    JsonTree                *good = read_text("{\"rows\":1,\"sql\":2}");
    JsonTree                *bad = read_text("{\"sql\":1,\"slq\":2}");
    assert_null(json_tree_stranger(good, names, 2));
    assert_string_equal(json_tree_stranger(bad, names, 2), "slq");
    json_tree_free(good);
    json_tree_free(bad);
}

static void a_value_is_written_as_one_line(void **state)
{
    (void)state;
    JsonTree *root = read_text("{\"a\" : [ 1, \"x\" ],\n\"b\":null}");
    char     *line = json_tree_write(root);
    assert_string_equal(line, "{\"a\":[1,\"x\"],\"b\":null}");
    free(line);
    json_tree_free(root);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_are_found_by_name_and_place),
        cmocka_unit_test(what_is_not_there_is_absent_all_the_way_down),
        cmocka_unit_test(a_number_is_no_text_and_a_text_no_number),
        cmocka_unit_test(bad_json_is_refused_in_a_sentence),
        cmocka_unit_test(brackets_are_bounded_and_those_in_texts_do_not_count),
        cmocka_unit_test(a_stranger_is_named),
        cmocka_unit_test(a_value_is_written_as_one_line),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
