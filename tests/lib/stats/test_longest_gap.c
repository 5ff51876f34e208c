/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>

#include "base/real.h"
#include "base/rng.h"
#include "stats/longest_gap.h"

#define SERIES_COUNT 2000

/* Beats a second apart that come up to a fifth early or late, with one pause. */
static LongestGap beats(uint64_t seed, int count, double pause)
{
    LongestGap gaps = {0};
    Rng rng = rng_seeded(seed);
    for (int i = 0; i < count; i++)
        longest_gap_learn(&gaps, i == count / 2 && pause > 0 ? pause : 0.8 + 0.4 * rng_real(&rng));
    return gaps;
}

static void a_heartbeat_that_misses_seven_beats_is_odd(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < 1000; seed++) {
        LongestGap gaps = beats(seed, 60, 8);
        if (longest_gap_surprise(&gaps, gaps.sum) < 4.5)
            fail_msg("seed %llu: %.2f", (unsigned long long)seed,
                     longest_gap_surprise(&gaps, gaps.sum));
        assert_true(longest_gap_expected(&gaps) > 7 && longest_gap_expected(&gaps) < 9);
    }
}

static void a_heartbeat_that_never_misses_is_not(void **state)
{
    (void)state;
    int odd = 0;
    for (uint64_t seed = 0; seed < SERIES_COUNT; seed++) {
        LongestGap gaps = beats(seed, 200, 0);
        odd += longest_gap_surprise(&gaps, gaps.sum) >= 3;
    }
    assert_true(odd <= 2);
}

static void events_at_random_have_no_pause(void **state)
{
    (void)state;
    int odd = 0;
    for (uint64_t seed = 0; seed < SERIES_COUNT; seed++) {
        LongestGap gaps = {0};
        Rng rng = rng_seeded(seed);
        for (int i = 0; i < 200; i++)
            longest_gap_learn(&gaps, -real_log(1 - rng_real(&rng)));
        odd += longest_gap_surprise(&gaps, gaps.sum) >= 3;
    }
    assert_true(odd <= 2);
}

static void the_end_of_a_phase_is_no_pause(void **state)
{
    (void)state;
    LongestGap gaps = beats(1, 60, 8);
    assert_true(longest_gap_surprise(&gaps, 100) > 3);
    assert_true(longest_gap_surprise(&gaps, 1000) <= 0);
}

static void few_gaps_say_nothing(void **state)
{
    (void)state;
    LongestGap gaps = beats(1, LONGEST_GAP_COUNT_MIN - 1, 100);
    assert_true(longest_gap_surprise(&gaps, gaps.sum) <= 0);
    gaps = (LongestGap){0};
    assert_true(longest_gap_expected(&gaps) <= 0);
}

static void gaps_that_are_none_are_passed_over(void **state)
{
    (void)state;
    LongestGap gaps = {0};
    assert_false(longest_gap_learn(&gaps, NAN));
    assert_false(longest_gap_learn(&gaps, -1));
    assert_int_equal(gaps.count, 0);
    assert_true(longest_gap_learn(&gaps, 2));
    assert_false(longest_gap_learn(&gaps, 1));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_heartbeat_that_misses_seven_beats_is_odd),
        cmocka_unit_test(a_heartbeat_that_never_misses_is_not),
        cmocka_unit_test(events_at_random_have_no_pause),
        cmocka_unit_test(the_end_of_a_phase_is_no_pause),
        cmocka_unit_test(few_gaps_say_nothing),
        cmocka_unit_test(gaps_that_are_none_are_passed_over),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
