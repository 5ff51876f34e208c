/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>

#include "base/real.h"

typedef struct {
    double x, y;
} Pair;

#define COUNT_OF(array) (sizeof(array) / sizeof(array)[0])

static void check(double (*f)(double), const Pair *pairs, size_t count, double error)
{
    for (size_t i = 0; i < count; i++)
        if (!(fabs(f(pairs[i].x) - pairs[i].y) <= error * fabs(pairs[i].y)))
            fail_msg("f(%.17g) is %.17g, not %.17g", pairs[i].x, f(pairs[i].x), pairs[i].y);
}

/* All reference numbers:  python3 -c "from mpmath import *; mp.dps = 60; print(nstr(F(mpf(X)), 17))"
 * with F = log, log1p, exp, loggamma and the X of the table. */
static void logarithms_agree_with_mpmath(void **state)
{
    (void)state;
    static const Pair log_pairs[] = {
        {1e-300, -690.77552789821371},      {0.7, -0.35667494393873244},
        {1.0000001, 9.9999995058387045e-8}, {1.5, 0.40546510810816438},
        {3.0, 1.0986122886681097},          {1e6, 13.815510557964274},
        {1e300, 690.77552789821371},
    };
    static const Pair log1p_pairs[] = {
        {-0.9, -2.3025850929940459},  {-1e-10, -1.00000000005e-10}, {1e-17, 1e-17},
        {1e-5, 9.9999500003333317e-6}, {0.5, 0.40546510810816438},   {100, 4.6151205168412595},
    };
    check(real_log, log_pairs, COUNT_OF(log_pairs), 1e-15);
    check(real_log1p, log1p_pairs, COUNT_OF(log1p_pairs), 1e-15);
}

static void the_exponential_agrees_with_mpmath(void **state)
{
    (void)state;
    static const Pair pairs[] = {
        {-700, 9.8596765437597709e-305}, {-1, 0.36787944117144232}, {1e-10, 1.0000000001},
        {0.3, 1.3498588075760031},       {1, 2.7182818284590452},   {20.5, 799902177.47550541},
        {709, 8.2184074615549722e307},
    };
    check(real_exp, pairs, COUNT_OF(pairs), 1e-13);
}

static void the_gamma_function_agrees_with_mpmath(void **state)
{
    (void)state;
    static const Pair pairs[] = {
        {1e-10, 23.025850929882735},       {0.25, 1.2880225246980775},
        {0.9, 0.066376239734742954},       {1.001, -0.00057639359828330615},
        {1.9999, -4.2275208772153458e-5},  {2.1, 0.045437738544485179},
        {2.7, 0.43482055365510467},        {9.99, 12.779315214350193},
        {100.5, 361.43554046777762},       {1e8, 1742068066.1038347},
    };
    check(real_lgamma, pairs, COUNT_OF(pairs), 1e-12);
}

static void a_power_of_ten_has_a_whole_logarithm(void **state)
{
    (void)state;
    static const double powers[] = {1e-6, 1e-3, 1e-1, 1, 10, 1000, 1e15, 1e22};
    static const int exponents[] = {-6, -3, -1, 0, 1, 3, 15, 22};
    for (size_t i = 0; i < COUNT_OF(powers); i++)
        assert_true(real_log10(powers[i]) == exponents[i]);
    assert_true(fabs(real_log10(2) - 0.30102999566398120) < 1e-16);
}

static void the_edges_of_the_domain_are_infinite_or_nan(void **state)
{
    (void)state;
    assert_true(real_log(0) == -INFINITY);
    assert_true(isnan(real_log(-1)));
    assert_true(isnan(real_log(NAN)));
    assert_true(real_log(INFINITY) == INFINITY);
    assert_true(real_log1p(-1) == -INFINITY);
    assert_true(real_exp(1000) == INFINITY);
    assert_true(real_exp(-1000) == 0);
    assert_true(real_exp(-740) > 0); /* Subnormal. */
    assert_true(fabs(real_log(0x1p-1070) + 1070 * 0.69314718055994531) < 1e-9);
    assert_true(real_lgamma(0) == INFINITY);
    assert_true(fabs(real_lgamma(1)) < 1e-16);
    assert_true(fabs(real_lgamma(2)) < 1e-16);
}

static void the_exponential_undoes_the_logarithm(void **state)
{
    (void)state;
    for (double x = 1e-290; x < 1e290; x *= 1.7)
        assert_true(fabs(real_exp(real_log(x)) / x - 1) < 3e-13);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(logarithms_agree_with_mpmath),
        cmocka_unit_test(the_exponential_agrees_with_mpmath),
        cmocka_unit_test(the_gamma_function_agrees_with_mpmath),
        cmocka_unit_test(a_power_of_ten_has_a_whole_logarithm),
        cmocka_unit_test(the_edges_of_the_domain_are_infinite_or_nan),
        cmocka_unit_test(the_exponential_undoes_the_logarithm),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
