/* SPDX-License-Identifier: Apache-2.0 */
#include "stats/false_discovery.h"

#include "base/real.h"

void false_discovery_adjust(double *surprises, size_t count, double n)
{
    double best = 0, looks = n > (double)count ? real_log10(n) : real_log10((double)count);
    for (size_t k = count; k > 0; k--) {
        double own = surprises[k - 1] - looks + real_log10((double)k);
        if (own > best)
            best = own;
        if (surprises[k - 1] > best)
            surprises[k - 1] = best;
    }
}
