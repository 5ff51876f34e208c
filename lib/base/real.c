/* SPDX-License-Identifier: Apache-2.0 */
#include "base/real.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

#define LN2_HIGH 0x1.62e42feep-1         /* 33 bits: a product with an exponent is exact. */
#define LN2_LOW 1.9082149292705878161e-10 /* ln 2 - LN2_HIGH */
#define LOG10_E 0.43429448190325182765
#define HALF_LN_2PI 0.91893853320467274178
#define ONE_MINUS_EULER 0.42278433509846713939
#define SQRT_HALF 0.70710678118654752440

#define COUNT_OF(array) ((int)(sizeof(array) / sizeof(array)[0]))

static double bits_to_real(uint64_t bits)
{
    double x;
    memcpy(&x, &bits, sizeof x);
    return x;
}

static uint64_t real_to_bits(double x)
{
    uint64_t bits;
    memcpy(&bits, &x, sizeof bits);
    return bits;
}

/* 2^n for -1022 <= n <= 1023. */
static double power_of_two(int n)
{
    return bits_to_real((uint64_t)(n + 1023) << 52);
}

/* 2 artanh(f) = 2 (f + f^3/3 + f^5/5 ...), |f| <= 0.172. */
static double twice_artanh(double f)
{
    static const double parts[] = {1.0 / 23, 1.0 / 21, 1.0 / 19, 1.0 / 17, 1.0 / 15, 1.0 / 13,
                                   1.0 / 11, 1.0 / 9,  1.0 / 7,  1.0 / 5,  1.0 / 3};
    double f2 = f * f, sum = 0;
    for (int i = 0; i < COUNT_OF(parts); i++)
        sum = (sum + parts[i]) * f2;
    return 2 * f + 2 * f * sum;
}

double real_log(double x)
{
    if (isnan(x) || x < 0)
        return NAN;
    if (x == 0)
        return -INFINITY;
    if (isinf(x))
        return x;
    int exponent = 0;
    if (x < 0x1p-1022) { /* Subnormal. */
        x *= 0x1p54;
        exponent = -54;
    }
    uint64_t bits = real_to_bits(x);
    exponent += (int)(bits >> 52) - 1022;
    double m = bits_to_real((bits & 0x000fffffffffffffULL) | 0x3fe0000000000000ULL);
    if (m < SQRT_HALF) {
        m *= 2;
        exponent--;
    }
    double fraction = twice_artanh((m - 1) / (m + 1));
    return exponent * LN2_HIGH + (exponent * LN2_LOW + fraction);
}

double real_log10(double x)
{
    static const double powers[] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                    1e8,  1e9,  1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
                                    1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
    double y = real_log(x) * LOG10_E, whole = floor(y + 0.5);
    int n = whole > -100 && whole < 100 ? (int)whole : 100;
    if (n >= 0 && n < COUNT_OF(powers) && x == powers[n])
        return whole;
    if (n < 0 && -n < COUNT_OF(powers) && x == 1 / powers[-n])
        return whole;
    return y;
}

double real_log1p(double x)
{
    double u = 1 + x;
    if (u == 1)
        return x;
    if (!(u > 0) || isinf(u))
        return real_log(u);
    /* What rounding took from u comes back to first order. */
    return real_log(u) - ((u - 1) - x) / u;
}

double real_exp(double x)
{
    static const double parts[] = {1.0 / 14, 1.0 / 13, 1.0 / 12, 1.0 / 11, 1.0 / 10,
                                   1.0 / 9,  1.0 / 8,  1.0 / 7,  1.0 / 6,  1.0 / 5,
                                   1.0 / 4,  1.0 / 3,  1.0 / 2,  1.0};
    if (isnan(x))
        return x;
    if (x > 710)
        return INFINITY;
    if (x < -746)
        return 0;
    int n = (int)floor(x * 1.4426950408889634074 + 0.5);
    double r = (x - n * LN2_HIGH) - n * LN2_LOW, sum = 0;
    for (int i = 0; i < COUNT_OF(parts); i++)
        sum = (sum + 1) * r * parts[i];
    int half = n / 2; /* In two steps, as 2^n alone may not be a normal number. */
    return (1 + sum) * power_of_two(half) * power_of_two(n - half);
}

/* The sum over k >= 2 of (-1)^k (zeta(k) - 1) z^k / k, |z| <= 1/2. */
static double zeta_series(double z)
{
    static const double zeta_minus_1[] = {
        /* [mp.nstr(mp.zeta(k)-1, 20) for k in range(2, 29)], python3 mpmath */
        0.64493406684822643647,     0.2020569031595942854,     0.082323233711138191516,
        0.036927755143369926331,    0.017343061984449139715,   0.0083492773819228268398,
        0.0040773561979443393787,   0.0020083928260822144179,  0.00099457512781808533715,
        0.0004941886041194645587,   0.00024608655330804829864, 0.00012271334757848914675,
        0.000061248135058704829259, 0.000030588236307020493552, 0.000015282259408651871733,
        7.6371976378997622736e-6,   3.8172932649998398565e-6,  1.9082127165539389257e-6,
        9.5396203387279611315e-7,   4.7693298678780646312e-7,  2.3845050272773299e-7,
        1.1921992596531107307e-7,   5.9608189051259479612e-8,  2.9803503514652280186e-8,
        1.4901554828365041235e-8,   7.450711789835429492e-9,   3.7253340247884570548e-9,
    };
    double sum = 0;
    for (int i = COUNT_OF(zeta_minus_1) - 1; i >= 0; i--) {
        int k = i + 2;
        sum = zeta_minus_1[i] / k - z * sum;
    }
    return sum * z * z;
}

/* Stirling's series, x >= 10. */
static double stirling(double x)
{
    static const double coefficients[] = {/* B(2k) / (2k (2k-1)) */
                                          1.0 / 12,     -1.0 / 360,      1.0 / 1260, -1.0 / 1680,
                                          1.0 / 1188, -691.0 / 360360, 1.0 / 156};
    double y = 1 / (x * x), sum = 0;
    for (int i = COUNT_OF(coefficients) - 1; i >= 0; i--)
        sum = sum * y + coefficients[i];
    return (x - 0.5) * real_log(x) - x + HALF_LN_2PI + sum / x;
}

double real_lgamma(double x)
{
    if (isnan(x) || x < 0)
        return NAN;
    if (x == 0 || isinf(x))
        return INFINITY;
    if (x < 0.5)
        return real_lgamma(x + 1) - real_log(x);
    if (x < 1.5)
        return zeta_series(x - 1) + ONE_MINUS_EULER * (x - 1) - real_log1p(x - 1);
    if (x < 2.5)
        return zeta_series(x - 2) + ONE_MINUS_EULER * (x - 2);
    double product = 1;
    while (x < 10) {
        product *= x;
        x += 1;
    }
    return stirling(x) - real_log(product);
}
