/* SPDX-License-Identifier: Apache-2.0 */
#include "model/gap.h"

#include <math.h>

#include "stats/normal.h"

#define GAP_LEAST 0.01        /* A gap that has grown by less is negligible; of numbers */
#define GAP_LEAST_NUMBERS 0.1 /* so much of the mean error.                             */
#define BOTH_WAYS 0.30103     /* log10 of 2. */

void group_know(GroupSums *sums, double loss)
{
    sums->known++;
    sums->loss += loss;
    sums->square += loss * loss;
}

void group_learn(GroupSums *sums, double loss, double guess, double doubt)
{
    sums->rows++;
    sums->guess += guess;
    sums->variance += doubt * doubt;
    if (!isnan(loss))
        group_know(sums, loss);
}

void group_add(GroupSums *sums, const GroupSums *more)
{
    sums->rows += more->rows;
    sums->known += more->known;
    sums->loss += more->loss;
    sums->square += more->square;
    sums->guess += more->guess;
    sums->variance += more->variance;
}

GroupLoss group_known(const GroupSums *sums)
{
    double n = sums->known, mean = sums->loss / n;
    return (GroupLoss){mean, (sums->square / n - mean * mean) / n + 1 / (n * n) / 4, true};
}

GroupLoss group_expected(const GroupSums *sums)
{
    double n = sums->rows;
    return (GroupLoss){sums->guess / n, sums->variance / (n * n), false};
}

GroupLoss group_loss(const GroupSums *sums)
{
    bool is_whole = sums->known >= sums->rows && sums->rows > 0;
    return is_whole ? group_known(sums) : group_expected(sums);
}

Gap gap_of(GroupLoss now, double all_now, GroupLoss before, double all_before, bool of_numbers)
{
    double unit = of_numbers ? all_before : 1;
    double least = of_numbers ? GAP_LEAST_NUMBERS : GAP_LEAST;
    Gap gap = {.now = (now.loss - all_now) / unit, .before = (before.loss - all_before) / unit};
    double error = sqrt(now.variance + before.variance) / unit;
    gap.size = gap.now - gap.before;
    gap.lower = fabs(gap.size) - NORMAL_95 * error;
    gap.upper = fabs(gap.size) + NORMAL_95 * error;
    gap.surprise = normal_surprise(fabs(gap.size) / error) - BOTH_WAYS;
    bool is_its_own = (now.loss - before.loss) / unit * gap.size > least * fabs(gap.size);
    gap.matters = gap.lower >= least && is_its_own;
    return gap;
}
