/* SPDX-License-Identifier: Apache-2.0 */
#include "decoding.h"

static Decoding syslog_of(const char *text)
{
    return decoding_of("syslog", "syslog:10.0.0.7", NULL, str_of(text));
}

static void the_host_of_both_formats_names_the_source(void **state)
{
    (void)state;
    assert_decoded(
        syslog_of("<34>Oct 11 22:14:15 mymachine su: 'su root' failed"),
        "lines syslog:mymachine|<34>Oct 11 22:14:15 mymachine su: 'su root' failed\\n|\n");
    assert_decoded(syslog_of("<34>1 2003-10-11T22:14:15.003Z a.example.com su - ID47 - failed"),
                   "lines syslog:a.example.com|"
                   "<34>1 2003-10-11T22:14:15.003Z a.example.com su - ID47 - failed\\n|\n");
    assert_decoded(
        syslog_of("<30>2026-11-27T10:00:00.123456+00:00 web1 cron[312]: run"),
        "lines syslog:web1|<30>2026-11-27T10:00:00.123456+00:00 web1 cron[312]: run\\n|\n");
    assert_decoded(syslog_of("<999>Oct  1 22:14:15 h su: x"),
                   "lines syslog:h|<999>Oct  1 22:14:15 h su: x\\n|\n");
}

static void messages_without_a_host_are_of_their_sender(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "<13>Nov 27 10:00:00 root: hello",
        "<13>Nov 27 10:00:00 cron[12]: hello there: you",
        "<13>Nov 27 10:00:00 some free text",
        "<34>1 2003-10-11T22:14:15.003Z - su - ID47 - failed",
        "<34>1",
        "<34>1 ",
        "<34>",
        "<34",
        "<",
        "hello world: text",
        "<189>2345: Nov 27 10:00:00: %SYS-5-CONFIG: done",
        "<34>1 2003-10-11T22:14:15.003Z ../etc/passwd su - - - x",
    };
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        char expected[200];
        snprintf(expected, sizeof expected, "lines syslog:10.0.0.7|%s\\n|\n", texts[i]);
        assert_decoded(syslog_of(texts[i]), expected);
    }
}

static void lines_of_one_host_stay_together(void **state)
{
    (void)state;
    Decoding got = syslog_of("<34>Oct 11 22:14:15 a su: 1\n<34>Oct 11 22:14:16 a su: 2\n\n"
                             "<34>Oct 11 22:14:17 b su: 3\n<34>Oct 11 22:14:18 a su: 4\n");
    assert_decoded(got,
                   "lines syslog:a|<34>Oct 11 22:14:15 a su: 1\\n<34>Oct 11 22:14:16 a su: 2\\n|\n"
                   "lines syslog:b|<34>Oct 11 22:14:17 b su: 3\\n|\n"
                   "lines syslog:a|<34>Oct 11 22:14:18 a su: 4\\n|\n");
    assert_int_equal(got.decoded.accepted, 4);
}

static void further_lines_of_a_message_go_with_it(void **state)
{
    (void)state;
    assert_decoded(syslog_of("<34>Oct 11 22:14:15 a java: boom\n\tat Main\n  at Run\n"
                             "<34>Oct 11 22:14:15 b java: c\n"),
                   "lines syslog:a|<34>Oct 11 22:14:15 a java: boom\\n\tat Main\\n  at Run\\n|\n"
                   "lines syslog:b|<34>Oct 11 22:14:15 b java: c\\n|\n");
}

static void stamps_may_change_from_line_to_line(void **state)
{
    (void)state;
    assert_decoded(syslog_of("<30>2026-11-27T10:00:00Z a x: 1\n<30>Nov 27 10:00:00 b x: 2\n"
                             "<30>1 2026-11-27T10:00:00Z c x - - - 3\n<30>no stamp: 4\n"),
                   "lines syslog:a|<30>2026-11-27T10:00:00Z a x: 1\\n|\n"
                   "lines syslog:b|<30>Nov 27 10:00:00 b x: 2\\n|\n"
                   "lines syslog:c|<30>1 2026-11-27T10:00:00Z c x - - - 3\\n|\n"
                   "lines syslog:10.0.0.7|<30>no stamp: 4\\n|\n");
}

static void nothing_gives_nothing(void **state)
{
    (void)state;
    assert_decoded(syslog_of(""), "");
    assert_decoded(syslog_of("\n\n"), "");
}

static void any_beginning_of_a_payload_is_kept(void **state)
{
    (void)state;
    assert_torn_gives_less("syslog", NULL,
                           STR("<34>Oct 11 22:14:15 a su: 1\n"
                               "<34>1 2003-10-11T22:14:15.003Z b su - ID47 [x y=\"z\"] 2\n"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_host_of_both_formats_names_the_source),
        cmocka_unit_test(messages_without_a_host_are_of_their_sender),
        cmocka_unit_test(lines_of_one_host_stay_together),
        cmocka_unit_test(further_lines_of_a_message_go_with_it),
        cmocka_unit_test(stamps_may_change_from_line_to_line),
        cmocka_unit_test(nothing_gives_nothing),
        cmocka_unit_test(any_beginning_of_a_payload_is_kept),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
