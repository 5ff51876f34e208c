/* SPDX-License-Identifier: Apache-2.0 */
#include "stats/wilson.h"

#include <assert.h>
#include <math.h>

#include "stats/normal.h"

ShareInterval wilson_share(double part, double n)
{
    assert(part >= 0);
    assert(part <= n);
    if (!(n > 0))
        return (ShareInterval){NAN, NAN, NAN};
    double z = NORMAL_95, share = part / n, middle = (share + z * z / (2 * n)) / (1 + z * z / n);
    double reach = z * sqrt(share * (1 - share) / n + z * z / (4 * n * n)) / (1 + z * z / n);
    return (ShareInterval){share, fmax(middle - reach, 0), fmin(middle + reach, 1)};
}
