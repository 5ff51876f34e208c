/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* Above: what cmocka needs first. */
#include <cmocka.h>
#include <string.h>

#include "event/events.h"
#include "judge.h"

#define SEEDS 1000

static void every_fault_comes_once_a_week_and_never_two_at_once(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= SEEDS; seed++) {
        Fault faults[FAULT_COUNT];
        unsigned sorts = 0;
        faults_make(seed, faults);
        for (int i = 0; i < FAULT_COUNT; i++) {
            int before = i > 0 ? faults[i - 1].last + FAULTS_AFTER : FAULTS_CALM;
            assert_true(faults[i].first >= before && faults[i].last > faults[i].first);
            sorts |= 1u << faults[i].sort;
        }
        assert_true(faults[FAULT_COUNT - 1].last + FAULTS_AFTER <= WEEK_MINUTES);
        assert_int_equal(sorts, (1u << FAULT_COUNT) - 1);
    }
}

static void what_one_service_suffers_reaches_those_who_call_it(void **state)
{
    (void)state;
    Fault faults[FAULT_COUNT] = {
        {.sort = FAULT_SLOW, .service = ORDERS_DB, .host = DB_1, .last = 60, .size = 0.5}};
    Strain calm = strain_at(faults, 100), slow = strain_at(faults, 10);
    for (int i = 0; i < SERVICE_COUNT; i++)
        if (i == ORDERS_DB || company_depends(i, ORDERS_DB))
            assert_true(slow.latency_ms[i] > calm.latency_ms[i] + 10);
        else
            assert_true(slow.latency_ms[i] <= calm.latency_ms[i]);
    assert_true(slow.troubles[CHECKOUT][TROUBLE_TIMEOUT] > 0);
    assert_true(calm.troubles[CHECKOUT][TROUBLE_TIMEOUT] <= 0);
    assert_true(calm.latency_ms[GATEWAY] <= calm.usual_ms[GATEWAY]);
}

static void nothing_suffers_before_the_first_fault(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= SEEDS; seed++) {
        Fault faults[FAULT_COUNT];
        faults_make(seed, faults);
        Strain strain = strain_at(faults, FAULTS_CALM - 1);
        for (int i = 0; i < SERVICE_COUNT; i++)
            for (int k = 0; k < TROUBLE_COUNT; k++)
                assert_true(strain.troubles[i][k] <= 0);
        assert_int_equal(strain.cause, -1);
    }
}

static void the_same_seed_gives_the_same_events(void **state)
{
    (void)state;
    static Play left, right;
    odd_events *of_left, *of_right;
    play_open(&left, 7);
    play_open(&right, 7);
    assert_int_equal(odd_events_open(NULL, left.begins, &of_left), ODD_OK);
    assert_int_equal(odd_events_open(NULL, right.begins, &of_right), ODD_OK);
    for (int minute = 0; minute < WEEK_MINUTES; minute += 1) {
        assert_int_equal(play_minute(&left, of_left), ODD_OK);
        assert_int_equal(play_minute(&right, of_right), ODD_OK);
        assert_int_equal(of_left->size, of_right->size);
        assert_memory_equal(of_left->bytes, of_right->bytes, of_left->size);
    }
    odd_events_close(of_left);
    odd_events_close(of_right);
}

/* -- the judge --------------------------------------------------------------------------------- */

static Told told_at(const Play *play, int minute, const char *source, const char *signal)
{
    Told told = {.time = play_time(play, minute), .told = minute + 1};
    told.is_metric = signal[0] != '\0';
    strcpy(told.source, source);
    strcpy(told.signal, signal);
    return told;
}

static void a_finding_is_of_the_fault_whose_place_and_time_it_has(void **state)
{
    (void)state;
    static Play play;
    play_open(&play, 3);
    play.faults[0] = (Fault){FAULT_SLOW, ORDERS_DB, DB_1, 3000, 3060, 0, 0.5};
    const Told calls = told_at(&play, 3010, "checkout", "");
    const Told metric = told_at(&play, 3010, "prometheus", "node_load1{instance=\"db-1:9100\"}");
    const Told other = told_at(&play, 3010, "payments", "");
    const Told early = told_at(&play, 2990, "checkout", "");
    assert_ptr_equal(judge_finding(&play, &calls), &play.faults[0]);
    assert_ptr_equal(judge_finding(&play, &metric), &play.faults[0]);
    assert_null(judge_finding(&play, &other));
    assert_null(judge_finding(&play, &early));
}

static void only_where_it_began_is_a_suspect_right(void **state)
{
    (void)state;
    static Play play;
    play_open(&play, 3);
    const Fault fault = {FAULT_SLOW, ORDERS_DB, DB_1, 3000, 3060, 0, 0.5};
    Told findings[] = {told_at(&play, 3010, "checkout", ""), told_at(&play, 3010, "orders-db", "")};
    strcpy(findings[0].id, "a");
    strcpy(findings[1].id, "b");
    Tale tale = {.findings = findings, .finding_count = 2};
    assert_false(judge_suspect(&play, &tale, &fault, "a"));
    assert_true(judge_suspect(&play, &tale, &fault, "b"));
    assert_false(judge_suspect(&play, &tale, &fault, ""));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_fault_comes_once_a_week_and_never_two_at_once),
        cmocka_unit_test(what_one_service_suffers_reaches_those_who_call_it),
        cmocka_unit_test(nothing_suffers_before_the_first_fault),
        cmocka_unit_test(the_same_seed_gives_the_same_events),
        cmocka_unit_test(a_finding_is_of_the_fault_whose_place_and_time_it_has),
        cmocka_unit_test(only_where_it_began_is_a_suspect_right),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
