/* SPDX-License-Identifier: Apache-2.0 */
#include "detect/novelty.h"

#include <math.h>

#include "base/real.h"
#include "detect/shared.h"
#include "stats/unseen.h"

#define COUNT_MAX 0x1p24 /* Then the past is halved, so that the state keeps learning. */

static int class_of(double seen_before)
{
    int class = 0;
    while (seen_before >= 1 && class < NOVELTY_CLASS_COUNT - 1) {
        seen_before /= 2;
        class++;
    }
    return class;
}

static int is_countable(double seen_before)
{
    return seen_before >= 0 && !isinf(seen_before);
}

static double novelty_surprise(const Novelty *novelty, double seen_before)
{
    double at_most = 0;
    int class = class_of(seen_before);
    for (int i = 0; i <= class; i++)
        at_most += novelty->weights[i];
    double p = unseen_chance(novelty->count, at_most);
    double crowd = unseen_crowd(novelty->recent);
    if (p < crowd)
        p = crowd;
    return p < 1 ? -real_log10(p) : 0;
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
    novelty->weights[class_of(seen_before)] += novelty->count;
    novelty->recent = unseen_recent(novelty->recent, seen_before < 1);
    if (novelty->count < COUNT_MAX)
        return;
    novelty->count /= 2;
    for (int i = 0; i < NOVELTY_CLASS_COUNT; i++)
        novelty->weights[i] /= 4;
}

/* Weights grow with the square of the count, so two pasts side by side weigh twice their sum. */
void novelty_merge(Novelty *novelty, const Novelty *other)
{
    double a = novelty->count, b = other->count;
    if (b == 0)
        return;
    double scale_a = a > 0 ? (a + b) / a : 0, scale_b = (a + b) / b;
    for (int i = 0; i < NOVELTY_CLASS_COUNT; i++)
        novelty->weights[i] = novelty->weights[i] * scale_a + other->weights[i] * scale_b;
    novelty->count = a + b;
    novelty->recent = (novelty->recent * a + other->recent * b) / (a + b);
    if (novelty->envelope < other->envelope)
        novelty->envelope = other->envelope;
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
