/* SPDX-License-Identifier: Apache-2.0 */
#include "stats/discovery.h"

#include "base/real.h"

void discovery_correct(double *surprises, size_t count, double looks)
{
    double best = 0;
    for (size_t i = count; i-- > 0;) {
        double share = looks / (double)(i + 1);
        double corrected = share > 1 ? surprises[i] - real_log10(share) : surprises[i];
        best = corrected > best ? corrected : best;
        surprises[i] = best;
    }
}
