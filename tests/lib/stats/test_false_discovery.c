/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* Above: what cmocka needs first. */
#include <cmocka.h>
#include <math.h>
#include <stdlib.h>

#include "base/real.h"
#include "base/rng.h"
#include "stats/false_discovery.h"

static void one_of_a_million_needs_six_more(void **state)
{
    (void)state;
    double alone[] = {9};
    false_discovery_adjust(alone, 1, 1e6);
    assert_true(fabs(alone[0] - 3) < 1e-12);
    double only[] = {4};
    false_discovery_adjust(only, 1, 1);
    assert_true(fabs(only[0] - 4) < 1e-12);
}

static void many_that_are_odd_together_need_less(void **state)
{
    (void)state;
    double many[100];
    for (size_t i = 0; i < 100; i++)
        many[i] = 5;
    false_discovery_adjust(many, 100, 10000);
    assert_true(fabs(many[0] - 3) < 1e-12 && fabs(many[99] - 3) < 1e-12);
}

/* 4 * 1e-6 / 1, 4 * 1e-4 / 2, 4 * 2e-4 / 3, 4 * 0.03 / 4. */
static void each_is_n_p_over_its_rank(void **state)
{
    (void)state;
    const double p[] = {1e-6, 1e-4, 2e-4, 0.03};
    const double q[] = {4e-6, 2e-4, 2.6666666666666667e-4, 0.03};
    double surprises[4];
    for (size_t i = 0; i < 4; i++)
        surprises[i] = -real_log10(p[i]);
    false_discovery_adjust(surprises, 4, 4);
    for (size_t i = 0; i < 4; i++)
        assert_true(fabs(surprises[i] + real_log10(q[i])) < 1e-9);
}

static int oddest_first(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return x > y ? -1 : x < y;
}

/* At each of many ticks a thousand series, none of which is odd. */
static void clean_ticks_reach_a_surprise_as_often_as_it_says(void **state)
{
    (void)state;
    enum { TICKS = 20000, SERIES = 1000 };
    Rng rng = rng_seeded(3);
    int reached[3] = {0};
    for (int tick = 0; tick < TICKS; tick++) {
        double surprises[SERIES];
        size_t count = 0;
        for (int i = 0; i < SERIES; i++) {
            double surprise = -real_log10(((double)(rng_next(&rng) >> 11) + 0.5) / 0x1p53);
            if (surprise >= 1) /* The others are never looked at again. */
                surprises[count++] = surprise;
        }
        qsort(surprises, count, sizeof *surprises, oddest_first);
        false_discovery_adjust(surprises, count, SERIES);
        for (int level = 1; level <= 3; level++)
            reached[level - 1] += count > 0 && surprises[0] >= level;
    }
    assert_in_range(reached[0], TICKS / 10 * 8 / 10, TICKS / 10 * 12 / 10);
    assert_in_range(reached[1], TICKS / 100 * 7 / 10, TICKS / 100 * 13 / 10);
    assert_in_range(reached[2], TICKS / 1000 / 3, TICKS / 1000 * 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_of_a_million_needs_six_more),
        cmocka_unit_test(many_that_are_odd_together_need_less),
        cmocka_unit_test(each_is_n_p_over_its_rank),
        cmocka_unit_test(clean_ticks_reach_a_surprise_as_often_as_it_says),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
