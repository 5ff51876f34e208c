/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* Above: what cmocka needs first. */
#include <cmocka.h>
#include <stdio.h>

#include "base/names.h"

#define MANY 5000

static Str name_of(int number, char buffer[32])
{
    int size = snprintf(buffer, 32, "name-%d", number);
    return (Str){.text = buffer, .size = (size_t)size};
}

static void add_many(Names *names, int count)
{
    char buffer[32];
    for (int i = 0; i < count; i++) {
        bool is_new;
        assert_int_equal(names_add(names, name_of(i, buffer), &is_new), i);
        assert_true(is_new);
    }
}

static void assert_known(const Names *names, int count)
{
    char buffer[32];
    for (int i = 0; i < count; i++) {
        assert_int_equal(names_find(names, name_of(i, buffer)), i);
        assert_true(str_equal(names_text(names, (uint32_t)i), name_of(i, buffer)));
    }
    assert_int_equal(names_find(names, name_of(count, buffer)), NAME_NONE);
}

static void names_are_numbered_in_the_order_of_first_sight(void **state)
{
    (void)state;
    Mem mem = {0};
    Names names = {.mem = &mem, .seed = 1};
    char buffer[32];
    bool is_new = true;
    assert_int_equal(names_find(&names, STR("nobody")), NAME_NONE);
    add_many(&names, MANY);
    assert_known(&names, MANY);
    assert_int_equal(names_add(&names, name_of(7, buffer), &is_new), 7);
    assert_false(is_new);
    names_close(&names);
    assert_int_equal(mem.bytes, 0);
}

static void any_bytes_are_a_name_and_the_empty_one_too(void **state)
{
    (void)state;
    Mem mem = {0};
    Names names = {.mem = &mem};
    static const Str texts[] = {{"", 0}, {"\0", 1}, {"\0\0", 2}, {"a", 1}, {"a\0", 2}, {"\xff", 1}};
    const size_t count = sizeof texts / sizeof texts[0];
    bool is_new;
    for (size_t i = 0; i < count; i++)
        assert_int_equal(names_add(&names, texts[i], &is_new), i);
    for (size_t i = 0; i < count; i++)
        assert_int_equal(names_find(&names, texts[i]), i);
    assert_int_equal(names_text(&names, 0).size, 0);
    names_close(&names);
}

static void beyond_the_limit_nothing_is_added(void **state)
{
    (void)state;
    Mem mem = {0};
    Names names = {.mem = &mem, .count_max = 3};
    char buffer[32];
    bool is_new;
    add_many(&names, 3);
    uint64_t bytes = mem.bytes;
    assert_int_equal(names_add(&names, name_of(3, buffer), &is_new), NAME_NONE);
    assert_int_equal(names_add(&names, name_of(2, buffer), &is_new), 2);
    assert_int_equal(mem.bytes, bytes);
    assert_known(&names, 3);
    names_close(&names);
}

/* Memory that ends at every byte in turn: what was added before is still known. */
static void without_memory_nothing_is_added_and_all_else_is_still_known(void **state)
{
    (void)state;
    for (uint64_t bytes = 1; bytes < 8192; bytes += 61) {
        Mem mem = {.bytes_max = bytes};
        Names names = {.mem = &mem};
        char buffer[32];
        bool is_new;
        int count = 0;
        while (names_add(&names, name_of(count, buffer), &is_new) != NAME_NONE)
            count++;
        assert_int_equal(names.count, count);
        assert_known(&names, count);
        names_close(&names);
        assert_int_equal(mem.bytes, 0);
    }
}

static void names_that_were_saved_go_on(void **state)
{
    (void)state;
    Mem mem = {0};
    Names names = {.mem = &mem, .seed = 9}, loaded = {.mem = &mem, .seed = 9};
    ImageOut out = {.mem = &mem};
    char buffer[32];
    bool is_new;
    add_many(&names, 100);
    names_save(&names, &out);
    ImageIn in = {.bytes = {.text = out.bytes, .size = out.size}};
    names_load(&loaded, &in);
    assert_true(image_at_end(&in));
    assert_known(&loaded, 100);
    assert_int_equal(names_add(&loaded, name_of(100, buffer), &is_new), 100);
    names_close(&names);
    names_close(&loaded);
    image_close(&out);
    assert_int_equal(mem.bytes, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_are_numbered_in_the_order_of_first_sight),
        cmocka_unit_test(any_bytes_are_a_name_and_the_empty_one_too),
        cmocka_unit_test(beyond_the_limit_nothing_is_added),
        cmocka_unit_test(without_memory_nothing_is_added_and_all_else_is_still_known),
        cmocka_unit_test(names_that_were_saved_go_on),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
