/* SPDX-License-Identifier: Apache-2.0 */
#include "stats/episode.h"

#include <assert.h>
#include <math.h>
#include <stddef.h>

#include "base/real.h"
#include "stats/count_tail.h"

#define N EPISODE_BUCKET_COUNT_MAX
#define SCALE_COUNT 6         /* Scatter is measured over 1, 2, 4 ... 32 buckets.    */
#define BLOCK_COUNT_MIN 5     /* Blocks that a scale needs outside the stretch.      */
#define SCATTER_UNSURE 1.0    /* Standard errors that are added to the dispersion.   */
#define BETTER_SHAPE_GAIN 3.0 /* A shape must make the counts exp(3) times likelier. */
#define BUCKETS_PER_DAY_MIN 4
#define SEASON_PRIOR 2.0      /* Counts that draw an hour to the mean.               */
#define SMOOTH_MEAN_MAX 8.0   /* Fewer in a bucket: its neighbours help to tell the hour. */
#define SMOOTH_BUCKETS_MIN 48 /* Nor does an hour change much within so short a bucket.   */
#define PASSING_SHARE 8       /* What passes is at most an eighth of the series, else a   */
#define PASSING_MIN 3         /* phase, but may be so many buckets.                       */

/* Nearer to the mean than these no stretch is odd after correction, and the costly part of the
 * judgement is left out: deviations of Poisson's and of the scatter, above and below the mean. */
#define UPPER_DEVIATIONS_MIN 4.0
#define POISSON_DEVIATIONS_MAX (-3.4)
#define LOWER_DEVIATIONS_MAX (-1.5)

typedef struct {
    double sums[N + 1]; /* sums[k] is the sum of the first k. */
} Prefix;

typedef struct {
    int    n;
    double days;               /* From which the shape was learnt; 0: no season. */
    bool   is_grave;
    double last_share;         /* Of the last bucket that the file covers.       */
    double counts[N];
    double shape[N];           /* Expected up to a factor.                       */
    Prefix count, expected;    /* expected: the shape scaled to the counts.      */
    Prefix active;             /* Buckets with any.                              */
    /* Over blocks of 1, 2, 4 ... buckets: counts squared, times expected, expected squared. */
    Prefix count2[SCALE_COUNT], product[SCALE_COUNT], expected2[SCALE_COUNT];
} Series;

static double between(const Prefix *p, int from, int to)
{
    assert(from >= 0 && from <= N);
    assert(to >= 0 && to <= N);
    return p->sums[to] - p->sums[from];
}

static void prefix_fill(Prefix *p, const double *values, int n)
{
    p->sums[0] = 0;
    for (int i = 0; i < n; i++)
        p->sums[i + 1] = p->sums[i] + values[i];
}

static void scale_fit(Series *s, int k)
{
    double count2[N], product[N], expected2[N];
    int blocks = s->n >> k;
    for (int b = 0; b < blocks; b++) {
        double count = between(&s->count, b << k, (b + 1) << k);
        double expected = between(&s->expected, b << k, (b + 1) << k);
        count2[b] = count * count;
        product[b] = count * expected;
        expected2[b] = expected * expected;
    }
    prefix_fill(&s->count2[k], count2, blocks);
    prefix_fill(&s->product[k], product, blocks);
    prefix_fill(&s->expected2[k], expected2, blocks);
}

/* Expected counts from the shape, and how blocks of each scale scatter round them. */
static void series_fit(Series *s)
{
    assert(s->n > 0);
    assert(s->n <= N);
    double shape_sum = 0, active[N], expected[N];
    for (int i = 0; i < s->n; i++) {
        shape_sum += s->shape[i];
        active[i] = s->counts[i] > 0;
    }
    prefix_fill(&s->count, s->counts, s->n);
    prefix_fill(&s->active, active, s->n);
    double scale = shape_sum > 0 ? s->count.sums[s->n] / shape_sum : 0;
    for (int i = 0; i < s->n; i++)
        expected[i] = s->shape[i] * scale;
    prefix_fill(&s->expected, expected, s->n);
    for (int k = 0; k < SCALE_COUNT; k++)
        scale_fit(s, k);
}

/* Pearson's scatter of single buckets, 1 for Poisson. */
static double series_scatter(const Series *s)
{
    double sum = 0;
    for (int i = 0; i < s->n; i++) {
        double mean = between(&s->expected, i, i + 1), residual = s->counts[i] - mean;
        sum += residual * residual / (mean + 0.1);
    }
    return sum / s->n;
}

/* By the likelihood of Poisson, tempered by the scatter that is left. */
static int explains_better(const Series *a, const Series *b)
{
    double gain = 0, scatter = series_scatter(a);
    for (int i = 0; i < a->n; i++) {
        double mean_a = between(&a->expected, i, i + 1), mean_b = between(&b->expected, i, i + 1);
        if (a->counts[i] > 0 && mean_a > 0 && mean_b > 0)
            gain += a->counts[i] * real_log(mean_a / mean_b);
    }
    return gain > BETTER_SHAPE_GAIN * (scatter > 1 ? scatter : 1);
}

static void shape_flat(Series *s)
{
    for (int i = 0; i < s->n; i++)
        s->shape[i] = 1;
    s->shape[s->n - 1] = s->last_share;
}

/* What all other patterns do together. */
static void shape_volume(Series *s, const uint32_t *totals)
{
    for (int i = 0; i < s->n; i++) {
        double others = (double)totals[i] - s->counts[i];
        s->shape[i] = (others > 0 ? others : 0) + 0.5;
    }
}

typedef struct {
    double sum, weight;
} Mean;

static void mean_add(Mean *m, double x)
{
    m->sum += x;
    m->weight += 1;
}

/* The mean count at bucket i's time of day, over all days (own_too) or all but its own, drawn to
 * the mean of all by the prior. */
static double hour_mean(const Series *s, int i, double buckets_per_day, int reach, int own_too)
{
    double all = s->count.sums[s->n] / s->n;
    Mean m = {.sum = SEASON_PRIOR, .weight = SEASON_PRIOR / (all + 1e-9)};
    double phase = i - floor(i / buckets_per_day) * buckets_per_day;
    int days = (int)(s->n / buckets_per_day) + 1;
    for (int day = 0; day < days; day++) {
        int middle = (int)floor(phase + day * buckets_per_day + 0.5);
        if (!own_too && middle >= i - 1 && middle <= i + 1)
            continue;
        for (int k = middle - reach; k <= middle + reach; k++)
            if (k >= 0 && k < s->n)
                mean_add(&m, s->counts[k]);
    }
    return m.sum / m.weight;
}

/* What the other days do about this time of day, as a share of the level of those days: a day that
 * is high all day long shall not lift what is expected of the others. */
static void shape_daily(Series *s, double buckets_per_day)
{
    double mean = s->count.sums[s->n] / s->n;
    int reach = mean < SMOOTH_MEAN_MAX || buckets_per_day >= SMOOTH_BUCKETS_MIN;
    int half = (int)(buckets_per_day / 2);
    assert(half >= 0);
    double profile[N];
    for (int i = 0; i < s->n; i++)
        profile[i] = hour_mean(s, i, buckets_per_day, reach, 1);
    Prefix sums;
    prefix_fill(&sums, profile, s->n);
    for (int i = 0; i < s->n; i++) {
        int from = i - half > 0 ? i - half : 0, to = i + half < s->n ? i + half : s->n;
        double others = s->count.sums[s->n] - between(&s->count, from, to);
        double profiles = sums.sums[s->n] - between(&sums, from, to);
        double level = profiles > 0 ? (others + SEASON_PRIOR) / (profiles + SEASON_PRIOR) : 1;
        s->shape[i] = hour_mean(s, i, buckets_per_day, reach, 0) / level;
    }
    s->shape[s->n - 1] *= s->last_share;
    s->days = s->n / buckets_per_day;
}

static void choose_shape(Series *s, const uint32_t *totals, double buckets_per_day)
{
    shape_flat(s);
    series_fit(s);
    Series other = *s;
    if (totals != NULL) {
        shape_volume(&other, totals);
        series_fit(&other);
        if (explains_better(&other, s))
            *s = other;
    }
    if (!(buckets_per_day >= BUCKETS_PER_DAY_MIN && 2 * buckets_per_day <= s->n))
        return;
    shape_daily(&other, buckets_per_day);
    series_fit(&other);
    if (explains_better(&other, s))
        *s = other;
}

static double sum_outside(const Prefix *p, int blocks, int first, int last)
{
    return p->sums[blocks] - between(p, first, last);
}

/* 1/size for a stretch: how blocks outside it scatter round `factor` times the expected, at the
 * scale where they scatter most. */
static double dispersion_outside(const Series *s, int from, int to, double factor)
{
    double worst = 0;
    for (int k = 0; k < SCALE_COUNT && (k == 0 || (1 << k) <= 2 * (to - from)); k++) {
        int blocks = s->n >> k, first = from >> k, last = ((to - 1) >> k) + 1;
        last = last < blocks ? last : blocks;
        first = first < last ? first : last;
        int left = blocks - (last - first);
        if (left < BLOCK_COUNT_MIN)
            break;
        double inside = between(&s->expected, first << k, last << k);
        double expected = s->expected.sums[blocks << k] - inside;
        double square = factor * factor * sum_outside(&s->expected2[k], blocks, first, last);
        double excess = sum_outside(&s->count2[k], blocks, first, last) + square -
                        2 * factor * sum_outside(&s->product[k], blocks, first, last) -
                        factor * expected;
        if (square <= 0 || excess <= 0)
            continue;
        /* Blocks shorter than the stretch average out in it. */
        double spread = (1 << k) < to - from ? (double)(1 << k) / (to - from) : 1;
        worst = excess / square * spread > worst ? excess / square * spread : worst;
    }
    return worst;
}

/* The variance of squared residuals is 2 variance^2 for Poisson, more for gamma means. */
static double at_worst(double scatter, double mean, int left)
{
    double error = SCATTER_UNSURE * sqrt((2 + 6 * scatter) / left);
    return scatter + error * (1 / (mean + 1e-9) + scatter);
}

typedef struct {
    double p; /* log10 */
    int    above;
} Verdict;

/* The scatter is an estimate, so the tail is heavier, as Student's t is heavier than the normal:
 * exp(-x^2/2) becomes (1 + x^2/v)^(-v/2).  Degrees of freedom v: half as many as buckets outside,
 * fewer as gamma distributed means have the kurtosis 6 scatter, more as far as the scatter is
 * Poisson's own. */
static double unsure(const Series *s, double log10_p, int left, double mean, double scatter)
{
    double estimated = mean * scatter / (1 + mean * scatter);
    double bound = estimated * estimated * 2 * (1 + 3 * scatter) / left + 1e-6;
    if (s->days > 1) /* The hour's mean is an estimate too, from the other days. */
        bound += scatter / (2 * (s->days - 1));
    double freedom = 1 / bound;
    return -freedom / 2 * real_log1p(-2 * REAL_LN10 * log10_p / freedom) / REAL_LN10;
}

static Verdict judge(const Series *s, int from, int to, double *ret_expected)
{
    double seen = between(&s->count, from, to), rest = s->count.sums[s->n] - seen;
    double share = between(&s->expected, from, to), left = s->expected.sums[s->n] - share;
    double factor = left > 0 ? (rest + 0.5) / left : 0, mean = factor * share;
    *ret_expected = mean;
    Verdict v = {.above = seen > mean};
    double difference = seen - mean;
    double near = v.above ? UPPER_DEVIATIONS_MIN : POISSON_DEVIATIONS_MAX;
    if (difference * difference < near * near * mean) /* Most end here: no root is drawn. */
        return v;
    int outside = s->n - (to - from);
    double scatter = at_worst(dispersion_outside(s, from, to, factor), mean, outside);
    /* The level of the rest is an estimate too; with a season the hours' levels are as well. */
    scatter *= 1 + (s->days > 0 ? 2.0 : 1.0) * (to - from) / outside;
    scatter += 1 / (rest + 0.5);
    double deviations = difference / sqrt(mean + mean * mean * scatter + 1e-9);
    if (deviations > UPPER_DEVIATIONS_MIN)
        v.p = negbin_upper(seen, mean, 1 / scatter);
    else if (deviations < LOWER_DEVIATIONS_MAX)
        v.p = negbin_lower(seen, mean, 1 / scatter);
    v.p = unsure(s, v.p, outside, mean, scatter);
    return v;
}

static int may_judge(const Series *s, int from, int to, int above)
{
    double rest = s->active.sums[s->n] - between(&s->active, from, to);
    if (rest < EPISODE_ACTIVE_COUNT_MIN && !(above && s->is_grave))
        return 0;
    if (above)
        return from > 0; /* A rush where the file begins is a start. */
    /* Fewer only after the pattern was there, and there most of the time. */
    return between(&s->active, 0, from) >= EPISODE_ACTIVE_COUNT_MIN &&
           2 * rest > s->n - (to - from);
}

static int next_length(int length)
{
    return length < 4 ? length + 1 : length + length / 4;
}

static EpisodeKind kind_of(const Series *s, const Episode *e, int above)
{
    if (above)
        return e->last == s->n - 1 && e->last > e->first + 2 ? EPISODE_MORE : EPISODE_BURST;
    return e->seen > 0 ? EPISODE_LESS : EPISODE_SILENT;
}

static void consider(const Series *s, int from, int to, Episode *best, double *best_p)
{
    double expected;
    Verdict v = judge(s, from, to, &expected);
    if (v.p >= *best_p || !may_judge(s, from, to, v.above))
        return;
    *best_p = v.p;
    best->first = from;
    best->last = to - 1;
    best->seen = between(&s->count, from, to);
    best->expected = expected;
    best->kind = kind_of(s, best, v.above);
}

/* A rush begins and ends with a line of it, not with the quiet round it. */
static void trim(const Series *s, Episode *e)
{
    while (e->first < e->last && s->counts[e->first] <= 0)
        e->first++;
    while (e->last > e->first && s->counts[e->last] <= 0)
        e->last--;
}

Episode episode_find(const EpisodeSeries *series)
{
    int n = series->n;
    assert(n >= 0);
    assert(n <= EPISODE_BUCKET_COUNT_MAX);
    assert(series->last_share > 0);
    Episode best = {.kind = EPISODE_NONE};
    if (n < EPISODE_BUCKET_COUNT_MIN)
        return best;
    Series s = {.n = n, .is_grave = series->is_grave, .last_share = series->last_share};
    for (int i = 0; i < n; i++)
        s.counts[i] = series->counts[i];
    choose_shape(&s, series->totals, series->buckets_per_day);
    if (s.active.sums[n] < EPISODE_ACTIVE_COUNT_MIN && !s.is_grave)
        return best;
    double best_p = 0, looked_at = 0;
    int length_max = n / PASSING_SHARE > PASSING_MIN ? n / PASSING_SHARE : PASSING_MIN;
    for (int length = 1; length <= length_max; length = next_length(length)) {
        for (int from = 0; from + length <= n; from++, looked_at += 1)
            consider(&s, from, from + length, &best, &best_p);
    }
    for (int from = n / 2; from < n; from++, looked_at += 1)
        consider(&s, from, n, &best, &best_p);
    best.surprise = -best_p - real_log10(looked_at);
    if (best.surprise <= 0)
        return (Episode){.kind = EPISODE_NONE};
    if (best.seen > best.expected)
        trim(&s, &best);
    return best;
}
