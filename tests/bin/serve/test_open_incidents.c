/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* Above: what cmocka needs first. */
#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "serve/open_incidents.h"

static OpenIncidents incidents;
static const OpenIncident *told;

static IncidentNews hear(const char *id, const char *incident, double surprise, bool is_over)
{
    char sentence[32];
    snprintf(sentence, sizeof sentence, "%s is odd", id);
    told = NULL;
    return open_incidents_hear(&incidents,
                               &(FindingNews){.id = id,
                                              .incident = incident,
                                              .source = "web",
                                              .sentence = sentence,
                                              .time = 5,
                                              .last_time = 7,
                                              .surprise = surprise,
                                              .is_over = is_over},
                               &told);
}

static int forget(void **state)
{
    (void)state;
    memset(&incidents, 0, sizeof incidents);
    return 0;
}

static void an_incident_begins_once_and_is_over_when_all_of_it_is(void **state)
{
    (void)state;
    assert_int_equal(hear("a", "i", 4, false), INCIDENT_BEGAN);
    assert_string_equal(told->id, "i");
    assert_string_equal(told->sentence, "a is odd");
    assert_int_equal(hear("b", "i", 3.5, false), INCIDENT_AS_BEFORE);
    assert_int_equal(hear("a", "i", 4, true), INCIDENT_AS_BEFORE);
    assert_int_equal(hear("b", "i", 3.5, true), INCIDENT_OVER);
    assert_string_equal(told->id, "i");
    assert_string_equal(told->source, "web");
    assert_int_equal(told->findings, 2);
    assert_int_equal(hear("c", "i", 4, false), INCIDENT_BEGAN);
}

static void it_gets_worse_by_steps(void **state)
{
    (void)state;
    assert_int_equal(hear("a", "i", 4, false), INCIDENT_BEGAN);
    assert_int_equal(hear("b", "i", 4.9, false), INCIDENT_AS_BEFORE);
    assert_int_equal(hear("a", "i", 5.2, false), INCIDENT_WORSE);
    assert_string_equal(told->sentence, "a is odd");
    assert_int_equal(hear("b", "i", 5.9, false), INCIDENT_AS_BEFORE);
    assert_int_equal(told == NULL, 1);
}

static void what_began_before_a_restart_is_over_without_having_been_seen(void **state)
{
    (void)state;
    assert_int_equal(hear("a", "i", 4, true), INCIDENT_OVER_UNSEEN);
    assert_string_equal(told->id, "i");
    assert_string_equal(told->sentence, "a is odd");
    assert_int_equal(incidents.count, 0);
}

static void beyond_the_most_the_longest_unheard_is_forgotten(void **state)
{
    (void)state;
    char id[16];
    for (int i = 0; i <= OPEN_INCIDENTS_MAX; i++) {
        snprintf(id, sizeof id, "%d", i);
        assert_int_equal(hear("a", id, 4, false), INCIDENT_BEGAN);
        assert_int_equal(hear("b", "0", 4, false), INCIDENT_AS_BEFORE);
    }
    assert_int_equal(hear("a", "1", 4, true), INCIDENT_OVER_UNSEEN);
    assert_int_equal(hear("a", "2", 4, true), INCIDENT_OVER);
}

static void more_findings_than_are_waited_for_are_counted(void **state)
{
    (void)state;
    char id[16];
    for (int i = 0; i < 2 * OPEN_FINDINGS_MAX; i++) {
        snprintf(id, sizeof id, "%d", i);
        hear(id, "i", 4, false);
    }
    for (int i = 0; i < OPEN_FINDINGS_MAX - 1; i++) {
        snprintf(id, sizeof id, "%d", i);
        assert_int_equal(hear(id, "i", 4, true), INCIDENT_AS_BEFORE);
    }
    snprintf(id, sizeof id, "%d", OPEN_FINDINGS_MAX - 1);
    assert_int_equal(hear(id, "i", 4, true), INCIDENT_OVER);
    assert_int_equal(told->findings, 2 * OPEN_FINDINGS_MAX);
}

static void findings_that_move_to_another_incident_end_the_one_that_they_leave(void **state)
{
    (void)state;
    assert_int_equal(hear("a", "i", 4, false), INCIDENT_BEGAN);
    assert_int_equal(hear("b", "k", 4, false), INCIDENT_BEGAN);
    assert_int_equal(hear("c", "k", 4, false), INCIDENT_AS_BEFORE);
    FindingNews moved = {.id = "b", .incident = "i", .source = "web", .sentence = ""};
    assert_int_equal(open_incidents_leave(&incidents, &moved, &told), INCIDENT_AS_BEFORE);
    assert_int_equal(hear("b", "i", 4, false), INCIDENT_AS_BEFORE);
    moved.id = "c";
    assert_int_equal(open_incidents_leave(&incidents, &moved, &told), INCIDENT_OVER);
    assert_string_equal(told->id, "k");
    assert_int_equal(hear("c", "i", 4, false), INCIDENT_AS_BEFORE);
    assert_int_equal(incidents.count, 1);
    assert_int_equal(open_incidents_leave(&incidents, &moved, &told), INCIDENT_AS_BEFORE);
}

static void an_incident_is_called_by_its_title_as_soon_as_it_has_one(void **state)
{
    (void)state;
    FindingNews news = {.id = "a", .incident = "i", .source = "web", .sentence = "a is odd",
                        .title = "deploy of web; 20 s later a is odd", .surprise = 4};
    assert_int_equal(open_incidents_hear(&incidents, &news, &told), INCIDENT_BEGAN);
    assert_string_equal(told->sentence, "deploy of web; 20 s later a is odd");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(an_incident_begins_once_and_is_over_when_all_of_it_is, forget),
        cmocka_unit_test_setup(it_gets_worse_by_steps, forget),
        cmocka_unit_test_setup(what_began_before_a_restart_is_over_without_having_been_seen,
                               forget),
        cmocka_unit_test_setup(beyond_the_most_the_longest_unheard_is_forgotten, forget),
        cmocka_unit_test_setup(more_findings_than_are_waited_for_are_counted, forget),
        cmocka_unit_test_setup(findings_that_move_to_another_incident_end_the_one_that_they_leave, forget),
        cmocka_unit_test_setup(an_incident_is_called_by_its_title_as_soon_as_it_has_one, forget),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
