/* SPDX-License-Identifier: Apache-2.0 */
#include "learn/measure.h"

#include <math.h>
#include <stdlib.h>

#include "base/real.h"
#include "stats/normal.h"
#include "stats/student.h"

#define CHANCE_LEAST 1e-6
#define BLOCKS_MAX 30
#define BLOCK_ROWS_MIN 5
#define LOG10_OF_5_PERCENT (-1.3010299956639813)

double measure_log_loss(const double *values, double target)
{
    double chance = values[(size_t)target];
    return -real_log(chance > CHANCE_LEAST ? chance : CHANCE_LEAST);
}

/* The t beyond which 5 % lie, on both sides. */
static double student_95(double freedom)
{
    double low = 1.9, high = 13;
    for (int i = 0; i < 60; i++) {
        double middle = (low + high) / 2;
        *(student_both(middle, freedom) > LOG10_OF_5_PERCENT ? &low : &high) = middle;
    }
    return high;
}

Measure measure_mean(const double *values, size_t n)
{
    Measure measure = {NAN, NAN, NAN};
    if (n == 0)
        return measure;
    double sum = 0, squares = 0;
    for (size_t i = 0; i < n; i++)
        sum += values[i];
    measure.value = sum / (double)n;
    size_t blocks = n / BLOCK_ROWS_MIN < BLOCKS_MAX ? n / BLOCK_ROWS_MIN : BLOCKS_MAX;
    if (blocks < 2)
        return measure;
    for (size_t b = 0; b < blocks; b++) {
        size_t from = b * n / blocks, to = (b + 1) * n / blocks;
        double part = 0;
        for (size_t i = from; i < to; i++)
            part += values[i];
        double off = part / (double)(to - from) - measure.value;
        squares += off * off;
    }
    double freedom = (double)(blocks - 1);
    double half = student_95(freedom) * sqrt(squares / freedom / (double)blocks);
    measure.lower = measure.value - half;
    measure.upper = measure.value + half;
    return measure;
}

Measure measure_root(Measure of_squares)
{
    return (Measure){sqrt(of_squares.value), sqrt(of_squares.lower > 0 ? of_squares.lower : 0),
                     sqrt(of_squares.upper)};
}

static int by_score(const void *a, const void *b)
{
    const MeasureRank *x = a, *y = b;
    return (x->score > y->score) - (x->score < y->score);
}

Measure measure_area(MeasureRank *ranks, size_t n)
{
    double positives = 0, wins = 0, below = 0;
    qsort(ranks, n, sizeof *ranks, by_score);
    for (size_t i = 0, j; i < n; i = j) {
        double same_negative = 0, same_positive = 0;
        for (j = i; j < n && ranks[j].score == ranks[i].score; j++)
            *(ranks[j].is_positive ? &same_positive : &same_negative) += 1;
        wins += same_positive * (below + same_negative / 2);
        positives += same_positive;
        below += same_negative;
    }
    if (positives == 0 || below == 0)
        return (Measure){NAN, NAN, NAN};
    double area = wins / (positives * below);
    double one = area / (2 - area), two = 2 * area * area / (1 + area);
    double variance = (area * (1 - area) + (positives - 1) * (one - area * area) +
                       (below - 1) * (two - area * area)) /
                      (positives * below);
    double half = NORMAL_95 * sqrt(variance > 0 ? variance : 0);
    return (Measure){area, area - half > 0 ? area - half : 0, area + half < 1 ? area + half : 1};
}
