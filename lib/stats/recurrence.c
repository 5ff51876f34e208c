/* SPDX-License-Identifier: Apache-2.0 */
#include "stats/recurrence.h"

#include "base/real.h"

/* A run that shows next to nothing of the first one still says little against it. */
#define RUN_SHARE_MIN 0.5

static double run_share(Recurrence run)
{
    double share = ((double)run.recurring + 1) / ((double)run.shapes + 2);
    return share > RUN_SHARE_MIN ? share : RUN_SHARE_MIN;
}

double recurrence_surprise(Recurrence family, Recurrence run, Severity severity)
{
    double q = ((double)family.recurring + RECURRENCE_PRIOR * run_share(run)) /
               ((double)family.shapes + RECURRENCE_PRIOR);
    double surprise = 3 + real_log10(q / (1 - q));
    return (surprise > 0 ? surprise : 0) + severity_bonus(severity);
}
