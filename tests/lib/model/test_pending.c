/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* Above: what cmocka needs first. */
#include <cmocka.h>

#include "base/hash.h"
#include "base/time.h"
#include "model/pending.h"

#define NOW (1764547200LL * NS_PER_S)

static PendingRow row_of(uint64_t number, PendingState state)
{
    return (PendingRow){
        .id = hash_add(1, number) | 1ull << 63, .time = NOW, .known = NOW, .state = (uint8_t)state};
}

static void what_waits_is_found_and_nothing_else(void **state)
{
    (void)state;
    Mem mem = {0};
    Pending pending = {.mem = &mem};
    for (uint64_t i = 0; i < 5000; i++) {
        PendingRow row = row_of(i, PENDING_PREDICTION);
        assert_null(pending_find(&pending, row.id));
        assert_non_null(pending_add(&pending, &row));
    }
    for (uint64_t i = 0; i < 10000; i++)
        assert_true((pending_find(&pending, row_of(i, 1).id) != NULL) == (i < 5000));
    assert_int_equal(pending.predictions, 5000);
    pending_close(&pending);
    assert_int_equal(mem.bytes, 0);
}

/* With no more memory a sample by hash is left: of it all is found, of the others nothing. */
static void where_memory_is_short_a_fair_sample_stays(void **state)
{
    (void)state;
    Mem mem = {.bytes_max = 400000};
    Pending pending = {.mem = &mem};
    uint64_t kept = 0;
    for (uint64_t i = 0; i < 100000; i++) {
        PendingRow row = row_of(i, PENDING_PREDICTION);
        pending_add(&pending, &row);
    }
    assert_true(pending.thinned > 0);
    for (uint64_t i = 0; i < 100000; i++) {
        uint64_t id = row_of(i, 1).id;
        bool there = pending_find(&pending, id) != NULL;
        assert_true(there == pending_samples(&pending, id));
        kept += there;
    }
    assert_int_equal(kept, pending.count);
    assert_int_equal(kept + pending.sampled_out, 100000);
    assert_true(kept > 900);
    assert_true(kept << pending.thinned > 90000 && kept << pending.thinned < 110000);
    pending_close(&pending);
}

static void joined_rows_go_before_the_sample_is_thinned(void **state)
{
    (void)state;
    Mem mem = {.bytes_max = 400000};
    Pending pending = {.mem = &mem};
    for (uint64_t i = 0; i < 50000; i++) {
        PendingRow row = row_of(i, PENDING_PREDICTION);
        PendingRow *there = pending_add(&pending, &row);
        assert_non_null(there);
        pending_state(&pending, there, PENDING_JOINED);
    }
    assert_int_equal(pending.thinned, 0);
    assert_int_equal(pending.predictions, 0);
    pending_close(&pending);
}

static void what_is_too_old_expires_and_is_counted(void **state)
{
    (void)state;
    Mem mem = {0};
    Pending pending = {.mem = &mem};
    for (uint64_t i = 0; i < 3000; i++) {
        PendingRow row = row_of(i, i % 3 ? PENDING_PREDICTION : PENDING_OUTCOME);
        row.known = i < 1500 ? NOW : NOW + 1000 * NS_PER_S;
        pending_add(&pending, &row);
    }
    for (int i = 0; i < 70; i++)
        pending_sweep(&pending, NOW + 1200 * NS_PER_S, 600 * NS_PER_S);
    assert_int_equal(pending.count, 1500);
    assert_int_equal(pending.expired_predictions, 1000);
    assert_int_equal(pending.expired_outcomes, 500);
    for (uint64_t i = 0; i < 3000; i++)
        assert_true((pending_find(&pending, row_of(i, 1).id) != NULL) == (i >= 1500));
    pending_close(&pending);
}

static void a_table_comes_back_from_bytes_as_it_was(void **state)
{
    (void)state;
    Mem mem = {0};
    Pending pending = {.mem = &mem}, again = {.mem = &mem};
    ImageOut out = {.mem = &mem};
    for (uint64_t i = 0; i < 700; i++) {
        PendingRow row = row_of(i, PENDING_PREDICTION);
        pending_add(&pending, &row);
    }
    pending_save(&pending, &out);
    ImageIn in = {.bytes = {.text = out.bytes, .size = out.size}};
    pending_load(&again, &in);
    assert_true(image_at_end(&in));
    assert_int_equal(again.count, 700);
    assert_int_equal(again.capacity, pending.capacity);
    assert_memory_equal(again.rows, pending.rows, again.capacity * sizeof *again.rows);
    pending_close(&pending);
    pending_close(&again);
    image_close(&out);
}

/* Each tail holds its row's number, through growth, sweeps, thinning and bytes. */
static void a_tail_goes_wherever_its_row_goes(void **state)
{
    (void)state;
    Mem mem = {.bytes_max = 600000};
    Pending pending = {.mem = &mem};
    assert_true(pending_tails(&pending, 12));
    for (uint64_t i = 0; i < 30000; i++) {
        PendingRow row = row_of(i, i % 3 == 0 ? PENDING_JOINED : PENDING_PREDICTION);
        row.known += (odd_time)i * NS_PER_S;
        PendingRow *there = pending_add(&pending, &row);
        if (there != NULL)
            memcpy(pending_tail(&pending, there), &row.id, sizeof row.id);
        if (i % 100 == 0)
            pending_sweep(&pending, row.known, 2000 * NS_PER_S);
    }
    ImageOut out = {.mem = &mem};
    mem.bytes_max = 0;
    pending_save(&pending, &out);
    pending_close(&pending);
    ImageIn in = {.bytes = {.text = out.bytes, .size = out.size}};
    pending_load(&pending, &in);
    assert_true(image_at_end(&in) && pending.thinned > 0 && pending.count > 100);
    for (size_t i = 0; i < pending.capacity; i++)
        if (pending.rows[i].state != PENDING_NONE)
            assert_memory_equal(pending_tail(&pending, &pending.rows[i]), &pending.rows[i].id, 8);
    image_close(&out);
    pending_close(&pending);
    assert_int_equal(mem.bytes, 0);
}

static void other_tails_leave_the_rows_and_drop_what_stood_there(void **state)
{
    (void)state;
    Mem mem = {0};
    Pending pending = {.mem = &mem};
    for (uint64_t i = 0; i < 120000; i++) {
        PendingRow row = row_of(i, PENDING_PREDICTION);
        pending_add(&pending, &row)->has_tail = 1;
    }
    assert_true(pending_tails(&pending, 64));
    assert_true(pending.capacity * (sizeof(PendingRow) + 64) <= PENDING_BYTES_MAX);
    assert_int_equal(pending.thinned, 1); /* So long ones fit half as often. */
    for (size_t i = 0; i < pending.capacity; i++)
        assert_true(!pending.rows[i].has_tail);
    pending_close(&pending);
    assert_int_equal(mem.bytes, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_waits_is_found_and_nothing_else),
        cmocka_unit_test(a_tail_goes_wherever_its_row_goes),
        cmocka_unit_test(other_tails_leave_the_rows_and_drop_what_stood_there),
        cmocka_unit_test(where_memory_is_short_a_fair_sample_stays),
        cmocka_unit_test(joined_rows_go_before_the_sample_is_thinned),
        cmocka_unit_test(what_is_too_old_expires_and_is_counted),
        cmocka_unit_test(a_table_comes_back_from_bytes_as_it_was),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
