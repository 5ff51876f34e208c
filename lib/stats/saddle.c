/* SPDX-License-Identifier: Apache-2.0 */
#include "stats/saddle.h"

#include <math.h>

#include "base/real.h"

#define HALF_LN_2PI 0.91893853320467274178
#define STIRLING_SERIES_MIN 16

double saddle_stirling_error(double x)
{
    if (x < STIRLING_SERIES_MIN)
        return real_lgamma(x + 1) - (x + 0.5) * real_log(x) + x - HALF_LN_2PI;
    double y = 1 / (x * x);
    double sum = -691.0 / 360360;
    sum = sum * y + 1.0 / 1188;
    sum = sum * y - 1.0 / 1680;
    sum = sum * y + 1.0 / 1260;
    sum = sum * y - 1.0 / 360;
    sum = sum * y + 1.0 / 12;
    return sum / x;
}

double saddle_deviance(double x, double mean)
{
    double difference = x - mean, v = difference / (x + mean);
    if (fabs(v) >= 0.1)
        return x * real_log(x / mean) - difference;
    /* Near the mean: x (2 artanh v) - difference, its large parts cancelled by hand. */
    double sum = difference * v, term = 2 * x * v, v2 = v * v;
    for (int k = 3; k < 40; k += 2) {
        term *= v2;
        double next = sum + term / k;
        if (next == sum)
            break;
        sum = next;
    }
    return sum;
}

double saddle_poisson(double x, double mean)
{
    if (x == 0)
        return -mean;
    return -saddle_stirling_error(x) - saddle_deviance(x, mean) - HALF_LN_2PI - 0.5 * real_log(x);
}

double saddle_binomial(double x, double y, double p, double q)
{
    double n = x + y;
    double errors = saddle_stirling_error(n) - saddle_stirling_error(x) - saddle_stirling_error(y);
    double deviances = saddle_deviance(x, n * p) + saddle_deviance(y, n * q);
    return errors - deviances - HALF_LN_2PI + 0.5 * real_log(n / x / y);
}
