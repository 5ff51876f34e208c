/* SPDX-License-Identifier: Apache-2.0
 *
 * dice.h - chance for the company: the same throws for the same seed, moment and topic, whatever
 * was thrown for others.
 *
 * EXACTNESS  Adds, multiplies and takes roots alone: the same on every machine.
 */
#ifndef SIM_DICE_H
#define SIM_DICE_H
#include <math.h>
#include <stdint.h>

typedef struct {
    uint64_t state;
} Dice;

/* S. Vigna's splitmix64. */
static inline uint64_t dice_throw(Dice *dice)
{
    uint64_t z = (dice->state += 0x9e3779b97f4a7c15ULL);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
    return z ^ (z >> 31);
}

static inline Dice dice_of(uint64_t seed, int moment, int topic)
{
    Dice dice = {.state = seed * 0x2545f4914f6cdd1dULL};
    dice.state = dice_throw(&dice) + (uint64_t)moment;
    dice.state = dice_throw(&dice) + (uint64_t)topic;
    return dice;
}

static inline int dice_below(Dice *dice, int n)
{
    return (int)(dice_throw(dice) % (uint64_t)n);
}

static inline double dice_share(Dice *dice) /* From 0 to below 1. */
{
    return (double)(dice_throw(dice) >> 11) / 0x1p53;
}

/* Nearly normal, with variance 1: the sum of twelve. */
static inline double dice_noise(Dice *dice)
{
    double sum = -6;
    for (int i = 0; i < 12; i++)
        sum += dice_share(dice);
    return sum;
}

/* How often something happens that happens `mean` times as a rule. */
static inline int dice_count(Dice *dice, double mean)
{
    if (mean > 12) {
        double count = floor(mean + sqrt(mean) * dice_noise(dice) + 0.5);
        return count > 0 ? (int)count : 0;
    }
    int trials = 8 * (int)ceil(mean), count = 0;
    for (int i = 0; i < trials; i++)
        count += dice_share(dice) * trials < mean;
    return count;
}

#endif
