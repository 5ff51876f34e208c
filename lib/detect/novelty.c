/* SPDX-License-Identifier: Apache-2.0 */
#include "detect/novelty.h"

#include <math.h>
#include <string.h>

#include "base/real.h"
#include "detect/shared.h"
#include "stats/unseen.h"

#define COUNT_MAX 0x1p24 /* Then the past is halved, so that the state keeps learning. */
#define EVERYDAY_CHANCE 0.1
#define EVERYDAY_STEP_MASK 15 /* What is everyday is found anew every 16 lines. */

/* 0 for 0, else 1 + floor(log2): the exponent, as the bits have it. */
static int band_of(double seen_before)
{
    if (seen_before < 1)
        return 0;
    uint64_t bits;
    memcpy(&bits, &seen_before, sizeof bits);
    int band = (int)(bits >> 52) - 1022;
    return band < NOVELTY_CLASS_COUNT ? band : NOVELTY_CLASS_COUNT - 1;
}

static int is_countable(double seen_before)
{
    return seen_before >= 0 && !isinf(seen_before);
}

static double novelty_surprise(const Novelty *novelty, double seen_before)
{
    int band = band_of(seen_before);
    if (band >= novelty->everyday)
        return 0;
    double at_most = 0;
    for (int i = 0; i <= band; i++)
        at_most += novelty->weights[i];
    double p = unseen_chance(novelty->count, at_most);
    double crowd = unseen_crowd(novelty->recent);
    if (p < crowd)
        p = crowd;
    return p < EVERYDAY_CHANCE ? -real_log10(p) : 0;
}

/* Most lines are everyday lines; they shall cost next to nothing. */
static void find_everyday(Novelty *novelty)
{
    double at_most = 0;
    int band = 0;
    for (; band < NOVELTY_CLASS_COUNT; band++) {
        at_most += novelty->weights[band];
        if (unseen_chance(novelty->count, at_most) >= EVERYDAY_CHANCE)
            break;
    }
    novelty->everyday = band;
}

void novelty_score(const Novelty *novelty, double seen_before, Judgement *ret_judgement)
{
    *ret_judgement = detect_no_judgement();
    if (!is_countable(seen_before))
        return;
    ret_judgement->surprise = novelty_surprise(novelty, seen_before);
    ret_judgement->alarm = detect_alarm(ret_judgement->surprise, novelty->envelope);
    ret_judgement->reason = seen_before < 1 ? "new" : "rare";
}

void novelty_learn(Novelty *novelty, double seen_before)
{
    if (!is_countable(seen_before))
        return;
    double surprise = novelty_surprise(novelty, seen_before);
    novelty->envelope = detect_envelope(surprise, novelty->envelope);
    novelty->count += 1;
    novelty->weights[band_of(seen_before)] += novelty->count;
    novelty->recent = unseen_recent(novelty->recent, seen_before < 1);
    if (novelty->count >= COUNT_MAX) {
        novelty->count /= 2;
        for (int i = 0; i < NOVELTY_CLASS_COUNT; i++)
            novelty->weights[i] /= 4;
    }
    if (((uint64_t)novelty->count & EVERYDAY_STEP_MASK) == 0)
        find_everyday(novelty);
}

/* Weights grow with the square of the count, so two pasts side by side weigh twice their sum. */
void novelty_merge(Novelty *novelty, const Novelty *other)
{
    double a = novelty->count, b = other->count;
    if (b == 0)
        return;
    if (a == 0) {
        *novelty = *other;
        return;
    }
    double scale_a = (a + b) / a, scale_b = (a + b) / b;
    for (int i = 0; i < NOVELTY_CLASS_COUNT; i++)
        novelty->weights[i] = novelty->weights[i] * scale_a + other->weights[i] * scale_b;
    novelty->count = a + b;
    novelty->recent = (novelty->recent * a + other->recent * b) / (a + b);
    if (novelty->envelope < other->envelope)
        novelty->envelope = other->envelope;
    find_everyday(novelty);
}

static size_t state_bytes(void)
{
    return sizeof(Novelty);
}

static void init(void *state, uint64_t seed)
{
    (void)seed; /* Nothing is drawn. */
    *(Novelty *)state = (Novelty){.count = 0};
}

static void score(const void *state, const Observation *o, Judgement *ret_judgement)
{
    novelty_score(state, o->value, ret_judgement);
}

static void learn(void *state, const Observation *o)
{
    novelty_learn(state, o->value);
}

static void merge(void *state, const void *other)
{
    novelty_merge(state, other);
}

const odd_detector detector_novelty = {
    .name = "novelty",
    .source = "Vovk, Gammerman, Shafer, Algorithmic Learning in a Random World, 2005",
    .version = 1,
    .state_bytes = state_bytes,
    .init = init,
    .score = score,
    .learn = learn,
    .merge = merge,
};
