/* SPDX-License-Identifier: Apache-2.0 */
#include "detect/shape.h"

#include <math.h>
#include <string.h>

#include "base/clip.h"
#include "base/real.h"
#include "detect/shared.h"
#include "stats/combine.h"

#define VALUE_MAX 1e300
#define X_MAX 1e15
#define COUNT_MIN 256  /* Samples before anything is judged.            */
#define UNBROKEN_MIN 36 /* Samples after a gap before stretches are whole. */
#define GAP_INTERVALS 4
#define INTERVAL_SHARE (1.0 / 32)
#define MEAN_SHARE 0.1091012819    /* Half-life 6. */
#define SLOW_MEAN_SHARE (1.0 / 16384)
#define FAR_OFF 1000.0      /* Usual distances, beyond which a value counts as this ... */
#define STEP_CLIP 6.0       /* ... and moves the mean no more. */
#define STEP_COUNT_MIN 64
#define USUAL_SHARE (1.0 / 64)
#define FRESH_SHARE 0.2928932188   /* Half-life 2. */
#define FRESH_FACTOR 2.0
#define PERIOD_EVERY 64 /* Samples between two looks at the period. */
#define RATE_VOTES 4    /* Looks that must agree.                   */
#define PERIOD_SURE 0.4
#define PERIOD_SAMPLES 64.0 /* Of a period at the slow rate, up to twice as many. */
#define BOUND_CHANCE 1e-3
#define EXCESS_WEIGHT 0.05    /* Of past distances that were as large. */
#define USUAL_CLIP 4.0
#define USUAL_MEMORY 512
#define USUAL_COUNT_MIN 20
#define ODD_SURPRISE 2
#define LONG_CYCLE (SHAPE_LAGS / 4.0) /* From here on the memory has too few cycles. */
#define ERROR_CLIP 4.0      /* Usual errors: what is beyond counts as this. */
#define ERROR_MEMORY 512   /* Samples.                                  */
#define CLEAR_RATIO 0.45 /* Of the errors, where the shape is clear. */
#define TRUST_FULL 0.7     /* Below this ratio of errors the shape is trusted wholly, ... */
#define TRUST_NONE 1.0     /* ... and from this one on as little as it can be. */
#define TRUST_LEAST 0.02
#define WEIGHT_LEAST 1e-12
#define EARLY_SURPRISE 1.0
#define WIDTH_EVERY 32      /* Samples between two looks at their width. */

/* Half-lives of 3, 12 and 24 samples. */
static const DiscordForm quick_form = {.share = 0.2062994740f, .near = 9, .full = 18};
static const DiscordForm cycle_form = {
    .share = 0.0561256873f, .gain_low = 0.9f, .gain_high = 1.11f, .near = 36, .full = 72};
static const DiscordForm slow_form = {.share = 0.0284677669f, .near = 72, .full = 144};

/* What a sample makes of the state, before any of it is kept. */
typedef struct {
    double raw[SHAPE_EXPERTS], surprise[SHAPE_EXPERTS], hard[SHAPE_EXPERTS];
    double expected;
    ShapeLevel level, slow_level;
    ShapeFresh quick_fresh, cycle_fresh;
    double evidence; /* For the alarm. */
    float x, energy, slow_x;
    uint32_t unbroken;
    int is_slow_new, is_expected;
} Look;

/* Where the look leaves the distances: the watch's own arrays, or scratch. */
typedef struct {
    float *quick, *cycle, *slow;
    DiscordMatch *matches; /* NULL: not wanted. */
} Desk;

static int is_value(double value)
{
    return value >= -VALUE_MAX && value <= VALUE_MAX;
}

/* The value less the running mean that it moves.  One that is far off moves it little. */
static float x_of(double value, const ShapeLevel *before, double least_share, uint32_t count,
                  ShapeLevel *ret_level)
{
    *ret_level = (ShapeLevel){.mean = value};
    if (count == 0)
        return 0;
    const double share = least_share * (count + 1.0) < 1 ? 1 / (count + 1.0) : least_share;
    const double far = before->usual > 0 ? FAR_OFF * before->usual : VALUE_MAX;
    const double above = clipped(value - before->mean, far);
    const double step = count > STEP_COUNT_MIN ? clipped(above, STEP_CLIP * before->usual) : above;
    ret_level->mean = before->mean + share * step;
    ret_level->usual = before->usual + USUAL_SHARE * (fabs(above) - before->usual);
    return (float)clipped(above - share * step, X_MAX);
}

/* What followed the best neighbours, each at its gain. */
static void look_expected(const ShapeFast *fast, double value, Look *look)
{
    double sum = 0;
    int count = 0;
    for (int i = 0; i < DISCORD_MATCHES; i++) {
        const DiscordMatch match = fast->matches[i];
        if (match.lag < 2)
            continue;
        const uint32_t at = (fast->head + match.lag - 1) % SHAPE_LAGS;
        sum += (double)match.gain * (double)fast->values[at];
        count++;
    }
    look->is_expected = count > 0;
    if (count == 0)
        return;
    look->expected = fast->level.mean + sum / count / (1 - MEAN_SHARE);
    look->raw[SHAPE_NEXT] = fabs(value - look->expected);
}

/* The distance, cut to what the last samples add to it, so that an oddity is over when it is. */
static double borne_out(const ShapeFresh *before, const DiscordForm *form, double distance,
                        ShapeFresh *ret_fresh)
{
    const double share = (double)form->share, square = distance * distance;
    const double added = (square - (1 - share) * before->square) / share;
    ret_fresh->square = square;
    ret_fresh->fresh = before->fresh + FRESH_SHARE * ((added > 0 ? added : 0) - before->fresh);
    const double most = FRESH_FACTOR * ret_fresh->fresh;
    return square < most ? distance : sqrt(most);
}

static void look_fast(const ShapeFast *fast, double value, const Desk *desk, Look *look)
{
    look_expected(fast, value, look);
    look->x = x_of(value, &fast->level, MEAN_SHARE, fast->count, &look->level);
    look->energy = discord_energy(&cycle_form, look->x, fast->energies[fast->head]);
    DiscordPast past = {.values = fast->values, .distances = fast->quick, .lags = SHAPE_LAGS,
                        .head = fast->head, .count = fast->count};
    const double quick =
        discord_nearest(&past, &quick_form, look->x, look->energy, desk->quick, NULL);
    past.energies = fast->energies;
    past.distances = fast->cycle;
    const double cycle =
        discord_nearest(&past, &cycle_form, look->x, look->energy, desk->cycle, desk->matches);
    look->raw[SHAPE_QUICK] = borne_out(&fast->quick_fresh, &quick_form, quick, &look->quick_fresh);
    look->raw[SHAPE_CYCLE] = borne_out(&fast->cycle_fresh, &cycle_form, cycle, &look->cycle_fresh);
}

static void look_slow(const ShapeSlow *slow, double value, const Desk *desk, Look *look)
{
    if (slow->summed + 1 < slow->rate)
        return;
    look->is_slow_new = 1;
    const double mean = (slow->sum + value) / (slow->summed + 1);
    look->slow_x = x_of(mean, &slow->level, SLOW_MEAN_SHARE, slow->count, &look->slow_level);
    const DiscordPast past = {.values = slow->values,
                              .distances = slow->distances,
                              .lags = SHAPE_SLOW_LAGS,
                              .head = slow->head,
                              .count = slow->count};
    look->raw[SHAPE_SLOW] = discord_nearest(&past, &slow_form, look->slow_x, 0, desk->slow, NULL);
}

static uint32_t unbroken_of(const ShapeWatch *watch, odd_time time)
{
    if (time == ODD_TIME_NONE || !watch->is_timed || !(watch->interval_ns > 0))
        return watch->unbroken;
    const double passed = (double)time - (double)watch->last_time;
    return passed > GAP_INTERVALS * watch->interval_ns ? 0 : watch->unbroken;
}

static double past_surprise(const ShapePast *past, double raw)
{
    if (!(past->usual > 0))
        return 0;
    return -real_log10(ranks_chance(&past->ranks, raw / past->usual, EXCESS_WEIGHT));
}

/* What follows a neighbour is known once the neighbour is, some time after a gap. */
static int is_judged(const Look *look, int expert)
{
    if (expert == SHAPE_SLOW)
        return look->is_slow_new;
    return expert != SHAPE_NEXT || look->unbroken >= 2 * UNBROKEN_MIN;
}

static void look_at(const ShapeWatch *watch, odd_time time, double value, const Desk *desk,
                    Look *ret_look)
{
    memset(ret_look, 0, sizeof *ret_look);
    look_fast(&watch->fast, value, desk, ret_look);
    look_slow(&watch->slow, value, desk, ret_look);
    for (int i = 0; i < SHAPE_EXPERTS; i++)
        ret_look->hard[i] = ret_look->raw[i];
    for (int i = 0; watch->cycle_length > 0 && i < SHAPE_EXPERTS; i++)
        ret_look->raw[i] /= hardness_ratio(&watch->hardness[i]);
    ret_look->unbroken = unbroken_of(watch, time);
    ret_look->surprise[SHAPE_SLOW] = (double)watch->slow.surprise;
    if (watch->fast.count < COUNT_MIN || ret_look->unbroken < UNBROKEN_MIN)
        return;
    for (int i = 0; i < SHAPE_EXPERTS; i++)
        if (is_judged(ret_look, i))
            ret_look->surprise[i] = past_surprise(&watch->pasts[i], ret_look->raw[i]);
}

static const char *reason_of(const Look *look, double value)
{
    int most = 0;
    for (int i = 1; i < SHAPE_EXPERTS; i++)
        if (look->surprise[i] > look->surprise[most])
            most = i;
    if (most != SHAPE_NEXT)
        return "shape";
    return value > look->expected ? "high" : "low";
}

/* How much the other is trusted beside the shape: as its errors are small. */
static double always_weight(const ShapeWatch *watch)
{
    const double shape = watch->errors[0], other = watch->errors[1];
    return shape < other ? shape * shape / (other * other) : 1;
}

/* Where the shape expects no better than the other, its oddities are mostly noise. */
static double shape_weight(const ShapeWatch *watch)
{
    const double ratio = watch->errors[1] > 0 ? watch->errors[0] / watch->errors[1] : 1;
    const double trust = (TRUST_NONE - ratio) / (TRUST_NONE - TRUST_FULL);
    return trust >= 1 ? 1 : trust > TRUST_LEAST ? trust : TRUST_LEAST;
}

bool shape_watch_is_clear(const ShapeWatch *watch)
{
    return watch->errors[0] <= TRUST_FULL * watch->errors[1];
}

/* Only where the shape expects far better does it raise alarms of its own: in noise, its many
 * ways to be odd are too many. */
static double alarm_weight(const ShapeWatch *watch)
{
    const double most = CLEAR_RATIO * watch->errors[1];
    return watch->errors[0] < most ? 1 - watch->errors[0] / most : 0;
}

/* So few samples as are known before the shape is judged bear out no more. */
static double bounded(const ShapeWatch *watch, double surprise)
{
    const double most = real_log10(watch->fast.count + 1.0) + EARLY_SURPRISE;
    return watch->fast.count < COUNT_MIN && surprise > most ? most : surprise;
}

static double joined(const ShapeWatch *watch, double shape, double shape_weight, double always)
{
    const double both[2] = {shape, bounded(watch, always)};
    const double weights[2] = {shape_weight, always_weight(watch)};
    return combine_harmonic(both, weights, 2);
}

/* Where a value is odd by itself, nobody asks for the shape. */
static int explains(const ShapeWatch *watch, const Judgement *always, double shape)
{
    return always->surprise >= ODD_SURPRISE ||
           always->surprise + real_log10(always_weight(watch) + WEIGHT_LEAST) >= shape;
}

/* An alarm is above what is left of all evidence before it. */
static void judge(const ShapeWatch *watch, Look *look, double value, const Judgement *always,
                  Judgement *ret_judgement)
{
    Judgement judgement = detect_no_judgement();
    const double shape = combine_harmonic(look->surprise, NULL, SHAPE_EXPERTS);
    if (watch->fast.count >= COUNT_MIN)
        judgement.reason = reason_of(look, value);
    if (look->is_expected) {
        judgement.expected = look->expected;
        judgement.lower = look->expected - (double)watch->width;
        judgement.upper = look->expected + (double)watch->width;
    }
    judgement.surprise = shape;
    look->evidence = shape;
    if (always != NULL) {
        if (explains(watch, always, shape))
            judgement = *always;
        judgement.surprise = joined(watch, shape, shape_weight(watch), always->surprise);
        look->evidence = joined(watch, shape, alarm_weight(watch), always->alarm);
    }
    judgement.alarm =
        detect_is_record(look->evidence, (double)watch->envelope) ? look->evidence : 0;
    *ret_judgement = judgement;
}

void shape_watch_score(const ShapeWatch *watch, odd_time time, double value,
                       const Judgement *always, Judgement *ret_judgement)
{
    *ret_judgement = detect_no_judgement();
    if (!is_value(value))
        return;
    float quick[SHAPE_LAGS], cycle[SHAPE_LAGS], slow[SHAPE_SLOW_LAGS];
    const Desk desk = {.quick = quick, .cycle = cycle, .slow = slow};
    Look look;
    look_at(watch, time, value, &desk, &look);
    judge(watch, &look, value, always, ret_judgement);
}

static void keep_fast(ShapeFast *fast, const Look *look)
{
    fast->head = (fast->head + SHAPE_LAGS - 1) % SHAPE_LAGS;
    fast->values[fast->head] = look->x;
    fast->energies[fast->head] = look->energy;
    fast->level = look->level;
    fast->quick_fresh = look->quick_fresh;
    fast->cycle_fresh = look->cycle_fresh;
    if (fast->count < UINT32_MAX)
        fast->count++;
}

static void keep_slow(ShapeSlow *slow, double value, const Look *look)
{
    if (!look->is_slow_new) {
        slow->sum += value;
        slow->summed++;
        return;
    }
    slow->sum = 0;
    slow->summed = 0;
    slow->head = (slow->head + SHAPE_SLOW_LAGS - 1) % SHAPE_SLOW_LAGS;
    slow->values[slow->head] = look->slow_x;
    slow->level = look->slow_level;
    slow->surprise = (float)look->surprise[SHAPE_SLOW];
    if (slow->count < UINT32_MAX)
        slow->count++;
}

/* The slow rate follows the period, and its expert then begins anew. */
static void keep_rate(ShapeWatch *watch)
{
    ShapeSlow *slow = &watch->slow;
    double confidence;
    const double period = period_find(&watch->period, &confidence);
    uint32_t wanted = slow->rate > 0 ? slow->rate : 1;
    if (confidence > PERIOD_SURE)
        for (wanted = 1; period / wanted >= 2 * PERIOD_SAMPLES;)
            wanted *= 2;
    if (confidence > PERIOD_SURE)
        watch->cycle_length = period > LONG_CYCLE ? period : 0;
    slow->rate_votes = wanted == slow->rate_wanted ? slow->rate_votes + 1 : 1;
    slow->rate_wanted = wanted;
    if (slow->rate_votes < RATE_VOTES || wanted == (slow->rate > 0 ? slow->rate : 1))
        return;
    memset(slow, 0, sizeof *slow);
    slow->rate = wanted;
    slow->rate_wanted = wanted;
    memset(&watch->pasts[SHAPE_SLOW], 0, sizeof watch->pasts[SHAPE_SLOW]);
}

/* An odd distance moves the usual one little. */
static void past_learn(ShapePast *past, double raw)
{
    const uint32_t count = past->ranks.count;
    const double most = count > USUAL_COUNT_MIN ? USUAL_CLIP * past->usual : raw;
    if (past->usual > 0)
        ranks_learn(&past->ranks, raw / past->usual);
    past->usual += ((raw < most ? raw : most) - past->usual) /
                   (count + 1 < USUAL_MEMORY ? count + 1 : USUAL_MEMORY);
}

static double past_raw(const ShapePast *past, double chance)
{
    return past->usual * ranks_score(&past->ranks, chance, EXCESS_WEIGHT);
}

static void keep_pasts(ShapeWatch *watch, const Look *look)
{
    const uint32_t count = watch->fast.count;
    if (look->unbroken >= 2 * UNBROKEN_MIN) {
        if (count > quick_form.near + 2 * quick_form.full)
            past_learn(&watch->pasts[SHAPE_QUICK], look->raw[SHAPE_QUICK]);
        if (count > cycle_form.near + 2 * cycle_form.full)
            past_learn(&watch->pasts[SHAPE_CYCLE], look->raw[SHAPE_CYCLE]);
        if (look->is_expected)
            past_learn(&watch->pasts[SHAPE_NEXT], look->raw[SHAPE_NEXT]);
    }
    if (count % WIDTH_EVERY == 0)
        watch->width = (float)past_raw(&watch->pasts[SHAPE_NEXT], BOUND_CHANCE);
    if (look->is_slow_new && watch->slow.count > slow_form.near + 2 * slow_form.full)
        past_learn(&watch->pasts[SHAPE_SLOW], look->raw[SHAPE_SLOW]);
}

static void keep_error(double *error, double seen, uint32_t count)
{
    const double most = count > 1 ? ERROR_CLIP * *error : seen;
    *error +=
        ((seen < most ? seen : most) - *error) / (count < ERROR_MEMORY ? count : ERROR_MEMORY);
}

/* Only where both expect something, so that they can be compared. */
static void keep_errors(ShapeWatch *watch, double value, const Look *look, const Judgement *always)
{
    if (always == NULL || !look->is_expected || !isfinite(always->expected))
        return;
    if (watch->compared < UINT32_MAX)
        watch->compared++;
    keep_error(&watch->errors[0], look->raw[SHAPE_NEXT], watch->compared);
    keep_error(&watch->errors[1], fabs(value - always->expected), watch->compared);
}

static void keep_time(ShapeWatch *watch, odd_time time)
{
    if (time == ODD_TIME_NONE)
        return;
    const double passed = (double)time - (double)watch->last_time;
    const double most = GAP_INTERVALS * watch->interval_ns;
    if (watch->is_timed && passed > 0)
        watch->interval_ns +=
            watch->interval_ns > 0
                ? INTERVAL_SHARE * ((passed < most ? passed : most) - watch->interval_ns)
                : passed;
    watch->last_time = time;
    watch->is_timed = 1;
}

/* No stretch crosses a gap: once the running mean is back, all begin anew, with the past as it was
 * to compare with. */
static void keep_gap(ShapeWatch *watch)
{
    ShapeFast *fast = &watch->fast;
    memset(fast->quick, 0, sizeof fast->quick);
    memset(fast->cycle, 0, sizeof fast->cycle);
    memset(watch->slow.distances, 0, sizeof watch->slow.distances);
    fast->energies[fast->head] = 0;
    fast->quick_fresh = fast->cycle_fresh = (ShapeFresh){0};
    watch->slow.surprise = 0;
}

static void keep(ShapeWatch *watch, odd_time time, double value, const Look *look,
                 const Judgement *always)
{
    keep_errors(watch, value, look, always);
    keep_pasts(watch, look);
    keep_fast(&watch->fast, look);
    keep_slow(&watch->slow, value, look);
    keep_time(watch, time);
    if (look->unbroken + 1 == UNBROKEN_MIN && watch->fast.count > UNBROKEN_MIN)
        keep_gap(watch);
    watch->unbroken = look->unbroken < UINT32_MAX ? look->unbroken + 1 : look->unbroken;
    watch->envelope = (float)detect_envelope(look->evidence, watch->envelope);
    if (watch->cycle_length > 0) {
        watch->cycle_phase += 1 / watch->cycle_length;
        watch->cycle_phase -= floor(watch->cycle_phase);
        for (int i = 0; i < SHAPE_EXPERTS; i++)
            if (i != SHAPE_SLOW)
                hardness_learn(&watch->hardness[i], watch->cycle_phase, look->hard[i]);
    }
    period_put(&watch->period, value);
    if (watch->fast.count % PERIOD_EVERY == 0)
        keep_rate(watch);
}

void shape_watch_put(ShapeWatch *watch, odd_time time, double value, const Judgement *always,
                     Judgement *ret_judgement)
{
    *ret_judgement = detect_no_judgement();
    if (!is_value(value))
        return;
    const Desk desk = {.quick = watch->fast.quick, .cycle = watch->fast.cycle,
                       .slow = watch->slow.distances, .matches = watch->fast.matches};
    Look look;
    look_at(watch, time, value, &desk, &look);
    judge(watch, &look, value, always, ret_judgement);
    keep(watch, time, value, &look, always);
}

void shape_watch_learn(ShapeWatch *watch, odd_time time, double value, const Judgement *always)
{
    Judgement judgement;
    shape_watch_put(watch, time, value, always, &judgement);
}

static size_t state_bytes(void)
{
    return sizeof(ShapeWatch);
}

static void init(void *state, uint64_t seed)
{
    (void)seed; /* Nothing is drawn. */
    memset(state, 0, sizeof(ShapeWatch));
}

static void score(const void *state, const Observation *o, Judgement *ret_judgement)
{
    shape_watch_score(state, o->time, o->value, NULL, ret_judgement);
}

static void learn(void *state, const Observation *o)
{
    shape_watch_learn(state, o->time, o->value, NULL);
}

const odd_detector detector_shape = {
    .name = "shape",
    .source = "Yeh et al., Matrix Profile I, ICDM 2016; Lu et al., DAMP, KDD 2022",
    .version = 1,
    .state_bytes = state_bytes,
    .init = init,
    .score = score,
    .learn = learn,
};
