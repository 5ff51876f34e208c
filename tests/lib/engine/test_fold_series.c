/* SPDX-License-Identifier: Apache-2.0 */
#include "folding.h"

#include <string.h>

#include "base/rng.h"

#define MINUTE (60 * NS_PER_S)

/* A number around `level`, as far off as `width` at most. */
static double around(Rng *rng, double level, double width)
{
    return level + width * ((double)(rng_next(rng) % 2001) / 1000 - 1);
}

/* Minutes of a series, a sample every 15 s and a tick a minute. */
static void learn_minutes(odd_fold *fold, const char *series, odd_time from, int minutes,
                          double level, Rng *rng)
{
    odd_events *events = events_opened(from);
    for (int minute = 0; minute < minutes; minute++) {
        odd_time start = from + minute * MINUTE;
        events->known = start;
        for (int i = 0; i < 4; i++) {
            odd_time time = start + i * 15 * NS_PER_S;
            assert_true(
                events_series(events, STR("web"), str_of(series), time, around(rng, level, 5)));
        }
        fold_learn(fold, events, start + MINUTE);
    }
    events_close(events);
}

static void a_level_that_shifts_is_one_finding_of_its_series(void **state)
{
    (void)state;
    Rng rng = rng_seeded(1);
    odd_fold *fold = fold_opened(0);
    const char *series = "queue_length{queue=\"mail\"}";
    learn_minutes(fold, series, NOW, 300, 100, &rng);
    assert_int_equal(fold_row_count(fold, ODD_FINDINGS), 0);
    learn_minutes(fold, series, NOW + 300 * MINUTE, 60, 400, &rng);
    assert_int_equal(fold_row_count(fold, ODD_FINDINGS), 1);
    const BoardFinding *finding = &fold->board.findings[0];
    assert_int_equal(finding->first.kind, FINDING_HIGH);
    assert_true(finding->first.time == NOW + 300 * MINUTE);
    assert_string_equal(finding->first.source, "web");
    assert_string_equal(finding->first.pattern_text, series);
    assert_non_null(strstr(finding->first.sentence, "x as high as usual"));
    assert_int_equal(fold->board.incident_count, 1);
    odd_fold_close(fold);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_level_that_shifts_is_one_finding_of_its_series),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
