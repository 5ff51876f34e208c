/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* Above: what cmocka needs first. */
#include <cmocka.h>

#include "incident/link.h"

#define S INT64_C(1000000000)
#define NOW (1764547200 * S)

static LinkSide side(const char *source, const char *text, odd_time time)
{
    return (LinkSide){.who = who_of(str_of(source), STR("")),
                      .text = str_of(text),
                      .sample = str_of(text),
                      .time = time,
                      .last_time = time};
}

/* together: times before. */
static LinkReason reason(LinkSide a, LinkSide b, unsigned together)
{
    Link link = link_of(&a, &b);
    if (link.reason == LINK_NONE && link_is_at_once(&a, &b))
        link = link_by_history(together);
    return link.reason;
}

static void time_alone_joins_nobody(void **state)
{
    (void)state;
    assert_int_equal(reason(side("basket", "x", NOW), side("search", "y", NOW), 0), LINK_NONE);
}

static void two_of_one_service_belong_together_for_ten_minutes(void **state)
{
    (void)state;
    LinkSide first = side("shop", "x", NOW);
    assert_int_equal(reason(first, side("shop", "y", NOW + 600 * S), 0), LINK_SERVICE);
    assert_int_equal(reason(first, side("shop", "y", NOW - 600 * S), 0), LINK_SERVICE);
    assert_int_equal(reason(first, side("shop", "y", NOW + 601 * S), 0), LINK_NONE);
    first.last_time = NOW + 7200 * S; /* It goes on. */
    assert_int_equal(reason(first, side("shop", "y", NOW + 7200 * S), 0), LINK_SERVICE);
    first.last_time = NOW + 90000 * S; /* Somebody who is odd for ever takes not all. */
    assert_int_equal(reason(first, side("shop", "y", NOW + 21601 * S), 0), LINK_NONE);
}

static void who_names_the_other_belongs_to_it(void **state)
{
    (void)state;
    LinkSide database = side("orders-db", "disk full", NOW);
    LinkSide shop = side("shop", "timeout of orders-db after 30 s", NOW + 20 * S);
    assert_int_equal(reason(database, shop, 0), LINK_NAMES);
    assert_int_equal(reason(shop, database, 0), LINK_NAMED);
    assert_string_equal(link_of(&database, &shop).text, "orders-db");
}

static void the_same_identifier_joins_and_a_moment_or_a_number_does_not(void **state)
{
    (void)state;
    LinkSide a = side("basket", "2026-11-28T10:00:00 request 4f2a9c81be no stock", NOW);
    LinkSide b = side("search", "2026-11-28T10:00:01 retry of 4f2a9c81be", NOW);
    assert_int_equal(reason(a, b, 0), LINK_VALUE);
    a = side("basket", "2026-11-28T10:00:00 12345678 bytes to 10.1.2.3", NOW);
    b = side("search", "2026-11-28T10:00:00 12345678 bytes", NOW);
    assert_int_equal(reason(a, b, 0), LINK_NONE);
    b = side("search", "denied for 10.1.2.3", NOW);
    assert_int_equal(reason(a, b, 0), LINK_VALUE);
    a = side("basket", "127.0.0.1 was slow", NOW);
    b = side("search", "127.0.0.1 was slow", NOW);
    assert_int_equal(reason(a, b, 0), LINK_NONE);
}

static void two_of_a_kind_and_old_company_have_to_begin_at_once(void **state)
{
    (void)state;
    LinkSide a = side("front-1", "x", NOW);
    assert_int_equal(reason(a, side("front-2", "x", NOW + 120 * S), 0), LINK_KIN);
    assert_int_equal(reason(a, side("front-2", "x", NOW + 121 * S), 0), LINK_NONE);
    assert_int_equal(reason(a, side("search", "x", NOW + 120 * S), 2), LINK_HISTORY);
    assert_int_equal(reason(a, side("search", "x", NOW + 120 * S), 1), LINK_NONE);
    assert_int_equal(reason(a, side("search", "x", NOW + 121 * S), 9), LINK_NONE);
}

static void the_onset_of_a_drift_is_an_estimate(void **state)
{
    (void)state;
    LinkSide service = side("features", "schema of basket_value changed", NOW);
    LinkSide drift = {.who = who_of_model(STR("fraud"), STR("basket_value")),
                      .text = STR("basket_value of fraud"),
                      .time = NOW + 2700 * S,
                      .last_time = NOW + 2700 * S,
                      .is_model = true};
    assert_int_equal(reason(service, drift, 0), LINK_NAMED);
    drift.is_model = false;
    assert_int_equal(reason(service, drift, 0), LINK_NONE);
}

static void times_at_the_ends_of_all_time_are_far_apart(void **state)
{
    (void)state;
    assert_int_equal(reason(side("shop", "x", INT64_MIN + 1), side("shop", "x", INT64_MAX), 9),
                     LINK_NONE);
    assert_int_equal(reason(side("shop", "x", INT64_MAX), side("shop", "x", INT64_MIN + 1), 9),
                     LINK_NONE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(time_alone_joins_nobody),
        cmocka_unit_test(two_of_one_service_belong_together_for_ten_minutes),
        cmocka_unit_test(who_names_the_other_belongs_to_it),
        cmocka_unit_test(the_same_identifier_joins_and_a_moment_or_a_number_does_not),
        cmocka_unit_test(two_of_a_kind_and_old_company_have_to_begin_at_once),
        cmocka_unit_test(the_onset_of_a_drift_is_an_estimate),
        cmocka_unit_test(times_at_the_ends_of_all_time_are_far_apart),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
