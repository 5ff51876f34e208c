/* SPDX-License-Identifier: Apache-2.0 */
#include "stats/tail.h"

#include <math.h>
#include <string.h>

#include "base/real.h"

#define COUNT_MAX 0xffffu   /* So that no cell overflows; then the past is halved. */
#define MODEL_COUNT_MIN 32  /* Scores above zero before the tail is modelled.      */
#define SHAPE_MAX 0.5       /* Heavier tails than that are not believed.           */
#define SHAPE_SHRINK 200.0  /* Scores in the top sixteenth that halve the shrinkage. */
#define SCALE_SHARE_MIN 0.1 /* The scale is at least so much of the threshold: cells are coarse. */
#define LN2 0.69314718055994530942

/* Four cells an octave: the exponent and the two leading bits of the mantissa. */
static int cell_of(double raw)
{
    uint64_t bits;
    memcpy(&bits, &raw, sizeof bits);
    return (int)(bits >> 50);
}

static double cell_start(int cell)
{
    uint64_t bits = (uint64_t)cell << 50;
    double raw;
    memcpy(&raw, &bits, sizeof raw);
    return raw;
}

static double edge(const Tail *tail, int i)
{
    return cell_start(tail->base + i);
}

/* The index of raw's cell: -1 below the first, the last one for all that is above. */
static int index_of(const Tail *tail, double raw)
{
    int i = cell_of(raw) - tail->base;
    if (i < 0)
        return -1;
    return i < TAIL_CELL_COUNT ? i : TAIL_CELL_COUNT - 1;
}

/* How many past scores are at least raw, a cell taken as evenly filled. */
static double count_above(const Tail *tail, double raw)
{
    int at = index_of(tail, raw);
    if (at < 0)
        return tail->count;
    double above = 0;
    for (int i = at + 1; i < TAIL_CELL_COUNT; i++)
        above += tail->cells[i];
    double from = edge(tail, at), to = edge(tail, at + 1);
    double share = raw < to ? (to - raw) / (to - from) : 0;
    return above + tail->cells[at] * share;
}

/* The score that `rank` past scores lie above. */
static double value_above(const Tail *tail, double rank)
{
    double above = 0;
    for (int i = TAIL_CELL_COUNT - 1; i >= 0; i--) {
        double here = tail->cells[i];
        if (here > 0 && above + here >= rank) {
            double from = edge(tail, i), to = edge(tail, i + 1);
            return to - (to - from) * (rank - above) / here;
        }
        above += here;
    }
    return edge(tail, 0);
}

/* log10 of the chance to pass raw, given that the threshold is passed. */
static double pareto_tail(double excess, double scale, double shape)
{
    return -real_log1p(shape * excess / scale) / shape / REAL_LN10;
}

double tail_surprise(const Tail *tail, double raw)
{
    if (!(raw > 0) || tail->count == 0)
        return 0;
    double n = tail->count, positive = n - tail->zeros;
    double rank = -real_log10((count_above(tail, raw) + 1) / (n + 1));
    if (positive < MODEL_COUNT_MIN)
        return rank > 0 ? rank : 0;
    double quarter = value_above(tail, positive / 4), eighth = value_above(tail, positive / 8);
    double sixteenth = value_above(tail, positive / 16);
    if (raw <= eighth)
        return rank > 0 ? rank : 0;
    double shape = 0, spread = eighth - quarter, outer = sixteenth - eighth;
    if (spread > 0 && outer > spread)
        shape = real_log(outer / spread) / LN2 * positive / (positive + 16 * SHAPE_SHRINK);
    if (shape > SHAPE_MAX)
        shape = SHAPE_MAX;
    shape += 4 / positive;
    double scale = (sixteenth - quarter) * shape / (real_exp(2 * LN2 * shape) - 1);
    scale += shape * spread;
    if (scale < SCALE_SHARE_MIN * eighth)
        scale = SCALE_SHARE_MIN * eighth;
    double passed = real_log10((positive / 8 + 1) / (n + 1));
    return -(passed + pareto_tail(raw - eighth, scale, shape));
}

double tail_value(const Tail *tail, double surprise)
{
    if (tail->count == 0 || !tail->used)
        return 0;
    double low = 0, high = edge(tail, TAIL_CELL_COUNT);
    for (int i = 0; i < 40; i++) { /* Surprise grows with the raw score: halve the bracket. */
        double middle = (low + high) / 2;
        if (tail_surprise(tail, middle) < surprise)
            low = middle;
        else
            high = middle;
    }
    return high;
}

static void halve(Tail *tail)
{
    tail->zeros /= 2;
    tail->count = tail->zeros;
    for (int i = 0; i < TAIL_CELL_COUNT; i++) {
        tail->cells[i] /= 2;
        tail->count += tail->cells[i];
    }
}

void tail_learn(Tail *tail, double raw)
{
    if (isnan(raw) || raw < 0)
        return;
    if (raw > 0 && !tail->used) {
        tail->base = (int16_t)(cell_of(raw) - TAIL_CELL_COUNT / 2);
        if (tail->base < 0)
            tail->base = 0;
        tail->used = 1;
    }
    int at = tail->used && raw > 0 ? index_of(tail, raw) : -1;
    if (at < 0)
        tail->zeros++;
    else
        tail->cells[at]++;
    tail->count++;
    if (tail->count >= COUNT_MAX)
        halve(tail);
}

void tail_merge(Tail *tail, const Tail *other)
{
    if (!tail->used) {
        tail->base = other->base;
        tail->used = other->used;
    }
    Tail sum = *tail;
    while (sum.count + (uint64_t)other->count >= COUNT_MAX)
        halve(&sum);
    sum.zeros += other->zeros;
    sum.count += other->count;
    for (int i = 0; i < TAIL_CELL_COUNT; i++) {
        int at = other->cells[i] > 0 ? index_of(&sum, edge(other, i)) : -1;
        if (at >= 0)
            sum.cells[at] = (uint16_t)(sum.cells[at] + other->cells[i]);
        else
            sum.zeros += other->cells[i];
    }
    *tail = sum;
}
