/* SPDX-License-Identifier: Apache-2.0 */
#include "stats/student.h"

#include <assert.h>
#include <math.h>

#include "stats/incomplete.h"

#define T_MAX 1e150 /* Its square is finite. */

double student_both(double t, double freedom)
{
    assert(freedom > 0);
    t = fabs(t);
    if (!(t > 0))
        return 0;
    if (t > T_MAX)
        t = T_MAX;
    double whole = freedom + t * t;
    return incomplete_beta(freedom / 2, 0.5, freedom / whole, t * t / whole).lower;
}
