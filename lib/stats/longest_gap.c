/* SPDX-License-Identifier: Apache-2.0 */
#include "stats/longest_gap.h"

#include "stats/combine.h"

bool longest_gap_learn(LongestGap *gaps, double gap)
{
    if (!(gap >= 0))
        return false;
    gaps->sum += gap;
    bool record = gap > gaps->longest;
    double other = record ? gaps->longest : gap;
    if (gaps->count++ > 0)
        tail_learn(&gaps->others, other);
    if (other > gaps->second)
        gaps->second = other;
    if (record)
        gaps->longest = gap;
    return record;
}

static double others_mean(const LongestGap *gaps)
{
    return (gaps->sum - gaps->longest) / (gaps->count - 1);
}

double longest_gap_surprise(const LongestGap *gaps, double span)
{
    if (gaps->count < LONGEST_GAP_COUNT_MIN || 2 * (gaps->sum - gaps->longest) < span ||
        gaps->second > LONGEST_GAP_REGULAR_MAX * others_mean(gaps))
        return 0;
    return combine_bonferroni(tail_surprise(&gaps->others, gaps->longest), gaps->count);
}

double longest_gap_expected(const LongestGap *gaps)
{
    return gaps->count > 1 && others_mean(gaps) > 0 ? gaps->longest / others_mean(gaps) : 0;
}
