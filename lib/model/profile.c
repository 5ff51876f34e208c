/* SPDX-License-Identifier: Apache-2.0 */
#include "model/profile.h"

#include <math.h>

#define STEPS 16777216.0 /* 2^24, of one unit of scale. */
#define UNITS_MAX 1048576.0

void profile_begin(Profile *profile)
{
    memset(profile, 0, sizeof *profile);
    profile->least = INFINITY;
    profile->most = -INFINITY;
}

static int64_t fixed(double x, const Bins *bins)
{
    double units = (x - bins->center) / bins->scale;
    units = units > UNITS_MAX ? UNITS_MAX : units;
    units = units < -UNITS_MAX ? -UNITS_MAX : units;
    return (int64_t)floor(units * STEPS + 0.5);
}

void profile_learn(Profile *profile, const Bins *bins, const double *numbers, const uint8_t *cells,
                   size_t n)
{
    for (size_t i = 0; i < n; i++)
        profile->cells[cells[i]]++;
    if (bins->kind != BINS_NUMBER)
        return;
    for (size_t i = 0; i < n; i++) {
        if (cells[i] >= BINS_MAX)
            continue;
        int64_t step = fixed(numbers[i], bins);
        profile->sum += step;
        profile->squares += (FixedSum)step * step;
        profile->least = numbers[i] < profile->least ? numbers[i] : profile->least;
        profile->most = numbers[i] > profile->most ? numbers[i] : profile->most;
    }
}

void profile_add(Profile *profile, const Profile *more)
{
    profile->sum += more->sum;
    profile->squares += more->squares;
    profile->least = more->least < profile->least ? more->least : profile->least;
    profile->most = more->most > profile->most ? more->most : profile->most;
    for (size_t i = 0; i < CELL_COUNT; i++)
        profile->cells[i] += more->cells[i];
}

static uint64_t count_in(const Profile *profile, size_t cells)
{
    uint64_t count = 0;
    for (size_t i = 0; i < cells; i++)
        count += profile->cells[i];
    return count;
}

uint64_t profile_count(const Profile *profile)
{
    return count_in(profile, CELL_COUNT);
}

uint64_t profile_numbers(const Profile *profile)
{
    return count_in(profile, BINS_MAX);
}

double profile_mean(const Profile *profile, const Bins *bins)
{
    uint64_t n = profile_numbers(profile);
    if (n == 0 || bins->kind != BINS_NUMBER)
        return NAN;
    return bins->center + bins->scale * ((double)profile->sum / STEPS / (double)n);
}

double profile_deviation(const Profile *profile, const Bins *bins)
{
    double n = (double)profile_numbers(profile);
    if (!(n > 0) || bins->kind != BINS_NUMBER)
        return NAN;
    double mean = (double)profile->sum / STEPS / n;
    double variance = (double)profile->squares / STEPS / STEPS / n - mean * mean;
    return bins->scale * sqrt(variance > 0 ? variance : 0);
}
