/* SPDX-License-Identifier: Apache-2.0 */
#include "model_world.h"

#define DAY_ROWS 8640

/* Rows come when they are made, in parts of less than an hour that begin anywhere in it. */
static void live(World *world, odd_fold *fold, int rows)
{
    odd_events *events = events_opened(NOW);
    for (int done = 0; done < rows; done += 250) {
        events->known = time_of(world->number + 250);
        predict(world, events, 250, false);
        fold_learn(fold, events, now_of(world));
    }
    events_close(events);
}

/* Findings that began then or later. */
static int found_since(odd_fold *fold, odd_time time)
{
    odd_rows *rows;
    int count = 0;
    assert_int_equal(odd_fold_query(fold, &(odd_question){.view = ODD_FINDINGS}, &rows), ODD_OK);
    while (odd_next(rows) == ODD_ROW)
        count += odd_int(rows, odd_column(rows, "time")) >= time;
    odd_rows_close(rows);
    return count;
}

/* The reference has but the first hours of a day: the first night is news, the others are not. */
static void a_model_with_a_daily_season_is_not_told_each_night(void **state)
{
    (void)state;
    World *world = world_made(1);
    odd_fold *fold = opened();
    world->season = 0.3;
    live(world, fold, DAY_ROWS + REFERENCE);
    for (int day = 1; day < 4; day++)
        for (int part = 0; part < 4; part++) {
            live(world, fold, DAY_ROWS / 4);
            assert_int_equal(figure(fold, "drifting"), 0);
        }
    assert_int_equal(found_since(fold, time_of(DAY_ROWS)), 0);
    close_all(world, fold);
}

static void a_drift_is_found_beside_what_is_usual_at_its_hour(void **state)
{
    (void)state;
    World *world = world_made(2);
    odd_fold *fold = opened();
    world->season = 0.3;
    live(world, fold, 3 * DAY_ROWS);
    uint64_t begin = world->number;
    world->shift = 0.2;
    live(world, fold, 2000);
    assert_true(figure(fold, "drifting") >= 2);
    assert_true(found_since(fold, time_of(begin)) >= 1);
    assert_true(found(fold, "drift", "of credit 1 is higher") >= time_of(begin));
    close_all(world, fold);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_model_with_a_daily_season_is_not_told_each_night),
        cmocka_unit_test(a_drift_is_found_beside_what_is_usual_at_its_hour),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
