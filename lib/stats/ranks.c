/* SPDX-License-Identifier: Apache-2.0 */
#include "stats/ranks.h"

#include <math.h>
#include <string.h>

#include "base/real.h"

#define SCORE_MIN 0.125
#define SCORE_MAX 127.999
#define CHANCE_MIN 1e-32     /* Beyond it a model is wrong, not the score odder. */
#define COUNT_MAX 0x8000u    /* Then the past is halved. */
#define MODEL_COUNT_MIN 32   /* Scores in cells before the tail is modelled. */
#define SHAPE_MAX 0.5        /* Heavier tails than that are not believed, ... */
#define SHAPE_MIN (-0.08)    /* ... nor shorter ones. */
#define SHAPE_LEAST 1e-6     /* In size: nearer to 0 it is exponential all the same. */
#define INSIDE_MIN (-0.999999) /* A short tail has an end, and a past that is as short as ours. */
#define SHAPE_SHRINK 200.0   /* Scores in the top sixteenth that halve the shrinkage. */
#define SCALE_SHARE_MIN 0.1  /* The scale is at least so much of the threshold: cells are coarse. */
#define USUAL_SHARE 0.1      /* A chance of 1/10 is usual, whatever is asked. */
#define LN2 0.69314718055994530942

/* The exponent and the two leading bits of the mantissa. */
static int cell_of(double score)
{
    uint64_t bits, least;
    double   from = SCORE_MIN;
    memcpy(&bits, &score, sizeof bits);
    memcpy(&least, &from, sizeof least);
    return (int)(bits >> 50) - (int)(least >> 50);
}

static double cell_start(int cell)
{
    double step = 1 + 0.25 * (cell & 3);
    return SCORE_MIN * (double)(1u << (cell >> 2)) * step;
}

static double bounded(double score)
{
    if (!(score >= SCORE_MIN))
        return 0;
    return score < SCORE_MAX ? score : SCORE_MAX;
}

typedef struct {
    double count; /* Past scores that are at least so high, a cell taken as evenly filled. */
    double about; /* Those in higher cells, and half of those in its own. */
} Above;

static uint32_t sum_from(const Ranks *ranks, int cell)
{
    uint32_t sum = 0;
    for (int i = cell; i < RANKS_CELL_COUNT; i++)
        sum += ranks->cells[i];
    return sum;
}

static Above above_of(const Ranks *ranks, double score)
{
    int at = cell_of(score);
    double over = sum_from(ranks, at + 1), here = ranks->cells[at];
    double from = cell_start(at), to = cell_start(at + 1);
    return (Above){.count = over + here * (to - score) / (to - from), .about = over + here / 2};
}

typedef struct {
    double quarter, eighth, sixteenth; /* Scores that so many of those in cells lie above. */
} Quantiles;

static double within(int cell, double rank, double over, double here)
{
    double from = cell_start(cell), to = cell_start(cell + 1);
    return to - (to - from) * (rank - over) / here;
}

static Quantiles quantiles_of(const Ranks *ranks, double cells)
{
    Quantiles q = {0, 0, 0};
    double over = 0;
    for (int i = RANKS_CELL_COUNT - 1; i >= 0 && q.quarter == 0; i--) {
        double here = ranks->cells[i], sum = over + here;
        if (q.sixteenth == 0 && sum >= cells / 16)
            q.sixteenth = within(i, cells / 16, over, here);
        if (q.eighth == 0 && sum >= cells / 8)
            q.eighth = within(i, cells / 8, over, here);
        if (sum >= cells / 4)
            q.quarter = within(i, cells / 4, over, here);
        over = sum;
    }
    return q;
}

static void fit(Ranks *ranks)
{
    double cells = sum_from(ranks, 0), shape = 0;
    ranks->eighth = 0;
    if (cells < MODEL_COUNT_MIN)
        return;
    Quantiles q = quantiles_of(ranks, cells);
    double spread = q.eighth - q.quarter, outer = q.sixteenth - q.eighth;
    if (spread > 0 && outer > 0)
        shape = real_log(outer / spread) / LN2 * cells / (cells + 16 * SHAPE_SHRINK);
    shape = shape > SHAPE_MAX ? SHAPE_MAX : shape < SHAPE_MIN ? SHAPE_MIN : shape;
    shape += 4 / cells;
    if (fabs(shape) < SHAPE_LEAST)
        shape = SHAPE_LEAST;
    double scale = (q.sixteenth - q.quarter) * shape / (real_exp(2 * LN2 * shape) - 1);
    scale += shape * spread;
    if (scale < SCALE_SHARE_MIN * q.eighth)
        scale = SCALE_SHARE_MIN * q.eighth;
    ranks->eighth = (float)q.eighth;
    ranks->scale = (float)scale;
    ranks->shape = (float)shape;
}

/* The share of the past that passed the upper eighth, times the chance to get from there to
 * `score`. */
static double pareto(const Ranks *ranks, double score, double n)
{
    double inside = ranks->shape * (score - ranks->eighth) / ranks->scale;
    double further = -real_log1p(inside > INSIDE_MIN ? inside : INSIDE_MIN) / ranks->shape;
    double chance = (above_of(ranks, ranks->eighth).count + 1) / n * real_exp(further);
    return chance > CHANCE_MIN ? chance : CHANCE_MIN;
}

static double chance_of(const Ranks *ranks, double score, Above above, double weight)
{
    double n = ranks->count + 1.0, chance = (above.count + 1) / n;
    if (ranks->eighth > 0 && score > ranks->eighth)
        chance = pareto(ranks, score, n);
    chance += weight * above.about / n;
    return chance < 1 ? chance : 1;
}

double ranks_chance(const Ranks *ranks, double score, double weight)
{
    score = bounded(score);
    if (score == 0 || ranks->count == 0)
        return 1;
    return chance_of(ranks, score, above_of(ranks, score), weight);
}

/* Most scores are usual, which is seen without the logarithms. */
double ranks_excess(const Ranks *ranks, double score, double weight, double usual)
{
    score = bounded(score);
    if (score == 0 || ranks->count == 0 || (ranks->eighth > 0 && score <= ranks->eighth))
        return 0;
    Above above = above_of(ranks, score);
    if (weight * above.about > USUAL_SHARE * (ranks->count + 1.0))
        return 0;
    double excess = -real_log10(chance_of(ranks, score, above, weight)) - usual;
    return excess > 0 ? excess : 0;
}

double ranks_score(const Ranks *ranks, double chance, double weight)
{
    double low = 0, high = SCORE_MAX;
    for (int i = 0; i < 24; i++) { /* The chance falls as the score grows: halve the bracket. */
        double middle = (low + high) / 2;
        if (ranks_chance(ranks, middle, weight) > chance)
            low = middle;
        else
            high = middle;
    }
    return high;
}

static void halve(Ranks *ranks)
{
    uint32_t in_cells = 0, kept = 0;
    for (int i = 0; i < RANKS_CELL_COUNT; i++) {
        in_cells += ranks->cells[i];
        ranks->cells[i] /= 2;
        kept += ranks->cells[i];
    }
    ranks->count = kept + (ranks->count - in_cells) / 2;
}

void ranks_learn(Ranks *ranks, double score)
{
    score = bounded(score);
    if (score > 0)
        ranks->cells[cell_of(score)]++;
    if (++ranks->count >= COUNT_MAX)
        halve(ranks);
    if (ranks->count % RANKS_FIT_EVERY == 0)
        fit(ranks);
}
