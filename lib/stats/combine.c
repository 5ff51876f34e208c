/* SPDX-License-Identifier: Apache-2.0 */
#include "stats/combine.h"

#include <assert.h>

#include "base/real.h"
#include "stats/count_tail.h"

double combine_dependent(const double *surprises, size_t n)
{
    double largest = 0, sum = 0;
    for (size_t i = 0; i < n; i++)
        if (surprises[i] > largest)
            largest = surprises[i];
    for (size_t i = 0; i < n; i++)
        sum += real_exp((surprises[i] - largest) * REAL_LN10);
    return n > 0 ? combine_bonferroni(largest + real_log10(sum), (double)n) : 0;
}

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

/* How many stand before i: the larger ones, and of equals the earlier. */
static size_t rank_of(const double *surprises, size_t n, size_t i)
{
    size_t rank = 0;
    for (size_t k = 0; k < n; k++)
        rank += surprises[k] > surprises[i] || (k < i && !(surprises[k] < surprises[i]));
    return rank;
}

void combine_holm(const double *surprises, size_t n, double *ret_corrected)
{
    assert(n <= COMBINE_HOLM_COUNT_MAX);
    size_t order[COMBINE_HOLM_COUNT_MAX];
    for (size_t i = 0; i < n; i++)
        order[rank_of(surprises, n, i)] = i;
    double least = 0;
    for (size_t rank = 0; rank < n; rank++) {
        double corrected = combine_bonferroni(surprises[order[rank]], (double)(n - rank));
        if (rank == 0 || corrected < least)
            least = corrected;
        ret_corrected[order[rank]] = least;
    }
}
