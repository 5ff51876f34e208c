/* SPDX-License-Identifier: Apache-2.0 */
#include "stats/combine.h"

#include <stddef.h>

#include "base/real.h"
#include "stats/count_tail.h"

double combine_bonferroni(double surprise, double n)
{
    if (!(surprise > 0))
        return 0; /* Nearly always: spares the logarithm. */
    double corrected = n > 1 ? surprise - real_log10(n) : surprise;
    return corrected > 0 ? corrected : 0;
}

double combine_crowd(double count, double least, double n)
{
    double log10_chance = poisson_upper(count, n * real_exp(-least * REAL_LN10));
    return log10_chance < 0 ? -log10_chance : 0;
}

double combine_harmonic(const double *surprises, const double *weights, int n)
{
    double most = 0, sum = 0, weight_sum = 0;
    for (int i = 0; i < n; i++)
        most = surprises[i] > most ? surprises[i] : most;
    if (most == 0)
        return 0;
    for (int i = 0; i < n; i++) {
        const double weight = weights == NULL ? 1 : weights[i];
        sum += weight * real_exp((surprises[i] - most) * REAL_LN10);
        weight_sum += weight;
    }
    const double joined = most + real_log10(sum / weight_sum);
    return joined > 0 ? joined : 0;
}
