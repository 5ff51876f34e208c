/* SPDX-License-Identifier: Apache-2.0 */
#include "stats/incomplete.h"

#include <assert.h>
#include <math.h>

#include "base/real.h"
#include "stats/saddle.h"

#define STEP_COUNT_MAX 200000
#define PRECISION 1e-15
#define TINY 1e-300

static double not_zero(double x)
{
    return fabs(x) < TINY ? TINY : x;
}

/* Rounding may lift a probability above 1. */
static double log10_probability(double natural_logarithm)
{
    return natural_logarithm < 0 ? natural_logarithm / REAL_LN10 : 0;
}

/* log10(1 - 10^y), y <= 0. */
static double log10_rest(double y)
{
    return real_log1p(-real_exp(y * REAL_LN10)) / REAL_LN10;
}

/* 1 + x/(a+1) + x^2/((a+1)(a+2)) + ... */
static double gamma_series(double a, double x)
{
    double term = 1, sum = 1;
    for (int k = 1; k < STEP_COUNT_MAX && term > sum * PRECISION; k++) {
        term *= x / (a + k);
        sum += term;
    }
    return sum;
}

/* x^-a e^x Gamma(a, x), the continued fraction; x > a. */
static double gamma_fraction(double a, double x)
{
    double b = x + 1 - a, c = 1 / TINY, d = 1 / not_zero(b), h = d;
    for (int k = 1; k < STEP_COUNT_MAX; k++) {
        double an = -k * (k - a);
        b += 2;
        d = 1 / not_zero(an * d + b);
        c = not_zero(b + an / c);
        h *= d * c;
        if (fabs(d * c - 1) < PRECISION)
            break;
    }
    return h;
}

LogTails incomplete_gamma(double a, double x)
{
    assert(a > 0);
    assert(x >= 0);
    if (x == 0)
        return (LogTails){.lower = -INFINITY, .upper = 0};
    double front = saddle_poisson(a, x); /* x^a e^-x / Gamma(a+1) */
    LogTails tails;
    if (x < a + 1) {
        tails.lower = log10_probability(front + real_log(gamma_series(a, x)));
        tails.upper = log10_rest(tails.lower);
    } else {
        double fraction = real_log(a * gamma_fraction(a, x));
        tails.upper = log10_probability(front + fraction);
        tails.lower = log10_rest(tails.upper);
    }
    return tails;
}

static double beta_fraction(double a, double b, double x)
{
    double c = 1, d = 1 / not_zero(1 - (a + b) * x / (a + 1)), h = d;
    for (int k = 1; k < STEP_COUNT_MAX; k++) {
        double a2 = a + 2.0 * k;
        double even = k * (b - k) * x / ((a2 - 1) * a2);
        d = 1 / not_zero(1 + even * d);
        c = not_zero(1 + even / c);
        h *= d * c;
        double odd = -(a + k) * (a + b + k) * x / (a2 * (a2 + 1));
        d = 1 / not_zero(1 + odd * d);
        c = not_zero(1 + odd / c);
        h *= d * c;
        if (fabs(d * c - 1) < PRECISION)
            break;
    }
    return h;
}

/* log10 of I_x(a, b) by its fraction, which is quick for x below the mean a / (a + b). */
static double beta_tail(double a, double b, double x, double y)
{
    /* x^a y^b / (a B(a, b)), and Gamma(a+b) / (Gamma(a) Gamma(b)) = binomial(a+b, a) ab/(a+b). */
    double front = saddle_binomial(a, b, x, y) + real_log(b / (a + b));
    return log10_probability(front + real_log(beta_fraction(a, b, x)));
}

LogTails incomplete_beta(double a, double b, double x, double y)
{
    assert(a > 0);
    assert(b > 0);
    if (x <= 0)
        return (LogTails){.lower = -INFINITY, .upper = 0};
    if (y <= 0)
        return (LogTails){.lower = 0, .upper = -INFINITY};
    LogTails tails;
    if (x < (a + 1) / (a + b + 2)) {
        tails.lower = beta_tail(a, b, x, y);
        tails.upper = log10_rest(tails.lower);
    } else {
        tails.upper = beta_tail(b, a, y, x);
        tails.lower = log10_rest(tails.upper);
    }
    return tails;
}
