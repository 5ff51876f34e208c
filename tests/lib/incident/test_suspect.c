/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* Above: what cmocka needs first. */
#include <cmocka.h>
#include <math.h>

#include "incident/suspect.h"

#define S INT64_C(1000000000)
#define NOW (1764547200 * S)

static Suspect suspect(Nature nature, odd_time late, double surprise)
{
    return (Suspect){.onset = NOW + late * S,
                     .surprise = surprise,
                     .deviations = NAN,
                     .nature = nature,
                     .change = -1};
}

static size_t first_of(Suspect *suspects, size_t count)
{
    size_t order[8];
    suspects_rank(suspects, count, order);
    return order[0];
}

static void who_was_first_is_suspected_before_who_is_odder(void **state)
{
    (void)state;
    Suspect all[] = {suspect(NATURE_ERROR, 600, 9), suspect(NATURE_RESOURCE, 0, 5)};
    assert_int_equal(first_of(all, 2), 1);
}

static void within_a_minute_nobody_was_first(void **state)
{
    (void)state;
    Suspect all[] = {suspect(NATURE_ERROR, 0, 5), suspect(NATURE_RESOURCE, 60, 9)};
    assert_int_equal(first_of(all, 2), 1);
}

static void latency_is_never_a_cause(void **state)
{
    (void)state;
    Suspect all[] = {suspect(NATURE_LATENCY, 0, 12), suspect(NATURE_LOAD, 0, 12),
                     suspect(NATURE_QUALITY, 0, 12), suspect(NATURE_RESOURCE, 900, 3)};
    all[0].deviations = 1e9;
    size_t order[4];
    suspects_rank(all, 4, order);
    assert_int_equal(order[0], 3);
    assert_int_equal(suspect_role(&all[3], 0), ROLE_CAUSE);
    assert_int_equal(suspect_role(&all[0], 1), ROLE_IMPACT);
    assert_int_equal(suspect_role(&all[0], 0), ROLE_IMPACT); /* Alone, too. */
}

static void who_is_named_by_others_is_suspected_and_not_who_names(void **state)
{
    (void)state;
    Suspect all[] = {suspect(NATURE_ERROR, 0, 6), suspect(NATURE_ERROR, 30, 5)};
    all[0].names = 1;
    all[1].named_by = 1;
    assert_int_equal(first_of(all, 2), 1);
}

static void a_change_just_before_is_the_first_suspect(void **state)
{
    (void)state;
    Suspect all[] = {suspect(NATURE_ERROR, 0, 8), suspect(NATURE_CHANGE, -40, 0)};
    all[0].change = 1;
    all[0].is_new = true;
    all[0].named_by = 3;
    assert_int_equal(first_of(all, 2), 1);
    assert_int_equal(suspect_role(&all[1], 0), ROLE_CAUSE);
    assert_int_equal(suspect_role(&all[1], 1), ROLE_CHANGE);
    assert_int_equal(suspect_role(&all[0], 1), ROLE_FAILURE);
}

static void a_change_that_was_sent_comes_before_one_that_was_seen(void **state)
{
    (void)state;
    Suspect all[] = {suspect(NATURE_CHANGE, -30, 0), suspect(NATURE_CHANGE, -30, 0),
                     suspect(NATURE_ERROR, 0, 12), suspect(NATURE_ERROR, 0, 12)};
    all[0].is_seen = true;
    all[2].change = 0;
    all[3].change = 1;
    all[2].named_by = all[3].named_by = 2;
    assert_int_equal(first_of(all, 4), 1);
}

static void a_change_of_another_place_is_no_better_than_others(void **state)
{
    (void)state;
    Suspect all[] = {suspect(NATURE_CHANGE, -600, 0), suspect(NATURE_ERROR, 0, 12)};
    all[1].named_by = 3;
    assert_int_equal(first_of(all, 2), 1);
}

static void of_two_that_are_as_odd_the_farther_one_is_suspected(void **state)
{
    (void)state;
    Suspect all[] = {suspect(NATURE_RESOURCE, 0, 8), suspect(NATURE_RESOURCE, 0, 8)};
    all[0].deviations = 10;
    all[1].deviations = -400;
    assert_int_equal(first_of(all, 2), 1);
}

static void equals_keep_their_order_and_none_is_no_harm(void **state)
{
    (void)state;
    Suspect all[] = {suspect(NATURE_ERROR, 0, 5), suspect(NATURE_ERROR, 0, 5),
                     suspect(NATURE_ERROR, 0, 5)};
    size_t order[3];
    suspects_rank(all, 3, order);
    assert_int_equal(order[0], 0);
    assert_int_equal(order[2], 2);
    suspects_rank(all, 0, order);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(who_was_first_is_suspected_before_who_is_odder),
        cmocka_unit_test(within_a_minute_nobody_was_first),
        cmocka_unit_test(latency_is_never_a_cause),
        cmocka_unit_test(who_is_named_by_others_is_suspected_and_not_who_names),
        cmocka_unit_test(a_change_just_before_is_the_first_suspect),
        cmocka_unit_test(a_change_that_was_sent_comes_before_one_that_was_seen),
        cmocka_unit_test(a_change_of_another_place_is_no_better_than_others),
        cmocka_unit_test(of_two_that_are_as_odd_the_farther_one_is_suspected),
        cmocka_unit_test(equals_keep_their_order_and_none_is_no_harm),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
