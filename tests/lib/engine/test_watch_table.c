/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* Above: what cmocka needs first. */
#include <cmocka.h>

#include "engine/watch_table.h"

static void put(WatchTable *table, uint32_t number, double value)
{
    Judgement judgement;
    series_put(watch_table_change(table, number), 1, value, &judgement);
}

static bool is_empty(const WatchTable *table, uint32_t number)
{
    static const SeriesWatch empty;
    return memcmp(watch_table_at(table, number), &empty, sizeof empty) == 0;
}

static void what_is_given_back_is_given_out_empty(void **state)
{
    (void)state;
    Mem mem = {0};
    WatchTable table;
    watch_table_open(&table, &mem);
    for (uint32_t i = 0; i < 200; i++) {
        assert_int_equal(watch_table_add(&table), i);
        assert_true(is_empty(&table, i));
        put(&table, i, i);
    }
    watch_table_give_back(&table, 7);
    watch_table_give_back(&table, 130);
    assert_int_equal(watch_table_add(&table), 130);
    assert_int_equal(watch_table_add(&table), 7);
    assert_int_equal(watch_table_add(&table), 200);
    assert_true(is_empty(&table, 7) && is_empty(&table, 130) && !is_empty(&table, 8));
    watch_table_close(&table);
    assert_int_equal(mem.bytes, 0);
}

static void beyond_its_memory_there_is_none_and_nothing_changes(void **state)
{
    (void)state;
    Mem mem = {0};
    WatchTable table;
    watch_table_open(&table, &mem);
    table.blocks.bytes_max = 100 * sizeof(SeriesWatch);
    uint32_t count = 0;
    while (watch_table_add(&table) != WATCH_NONE)
        count++;
    assert_in_range(count, 80, 100);
    uint64_t bytes = mem.bytes;
    assert_int_equal(watch_table_add(&table), WATCH_NONE);
    assert_int_equal(mem.bytes, bytes);
    watch_table_give_back(&table, 3);
    assert_int_equal(watch_table_add(&table), 3);
    watch_table_close(&table);
}

static void a_table_that_was_saved_goes_on(void **state)
{
    (void)state;
    Mem mem = {0};
    WatchTable table, loaded;
    watch_table_open(&table, &mem);
    watch_table_open(&loaded, &mem);
    loaded.blocks.bytes_max = 1;
    for (uint32_t i = 0; i < 1000; i++) {
        watch_table_add(&table);
        put(&table, i, i);
    }
    watch_table_give_back(&table, 5);
    ImageOut out = {.mem = &mem};
    watch_table_save(&table, &out);
    ImageIn in = {.bytes = {.text = out.bytes, .size = out.size}};
    watch_table_load(&loaded, &in);
    assert_true(image_at_end(&in));
    image_close(&out);
    for (size_t part = 0; part < block_table_parts(&table.blocks); part++) {
        block_table_save_part(&table.blocks, part, &out);
        in = (ImageIn){.bytes = {.text = out.bytes, .size = out.size}};
        block_table_load_part(&loaded.blocks, part, &in);
        assert_true(image_at_end(&in));
        image_close(&out);
        out = (ImageOut){.mem = &mem};
    }
    for (uint32_t i = 0; i < 1000; i++)
        assert_memory_equal(watch_table_at(&table, i), watch_table_at(&loaded, i),
                            sizeof(SeriesWatch));
    assert_int_equal(watch_table_add(&loaded), 5);
    assert_int_equal(watch_table_add(&loaded), 1000);
    watch_table_close(&table);
    watch_table_close(&loaded);
    assert_int_equal(mem.bytes, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_given_back_is_given_out_empty),
        cmocka_unit_test(beyond_its_memory_there_is_none_and_nothing_changes),
        cmocka_unit_test(a_table_that_was_saved_goes_on),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
