/* SPDX-License-Identifier: Apache-2.0 */
#include "stats/two_series.h"

#include <assert.h>
#include <math.h>
#include <stdbool.h>
#include <string.h>

#include "base/real.h"
#include "stats/order.h"
#include "stats/student.h"

#define BLOCKS_MIN 8         /* Of the first run. */
#define SPREAD_BLOCK_MIN 8   /* Samples of a block that may have a spread. */
#define RUNS_DIFFER_LEVEL 0.15 /* In usual deviations. */
#define RUNS_DIFFER_RATIO 0.15 /* Natural logarithm of a ratio. */
#define LEVEL_SHARE_MIN 1e-3 /* A change by less than so much of the level is none. */
#define FREEDOM_MAX 6.0     /* Tails of real blocks are heavier than normal ones. */
#define ALIKE_MAX 0.95       /* Of neighbouring blocks: their correlation.         */
#define MEDIAN_VARIANCE 1.57 /* Of a median, in variances of a mean. */
#define TINY 1e-300

typedef struct {
    double *values; /* Of the blocks, in their order. */
    size_t  count;
} Blocks;

typedef struct {
    double centre, deviation;
    double alike; /* How much the variance of a mean of them is larger for their correlation. */
} Summary;

/* -- one block ------------------------------------------------------------------------------- */

static double median_of(const double *values, size_t n, double *scratch)
{
    memcpy(scratch, values, n * sizeof *values);
    order_sort(scratch, n);
    return order_median(scratch, n);
}

static double step_of(const double *values, size_t n)
{
    double sum = 0;
    for (size_t i = 1; i < n; i++)
        sum += fabs(values[i] - values[i - 1]);
    return sum / (double)(n - 1);
}

/* floor: what counts as no spread at all. */
static double block_value(Aspect aspect, const double *values, size_t n, double floor,
                          double *scratch)
{
    double median = median_of(values, n, scratch);
    if (aspect == ASPECT_LEVEL)
        return median;
    double spread = order_scatter(values, n, median) + floor;
    if (aspect == ASPECT_SPREAD)
        return real_log(spread);
    return real_log((step_of(values, n) + floor) / spread);
}

static Blocks cut(Aspect aspect, Run run, size_t size, double floor, double *to, double *scratch)
{
    Blocks blocks = {.values = to, .count = run.count / size};
    for (size_t i = 0; i < blocks.count; i++)
        to[i] = block_value(aspect, run.values + i * size, size, floor, scratch);
    return blocks;
}

/* -- both runs ------------------------------------------------------------------------------- */

/* If blocks are short beside the time that the metric takes to forget, neighbours are alike, and
 * few blocks show less of it than there is (M. G. Kendall, 1954). */
static double inflation_of(Blocks blocks, double centre)
{
    double product = 0, square = 0, n = (double)blocks.count;
    for (size_t i = 0; i < blocks.count; i++) {
        double here = blocks.values[i] - centre;
        square += here * here;
        product += i > 0 ? here * (blocks.values[i - 1] - centre) : 0;
    }
    double correlation = square > 0 ? product / square : 0;
    correlation += (1 + 4 * correlation) / n;
    if (!(correlation > 0))
        return 1;
    if (correlation > ALIKE_MAX)
        correlation = ALIKE_MAX;
    return (1 + correlation) / (1 - correlation);
}

static Summary summary_of(Blocks blocks, double *scratch)
{
    memcpy(scratch, blocks.values, blocks.count * sizeof *scratch);
    order_sort(scratch, blocks.count);
    double centre = order_median(scratch, blocks.count);
    return (Summary){.centre = centre,
                     .deviation = order_deviation(scratch, blocks.count),
                     .alike = inflation_of(blocks, centre)};
}

static double variance_of_centre(Summary summary, size_t count)
{
    double variance = summary.deviation * summary.deviation;
    double one = count > 2 ? MEDIAN_VARIANCE / (double)count : 1 / (double)count;
    return variance * (count > 1 ? one * summary.alike : one);
}

/* Blocks of the second run scatter as those of the first, or more; few of them cannot tell. */
static double deviation_of_second(Summary first, Summary second, size_t count)
{
    bool is_known = count > 2 && second.deviation > first.deviation;
    return is_known ? second.deviation : first.deviation;
}

/* Of the blocks of the first run, those as far from their centre as the second run is. */
static double share_as_far(Blocks blocks, double centre, double distance)
{
    size_t as_far = 0;
    for (size_t i = 0; i < blocks.count; i++)
        as_far += fabs(blocks.values[i] - centre) >= distance;
    return as_far > 0 ? ((double)as_far + 1) / ((double)blocks.count + 1) : 0;
}

static double surprise_of(Blocks first, Summary a, double centre, double variance, double freedom)
{
    double distance = fabs(centre - a.centre);
    if (!(distance > 0))
        return 0;
    double t = distance / sqrt(variance + TINY);
    double log10_chance = student_both(t, freedom < FREEDOM_MAX ? freedom : FREEDOM_MAX);
    double share = share_as_far(first, a.centre, distance);
    double bound = share > 0 ? -real_log10(share) : INFINITY;
    return -log10_chance < bound ? -log10_chance : bound;
}

/* All blocks of the second run together. */
static double surprise_of_all(Blocks first, Blocks second, Summary a, Summary b, double runs_differ)
{
    Summary spread = {.deviation = deviation_of_second(a, b, second.count), .alike = a.alike};
    double variance = variance_of_centre(a, first.count) +
                      variance_of_centre(spread, second.count) + runs_differ * runs_differ;
    return surprise_of(first, a, b.centre, variance, (double)(first.count + second.count) - 2);
}

/* The block of the second run that is farthest off, on the side to which all of it has gone. */
static size_t farthest(Blocks blocks, bool is_up)
{
    size_t best = 0;
    for (size_t i = 1; i < blocks.count; i++) {
        double gain = blocks.values[i] - blocks.values[best];
        if (is_up ? gain > 0 : gain < 0)
            best = i;
    }
    return best;
}

typedef struct {
    double median, deviation, lower, upper;
} Usual;

static Usual usual_of(Run run, double *scratch)
{
    memcpy(scratch, run.values, run.count * sizeof *scratch);
    order_sort(scratch, run.count);
    return (Usual){.median = order_median(scratch, run.count),
                   .deviation = order_deviation(scratch, run.count),
                   .lower = order_quantile(scratch, run.count, 0.01),
                   .upper = order_quantile(scratch, run.count, 0.99)};
}

/* Blocks as long as the second run, but at least BLOCKS_MIN of the first, if it has so many
 * samples. */
static size_t block_size(size_t first, size_t second, size_t least)
{
    size_t size = first / BLOCKS_MIN < second ? first / BLOCKS_MIN : second;
    return size > least ? size : least;
}

/* Differences below this are none, whatever the values are. */
static double floor_of(Usual first, double second_median)
{
    double a = fabs(first.median), b = fabs(second_median);
    return LEVEL_SHARE_MIN * (first.deviation + (a > b ? a : b)) + TINY;
}

static bool is_ratio(Aspect aspect)
{
    return aspect == ASPECT_SPREAD || aspect == ASPECT_SHAPE;
}

static bool is_enough(Aspect aspect, Run first, Run second)
{
    if (!is_ratio(aspect))
        return first.count >= TWO_SERIES_LEVEL_MIN && second.count > 0;
    return first.count >= 4 * SPREAD_BLOCK_MIN && second.count >= SPREAD_BLOCK_MIN;
}

static Change change_of(Aspect aspect, Blocks a, Blocks b, Usual usual, double floor, double *rest)
{
    Summary of_a = summary_of(a, rest), of_b = summary_of(b, rest);
    double runs_differ =
        is_ratio(aspect) ? RUNS_DIFFER_RATIO : RUNS_DIFFER_LEVEL * usual.deviation + floor;
    Change change = {.surprise = surprise_of_all(a, b, of_a, of_b, runs_differ),
                     .seen = of_b.centre,
                     .expected = of_a.centre,
                     .lower = usual.lower,
                     .upper = usual.upper,
                     .effect = (of_b.centre - of_a.centre) / (usual.deviation + floor),
                     .first = farthest(b, of_b.centre > of_a.centre)};
    if (is_ratio(aspect)) {
        change.seen = real_exp(of_b.centre);
        change.expected = real_exp(of_a.centre);
        change.effect = change.seen / change.expected;
    }
    return change;
}

Change two_series(Aspect aspect, Run first, Run second, double *scratch)
{
    if (!is_enough(aspect, first, second))
        return (Change){.seen = NAN, .expected = NAN, .lower = NAN, .upper = NAN, .effect = NAN};
    Usual usual = usual_of(first, scratch);
    double floor = floor_of(usual, median_of(second.values, second.count, scratch));
    size_t size = block_size(first.count, second.count, is_ratio(aspect) ? SPREAD_BLOCK_MIN : 1);
    double *rest = scratch + first.count / size + second.count / size;
    Blocks a = cut(aspect, first, size, floor, scratch, rest);
    Blocks b = cut(aspect, second, size, floor, scratch + a.count, rest);
    Change change = change_of(aspect, a, b, usual, floor, rest);
    change.first *= size;
    change.count = size;
    return change;
}
