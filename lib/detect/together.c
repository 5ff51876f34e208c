/* SPDX-License-Identifier: Apache-2.0 */
#include "detect/together.h"

#include <math.h>

#include "base/clip.h"
#include "base/real.h"
#include "detect/shared.h"

#define UNIT 1048576.0   /* Of sums. */
#define EXCESS_MAX 4.0   /* One series alone is told by itself. */
#define MEMORY_MAX 10000.0
#define RECENT_MEMORY 4.0
#define SPREAD_LEAST 0.02
#define CLIPPED_AT 4.0   /* In spreads: an odd moment teaches little. */
#define OWN_WEIGHT 1.0   /* Past moments that were as odd count themselves so much. */
#define TRUST_COUNT 1000.0 /* Moments follow each other: so many are not yet half a past. */

void together_add(TogetherMoment *moment, double surprise)
{
    moment->series++;
    if (!(surprise > TOGETHER_ODD_SURPRISE))
        return;
    double excess = surprise - TOGETHER_ODD_SURPRISE;
    moment->excess += (int64_t)((excess < EXCESS_MAX ? excess : EXCESS_MAX) * UNIT);
    moment->odd++;
}

void together_join(TogetherMoment *moment, const TogetherMoment *part)
{
    moment->excess += part->excess;
    moment->series += part->series;
    moment->odd += part->odd;
}

static double spread_of(const Together *together)
{
    double spread = (double)together->spread;
    return spread > SPREAD_LEAST ? spread : SPREAD_LEAST;
}

static void learn(Together *together, const TogetherMoment *moment, double distance, double score)
{
    double memory = together->count < MEMORY_MAX ? together->count : MEMORY_MAX;
    double root = sqrt(moment->series), share = (double)moment->odd / moment->series;
    double recent = fabs((double)together->recent), spread = spread_of(together);
    if (together->count > TOGETHER_COUNT_MIN) {
        distance = clipped(distance, CLIPPED_AT * spread);
        recent = clipped(recent, CLIPPED_AT * spread);
    }
    together->level += (float)(distance / root / memory);
    together->spread += (float)((recent - (double)together->spread) / memory);
    together->share += (float)((share - (double)together->share) / memory);
    if (together->count > TOGETHER_COUNT_MIN / 2)
        ranks_learn(&together->ranks, score);
}

/* The alarm is a record, as that of a series. */
static void judge(Together *together, const TogetherMoment *moment, double score, Judgement *ret)
{
    double trust = together->count / (together->count + TRUST_COUNT);
    double chance = ranks_chance(&together->ranks, score, OWN_WEIGHT);
    ret->surprise = -real_log10(chance) * trust;
    if (detect_is_record(ret->surprise, (double)together->envelope))
        ret->alarm = ret->surprise;
    ret->expected = (double)together->share * moment->series;
    ret->reason = "together";
}

void together_put(Together *together, const TogetherMoment *moment, Judgement *ret_judgement)
{
    *ret_judgement = detect_no_judgement();
    if (moment->series < TOGETHER_SERIES_MIN)
        return;
    if (together->count < UINT32_MAX)
        together->count++;
    double usual = (double)together->level * moment->series;
    double distance = ((double)moment->excess / UNIT - usual) / sqrt(moment->series);
    together->recent += (float)((distance - (double)together->recent) / RECENT_MEMORY);
    double score = (double)together->recent / spread_of(together);
    if (together->count > TOGETHER_COUNT_MIN && moment->odd >= TOGETHER_ODD_MIN)
        judge(together, moment, score, ret_judgement);
    together->envelope = (float)detect_envelope(ret_judgement->surprise, together->envelope);
    learn(together, moment, distance, score);
}
