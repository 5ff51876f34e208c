/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* Above: what cmocka needs first. */
#include <cmocka.h>
#include <string.h>

#include "serve/form.h"

static const OpenIncident incident = {
    .id = "1f", .source = "web<1>", .sentence = "`a \"b\" & <!channel>` is new", .surprise = 4.5,
    .findings = 2, .time = 1764547200000000000, .last_time = 1764547260000000000};

static void assert_written(const Form *form, IncidentNews news, const char *expected)
{
    HttpResponse body = {0};
    Message message = {.incident = &incident,
                       .news = news,
                       .key = "k3y",
                       .mail_from = "odd@example.com",
                       .mail_to = "a@example.com,b@example.com",
                       .now = 1764547260000000000};
    form->write(&message, &body);
    assert_false(body.broken);
    assert_int_equal(body.body_size, strlen(expected) + 1);
    assert_memory_equal(body.body, expected, strlen(expected));
    assert_int_equal(body.body[body.body_size - 1], '\n');
    response_clear(&body);
}

static void an_alertmanager_hears_labels_that_never_change(void **state)
{
    (void)state;
    assert_written(
        &form_alertmanager, INCIDENT_BEGAN,
        "[{\"labels\":{\"alertname\":\"Odd\",\"incident\":\"1f\",\"severity\":"
        "\"warning\",\"source\":\"web<1>\"},\"annotations\":{\"summary\":"
        "\"`a \\\"b\\\" & <!channel>` is new\"},\"startsAt\":\"2025-12-01T00:00:00Z\"}]");
    assert_written(&form_alertmanager, INCIDENT_OVER,
                   "[{\"labels\":{\"alertname\":\"Odd\",\"incident\":\"1f\",\"severity\":"
                   "\"warning\",\"source\":\"web<1>\"},\"annotations\":{\"summary\":"
                   "\"`a \\\"b\\\" & <!channel>` is new\"},\"startsAt\":\"2025-12-01T00:00:00Z\","
                   "\"endsAt\":\"2025-12-01T00:01:00Z\"}]");
}

static void pagerduty_hears_one_key_for_both(void **state)
{
    (void)state;
    static const char *const payload =
        "\"dedup_key\":\"1f\",\"client\":\"oddball\",\"payload\":{\"summary\":"
        "\"`a \\\"b\\\" & <!channel>` is new\",\"source\":\"web<1>\",\"severity\":\"error\","
        "\"timestamp\":\"2025-12-01T00:00:00Z\",\"custom_details\":{\"surprise\":4.5,"
        "\"findings\":2}}}";
    char expected[1024] = "{\"routing_key\":\"k3y\",\"event_action\":\"trigger\",";
    strcat(expected, payload);
    assert_written(&form_pagerduty, INCIDENT_WORSE, expected);
    strcpy(expected, "{\"routing_key\":\"k3y\",\"event_action\":\"resolve\",");
    strcat(expected, payload);
    assert_written(&form_pagerduty, INCIDENT_OVER, expected);
}

static void in_slack_nobody_is_called_by_a_line_of_a_log(void **state)
{
    (void)state;
    assert_written(
        &form_slack, INCIDENT_BEGAN,
        "{\"text\":\"odd on web&lt;1&gt;: `a \\\"b\\\" &amp; &lt;!channel&gt;` is new\"}");
}

static void in_teams_a_text_is_no_markdown(void **state)
{
    (void)state;
    assert_written(&form_teams, INCIDENT_OVER,
                   "{\"type\":\"message\",\"attachments\":[{\"contentType\":"
                   "\"application/vnd.microsoft.card.adaptive\",\"content\":{\"type\":"
                   "\"AdaptiveCard\",\"version\":\"1.2\",\"body\":[{\"type\":\"RichTextBlock\","
                   "\"inlines\":[{\"type\":\"TextRun\",\"text\":"
                   "\"over on web<1>: `a \\\"b\\\" & <!channel>` is new\"}]}]}}]}");
}

static void that_it_is_over_answers_the_mail_that_it_began(void **state)
{
    (void)state;
    assert_written(&form_mail, INCIDENT_OVER,
                   "Date: Mon, 01 Dec 2025 00:01:00 +0000\r\nFrom: oddball <odd@example.com>\r\n"
                   "To: a@example.com,b@example.com\r\nMessage-ID: <1f.over@example.com>\r\n"
                   "In-Reply-To: <1f.began@example.com>\r\n"
                   "Subject: =?UTF-8?Q?over_on_web=3C1=3E=3A_=60a_=22b=22_=26_=3C=21cha?="
                   "\r\n =?UTF-8?Q?nnel=3E=60_is_new?=\r\nMIME-Version: 1.0\r\n"
                   "Auto-Submitted: auto-generated\r\nContent-Type: text/plain; charset=utf-8\r\n"
                   "Content-Transfer-Encoding: quoted-printable\r\n\r\n"
                   "`a \"b\" & <!channel>` is new\r\n\r\n"
                   "From 2025-12-01 00:00:00 UTC to 2025-12-01 00:01:00 UTC, on web<1>\r\n"
                   "2 findings, the oddest with a surprise of 4.5\r\n\r\n"
                   "What caused it, and what was checked: oddball explain 1f\r");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_alertmanager_hears_labels_that_never_change),
        cmocka_unit_test(pagerduty_hears_one_key_for_both),
        cmocka_unit_test(in_slack_nobody_is_called_by_a_line_of_a_log),
        cmocka_unit_test(that_it_is_over_answers_the_mail_that_it_began),
        cmocka_unit_test(in_teams_a_text_is_no_markdown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
