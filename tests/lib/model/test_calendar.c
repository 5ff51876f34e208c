/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* Above: what cmocka needs first. */
#include <cmocka.h>

#include "base/time.h"
#include "model/calendar.h"

#define START (1764547200LL * NS_PER_S)
#define MINUTE (60 * NS_PER_S)

typedef struct {
    uint64_t rows[CALENDAR_STEPS];
} Counts;

static void merge(void *context, uint32_t into, uint32_t from)
{
    Counts *counts = context;
    counts->rows[into] += counts->rows[from];
    counts->rows[from] = 0;
}

static void count(Calendar *calendar, Counts *counts, odd_time time)
{
    uint32_t place = calendar_find(calendar, time);
    while (place == CALENDAR_NONE && calendar_is_full(calendar)) {
        calendar_double(calendar, merge, counts);
        place = calendar_find(calendar, time);
    }
    if (place == CALENDAR_NONE) {
        place = calendar_add(calendar, time);
        counts->rows[place] = 0;
    }
    counts->rows[place]++;
}

static void steps_begin_as_minutes_and_come_in_any_order(void **state)
{
    (void)state;
    Calendar calendar = {0};
    Counts counts;
    for (int i = 50; i-- > 0;)
        count(&calendar, &counts, START + i * MINUTE + 7);
    count(&calendar, &counts, START + 20 * MINUTE);
    assert_int_equal(calendar.count, 50);
    assert_int_equal(calendar.length_ns, MINUTE);
    for (uint32_t i = 0; i < 50; i++) {
        assert_int_equal(calendar_time(&calendar, i), START + i * MINUTE);
        assert_int_equal(counts.rows[calendar.steps[i].place], i == 20 ? 2 : 1);
    }
}

static void any_time_fits_and_no_row_is_lost(void **state)
{
    (void)state;
    Calendar calendar = {0};
    Counts counts = {0};
    uint64_t rows = 0;
    for (odd_time at = START; at < START + 400 * 1440 * MINUTE; at += 97 * MINUTE) {
        count(&calendar, &counts, at);
        rows++;
    }
    count(&calendar, &counts, START - 3000 * 1440 * MINUTE);
    count(&calendar, &counts, -5);
    rows += 2;
    for (uint32_t i = 0; i < calendar.count; i++) {
        rows -= counts.rows[calendar.steps[i].place];
        assert_true(i == 0 || calendar.steps[i - 1].number < calendar.steps[i].number);
    }
    assert_int_equal(rows, 0);
    assert_true(calendar.count > 20);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(steps_begin_as_minutes_and_come_in_any_order),
        cmocka_unit_test(any_time_fits_and_no_row_is_lost),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
