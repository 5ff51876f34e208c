/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>

#include "stats/counter.h"
#include "stats/order.h"
#include "stats/student.h"

static void near(double a, double b)
{
    assert_true(fabs(a - b) < 1e-9 * (1 + fabs(b)));
}

/* numpy.quantile([5, 1, 4, 2], [0, .25, .5, .9, 1]) */
static void quantiles_lie_between_the_nearest(void **state)
{
    (void)state;
    double values[] = {5, 1, 4, 2};
    order_sort(values, 4);
    near(order_quantile(values, 4, 0), 1);
    near(order_quantile(values, 4, 0.25), 1.75);
    near(order_median(values, 4), 3);
    near(order_quantile(values, 4, 0.9), 4.7);
    near(order_quantile(values, 4, 1), 5);
    near(order_median(values, 1), 1);
}

static void an_outlier_hardly_widens_the_deviation(void **state)
{
    (void)state;
    double values[101];
    for (int i = 0; i < 101; i++)
        values[i] = i;
    double plain = order_deviation(values, 101);
    values[100] = 1e4;
    assert_true(order_deviation(values, 101) < 3 * plain);
    for (int i = 0; i < 101; i++)
        values[i] = i < 90 ? 0 : 1; /* The quartiles alone see nothing. */
    assert_true(order_deviation(values, 101) > 0.05);
}

/* scipy: log10(2 * t.sf(2, 5)), log10(2 * t.sf(30, 10)), log10(2 * t.sf(1e6, 2)) */
static void student_is_that_of_the_tables(void **state)
{
    (void)state;
    near(student_both(0, 5), 0);
    near(student_both(2, 5), -0.9916575910915739);
    near(student_both(-2, 5), student_both(2, 5));
    assert_true(fabs(student_both(1e6, 2) + 12) < 1e-3);
    assert_true(student_both(1e200, 10) < -1000);
}

static void a_counter_is_told_from_a_gauge(void **state)
{
    (void)state;
    double counter[40], gauge[40];
    for (int i = 0; i < 40; i++) {
        counter[i] = 100 + 3 * i;
        gauge[i] = i % 7;
    }
    assert_true(counter_is(counter, 40));
    assert_false(counter_is(gauge, 40));
    assert_false(counter_is(counter, 8));
    for (int i = 39; i < 40; i++)
        counter[i] = 2; /* It started anew. */
    assert_false(counter_is(counter, 40)); /* One of 39 steps is too many; of more it is not. */
    near(counter_step(counter, 0), 3);
    near(counter_step(counter, 38), 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(quantiles_lie_between_the_nearest),
        cmocka_unit_test(an_outlier_hardly_widens_the_deviation),
        cmocka_unit_test(student_is_that_of_the_tables),
        cmocka_unit_test(a_counter_is_told_from_a_gauge),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
