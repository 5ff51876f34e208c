/* SPDX-License-Identifier: Apache-2.0 */
#include "lines.h"

static const char lines[] =
    "<34>Oct 11 22:14:15 mymachine su: 'su root' failed\n"
    "<34>1 2003-10-11T22:14:15.003Z mymachine.example.com su - ID47 - 'su root' failed\n";

static Record syslog_of(const char *line)
{
    static Layout layout;
    layout = layout_of(lines);
    assert_string_equal(layout_kind_name(&layout), "syslog");
    return record_of(&layout, line);
}

static void the_priority_tells_the_level_of_an_old_line(void **state)
{
    (void)state;
    Record record = syslog_of("<13>Oct 11 22:14:15 web sshd[12]: it is");
    assert_int_equal(record.level, LEVEL_NOTICE);
    assert_time(record.time, "2026-10-11T22:14:15.000Z");
    assert_str(record.host, "web");
    assert_str(record.component, "sshd");
    assert_str(record.message, "it is");
}

/* The example of RFC 5424, section 6.5, and its structured data. */
static void a_new_line_gives_its_structured_data_as_fields(void **state)
{
    (void)state;
    Record record = syslog_of("<165>1 2003-10-11T22:14:15.003Z host evntslog - ID47 "
                              "[exampleSDID@32473 iut=\"3\" eventSource=\"App lication\"]"
                              "[other@1 a=\"x]y\"] \xEF\xBB\xBF"
                              "An entry");
    assert_int_equal(record.level, LEVEL_NOTICE);
    assert_time(record.time, "2003-10-11T22:14:15.003Z");
    assert_str(record.host, "host");
    assert_str(record.component, "evntslog");
    assert_str(record.message, "An entry iut=3 eventSource=\"App lication\" a=x]y");
}

static void missing_parts_of_a_new_line_are_empty(void **state)
{
    (void)state;
    Record record = syslog_of("<0>1 - - - - - -");
    assert_int_equal(record.level, LEVEL_FATAL);
    assert_true(record.time == ODD_TIME_NONE);
    assert_str(record.host, "");
    assert_str(record.message, "");
}

static void torn_lines_keep_their_text(void **state)
{
    (void)state;
    assert_str(syslog_of("<34>1 2003-10-11T22:14:15.003Z host app - - [x a=\"1").message,
               "1 2003-10-11T22:14:15.003Z host app - - [x a=\"1");
    assert_str(syslog_of("<999>x").message, "<999>x");
    assert_str(syslog_of("<34").message, "<34");
    assert_str(syslog_of("<34>").message, "");
}

static void a_source_of_new_lines_alone_is_syslog_too(void **state)
{
    (void)state;
    Layout layout = layout_of("<34>1 2003-10-11T22:14:15.003Z h su - ID47 - failed\n");
    Record record = record_of(&layout, "<34>1 2003-10-11T22:14:15.003Z h su - ID47 - failed");
    assert_str(record.message, "failed");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_priority_tells_the_level_of_an_old_line),
        cmocka_unit_test(a_new_line_gives_its_structured_data_as_fields),
        cmocka_unit_test(missing_parts_of_a_new_line_are_empty),
        cmocka_unit_test(torn_lines_keep_their_text),
        cmocka_unit_test(a_source_of_new_lines_alone_is_syslog_too),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
