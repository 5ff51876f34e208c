/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* Above: what cmocka needs first. */
#include <cmocka.h>

#include <string.h>

#include "model/cause.h"
#include "model/promise.h"

static void faults_come_before_all_and_the_promise_before_inputs(void **state)
{
    (void)state;
    CauseSigns signs = {.inputs = true};
    assert_int_equal(cause_of((CauseSigns){.fault = false}), CAUSE_NONE);
    assert_int_equal(cause_of(signs), CAUSE_HARMLESS);
    signs.worse = true;
    assert_int_equal(cause_of(signs), CAUSE_HARMFUL);
    signs.beyond = true;
    assert_int_equal(cause_of(signs), CAUSE_CONCEPT);
    signs.fault = true;
    assert_int_equal(cause_of(signs), CAUSE_PIPELINE);
    for (int i = 0; i < CAUSE_COUNT; i++)
        assert_true(strlen(cause_name((Cause)i)) > 3 && strlen(cause_sentence((Cause)i)) > 20);
}

static void beyond_is_more_than_chance_and_more_than_matters(void **state)
{
    (void)state;
    assert_true(cause_is_beyond(0.15, 0.10, 0.0001, false));
    assert_false(cause_is_beyond(0.15, 0.10, 0.001, false));    /* Chance. */
    assert_false(cause_is_beyond(0.105, 0.10, 1e-9, false));    /* Certain, and nothing. */
    assert_false(cause_is_beyond(0.05, 0.10, 0.0001, false));   /* Better. */
    assert_true(cause_is_beyond(10.6, 10, 0.0001, true));
    assert_false(cause_is_beyond(10.4, 10, 0.0001, true));
}

static void learn(Promise *promise, int rows, double error, double guess, bool goes_on)
{
    for (int i = 0; i < rows; i++)
        promise_learn(promise, (double)(i % 100 < 100 * error), guess, 0.3, goes_on);
}

static void a_promise_is_broken_by_rows_that_err_more_than_theirs(void **state)
{
    (void)state;
    Promise promise = {.now = {0}};
    learn(&promise, 90, 0.9, 0.1, false);
    assert_false(promise_is_broken(&promise, 0, 0.1, false)); /* Too few. */
    learn(&promise, 910, 0.1, 0.1, false);
    learn(&promise, 1500, 0.1, 0.1, false);
    assert_false(promise_is_broken(&promise, 0, 0.1, false));
    learn(&promise, 1500, 0.3, 0.1, false);
    assert_true(promise_is_broken(&promise, 0, 0.1, false));
    assert_false(promise_is_broken(&promise, 1, 0.1, false)); /* The guess itself is in doubt. */
}

static void an_episode_is_not_forgotten_while_it_goes_on(void **state)
{
    (void)state;
    Promise promise = {.now = {0}};
    learn(&promise, 5000, 0.2, 0.2, true);
    assert_true(promise.now.rows == 5000);
    learn(&promise, 1, 0.2, 0.2, false);
    assert_true(promise.now.rows == 1 && promise.before.rows == 5000);
}

static void a_little_more_than_inputs_explain_is_forgiven(void **state)
{
    (void)state;
    Promise promise = {.now = {0}};
    learn(&promise, 40000, 0.52, 0.48, true); /* 0.1 was usual; .38 of .42 are explained. */
    assert_false(promise_is_broken(&promise, 0, 0.1, false));
    assert_true(promise_is_broken(&promise, 0, 0.45, false));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(faults_come_before_all_and_the_promise_before_inputs),
        cmocka_unit_test(beyond_is_more_than_chance_and_more_than_matters),
        cmocka_unit_test(a_promise_is_broken_by_rows_that_err_more_than_theirs),
        cmocka_unit_test(an_episode_is_not_forgotten_while_it_goes_on),
        cmocka_unit_test(a_little_more_than_inputs_explain_is_forgiven),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
