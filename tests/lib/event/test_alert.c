/* SPDX-License-Identifier: Apache-2.0 */
#include "decoding.h"

#include "base/time.h"
#include "event/alert.h"

/* DECODING_NOW is 2026-11-23 20:15:42. */
#define STARTS "\"startsAt\":\"2026-11-23T20:00:00Z\""
#define ENDS "\"endsAt\":\"2026-11-23T20:19:42Z\""

static void prometheus_and_an_alertmanager_say_the_same_in_two_forms(void **state)
{
    (void)state;
    const char *same = "alert here|{\"alert\":\"Slow{instance=\\\"web-1:9100\\\"}\","
                       "\"status\":\"firing\",\"starts\":1795464000000000000,"
                       "\"summary\":\"4 s\"}|\n";
    assert_decoded(decoding_of("alert", NULL, NULL,
                               STR("[{\"labels\":{\"instance\":\"web-1:9100\",\"alertname\":"
                                   "\"Slow\"},\"annotations\":{\"summary\":\"4 s\"}," STARTS
                                   "}]")),
                   same);
    assert_decoded(decoding_of("alert", NULL, NULL,
                               STR("{\"version\":\"4\",\"status\":\"firing\",\"alerts\":["
                                   "{\"status\":\"firing\",\"labels\":{\"alertname\":\"Slow\","
                                   "\"instance\":\"web-1:9100\"},\"annotations\":{\"description\":"
                                   "\"4 s\"}," STARTS
                                   ",\"endsAt\":\"0001-01-01T00:00:00Z\"}]}")),
                   same);
}

static Alert alert_in(Decoding got)
{
    Alert alert;
    const char *from = strchr(got.text, '|');
    assert_int_equal(got.rc, ODD_OK);
    assert_int_equal(got.events, 1);
    assert_non_null(from);
    assert_true(alert_read((Str){.text = from + 1, .size = strlen(from) - strlen("||\n")}, &alert));
    return alert;
}

static void what_says_so_or_has_ended_is_resolved(void **state)
{
    (void)state;
    Alert alert = alert_in(decoding_of("alert", NULL, NULL, STR("[{\"labels\":{}," ENDS "}]")));
    assert_false(alert.is_resolved);
    assert_string_equal(alert.series, "alert");
    assert_int_equal(alert.starts, ODD_TIME_NONE);
    assert_int_equal(alert.ends, DECODING_NOW + 240 * NS_PER_S);
    assert_true(alert_in(decoding_of("alert", NULL, NULL,
                                     STR("[{\"labels\":{}," ENDS ",\"status\":\"resolved\"}]")))
                    .is_resolved);
    assert_true(alert_in(decoding_of("alert", NULL, NULL,
                                     STR("[{\"labels\":{},\"endsAt\":\"2026-11-23T20:15:00Z\"}]")))
                    .is_resolved);
}

static void our_own_are_not_taken_in(void **state)
{
    (void)state;
    Decoding got = decoding_of("alert", NULL, NULL,
                               STR("[{\"labels\":{\"alertname\":\"Odd\",\"incident\":\"0a\"}},"
                                   "{\"labels\":{\"alertname\":\"Odd\"}}]"));
    assert_int_equal(got.rc, ODD_OK);
    assert_int_equal(got.decoded.rejected, 1);
    assert_int_equal(got.decoded.accepted, 1);
    assert_int_equal(got.events, 1);
}

static void what_is_no_alert_is_refused_and_the_rest_is_taken(void **state)
{
    (void)state;
    Decoding got = decoding_of("alert", NULL, NULL,
                               STR("[7,{\"labels\":{\"a\":1}},{\"labels\":{\"a\":\"1\"}}]"));
    assert_int_equal(got.rc, ODD_OK);
    assert_int_equal(got.decoded.rejected, 2);
    assert_int_equal(got.events, 1);
    assert_int_equal(decoding_of("alert", NULL, NULL, STR("{}")).rc, ODD_SYNTAX);
    assert_int_equal(decoding_of("alert", NULL, NULL, STR("[")).rc, ODD_SYNTAX);
    assert_int_equal(decoding_of("alert", NULL, NULL, STR("[]")).events, 0);
}

static void labels_beyond_what_has_room_are_left_out_the_longest_first(void **state)
{
    (void)state;
    char text[4096];
    int size = snprintf(text, sizeof text,
                        "[{\"labels\":{\"alertname\":\"A\",\"job\":\"shop\",\"long\":"
                        "\"%01500d\"}}]",
                        0);
    Alert alert =
        alert_in(decoding_of("alert", NULL, NULL, (Str){.text = text, .size = (size_t)size}));
    assert_string_equal(alert.series, "A{job=\"shop\"}");
}

/* The events that one more time of being sent makes. */
static size_t sent(odd_alerts *alerts, const char *json, odd_time now)
{
    odd_events *events = events_open(NULL, now);
    odd_wire wire = {.source = "here", .now = now, .alerts = alerts};
    odd_decoded decoded;
    assert_int_equal(odd_decode("alert", &wire, json, strlen(json), events, &decoded), ODD_OK);
    assert_int_equal(decoded.accepted, 1);
    size_t count = events->event_count;
    events_close(events);
    return count;
}

static void a_repeat_that_says_nothing_new_is_an_event_once_in_five_minutes(void **state)
{
    (void)state;
    const char *firing = "[{\"labels\":{\"a\":\"1\"}," STARTS "}]";
    const char *other = "[{\"labels\":{\"a\":\"2\"}," STARTS "}]";
    const char *ended = "[{\"labels\":{\"a\":\"1\"}," STARTS ",\"status\":\"resolved\"}]";
    odd_alerts *alerts;
    size_t events = 0;
    assert_int_equal(odd_alerts_open(&alerts), ODD_OK);
    for (int minute = 0; minute < 60; minute++)
        events += sent(alerts, firing, DECODING_NOW + minute * 60 * NS_PER_S);
    assert_int_equal(events, 12);
    odd_time now = DECODING_NOW + 3600 * NS_PER_S;
    assert_int_equal(sent(alerts, other, now), 1);
    assert_int_equal(sent(alerts, ended, now), 1);
    assert_int_equal(sent(alerts, ended, now), 0);
    assert_int_equal(sent(alerts, firing, now), 1);
    odd_alerts_forget(alerts);
    assert_int_equal(sent(alerts, firing, now), 1);
    odd_alerts_close(alerts);
}

static void a_torn_text_is_no_alert(void **state)
{
    (void)state;
    Alert alert;
    assert_false(alert_read(STR("{\"alert\":"), &alert));
    assert_false(alert_read(STR("{}"), &alert));
    assert_torn_gives_less("alert", NULL, STR("[{\"labels\":{\"a\":\"1\"}," STARTS "}]"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(prometheus_and_an_alertmanager_say_the_same_in_two_forms),
        cmocka_unit_test(what_says_so_or_has_ended_is_resolved),
        cmocka_unit_test(our_own_are_not_taken_in),
        cmocka_unit_test(what_is_no_alert_is_refused_and_the_rest_is_taken),
        cmocka_unit_test(labels_beyond_what_has_room_are_left_out_the_longest_first),
        cmocka_unit_test(a_repeat_that_says_nothing_new_is_an_event_once_in_five_minutes),
        cmocka_unit_test(a_torn_text_is_no_alert),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
