/* SPDX-License-Identifier: Apache-2.0 */
#include "detect/band.h"

#include <math.h>
#include <stdbool.h>

#define TOLERANCE 0.125    /* Of the width. */
#define GRID 0.03125       /* Of the width, at most. */
#define EVERYDAY 1.0
#define SURPRISE_MAX 30.0  /* Beyond this no past is long enough to tell. */

static double width_of(const Judgement *j)
{
    double width = j->upper - j->lower;
    return width >= 0 && width < INFINITY ? width : 0;
}

/* Of two that are unknown, too. */
static bool is_near(double a, double b, double most)
{
    return fabs(a - b) <= most || (isnan(a) && isnan(b)) || a == b;
}

/* To a multiple of a power of two, so that nothing is lost by adding. */
static double rounded(double x, double width)
{
    int exponent;
    if (width == 0 || !(fabs(x) < INFINITY))
        return x;
    frexp(width * GRID, &exponent);
    double step = ldexp(1, exponent - 1), steps = x / step;
    return fabs(steps) < 0x1p52 ? floor(steps + 0.5) * step : x;
}

void band_follow(Band *band, const Judgement *judgement)
{
    if (isnan(judgement->expected)) {
        *band = (Band){.expected = NAN, .lower = NAN, .upper = NAN};
        return;
    }
    double width = width_of(judgement), most = width * TOLERANCE;
    if (band->is_known && is_near(band->expected, judgement->expected, most) &&
        is_near(band->lower, judgement->lower, most) &&
        is_near(band->upper, judgement->upper, most))
        return;
    band->expected = rounded(judgement->expected, width);
    band->lower = rounded(judgement->lower, width);
    band->upper = rounded(judgement->upper, width);
    band->is_known = 1;
}

double band_surprise(double surprise)
{
    if (surprise > SURPRISE_MAX)
        return SURPRISE_MAX;
    return surprise >= EVERYDAY ? floor(surprise * 8 + 0.5) / 8 : 0;
}
