/* SPDX-License-Identifier: Apache-2.0
 *
 * The bytes of protobuf were made with the Python package opentelemetry-proto:
 *     ExportLogsServiceResponse(partial_success=ExportLogsPartialSuccess(
 *         rejected_log_records=300, error_message="no body")).SerializeToString().hex()
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* Above: what cmocka needs first. */
#include <cmocka.h>
#include <stdio.h>

#include "base/str.h"
#include "event/json.h"
#include "event/otlp_answer.h"

static void what_is_accepted_whole_has_the_empty_answer(void **state)
{
    (void)state;
    odd_decoded decoded = {.accepted = 7};
    char buffer[ODD_OTLP_ANSWER_BYTES];
    assert_int_equal(odd_otlp_answer('l', 0, &decoded, buffer), 0);
    assert_int_equal(odd_otlp_answer('m', 1, &decoded, buffer), 2);
    assert_memory_equal(buffer, "{}", 2);
}

static void what_is_rejected_is_told_with_its_reason(void **state)
{
    (void)state;
    odd_decoded decoded = {.rejected = 300, .message = "no body"};
    char buffer[ODD_OTLP_ANSWER_BYTES];
    Str expected = STR("\x0a\x0c\x08\xac\x02\x12\x07no body");
    Str answer = {.text = buffer, .size = odd_otlp_answer('l', 0, &decoded, buffer)};
    assert_true(str_equal(answer, expected));
    static const char *const names[] = {"rejectedLogRecords", "rejectedDataPoints",
                                        "rejectedSpans"};
    for (int i = 0; i < 3; i++) {
        char text[200];
        snprintf(text, sizeof text,
                 "{\"partialSuccess\":{\"%s\":\"300\",\"errorMessage\":\"no body\"}}", names[i]);
        answer.size = odd_otlp_answer("lmt"[i], 1, &decoded, buffer);
        assert_true(str_equal(answer, str_of(text)));
    }
}

static void a_status_has_code_and_message(void **state)
{
    (void)state;
    char buffer[ODD_OTLP_ANSWER_BYTES];
    Str status = {.text = buffer, .size = odd_otlp_status(0, 3, "byte 7", buffer)};
    assert_true(str_equal(status, STR("\x08\x03\x12\x06"
                                      "byte 7")));
    status.size = odd_otlp_status(1, 3, "say \"no\"", buffer);
    assert_true(str_equal(status, STR("{\"code\":3,\"message\":\"say \\\"no\\\"\"}")));
}

/* Whatever a client put into a name that a message tells of. */
static void no_message_is_too_long_or_not_text(void **state)
{
    (void)state;
    odd_decoded decoded = {.rejected = UINT64_MAX};
    char long_message[5000];
    memset(long_message, '\x01', sizeof long_message - 1);
    long_message[sizeof long_message - 1] = '\0';
    memset(decoded.message, '\xff', sizeof decoded.message - 1);
    char buffer[ODD_OTLP_ANSWER_BYTES], problem[JSON_PROBLEM_SIZE];
    for (int i = 0; i < 2; i++) {
        JsonNode *root;
        Str text = {.text = buffer};
        text.size = i == 0 ? odd_otlp_status(1, 8, long_message, buffer)
                           : odd_otlp_answer('m', 1, &decoded, buffer);
        assert_int_equal(json_read(text, &root, problem), ODD_OK);
        json_free(root);
    }
    assert_true(odd_otlp_status(0, 8, long_message, buffer) < ODD_OTLP_ANSWER_BYTES);
    size_t size = odd_otlp_answer('m', 0, &decoded, buffer);
    assert_memory_equal(buffer + size - 3, "\xef\xbf\xbd", 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_accepted_whole_has_the_empty_answer),
        cmocka_unit_test(what_is_rejected_is_told_with_its_reason),
        cmocka_unit_test(a_status_has_code_and_message),
        cmocka_unit_test(no_message_is_too_long_or_not_text),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
