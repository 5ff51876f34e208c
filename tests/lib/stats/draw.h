/* SPDX-License-Identifier: Apache-2.0
 *
 * draw.h - random draws for the tests: normal, gamma, Poisson, negative binomial.
 *
 * ALGORITHM  Normal: G. Marsaglia's polar method, 1964.  Gamma: G. Marsaglia, W. Tsang, ACM TOMS 26,
 *            2000.  Poisson: D. Knuth's product, and split in halves for large means.
 */
#ifndef TESTS_DRAW_H
#define TESTS_DRAW_H
#include <math.h>

#include "base/real.h"
#include "base/rng.h"

#define POISSON_MEAN_MAX 30

static inline double draw_normal(Rng *rng)
{
    double u, v, s;
    do {
        u = 2 * rng_real(rng) - 1;
        v = 2 * rng_real(rng) - 1;
        s = u * u + v * v;
    } while (s >= 1);
    return u * sqrt(-2 * real_log(s) / s);
}

static inline double draw_exponential(Rng *rng)
{
    return -real_log(rng_real(rng));
}

static inline double draw_gamma(Rng *rng, double shape)
{
    double boost = 1;
    if (shape < 1) {
        boost = real_exp(real_log(rng_real(rng)) / shape);
        shape += 1;
    }
    double d = shape - 1.0 / 3, c = 1 / sqrt(9 * d);
    for (;;) {
        double x = draw_normal(rng), v = 1 + c * x;
        if (v <= 0)
            continue;
        v = v * v * v;
        if (real_log(rng_real(rng)) < 0.5 * x * x + d - d * v + d * real_log(v))
            return boost * d * v;
    }
}

static inline uint32_t draw_poisson(Rng *rng, double mean)
{
    uint32_t count = 0;
    /* The m-th event of a Poisson process of rate 1 comes after a gamma distributed time. */
    while (mean > POISSON_MEAN_MAX) {
        double m = floor(mean * 7 / 8), when = draw_gamma(rng, m);
        if (when > mean) { /* The others before it lie evenly between 0 and when. */
            for (double i = 1; i < m; i++)
                count += rng_real(rng) * when < mean;
            return count;
        }
        count += (uint32_t)m;
        mean -= when;
    }
    double limit = real_exp(-mean);
    for (double product = rng_real(rng); product > limit; product *= rng_real(rng))
        count++;
    return count;
}

/* size INFINITY is Poisson. */
static inline uint32_t draw_negbin(Rng *rng, double mean, double size)
{
    return draw_poisson(rng, isinf(size) ? mean : mean * draw_gamma(rng, size) / size);
}

#endif
