/* SPDX-License-Identifier: Apache-2.0 */
#include "model/doubt.h"

#include <math.h>

#include "stats/normal.h"

void doubt_learn(Doubt *doubt, double error, double variance)
{
    if (!isfinite(error) || !isfinite(variance))
        return;
    doubt->errors += error * error;
    doubt->chances += variance;
    doubt->stretches++;
}

double doubt_variance(const Doubt *doubt)
{
    if (!(doubt->stretches > 0))
        return 0;
    double beyond = (doubt->errors - doubt->chances) / doubt->stretches;
    return beyond > 0 ? beyond : 0;
}

double doubt_reach(const Doubt *doubt, double variance)
{
    return NORMAL_95 * sqrt(variance + doubt_variance(doubt));
}
