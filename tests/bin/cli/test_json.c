/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <string.h>

#include "cli/json.h"

static void text_is(const char *bytes, size_t size, const char *expected)
{
    Buffer out = {0};
    Json json = {.out = &out};
    json_text(&json, bytes, size);
    assert_string_equal(buffer_text(&out), expected);
    buffer_free(&out);
}

static void text_is_escaped_as_the_standard_says(void **state)
{
    (void)state;
    text_is("say \"hi\" \\ \n", 12, "\"say \\\"hi\\\" \\\\ \\n\"");
    text_is("\0\x1b\x7f", 3, "\"\\u0000\\u001b\\u007f\"");
    text_is("\xe6\x97\xa5", 3, "\"\xe6\x97\xa5\"");
}

static void what_could_act_on_a_terminal_is_an_escape_without_loss(void **state)
{
    (void)state;
    text_is("\xe2\x80\xae\xc2\x9b", 5, "\"\\u202e\\u009b\"");
    text_is("\xf3\xa0\x81\x81", 4, "\"\\udb40\\udc41\""); /* Python: chr(0xe0041) in JSON. */
}

static void bytes_that_are_not_utf8_stay_readable(void **state)
{
    (void)state;
    text_is("a\xff" "b", 3, "\"a\\\\xffb\"");
}

static void commas_and_brackets_come_by_themselves(void **state)
{
    (void)state;
    Buffer out = {0};
    Json json = {.out = &out};
    json_open(&json, '{');
    json_name(&json, "a");
    json_open(&json, '[');
    json_open(&json, '{');
    json_name(&json, "n");
    json_integer(&json, -5);
    json_name(&json, "t");
    json_bool(&json, true);
    json_close(&json, '}');
    json_open(&json, '{');
    json_close(&json, '}');
    json_close(&json, ']');
    json_name(&json, "b");
    json_null(&json);
    json_close(&json, '}');
    assert_string_equal(buffer_text(&out),
                        "{\n\"a\": [\n{\"n\": -5, \"t\": true},\n{}\n],\n\"b\": null\n}\n");
    buffer_free(&out);
}

static void numbers_are_printed_the_same_everywhere(void **state)
{
    (void)state;
    Buffer out = {0};
    Json json = {.out = &out};
    json_open(&json, '[');
    json_real(&json, 3.14159);
    json_real(&json, -0.0);
    json_real(&json, (double)NAN);
    json_number(&json, 12345);
    json_number(&json, 2.5e-12);
    json_number(&json, (double)INFINITY);
    json_time(&json, 1500000000);
    json_time(&json, ODD_TIME_NONE);
    json_close(&json, ']');
    assert_string_equal(buffer_text(&out), "[\n3.142,\n0.000,\nnull,\n12345,\n2.5e-12,\nnull,\n"
                                           "\"1970-01-01T00:00:01.500000Z\",\nnull\n]\n");
    buffer_free(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(text_is_escaped_as_the_standard_says),
        cmocka_unit_test(what_could_act_on_a_terminal_is_an_escape_without_loss),
        cmocka_unit_test(bytes_that_are_not_utf8_stay_readable),
        cmocka_unit_test(commas_and_brackets_come_by_themselves),
        cmocka_unit_test(numbers_are_printed_the_same_everywhere),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
