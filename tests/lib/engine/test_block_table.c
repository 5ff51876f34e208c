/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* Above: what cmocka needs first. */
#include <cmocka.h>

#include "engine/block_table.h"

#define OF_BLOCK 4
#define OF_PART (OF_BLOCK * BLOCKS_OF_PART)

static BlockTable opened(Mem *mem)
{
    return (BlockTable){.mem = mem, .element_bytes = sizeof(uint64_t), .block_elements = OF_BLOCK};
}

static void fill(BlockTable *table, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        uint64_t *made = block_table_add(table);
        assert_non_null(made);
        assert_true(*made == 0);
        *made = i;
    }
}

static void elements_stay_where_they_are(void **state)
{
    (void)state;
    Mem mem = {0};
    BlockTable table = opened(&mem);
    fill(&table, 3);
    const uint64_t *first = block_table_at(&table, 0);
    fill(&table, 10000);
    assert_ptr_equal(block_table_at(&table, 0), first);
    assert_true(*(uint64_t *)block_table_at(&table, 10002) == 9999);
    block_table_close(&table);
    assert_int_equal(mem.bytes, 0);
}

static void only_parts_that_were_touched_have_changed(void **state)
{
    (void)state;
    Mem mem = {0};
    BlockTable table = opened(&mem);
    fill(&table, 3 * OF_PART);
    assert_int_equal(block_table_parts(&table), 3);
    for (size_t part = 0; part < 3; part++) {
        assert_int_equal(table.changed[part], 1);
        table.changed[part] = 0;
    }
    block_table_touch(&table, OF_PART + 5);
    assert_int_equal(table.changed[0] + table.changed[2], 0);
    assert_int_equal(table.changed[1], 1);
    block_table_close(&table);
}

static void torn_parts_are_refused(void **state)
{
    (void)state;
    Mem mem = {0};
    BlockTable table = opened(&mem);
    fill(&table, OF_PART + 1);
    ImageOut out = {.mem = &mem};
    block_table_save_part(&table, 1, &out);
    for (size_t size = 0; size < out.size; size++) {
        ImageIn torn = {.bytes = {.text = out.bytes, .size = size}};
        block_table_load_part(&table, 1, &torn);
        assert_true(torn.failed);
    }
    ImageIn whole = {.bytes = {.text = out.bytes, .size = out.size}};
    block_table_load_part(&table, 2, &whole);
    assert_true(whole.failed);
    image_close(&out);
    block_table_close(&table);
}

static void what_was_added_last_can_be_dropped(void **state)
{
    (void)state;
    Mem mem = {0};
    BlockTable table = opened(&mem);
    fill(&table, 5);
    assert_non_null(block_table_add(&table));
    block_table_drop(&table);
    assert_int_equal(table.count, 5);
    block_table_close(&table);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(elements_stay_where_they_are),
        cmocka_unit_test(only_parts_that_were_touched_have_changed),
        cmocka_unit_test(torn_parts_are_refused),
        cmocka_unit_test(what_was_added_last_can_be_dropped),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
