/* SPDX-License-Identifier: Apache-2.0 */
#include "lines.h"

static const char lines[] =
    "ts=2026-11-23T20:15:42.123Z level=info caller=main.go:12 msg=\"starting up\"\n"
    "ts=2026-11-23T20:15:43.123Z level=error caller=main.go:13 msg=bye\n";

static void the_roles_are_found_and_the_rest_stays_in_order(void **state)
{
    (void)state;
    Layout layout = layout_of(lines);
    assert_string_equal(layout_kind_name(&layout), "logfmt");
    Record record = record_of(&layout, "ts=2026-11-23T20:15:43.123Z level=error caller=main.go:13 "
                                       "msg=\"it \\\"broke\\\"\" dry n=3 err=\"no space\" x=");
    assert_str(record.message, "it \"broke\" caller=main.go:13 dry n=3 err=\"no space\" x=\"\"");
    assert_time(record.time, "2026-11-23T20:15:43.123Z");
    assert_int_equal(record.level, LEVEL_ERROR);
}

static void another_kind_of_line_stays_plain_text(void **state)
{
    (void)state;
    Layout layout = layout_of(lines);
    static const char *const others[] = {"something else: went wrong", "msg=\"torn", "=x", 
"a=\"b\"c",
                                         "msg=\"torn\\"};
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
        assert_str(record_of(&layout, others[i]).message, others[i]);
}

static void pairs_without_a_time_or_level_are_no_logfmt(void **state)
{
    (void)state;
    Layout layout = layout_of("a=1 b=2\na=2 b=3\n");
    assert_string_equal(layout_kind_name(&layout), "plain");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_roles_are_found_and_the_rest_stays_in_order),
        cmocka_unit_test(another_kind_of_line_stays_plain_text),
        cmocka_unit_test(pairs_without_a_time_or_level_are_no_logfmt),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
