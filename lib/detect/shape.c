/* SPDX-License-Identifier: Apache-2.0 */
#include "detect/shape.h"

#include <math.h>
#include <string.h>

#include "detect/shared.h"

#define VALUE_MAX 1e300
#ifndef COUNT_MIN
#define COUNT_MIN 256     /* Samples before anything is judged. */
#endif
#define PERIOD_EVERY 64
#ifndef LO
#define LO 64
#define STAY_LO 64
#define STAY_HI 128
#endif

static const DiscordForm quick_form = {.share = 0.2062995f, .mean_share = 0.3700395f,
    .gain_low = 0.9f, .gain_high = 1.11f, .near = 9, .full = 18};
static const DiscordForm cycle_form = {.share = 0.0561257f, .mean_share = 0.1091013f,
    .gain_low = 0.9f, .gain_high = 1.11f, .near = 36, .full = 72, .is_matching = 1};
#ifndef SLOW_FORM
#define SLOW_FORM {.share = 0.0284681f, .mean_share = 1.0f/1024, .gain_low = 1, .gain_high = 1, .near = 72, .full = 144}
#endif
static const DiscordForm slow_form = SLOW_FORM;

typedef struct {
    double raw[SHAPE_CHANNELS];
    double surprise[SHAPE_CHANNELS];
    double expected;
    int slow_is_new, is_expected;
} Evidence;

static int is_value(double value)
{
    return value >= -VALUE_MAX && value <= VALUE_MAX;
}

static void evidence_expected(const ShapeWatch *watch, double value, Evidence *evidence)
{
    double spread;
    evidence->is_expected = discord_expected(&watch->cycle, &cycle_form, &evidence->expected, &spread);
    evidence->raw[SHAPE_NEXT] = evidence->is_expected ? fabs(value - evidence->expected) : 0;
}

static void evidence_surprise(const ShapeWatch *watch, Evidence *evidence)
{
    for (int i = 0; i < SHAPE_CHANNELS; i++)
        evidence->surprise[i] = watch->count < COUNT_MIN ? 0 : tail_surprise(&watch->tails[i], evidence->raw[i]);
    if (!evidence->slow_is_new)
        evidence->surprise[SHAPE_SLOW] = watch->slow_surprise;
}

static void judge(const ShapeWatch *watch, const Evidence *evidence, Judgement *ret_judgement)
{
    *ret_judgement = detect_no_judgement();
    double most = 0;
    for (int i = 0; i < SHAPE_CHANNELS; i++)
        if (evidence->surprise[i] > most)
            most = evidence->surprise[i];
    ret_judgement->surprise = most;
    ret_judgement->alarm = detect_alarm(ret_judgement->surprise, watch->envelope);
    ret_judgement->reason = "shape";
}

static void find_rate(ShapeWatch *watch)
{
    double confidence;
    const double period = period_find(&watch->period, &confidence);
    uint32_t wanted = watch->rate;
    if (period > 0 && (period / watch->rate < STAY_LO || period / watch->rate >= STAY_HI))
        for (wanted = 1; period / (2 * wanted) >= LO; wanted *= 2) {}
    watch->wanted_count = wanted == watch->wanted ? watch->wanted_count + 1 : 1;
    watch->wanted = wanted;
    if (wanted == watch->rate || watch->wanted_count < 4)
        return;
    watch->rate = wanted;
    watch->sum = 0;
    watch->summed = 0;
    watch->slow_surprise = 0;
    memset(&watch->slow, 0, sizeof watch->slow);
    memset(&watch->tails[SHAPE_SLOW], 0, sizeof watch->tails[SHAPE_SLOW]);
}

static void learn(ShapeWatch *watch, double value, Evidence *evidence)
{
    memset(evidence, 0, sizeof *evidence);
    if (watch->rate == 0)
        watch->rate = 1;
    evidence_expected(watch, value, evidence);
    evidence->raw[SHAPE_QUICK] = discord_learn(&watch->quick, &quick_form, value);
    evidence->raw[SHAPE_CYCLE] = discord_learn(&watch->cycle, &cycle_form, value);
    watch->sum += value;
    if (++watch->summed == watch->rate) {
        evidence->slow_is_new = 1;
        evidence->raw[SHAPE_SLOW] = discord_learn(&watch->slow, &slow_form, watch->sum / watch->rate);
        watch->sum = 0;
        watch->summed = 0;
    }
    evidence_surprise(watch, evidence);
}

static void learn_evidence(ShapeWatch *watch, double value, const Evidence *evidence, const Judgement *judgement)
{
    const uint32_t full[SHAPE_CHANNELS] = {2 * quick_form.full, 2 * cycle_form.full, 2 * slow_form.full, 2 * cycle_form.full};
    for (int i = 0; i < SHAPE_CHANNELS; i++)
        if (i == SHAPE_SLOW ? evidence->slow_is_new && watch->slow.count >= full[i] : watch->count >= full[i])
            tail_learn(&watch->tails[i], evidence->raw[i]);
    watch->slow_surprise = (float)evidence->surprise[SHAPE_SLOW];
    watch->envelope = (float)detect_envelope(judgement->surprise, watch->envelope);
    watch->count++;
    period_put(&watch->period, value);
    if (watch->count % PERIOD_EVERY == 0)
        find_rate(watch);
}
#ifdef DUMP
float *dump_at;
#endif
void shape_put(ShapeWatch *watch, odd_time time, double value, Judgement *ret_judgement)
{
    (void)time;
    *ret_judgement = detect_no_judgement();
    if (!is_value(value))
        return;
    Evidence evidence;
    learn(watch, value, &evidence);
    judge(watch, &evidence, ret_judgement);
#ifdef DUMP
    for (int i = 0; i < SHAPE_CHANNELS; i++) { dump_at[2*i] = (float)evidence.raw[i]; dump_at[2*i+1] = (float)evidence.surprise[i]; }
    dump_at[2*SHAPE_CHANNELS] = (float)ret_judgement->surprise;
    dump_at[2*SHAPE_CHANNELS+1] = (float)watch->rate;
#endif
    learn_evidence(watch, value, &evidence, ret_judgement);
}
