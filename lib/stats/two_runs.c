/* SPDX-License-Identifier: Apache-2.0 */
#include "stats/two_runs.h"

#include <assert.h>

#include "base/real.h"
#include "stats/count_tail.h"

double two_runs_surprise(uint64_t first, uint64_t first_lines, uint64_t second,
                         uint64_t second_lines)
{
    assert(first_lines > 0 && second_lines > 0);
    double known = (double)first + 0.5;
    double mean = known * (double)second_lines / (double)first_lines;
    double size = known < TWO_RUNS_CERTAINTY ? known : TWO_RUNS_CERTAINTY;
    double log10_chance = (double)second > mean ? negbin_upper((double)second, mean, size)
                                                : negbin_lower((double)second, mean, size);
    return log10_chance < 0 ? -log10_chance : 0;
}

double two_runs_expected(uint64_t first, uint64_t first_lines, uint64_t second_lines)
{
    assert(first_lines > 0);
    return (double)first * (double)second_lines / (double)first_lines;
}

double two_runs_new_value(uint64_t lines, uint64_t different)
{
    assert(different <= lines);
    if (different == 0)
        return 0;
    double surprise = 3 + real_log10((double)lines / (TWO_RUNS_VALUE_LINES * (double)different));
    return surprise > 0 ? surprise : 0;
}
