/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "incident/session_reason.h"

#define REASON_SIZE 300

static const char *reason(SessionTrait trait)
{
    static char buffer[REASON_SIZE];
    size_t size = session_reason_write(&trait, buffer, sizeof buffer);
    assert_int_equal(size, strlen(buffer));
    return buffer;
}

static void a_rare_step_tells_how_many_sessions_have_it(void **state)
{
    (void)state;
    SessionTrait trait = {.kind = SESSION_TRAIT_RARE,
                          .pattern = STR("disk <num> failed"),
                          .sessions = 115,
                          .of = 11501};
    assert_string_equal(reason(trait), "has `disk <num> failed` (115 of 11,501 sessions)");
}

static void a_missing_step_tells_how_many_sessions_lack_it(void **state)
{
    (void)state;
    SessionTrait trait = {.kind = SESSION_TRAIT_MISSING,
                          .pattern = STR("closed"),
                          .sessions = 1,
                          .of = 1000};
    assert_string_equal(reason(trait), "ends without `closed` (1 of 1,000 sessions)");
}

static void a_count_tells_what_is_usual(void **state)
{
    (void)state;
    SessionTrait trait = {.kind = SESSION_TRAIT_COUNT,
                          .pattern = STR("retry"),
                          .count = 12345,
                          .usual = 2,
                          .sessions = 3,
                          .of = 999};
    assert_string_equal(reason(trait), "has `retry` 12,345 times, usually 2 (3 of 999 sessions)");
    trait.count = 1;
    assert_string_equal(reason(trait), "has `retry` 1 time, usually 2 (3 of 999 sessions)");
}

static void an_order_names_both_steps(void **state)
{
    (void)state;
    SessionTrait trait = {.kind = SESSION_TRAIT_ORDER,
                          .pattern = STR("pay"),
                          .other = STR("order <id>"),
                          .sessions = 12,
                          .of = 4310};
    assert_string_equal(reason(trait), "begins `pay` before `order <id>`, usually after it "
                                       "(12 of 4,310 sessions)");
    trait.at_end = true;
    assert_string_equal(reason(trait),
                        "ends `pay` before `order <id>`, usually after it (12 of 4,310 sessions)");
}

static void a_long_pattern_is_cut(void **state)
{
    (void)state;
    char longer[200];
    memset(longer, 'x', sizeof longer);
    SessionTrait trait = {.kind = SESSION_TRAIT_ORDER,
                          .pattern = {longer, sizeof longer},
                          .other = {longer, sizeof longer},
                          .sessions = UINT32_MAX,
                          .of = UINT32_MAX};
    const char *text = reason(trait);
    assert_non_null(strstr(text, "x ...` before `x"));
    assert_non_null(strstr(text, "(4,294,967,295 of 4,294,967,295 sessions)"));
    assert_true(strlen(text) < 220);
}

static void any_buffer_is_terminated_and_never_overrun(void **state)
{
    (void)state;
    for (int kind = SESSION_TRAIT_RARE; kind <= SESSION_TRAIT_ORDER; kind++)
        for (size_t size = 1; size < 120; size++) {
            char buffer[128];
            memset(buffer, '#', sizeof buffer);
            SessionTrait trait = {.kind = (SessionTraitKind)kind,
                                  .pattern = STR("one"),
                                  .other = STR("two"),
                                  .count = 2,
                                  .usual = 1,
                                  .sessions = 1,
                                  .of = 1000};
            size_t used = session_reason_write(&trait, buffer, size);
            assert_true(used < size);
            assert_int_equal(strlen(buffer), used);
            for (size_t i = size; i < sizeof buffer; i++)
                assert_int_equal(buffer[i], '#');
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_rare_step_tells_how_many_sessions_have_it),
        cmocka_unit_test(a_missing_step_tells_how_many_sessions_lack_it),
        cmocka_unit_test(a_count_tells_what_is_usual),
        cmocka_unit_test(an_order_names_both_steps),
        cmocka_unit_test(a_long_pattern_is_cut),
        cmocka_unit_test(any_buffer_is_terminated_and_never_overrun),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
