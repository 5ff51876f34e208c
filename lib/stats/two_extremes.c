/* SPDX-License-Identifier: Apache-2.0 */
#include "stats/two_extremes.h"

#include <math.h>
#include <string.h>

#include "base/real.h"
#include "stats/combine.h"
#include "stats/order.h"

#define BLOCKS_MAX 1024    /* Of the first run. */
#define TAIL_SHARE 0.05    /* Of the blocks: those whose maxima make the tail. */
#define TAIL_MIN 8
#define RANK_WORTH 2.0     /* Of values that are just beyond ...        */
#define RANK_WORTH_MAX 3.0 /* ... and of those of a surprise from here: */
#define SIZE_FAR 20.0
#define LEVEL_SHARE_MIN 1e-3 /* A change by less than so much of the level is none. */
#define TINY 1e-300

static const size_t together[] = {1, 2, 3, 5, 8, 13, 21}; /* So many of the largest. */

/* All is done for the largest values; for the smallest the signs are turned. */
typedef struct {
    double sign;
    double median, deviation, lower, upper;
    double floor;
} Usual;

static Usual usual_of(bool largest, Run run, double *scratch)
{
    memcpy(scratch, run.values, run.count * sizeof *scratch);
    order_sort(scratch, run.count);
    Usual usual = {.sign = largest ? 1 : -1,
                   .median = order_median(scratch, run.count),
                   .deviation = order_deviation(scratch, run.count),
                   .lower = order_quantile(scratch, run.count, 0.01),
                   .upper = order_quantile(scratch, run.count, 0.99)};
    usual.floor = LEVEL_SHARE_MIN * (usual.deviation + fabs(usual.median)) + TINY;
    return usual;
}

/* The largest distance from the median in [from, to), on the side that is looked at; *ret_at: where
 * it is. */
static double distance_of(Run run, size_t from, size_t to, Usual usual, size_t *ret_at)
{
    double largest = -INFINITY;
    for (size_t i = from; i < to; i++) {
        double distance = usual.sign * (run.values[i] - usual.median);
        if (distance > largest) {
            largest = distance;
            *ret_at = i;
        }
    }
    return largest;
}

/* The last block may be longer. */
static size_t cut(Run run, size_t size, Usual usual, double *to)
{
    size_t count = run.count / size > 0 ? run.count / size : 1, at;
    for (size_t i = 0; i < count; i++)
        to[i] = distance_of(run, i * size, i + 1 < count ? (i + 1) * size : run.count, usual, &at);
    return count;
}

/* What the largest distances of the first run say of any larger one. */
typedef struct {
    double from, sum;   /* Where the tail begins; logarithms of how far its values go beyond. */
    double share, count;
    double apart;       /* How far values of the tail are from coming in one go: 0..1. */
} Tail;

/* Of those that reach the tail, how many follow another one at once, beside what chance lets. */
static double apart_of(const double *distances, size_t n, double from, double share)
{
    size_t reached = 0, begun = 0;
    for (size_t i = 0; i < n; i++) {
        bool is_high = distances[i] > from;
        reached += is_high;
        begun += is_high && (i == 0 || distances[i - 1] <= from);
    }
    double apart = reached > 0 ? (double)begun / ((double)reached * (1 - share)) : 1;
    return apart < 1 ? apart : 1;
}

/* distances: as they come; sorted afterwards. */
static Tail tail_of(double *distances, size_t n, double floor, double *scratch)
{
    memcpy(scratch, distances, n * sizeof *scratch);
    order_sort(scratch, n);
    size_t count = (size_t)((double)n * TAIL_SHARE);
    count = count > TAIL_MIN ? count : TAIL_MIN;
    double from = scratch[n - count - 1] > 0 ? scratch[n - count - 1] + floor : floor;
    Tail tail = {.from = from, .count = (double)count, .share = (double)count / (double)n};
    for (size_t i = n - count; i < n; i++)
        tail.sum += scratch[i] > from ? real_log(scratch[i] / from) : 0;
    tail.sum += LEVEL_SHARE_MIN * tail.count; /* Equal ones are no proof that there is no tail. */
    tail.apart = apart_of(distances, n, from, tail.share);
    memcpy(distances, scratch, n * sizeof *scratch);
    return tail;
}

/* -log10 of the chance that a distance of the first run is as large. */
static double size_surprise(const Tail *tail, double distance)
{
    if (distance <= tail->from)
        return 0;
    double beyond = real_log1p(real_log(distance / tail->from) / tail->sum);
    return tail->count * beyond / REAL_LN10 - real_log10(tail->share);
}

/* The largest j of the second run, of m, judged by the smallest of them; and by their ranks among
 * the n of the first run.  What comes in one go counts as one. */
static double surprise_of(const Tail *tail, size_t n, const double *b, size_t m, size_t j)
{
    double counted = 1 + (double)(j - 1) * tail->apart, choices = 0, ranks = 0;
    for (size_t i = 0; i < j; i++) {
        choices += real_log10((double)(m - i) / (double)(i + 1));
        ranks -= real_log10((double)(m - i) / (double)(n + m - i));
    }
    double size = counted * size_surprise(tail, b[m - j]) - choices;
    double far = size < SIZE_FAR ? fmax(size, 0) / SIZE_FAR : 1;
    ranks *= (RANK_WORTH + far * (RANK_WORTH_MAX - RANK_WORTH)) * counted / (double)j;
    return ranks < size ? ranks : size;
}

static double surprise_of_all(double *a, size_t n, double *b, size_t m, double floor,
                              double *scratch)
{
    Tail tail = tail_of(a, n, floor, scratch);
    double surprise = 0;
    order_sort(b, m);
    size_t looks = sizeof together / sizeof together[0];
    for (size_t i = 0; i < looks; i++) {
        size_t j = together[i];
        if (j > m || b[m - j] <= a[n - 1] + floor)
            break;
        double of_j = surprise_of(&tail, n, b, m, j);
        surprise = of_j > surprise ? of_j : surprise;
    }
    return combine_bonferroni(surprise, (double)looks);
}

Change two_extremes(bool largest, Run first, Run second, double *scratch)
{
    Change change = {.seen = NAN, .expected = NAN, .lower = NAN, .upper = NAN, .effect = NAN};
    if (first.count < TWO_EXTREMES_MIN || second.count == 0)
        return change;
    Usual usual = usual_of(largest, first, scratch);
    size_t size = (first.count + BLOCKS_MAX - 1) / BLOCKS_MAX, at = 0;
    size_t n = cut(first, size, usual, scratch);
    size_t m = cut(second, size, usual, scratch + n);
    if (n < TWO_EXTREMES_MIN)
        return change;
    change.surprise = surprise_of_all(scratch, n, scratch + n, m, usual.floor, scratch + n + m);
    distance_of(second, 0, second.count, usual, &at);
    change.seen = second.values[at];
    change.expected = usual.median;
    change.lower = usual.lower;
    change.upper = usual.upper;
    change.effect = (change.seen - change.expected) / (usual.deviation + usual.floor);
    change.first = at;
    change.count = 1;
    return change;
}
