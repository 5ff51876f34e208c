/* SPDX-License-Identifier: Apache-2.0 */
#include "stats/severity.h"

#include <assert.h>

#include "base/real.h"

#define BONUS_OF_A_STEP 0.5

double severity_surprise(uint64_t grave, uint64_t all)
{
    assert(grave <= all);
    return grave < all ? real_log10((double)(all + 1) / (double)(grave + 1)) : 0;
}

double severity_bonus(Severity severity)
{
    assert(severity < SEVERITY_COUNT);
    return BONUS_OF_A_STEP * (double)severity;
}
