/* SPDX-License-Identifier: Apache-2.0
 *
 * series_judge.c - scores of a sample, ranked among the past and added up: how odd it is. */
#include "detect/series_look.h"

#include "base/real.h"
#include "base/time.h"
#include "detect/shared.h"

#define EVIDENCE_WEIGHT 0.2 /* The same of past evidence. */
#define USUAL_SURPRISE 1.25 /* Of one channel; what is above it adds up. */
#define SHORT_PAST 32       /* Scores from which on there may be a tail. */
#define COUNTS_RANKED_MIN 38 /* Windows before ranks say more of counts than their model alone. */
#define UNKNOWN_POINT \
    0.05 /* As long as no day was seen the hour may bring so much, square share; */
#define UNKNOWN_LASTING 0.1  /* ... so much for a while. */
#define SPREAD_WEIGHT 0.5   /* How much values vary follows from the other channels. */

static const char *reason_of(SeriesChannel channel, double score)
{
    static const char *const above[] = {"high",     "high", "shift up", "shift up",
                                        "shift up", "up",   "noisy",    "gap"};
    static const char *const below[] = {"low",        "low",  "shift down", "shift down",
                                        "shift down", "down", "still",      "gap"};
    return score < 0 ? below[channel] : above[channel];
}

/* Every late sample so far counts, and the later the rarer. */
static double gap_chance(const SeriesWatch *watch, double steps)
{
    return (watch->late_count + 1.0) / (watch->count + 1.0) * LATE_STEPS / steps;
}

/* What is usual of a channel's surprise.  With so little past that no tail is known, half of what
 * it can bear out. */
static double usual_surprise(const Ranks *ranks)
{
    if (ranks->eighth > 0 || ranks->count >= SHORT_PAST)
        return USUAL_SURPRISE;
    return real_log10(ranks->count + 1.0) / 2;
}

/* Counts that hardly ever were off have no ranks to speak of.  The first time that one is about so
 * far off, the model knows better; where none is what is usual, both it and the kind. */
static double count_excess(const SeriesWatch *watch, const Look *look, double usual)
{
    const Ranks *ranks = &watch->ranks[SERIES_POINT];
    double score = fabs(look->scores[SERIES_POINT]), surprise = score / COUNTS_SCORE;
    double above = ranks_chance(ranks, score / 2, 0) * (ranks->count + 1.0);
    double seldom = series_kind_most(&watch->kind, look->measure.value, 1);
    surprise = surprise < seldom ? surprise : seldom;
    return above < 1.5 && surprise > usual ? surprise - usual : 0;
}

static double channel_excess(const SeriesWatch *watch, const Look *look, int channel, double usual)
{
    double score = look->scores[channel];
    if (channel == SERIES_POINT && watch->kind.is_count && watch->ranks[SERIES_POINT].eighth == 0)
        return count_excess(watch, look, usual);
    if (channel != SERIES_GAP) {
        const double excess =
            ranks_excess(&watch->ranks[channel], fabs(score), EXCESS_WEIGHT, usual);
        return channel == SERIES_SPREAD ? SPREAD_WEIGHT * excess : excess;
    }
    const double excess = score > 0 ? -real_log10(gap_chance(watch, score)) - usual : 0;
    return excess > 0 ? excess : 0;
}

/* What the model of counts bears out: of this window, or of the last few together. */
static double counts_most(const SeriesWatch *watch, const Look *look, SeriesChannel paid)
{
    bool is_new = watch->count * (double)watch->step_s < S_PER_DAY;
    double most = count_surprise(&look->counts, look->measure.value, 1, is_new ? UNKNOWN_POINT : 0);
    if (paid < SERIES_SHORT || paid > SERIES_LONG)
        return most;
    int i = (int)paid - SERIES_SHORT;
    double windows = look_windows(i);
    windows = windows < watch->count ? windows : watch->count;
    double count = look->counts.mean + look_lasting(watch, look, i);
    double unknown = count_wander(&watch->counts, &look->counts, look_windows(0));
    if (is_new && unknown < UNKNOWN_LASTING)
        unknown = UNKNOWN_LASTING;
    double lasting = count_surprise(&look->counts, count > 0 ? count : 0, windows, unknown);
    return lasting > most ? lasting : most;
}

/* What the kind of the series bears out.  Of numbers that scatter as counts do their model knows;
 * of what is nothing most of the time, how seldom it is anything. */
static double kind_most(const SeriesWatch *watch, const Look *look, SeriesChannel paid)
{
    const double late = watch->means[0] > 0 ? watch->means[0] * SHORT_MEMORY / MEAN_CLIP : 0;
    const double seldom = series_kind_most(&watch->kind, look->measure.value * look->measure.per, 1 + late);
    if (!look->may_count || !count_scatters(&watch->counts, watch->slow, watch->count))
        return seldom;
    const double counted = counts_most(watch, look, paid);
    return seldom < counted ? seldom : counted;
}

/* All ways together bear out a tenth of the chance of the rarest one at most, and nothing more
 * where the past hardly ever moved: there, all of them are one. */
static double alarm_of(const SeriesWatch *watch, const Look *look, SeriesChannel paid, double most)
{
    double alarm = detect_alarm_of(look->evidence);
    double borne_out = most + (watch->ranks[SERIES_POINT].eighth > 0);
    const double of_kind = watch->kind.is_count ? INFINITY : kind_most(watch, look, paid);
    borne_out = of_kind < borne_out ? of_kind : borne_out;
    return alarm < borne_out ? alarm : borne_out;
}

static void judge(const SeriesWatch *watch, Look *look, Judgement *ret_judgement)
{
    double most = 0;
    SeriesChannel paid = SERIES_POINT;
    const double usual = usual_surprise(&watch->ranks[SERIES_POINT]);
    for (int i = 0; i < SERIES_CHANNELS; i++) {
        const double excess = channel_excess(watch, look, i, usual);
        look->evidence += excess;
        if (excess > most) {
            most = excess;
            paid = (SeriesChannel)i;
        }
    }
    if (watch->kind.is_count && look->evidence > 0) {
        const double borne_out = detect_evidence_of(counts_most(watch, look, paid));
        look->evidence = look->evidence < borne_out ? look->evidence : borne_out;
    }
    ret_judgement->reason = reason_of(paid, look->scores[paid]);
    if (look->evidence == 0)
        return;
    ret_judgement->surprise =
        -real_log10(ranks_chance(&watch->evidence, look->evidence, EVIDENCE_WEIGHT));
    if (watch->kind.is_count && watch->evidence.eighth == 0 &&
        ret_judgement->surprise < detect_alarm_of(look->evidence))
        ret_judgement->surprise = detect_alarm_of(look->evidence);
    if (!detect_is_record(look->evidence, (double)watch->envelope))
        return;
    ret_judgement->alarm = alarm_of(watch, look, paid, most + usual);
    if (ret_judgement->surprise < ret_judgement->alarm)
        ret_judgement->surprise = ret_judgement->alarm;
}

static void fill_bounds(const SeriesWatch *watch, const Look *look, Judgement *ret_judgement)
{
    if (watch->kind.is_count) {
        count_bounds(&look->counts, ret_judgement);
        return;
    }
    double width = watch->width * watch->scatter * look->spread;
    double from = look->measure.from, per = look->measure.per;
    double lower = look->forecast - width;
    if (watch->kind.low >= 0 && lower < 0)
        lower = look->forecast < 0 ? look->forecast : 0;
    ret_judgement->expected = from + look->forecast * per;
    ret_judgement->lower = from + lower * per;
    ret_judgement->upper = from + (look->forecast + width) * per;
}

bool series_is_early(const SeriesWatch *watch)
{
    return watch->kind.is_count && watch->ranks[SERIES_POINT].count < COUNTS_RANKED_MIN;
}

void series_judge(const SeriesWatch *watch, Look *look, Judgement *ret_judgement)
{
    if (series_is_early(watch)) {
        look->evidence =
            count_judge(&look->counts, (double)watch->envelope, look->measure.value, ret_judgement);
        return;
    }
    if (watch->count < JUDGED_COUNT_MIN)
        return;
    judge(watch, look, ret_judgement);
    fill_bounds(watch, look, ret_judgement);
}
