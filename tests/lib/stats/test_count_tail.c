/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>

#include "stats/count_tail.h"
#include "stats/incomplete.h"

#define COUNT_OF(array) (sizeof(array) / sizeof(array)[0])
#define ERROR 1e-10

typedef struct {
    double count, a, b, log10_p;
} Row;

static void check(double is, const Row *row)
{
    if (!(fabs(is - row->log10_p) <= ERROR * fmax(1, fabs(row->log10_p))))
        fail_msg("(%g, %g, %g) is %.15g, not %.15g", row->count, row->a, row->b, is, row->log10_p);
}

/* python3: from mpmath import *; mp.dps = 60
 * log10(gammainc(COUNT, 0, MEAN, regularized=True)) */
static void poisson_upper_tails_agree_with_mpmath(void **state)
{
    (void)state;
    static const Row rows[] = {
        {1, 0.001, 0, -3.00021712914535},     {3, 5.5, 0, -0.0401844557984907},
        {20, 5, 0, -6.46191212572818},        {130, 100, 0, -2.64166665082384},
        {5000, 10, 0, -11329.9682698731},     {1000000, 999000, 0, -0.799545651963517},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++)
        check(poisson_upper(rows[i].count, rows[i].a), &rows[i]);
}

/* log10(gammainc(COUNT + 1, MEAN, inf, regularized=True)) */
static void poisson_lower_tails_agree_with_mpmath(void **state)
{
    (void)state;
    static const Row rows[] = {
        {0, 0.001, 0, -0.000434294481903252}, {3, 10, 0, -1.98564537007065},
        {0, 2000, 0, -868.588963806504},      {70, 100, 0, -3.01258221710284},
        {9, 5.5, 0, -0.0240067151880852},     {998000, 1000000, 0, -1.64301625211107},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++)
        check(poisson_lower(rows[i].count, rows[i].a), &rows[i]);
}

/* log10(betainc(COUNT, SIZE, 0, MEAN / (MEAN + SIZE), regularized=True)), and lower:
 * log10(betainc(COUNT + 1, SIZE, MEAN / (MEAN + SIZE), 1, regularized=True));
 * 100 * log10(100 / 3100) for the row (0, 3000, 100). */
static void negative_binomial_tails_agree_with_mpmath(void **state)
{
    (void)state;
    static const Row upper[] = {
        {1, 0.5, 0.2, -0.654372514740158},    {200, 20, 2.5, -8.3042427043722},
        {50, 20, 2.5, -1.45040520682456},     {3000, 10, 4, -430.361144577472},
        {100, 100, 1000, -0.291227979901705},
    };
    static const Row lower[] = {
        {0, 50, 5, -5.20696342579113},        {2, 50, 5, -3.95308897265316},
        {40, 50, 5, -0.409337449762745},      {0, 3000, 100, -149.136169383427},
        {70, 100, 1000, -2.82093309331554},
    };
    for (size_t i = 0; i < COUNT_OF(upper); i++)
        check(negbin_upper(upper[i].count, upper[i].a, upper[i].b), &upper[i]);
    for (size_t i = 0; i < COUNT_OF(lower); i++)
        check(negbin_lower(lower[i].count, lower[i].a, lower[i].b), &lower[i]);
}

/* log10(betainc(COUNT, N - COUNT + 1, 0, P, regularized=True)), and lower:
 * log10(betainc(COUNT + 1, N - COUNT, P, 1, regularized=True)); 5000 * log10(0.7). */
static void binomial_tails_agree_with_mpmath(void **state)
{
    (void)state;
    static const Row upper[] = {
        {30, 100, 0.1, -7.61170120041384},
        {5, 100, 0.1, -0.0104216406970985},
        {900, 1000, 0.01, -1660.63082900691},
        {3, 3, 0.5, -0.903089986991944},
    };
    static const Row lower[] = {
        {3, 1000, 0.02, -5.5585927674969},
        {30, 1000, 0.02, -0.00552787908594827},
        {0, 5000, 0.3, -774.509799928716},
    };
    for (size_t i = 0; i < COUNT_OF(upper); i++)
        check(binomial_upper(upper[i].count, upper[i].a, upper[i].b), &upper[i]);
    for (size_t i = 0; i < COUNT_OF(lower); i++)
        check(binomial_lower(lower[i].count, lower[i].a, lower[i].b), &lower[i]);
}

static void a_tail_and_the_rest_make_one(void **state)
{
    (void)state;
    for (double mean = 0.01; mean < 1e5; mean *= 3.3)
        for (double count = 1; count < 1e5; count *= 2) {
            double poisson = pow(10, poisson_upper(count, mean)) + pow(10, poisson_lower(count - 1, mean));
            double negbin =
                pow(10, negbin_upper(count, mean, 3)) + pow(10, negbin_lower(count - 1, mean, 3));
            assert_true(fabs(poisson - 1) < 1e-10);
            assert_true(fabs(negbin - 1) < 1e-10);
        }
}

static void tails_fall_as_counts_move_away(void **state)
{
    (void)state;
    for (double count = 1; count < 400; count++) {
        assert_true(poisson_upper(count + 1, 50) <= poisson_upper(count, 50));
        assert_true(poisson_lower(count - 1, 50) <= poisson_lower(count, 50));
        assert_true(negbin_upper(count + 1, 50, 2) <= negbin_upper(count, 50, 2));
        assert_true(negbin_lower(count - 1, 50, 2) <= negbin_lower(count, 50, 2));
    }
}

static void what_cannot_be_has_no_chance_and_what_must_be_is_certain(void **state)
{
    (void)state;
    assert_true(poisson_upper(0, 5) == 0);
    assert_true(poisson_upper(3, 0) == -INFINITY);
    assert_true(poisson_lower(-1, 5) == -INFINITY);
    assert_true(poisson_lower(0, 0) == 0);
    assert_true(negbin_upper(5, 0, 2) == -INFINITY);
    assert_true(binomial_upper(11, 10, 0.5) == -INFINITY);
    assert_true(binomial_lower(10, 10, 0.5) == 0);
    assert_true(binomial_upper(1, 10, 0) == -INFINITY);
}

static void a_hardly_dispersed_count_is_poisson(void **state)
{
    (void)state;
    assert_true(fabs(negbin_upper(30, 10, 1e7) - poisson_upper(30, 10)) < 1e-4);
    assert_true(negbin_upper(30, 10, INFINITY) == poisson_upper(30, 10));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(poisson_upper_tails_agree_with_mpmath),
        cmocka_unit_test(poisson_lower_tails_agree_with_mpmath),
        cmocka_unit_test(negative_binomial_tails_agree_with_mpmath),
        cmocka_unit_test(binomial_tails_agree_with_mpmath),
        cmocka_unit_test(a_tail_and_the_rest_make_one),
        cmocka_unit_test(tails_fall_as_counts_move_away),
        cmocka_unit_test(what_cannot_be_has_no_chance_and_what_must_be_is_certain),
        cmocka_unit_test(a_hardly_dispersed_count_is_poisson),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
