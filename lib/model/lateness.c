/* SPDX-License-Identifier: Apache-2.0 */
#include "model/lateness.h"

#include <assert.h>
#include <math.h>

#include "base/real.h"

#define STEPS_OF_OCTAVE 4.0
#define OCTAVE 0.69314718055994531
#define SHARES_LEAST 50 /* Fewer delays tell nothing. */

static size_t step_of(double seconds)
{
    if (!(seconds > 1))
        return 0;
    double step = real_log(seconds) / OCTAVE * STEPS_OF_OCTAVE;
    return step < LATENESS_STEPS - 1 ? (size_t)step : LATENESS_STEPS - 1;
}

void lateness_learn(Lateness *lateness, size_t kind, double seconds)
{
    assert(kind < LATENESS_KINDS);
    lateness->counts[kind][step_of(seconds)]++;
}

static uint64_t count_to(const Lateness *lateness, size_t kind, size_t end)
{
    uint64_t count = 0;
    for (size_t i = 0; i < end; i++)
        count += lateness->counts[kind][i];
    return count;
}

static double begin_of(size_t step)
{
    return step > 0 ? real_exp((double)step / STEPS_OF_OCTAVE * OCTAVE) : 0;
}

/* Of the step that the age itself lies in, as much as is over. */
double lateness_share(const Lateness *lateness, size_t kind, double seconds)
{
    size_t step = step_of(seconds);
    uint64_t all = count_to(lateness, kind, LATENESS_STEPS);
    if (all < SHARES_LEAST)
        return 1;
    double from = begin_of(step), over = (seconds - from) / (begin_of(step + 1) - from);
    over = over < 0 ? 0 : over > 1 ? 1 : over;
    double in =
        (double)count_to(lateness, kind, step) + over * (double)lateness->counts[kind][step];
    return in / (double)all;
}

double lateness_weight(const Lateness *lateness, size_t kind, double seconds)
{
    double share = lateness_share(lateness, kind, seconds);
    return share > 1 / LATENESS_WEIGHT_MAX ? 1 / share : LATENESS_WEIGHT_MAX;
}

double lateness_median(const Lateness *lateness)
{
    uint64_t all = 0, in = 0;
    for (size_t kind = 0; kind < LATENESS_KINDS; kind++)
        all += count_to(lateness, kind, LATENESS_STEPS);
    for (size_t step = 0; step < LATENESS_STEPS; step++) {
        for (size_t kind = 0; kind < LATENESS_KINDS; kind++)
            in += lateness->counts[kind][step];
        if (all > 0 && 2 * in >= all)
            return real_exp(((double)step + 0.5) / STEPS_OF_OCTAVE * OCTAVE);
    }
    return NAN;
}
