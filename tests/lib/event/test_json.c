/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* Above: what cmocka needs first. */
#include <cmocka.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "event/json.h"

static JsonNode *root_of(Str text)
{
    char problem[JSON_PROBLEM_SIZE];
    JsonNode *root = NULL;
    odd_rc rc = json_read(text, &root, problem);
    if (rc != ODD_OK)
        print_error("%.*s: %s\n", (int)text.size, text.text, problem);
    assert_int_equal(rc, ODD_OK);
    return root;
}

static void assert_text(Str text, const char *expected)
{
    if (!str_equal(text, str_of(expected)))
        print_error("%.*s instead of %s\n", (int)text.size, text.text, expected);
    assert_true(str_equal(text, str_of(expected)));
}

static void assert_refused(Str text, const char *why)
{
    char problem[JSON_PROBLEM_SIZE];
    JsonNode *root = NULL;
    odd_rc rc = json_read(text, &root, problem);
    if (rc == ODD_OK || strstr(problem, why) == NULL)
        print_error("\"%s\" does not say \"%s\"\n", problem, why);
    assert_int_equal(rc, ODD_SYNTAX);
    assert_non_null(strstr(problem, why));
    assert_null(root);
}

static void a_tree_is_walked_in_the_order_of_the_text(void **state)
{
    (void)state;
    JsonNode *root = root_of(STR("{\"z\":[1,\"a\\u0000b\",true],\"a\":{\"deep\":null},\"m\":0.5}"));
    assert_int_equal(json_kind(root), NODE_OBJECT);
    assert_int_equal(json_count(root), 3);
    JsonWalk walk = json_walk(root);
    Str name;
    const JsonNode *node;
    assert_true(json_walk_next(&walk, &name, &node));
    assert_text(name, "z");
    JsonWalk items = json_walk(node);
    const JsonNode *item;
    int64_t number = 0;
    assert_true(json_walk_next(&items, &name, &item) && json_as_i64(item, &number));
    assert_int_equal(number, 1);
    Str text = {0};
    assert_true(json_walk_next(&items, &name, &item) && json_as_str(item, &text));
    assert_true(str_equal(text, STR("a\0b")));
    bool yes = false;
    assert_true(json_walk_next(&items, &name, &item) && json_as_bool(item, &yes) && yes);
    assert_false(json_walk_next(&items, &name, &item));
    assert_true(json_walk_next(&walk, &name, &node));
    assert_text(name, "a");
    assert_int_equal(json_kind(json_member(node, "deep")), NODE_NULL);
    assert_int_equal(json_kind(json_member(node, "absent")), NODE_NONE);
    assert_true(json_walk_next(&walk, &name, &node));
    assert_int_equal(json_kind(node), NODE_NUMBER);
    assert_false(json_walk_next(&walk, &name, &node));
    json_free(root);
}

static void what_is_no_container_has_nothing_in_it(void **state)
{
    (void)state;
    JsonNode *root = root_of(STR("\"text\""));
    JsonWalk walk = json_walk(root), nothing = json_walk(NULL);
    Str name;
    const JsonNode *node;
    assert_false(json_walk_next(&walk, &name, &node));
    assert_false(json_walk_next(&nothing, &name, &node));
    assert_null(json_member(root, "text"));
    assert_int_equal(json_count(root), 0);
    json_free(root);
}

typedef struct {
    const char *text;
    bool        is_i64, is_u64, is_real;
    int64_t     i64;
    double      real;
} Number;

static void numbers_are_exact_as_numbers_and_as_strings(void **state)
{
    (void)state;
    static const Number numbers[] = {
        {"0", true, true, true, 0, 0},
        {"-1", true, false, true, -1, -1},
        {"5.0", true, true, true, 5, 5},
        {"5.5", false, false, true, 0, 5.5},
        {"\"9007199254740993\"", true, true, true, 9007199254740993, 9007199254740992.0},
        {"9223372036854775807", true, true, true, INT64_MAX, 9223372036854775807.0},
        {"\"-9223372036854775808\"", true, false, true, INT64_MIN, -9223372036854775808.0},
        {"\"9223372036854775808\"", false, true, true, 0, 9223372036854775808.0},
        {"\"18446744073709551615\"", false, true, true, 0, 18446744073709551616.0},
        {"\"18446744073709551616\"", false, false, true, 0, 18446744073709551616.0},
        {"\"Infinity\"", false, false, true, 0, INFINITY},
        {"\"-Infinity\"", false, false, true, 0, -INFINITY},
        {"\"1e2\"", true, true, true, 100, 100},
        {"\"1e17\"", false, false, true, 0, 1e17},
        {"\"007\"", false, false, false, 0, 0},
        {"\"1e400\"", false, false, false, 0, 0},
        {"\" 1\"", false, false, false, 0, 0},
        {"\"+1\"", false, false, false, 0, 0},
        {"\"0x10\"", false, false, false, 0, 0},
        {"\"12a\"", false, false, false, 0, 0},
        {"\"1\\u0000\"", false, false, false, 0, 0},
        {"\"\"", false, false, false, 0, 0},
        {"\"infinity\"", false, false, false, 0, 0},
        {"true", false, false, false, 0, 0},
        {"null", false, false, false, 0, 0},
        {"[1]", false, false, false, 0, 0},
    };
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
        const Number *n = &numbers[i];
        JsonNode *root = root_of(str_of(n->text));
        int64_t i64 = 0;
        uint64_t u64 = 0;
        double real = 0;
        assert_int_equal(json_as_i64(root, &i64), n->is_i64);
        assert_int_equal(i64, n->is_i64 ? n->i64 : 0);
        assert_int_equal(json_as_u64(root, &u64), n->is_u64);
        assert_int_equal(json_as_real(root, &real), n->is_real);
        assert_true(real == n->real);
        json_free(root);
    }
    JsonNode *nan = root_of(STR("\"NaN\""));
    double real = 0;
    assert_true(json_as_real(nan, &real) && isnan(real));
    json_free(nan);
    JsonNode *most = root_of(STR("\"18446744073709551615\""));
    uint64_t u64;
    assert_true(json_as_u64(most, &u64) && u64 == UINT64_MAX);
    json_free(most);
}

static void what_is_no_json_is_refused_with_its_place(void **state)
{
    (void)state;
    assert_refused(STR(""), "byte 0");
    assert_refused(STR("{\"a\":1,\n\"a\":2}"), "duplicate");
    assert_refused(STR("{\"a\":1,\n]"), "line 2");
    assert_refused(STR("{} {}"), "behind the end");
    assert_refused(STR("\"\\ud800\""), "byte");
    assert_refused(STR("\"\\udc00x\""), "byte");
    assert_refused(STR("\"a\xff\""), "byte");
    assert_refused(STR("\"\xed\xa0\x80\""), "byte");
    assert_refused(STR("\"a\nb\""), "byte");
    assert_refused(STR("\"a\\x\""), "escape");
    assert_refused(STR("\"\\u12g4\""), "escape");
    assert_refused(STR("\"\\"), "escape");
    assert_refused(STR("\"\\ud800\\u0041\""), "surrogate");
    assert_refused(STR("\"abc"), "does not end");
    assert_refused(STR("01"), "number");
    assert_refused(STR("[1.]"), "number");
    assert_refused(STR("-"), "number");
    assert_refused(STR("[1,]"), "no value");
    assert_refused(STR("{\"a\"}"), "colon");
    assert_refused(STR("{\"a\":1,}"), "name");
    assert_refused(STR("[1}"), "comma");
    assert_refused(STR("[1"), "the end");
    assert_refused(STR("nulL"), "byte");
    assert_refused(STR("[\x01\x02]"), "byte");
}

static void nesting_has_a_limit_and_no_stack_overflows(void **state)
{
    (void)state;
    static char text[200000];
    memset(text, '[', 100000);
    memset(text + 100000, ']', 100000);
    assert_refused(str_part((Str){.text = text, .size = sizeof text}, 0, sizeof text), "depth");
    for (size_t i = 0; i < 100000; i += 5)
        memcpy(text + i, "{\"a\":", 5);
    assert_refused((Str){.text = text, .size = 100000}, "depth");
    memset(text, '[', JSON_NESTING_MAX);
    memset(text + JSON_NESTING_MAX, ']', JSON_NESTING_MAX);
    Str all = {.text = text, .size = 2 * JSON_NESTING_MAX};
    JsonNode *deepest = root_of(all);
    Mem mem = {0};
    JsonText dump = {.mem = &mem};
    json_put_node(&dump, deepest);
    assert_true(str_equal(json_text_str(&dump), all));
    json_text_free(&dump);
    assert_int_equal(mem.bytes, 0);
    json_free(deepest);
}

static void a_text_that_would_grow_beyond_its_limit_is_refused_before(void **state)
{
    (void)state;
    size_t size = 2 * (JSON_TREE_BYTES_MAX / sizeof(JsonNode) + 10);
    char *text = malloc(size);
    assert_non_null(text);
    for (size_t i = 0; i < size; i += 2)
        memcpy(text + i, i == 0 ? "[0" : ",0", 2);
    char problem[JSON_PROBLEM_SIZE];
    JsonNode *root = NULL;
    assert_int_equal(json_read((Str){.text = text, .size = size}, &root, problem), ODD_FULL);
    assert_non_null(strstr(problem, "send less"));
    free(text);
}

static void names_that_come_twice_are_seen_among_few_and_many(void **state)
{
    (void)state;
    static char text[200000];
    for (size_t count = 1; count < 3000; count = count * 3 + 1) {
        for (int is_twice = 0; is_twice < 2; is_twice++) {
            size_t size = (size_t)sprintf(text, "{\"n%d\":{\"n0\":[]}", is_twice ? 0 : -1);
            for (size_t i = 0; i < count; i++)
                size += (size_t)sprintf(text + size, ",\"n%zu\":%zu", i, i);
            text[size++] = '}';
            Str all = {.text = text, .size = size};
            if (is_twice)
                assert_refused(all, "duplicate");
            else
                json_free(root_of(all));
        }
    }
    assert_refused(STR("{\"a\":1,\"\\u0061\":2}"), "duplicate");
}

static void a_tree_becomes_the_text_that_it_came_from(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "{}", "[]", "null", "-17", "0.1", "1e+300", "\"\"", "[true,false,null]",
        "1e999", "-99999999999999999999.50",
        "{\"a\\u0000\":1}",
        "{\"a\":[{\"b\":[1,2,{\"c\":\"d\"}]},[],{}],\"e\":\"\\\"\\\\\\n\\u0001\\u0000\"}",
        "\"gr\xc3\xbc\xc3\x9f\xe2\x82\xac\xf0\x9f\x98\x80\"",
    };
    Mem mem = {0};
    JsonText dump = {.mem = &mem};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        JsonNode *root = root_of(str_of(texts[i]));
        json_text_clear(&dump);
        json_put_node(&dump, root);
        assert_false(dump.failed);
        assert_text(json_text_str(&dump), texts[i]);
        json_free(root);
    }
    json_text_free(&dump);
    assert_int_equal(mem.bytes, 0);
}

static void a_text_is_built_with_its_commas_and_escapes(void **state)
{
    (void)state;
    char buffer[200];
    JsonText text = {.text = buffer, .capacity = sizeof buffer};
    json_put_open(&text, '{');
    json_put_name(&text, STR("resource."), STR("a\"b"));
    json_put_string(&text, STR("x\ty\xff\x7f\xc3"));
    json_put_name(&text, STR(""), STR("n"));
    json_put_open(&text, '[');
    json_put_int(&text, INT64_MIN);
    json_put_real(&text, NAN);
    json_put_real(&text, 0.1);
    json_put_close(&text, ']');
    json_put_word(&text, STR("\"made\":1"));
    json_put_close(&text, '}');
    assert_false(text.failed);
    assert_text(json_text_str(&text),
                "{\"resource.a\\\"b\":\"x\\ty\xef\xbf\xbd\x7f\xef\xbf\xbd\",\"n\":"
                "[-9223372036854775808,\"NaN\",0.1],\"made\":1}");
}

static void a_buffer_that_is_too_small_is_told_and_not_left(void **state)
{
    (void)state;
    for (size_t size = 0; size < 9; size++) {
        char buffer[10] = "#########";
        JsonText text = {.text = buffer, .capacity = size};
        json_put_open(&text, '[');
        json_put_string(&text, STR("abcd"));
        json_put_close(&text, ']');
        assert_int_equal(text.failed, size < 8);
        assert_true(text.size <= size);
        assert_int_equal(buffer[size], '#');
    }
}

static void memory_that_ends_is_told(void **state)
{
    (void)state;
    Mem mem = {.bytes_max = 40};
    JsonText text = {.mem = &mem};
    for (int i = 0; i < 10; i++)
        json_put_string(&text, STR("0123456789"));
    assert_true(text.failed);
    json_text_free(&text);
    assert_int_equal(mem.bytes, 0);
}

static void reals_have_few_digits_and_read_back(void **state)
{
    (void)state;
    static const double values[] = {0.1, 1.0 / 3, 5e-324, 1.7976931348623157e308, -0.0, 1e22, 100};
    char buffer[REAL_TEXT_SIZE];
    for (size_t i = 0; i < sizeof values / sizeof values[0]; i++) {
        Str text = real_text(values[i], buffer);
        assert_true(strtod(buffer, NULL) == values[i]);
        assert_true(text.size < REAL_TEXT_SIZE);
    }
    assert_text(real_text(0.1, buffer), "0.1");
    assert_text(real_text(-INFINITY, buffer), "-Infinity");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_tree_is_walked_in_the_order_of_the_text),
        cmocka_unit_test(what_is_no_container_has_nothing_in_it),
        cmocka_unit_test(numbers_are_exact_as_numbers_and_as_strings),
        cmocka_unit_test(what_is_no_json_is_refused_with_its_place),
        cmocka_unit_test(nesting_has_a_limit_and_no_stack_overflows),
        cmocka_unit_test(a_text_that_would_grow_beyond_its_limit_is_refused_before),
        cmocka_unit_test(names_that_come_twice_are_seen_among_few_and_many),
        cmocka_unit_test(a_tree_becomes_the_text_that_it_came_from),
        cmocka_unit_test(a_text_is_built_with_its_commas_and_escapes),
        cmocka_unit_test(a_buffer_that_is_too_small_is_told_and_not_left),
        cmocka_unit_test(memory_that_ends_is_told),
        cmocka_unit_test(reals_have_few_digits_and_read_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
