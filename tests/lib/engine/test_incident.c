/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* Above: what cmocka needs first. */
#include <cmocka.h>
#include <stdio.h>

#include "base/time.h"
#include "engine/incident.h"

#define NOW (1764547200LL * NS_PER_S)
#define MINUTE (60 * NS_PER_S)
#define HOUR (60 * MINUTE)

static BoardIncident begun(odd_time time)
{
    BoardIncident incident;
    memset(&incident, 0, sizeof incident);
    incident.time = incident.last_time = time;
    incident.grew = ODD_TIME_NONE;
    incident.findings = 1;
    incident.surprise = 4;
    return incident;
}

static int state_at(BoardIncident *incident, odd_time clock)
{
    incident_age(incident, clock, HOUR);
    return incident->state;
}

static void it_is_new_then_ongoing_then_over(void **state)
{
    (void)state;
    BoardIncident incident = begun(NOW);
    assert_int_equal(state_at(&incident, NOW), INCIDENT_NEW);
    assert_int_equal(state_at(&incident, NOW + 10 * MINUTE), INCIDENT_NEW);
    assert_int_equal(state_at(&incident, NOW + 11 * MINUTE), INCIDENT_ONGOING);
    assert_int_equal(state_at(&incident, NOW + HOUR), INCIDENT_ONGOING);
    assert_int_equal(state_at(&incident, NOW + HOUR + 1), INCIDENT_RESOLVED);
}

static void it_escalates_when_it_gets_far_odder_or_twice_as_large(void **state)
{
    (void)state;
    BoardIncident incident = begun(NOW);
    incident.findings = 3; /* What it begins with is no growth. */
    incident.surprise = 9;
    assert_int_equal(state_at(&incident, NOW + MINUTE), INCIDENT_NEW);
    incident.findings = 5;
    incident.surprise = 10.9;
    assert_int_equal(state_at(&incident, NOW + 20 * MINUTE), INCIDENT_ONGOING);
    incident.surprise = 11;
    assert_int_equal(state_at(&incident, NOW + 21 * MINUTE), INCIDENT_ESCALATING);
    assert_int_equal(state_at(&incident, NOW + 36 * MINUTE), INCIDENT_ESCALATING);
    assert_int_equal(state_at(&incident, NOW + 37 * MINUTE), INCIDENT_ONGOING);
    incident.findings = 10;
    assert_int_equal(state_at(&incident, NOW + 38 * MINUTE), INCIDENT_ESCALATING);
}

static void what_it_began_with_is_no_growth_however_late_it_is_looked_at(void **state)
{
    (void)state;
    BoardIncident incident = begun(NOW);
    incident.findings = 9;
    assert_int_equal(state_at(&incident, NOW + 20 * MINUTE), INCIDENT_ONGOING);
    incident.findings = 18;
    assert_int_equal(state_at(&incident, NOW + 21 * MINUTE), INCIDENT_ESCALATING);
}

static void one_that_was_over_and_is_back_has_regressed(void **state)
{
    (void)state;
    BoardIncident incident = begun(NOW);
    snprintf(incident.again, sizeof incident.again, "0123");
    assert_int_equal(state_at(&incident, NOW), INCIDENT_REGRESSED);
    assert_int_equal(state_at(&incident, NOW + 30 * MINUTE), INCIDENT_REGRESSED);
}

typedef struct {
    Mem       mem;
    Incidents all;
} Fixture;

static BoardIncident *add(Fixture *f, const char *id, odd_time time, uint64_t key, uint64_t place)
{
    BoardIncident *made = incidents_add(&f->all);
    assert_non_null(made);
    made->time = made->last_time = time;
    made->state = INCIDENT_RESOLVED;
    snprintf(made->id, sizeof made->id, "%s", id);
    incident_note(made, key, place);
    return made;
}

static void those_that_began_at_once_before_came_together(void **state)
{
    (void)state;
    Fixture f = {.all = {.mem = &f.mem}};
    for (int i = 0; i < 3; i++) {
        add(&f, "a", NOW + i * HOUR, 1, 10);
        add(&f, "b", NOW + i * HOUR + 2 * MINUTE, 2, 20);
        add(&f, "c", NOW + i * HOUR + 5 * MINUTE, 3, 30);
    }
    assert_int_equal(incidents_together(&f.all, 10, 20), 3);
    assert_int_equal(incidents_together(&f.all, 20, 10), 3);
    assert_int_equal(incidents_together(&f.all, 10, 30), 0);
    f.all.incidents[0].state = INCIDENT_ONGOING; /* This one teaches nothing yet. */
    assert_int_equal(incidents_together(&f.all, 10, 20), 2);
    incidents_close(&f.all);
    assert_int_equal(f.mem.bytes, 0);
}

static void the_last_one_with_the_same_signal_is_the_one_that_is_back(void **state)
{
    (void)state;
    Fixture f = {.all = {.mem = &f.mem}};
    uint64_t times;
    add(&f, "a", NOW, 1, 10);
    add(&f, "b", NOW + HOUR, 1, 10);
    add(&f, "c", NOW + 2 * HOUR, 2, 10);
    assert_string_equal(incidents_like(&f.all, 1, &times)->id, "b");
    assert_int_equal(times, 2);
    assert_null(incidents_like(&f.all, 9, &times));
    assert_int_equal(times, 0);
    incidents_close(&f.all);
}

static void likeness_is_what_two_have_in_common(void **state)
{
    (void)state;
    BoardIncident a = begun(NOW), b = begun(NOW);
    assert_true(incident_likeness(&a, &b) < 1e-9);
    incident_note(&a, 1, 10);
    incident_note(&a, 2, 10);
    incident_note(&b, 1, 10);
    incident_note(&b, 1, 10);
    assert_true(incident_likeness(&a, &a) > 0.999);
    double half = incident_likeness(&a, &b);
    assert_true(half > 0.64 && half < 0.66);
    for (uint64_t key = 0; key < 100; key++) /* Beyond the room there is no harm. */
        incident_note(&b, key, key);
    assert_int_equal(b.key_count, INCIDENT_KEYS);
    assert_int_equal(b.place_count, INCIDENT_PLACES);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_is_new_then_ongoing_then_over),
        cmocka_unit_test(it_escalates_when_it_gets_far_odder_or_twice_as_large),
        cmocka_unit_test(what_it_began_with_is_no_growth_however_late_it_is_looked_at),
        cmocka_unit_test(one_that_was_over_and_is_back_has_regressed),
        cmocka_unit_test(those_that_began_at_once_before_came_together),
        cmocka_unit_test(the_last_one_with_the_same_signal_is_the_one_that_is_back),
        cmocka_unit_test(likeness_is_what_two_have_in_common),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
