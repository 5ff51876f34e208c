/* SPDX-License-Identifier: Apache-2.0 */
#include "lines.h"

#include <stdio.h>

#include "event/json_lines.h"

static Record json_of(const char *line)
{
    static Layout layout;
    layout =
        layout_of("{\"time\":\"2026-11-23T20:15:42Z\",\"level\":\"info\",\"msg\":\"hello\"}\n");
    assert_string_equal(layout_kind_name(&layout), "json");
    return record_of(&layout, line);
}

static void the_roles_are_found_and_the_rest_follows_the_message_in_order(void **state)
{
    (void)state;
    Record record =
        json_of("{\"n\":1.50,\"level\":\"error\",\"host\":\"web1\",\"msg\":\"it broke\","
                "\"logger\":\"a.b\",\"ts\":\"2026-11-23T20:15:42.5Z\","
                "\"user\":{\"id\":12,\"name\":\"a b\"},\"tags\":[\"x\", {\"y\":1}],"
                "\"empty\":\"\",\"none\":null}");
    assert_str(record.message,
               "it broke n=1.50 user.id=12 user.name=\"a b\" tags=[\"x\", {\"y\":1}] "
               "empty=\"\" none=null");
    assert_time(record.time, "2026-11-23T20:15:42.500Z");
    assert_int_equal(record.level, LEVEL_ERROR);
    assert_str(record.host, "web1");
    assert_str(record.component, "a.b");
}

static void many_programs_name_them_differently(void **state)
{
    (void)state;
    Record docker = json_of("{\"log\":\"2026-01-01 INFO foo\\n\",\"stream\":\"stdout\","
                            "\"time\":\"2026-11-23T20:15:42.123456789Z\"}");
    assert_str(docker.message, "2026-01-01 INFO foo stream=stdout");
    Record pino =
        json_of("{\"level\":50,\"time\":1763929000123,\"pid\":1,\"hostname\":\"h\",\"msg\":\"m\"}");
    assert_str(pino.message, "m pid=1");
    assert_int_equal(pino.level, LEVEL_ERROR);
    assert_time(pino.time, "2025-11-23T20:16:40.123Z");
    Record elastic = json_of("{\"@timestamp\":\"2026-11-23T20:15:42Z\",\"log\":{\"level\":\"WARN\","
                             "\"logger\":\"x\"},\"host\":{\"name\":\"h\"},\"message\":\"m\"}");
    assert_str(elastic.message, "m");
    assert_int_equal(elastic.level, LEVEL_WARN);
    assert_str(elastic.host, "h");
    assert_str(elastic.component, "x");
}

static void names_that_come_twice_are_both_kept(void **state)
{
    (void)state;
    assert_str(json_of("{\"msg\":\"a\",\"msg\":\"b\",\"x\":1,\"x\":2}").message, "a msg=b x=1 x=2");
}

static void an_unreadable_time_stays_in_the_message(void **state)
{
    (void)state;
    Record record = json_of("{\"time\":\"soon\",\"msg\":\"a\"}");
    assert_true(record.time == ODD_TIME_NONE);
    assert_str(record.message, "a time=soon");
}

static void escapes_become_their_bytes_and_half_surrogates_a_replacement(void **state)
{
    (void)state;
    assert_str(json_of("{\"msg\":\"caf\\u00e9 \\\"q\\\" \\/ \\\\ \\t.\"}").message,
               "café \"q\" / \\ \t.");
    assert_str(json_of("{\"msg\":\"\\ud83d\\ude00 \\ud83d. \\ude00\"}").message,
               "\xF0\x9F\x98\x80 \xEF\xBF\xBD. \xEF\xBF\xBD");
    Record nul = json_of("{\"msg\":\"a\\u0000b\"}");
    assert_int_equal(nul.message.size, 3);
    assert_memory_equal(nul.message.text, "a\0b", 3);
}

static void numbers_keep_their_digits(void **state)
{
    (void)state;
    assert_str(
        json_of("{\"msg\":\"m\",\"n\":123456789012345678901234567890,\"e\":1e999,\"z\":-0.0}")
            .message,
        "m n=123456789012345678901234567890 e=1e999 z=-0.0");
}

static void what_is_no_object_stays_plain_text(void **state)
{
    (void)state;
    static const char *const lines[] = {
        "{",         "{}x",        "{\"a\":}",      "{\"a\":1,}", "[1]",        "{\"a\" 1}",
        "{\"a\":01x}", "{\"a\":\"\\x\"}", "{\"a\":tru}",   "{\"a\":[1,]", "{\"a\":[1}}", "{'a':1}",
        "plain",     "{\"a\":\"b",  "{\"a\":1]",    "{\"a\":-}"};
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
        Record record = json_of(lines[i]);
        assert_str(record.message, lines[i]);
        assert_false(record.continues);
    }
}

static void deep_nesting_is_plain_text_and_needs_no_stack(void **state)
{
    (void)state;
    static char line[300000];
    static FieldList list;
    size_t depth = 100000;
    for (int kind = 0; kind < 2; kind++) {
        size_t size = 0;
        for (size_t i = 0; i < depth / 4; i++) {
            memcpy(line + size, kind == 0 ? "{\"a\":" : "[[[[[", 5);
            size += 5;
        }
        line[0] = '{';
        assert_false(json_line_read((Str){line, size}, &list));
    }
    size_t size = (size_t)snprintf(line, sizeof line, "{\"a\":");
    memset(line + size, '[', JSON_DEPTH_MAX - 1);
    memset(line + size + JSON_DEPTH_MAX - 1, ']', JSON_DEPTH_MAX - 1);
    size += 2 * (JSON_DEPTH_MAX - 1);
    line[size++] = '}';
    assert_true(json_line_read((Str){line, size}, &list));
    assert_int_equal(list.count, 1);
}

static void too_many_fields_are_plain_text(void **state)
{
    (void)state;
    static char line[FIELD_COUNT_MAX * 16];
    static FieldList list;
    for (int count = FIELD_COUNT_MAX; count <= FIELD_COUNT_MAX + 1; count++) {
        size_t size = (size_t)snprintf(line, sizeof line, "{\"a\":0");
        for (int i = 1; i < count; i++)
            size += (size_t)snprintf(line + size, sizeof line - size, ",\"b\":%d", i);
        line[size++] = '}';
        assert_int_equal(json_line_read((Str){line, size}, &list), count == FIELD_COUNT_MAX);
    }
}

static void names_of_groups_that_outgrow_the_buffer_leave_the_line_as_text(void **state)
{
    (void)state;
    char line[1024];
    char group[200];
    memset(group, 'g', sizeof group);
    group[sizeof group - 1] = '\0';
    snprintf(line, sizeof line, "{\"%s\":{\"a\":1,\"b\":2,\"c\":3,\"d\":4,\"e\":5,\"f\":6}}",
             group);
    assert_str(json_of(line).message, line);
}

static void an_empty_object_leaves_its_name(void **state)
{
    (void)state;
    assert_str(json_of("{\"msg\":\"m\",\"a\":{},\"b\":{\"c\":{},\"d\":[]}}").message,
               "m a={} b.c={} b.d=[]");
    assert_str(json_of("{}").message, "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_roles_are_found_and_the_rest_follows_the_message_in_order),
        cmocka_unit_test(many_programs_name_them_differently),
        cmocka_unit_test(names_that_come_twice_are_both_kept),
        cmocka_unit_test(an_unreadable_time_stays_in_the_message),
        cmocka_unit_test(escapes_become_their_bytes_and_half_surrogates_a_replacement),
        cmocka_unit_test(numbers_keep_their_digits),
        cmocka_unit_test(what_is_no_object_stays_plain_text),
        cmocka_unit_test(deep_nesting_is_plain_text_and_needs_no_stack),
        cmocka_unit_test(too_many_fields_are_plain_text),
        cmocka_unit_test(names_of_groups_that_outgrow_the_buffer_leave_the_line_as_text),
        cmocka_unit_test(an_empty_object_leaves_its_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
