/* SPDX-License-Identifier: Apache-2.0 */
#include "detect/fleet.h"

#include <math.h>

#include "base/clip.h"
#include "base/real.h"
#include "base/time.h"
#include "detect/shared.h"

#define FIRST_COUNT 200       /* Samples before one is compared with them. */
#define MEMORY_MAX 200000.0   /* Samples: half a year of every minute, two days of every second. */
#define GATED_COUNT_MIN 5000 /* Before, everything is learnt. */
#define DISTANCE_MAX 10.0     /* In deviations; farther off is as far. */
#define OFF_MAX 100.0         /* The same where shares are told.          */
#define REACH_SHARE 0.01      /* A deviation is no smaller than this share of the reach. */
#define FAST_MEMORY 10.0f
#define SLOW_MEMORY 100.0f
#define USUAL_MEMORY 5000.0
#define USUAL_LEAST 0.25f
#define ODD_FACTOR 2.0f /* Times the usual. */
#define ODD_LEARNT 0.05       /* So much of a sample is learnt while the moment is odd. */
#define ODD_RUN_MAX 20000     /* Moments: two weeks of minutes. */
#define TOP_SHARE 4           /* A quarter. */
#define SPREAD_LEAST 0.02
#define RANKED_COUNT_MIN 1000 /* Before, it is not yet known what is usual. */
#define TRUST_COUNT 4000.0    /* Moments follow each other: so many are not yet half a past. */
#define JUDGED_COUNT_MIN 2000

/* -- one series -------------------------------------------------------------------------------- */

static double step_s(const SeriesWatch *watch, odd_time time)
{
    if (time == ODD_TIME_NONE || watch->kind.count == 0 || watch->last_time == ODD_TIME_NONE)
        return 0;
    return (double)time_minus(time, watch->last_time) / (double)NS_PER_S;
}

static double deviation_of(const FleetSeries *series)
{
    double least = series->reach * REACH_SHARE + fabs(series->mean) * 1e-9 + 1e-12;
    double deviation = sqrt(series->square);
    return deviation > least ? deviation : least;
}

static void learn(FleetSeries *series, double distance, double deviation, bool is_odd)
{
    double weight = 1 / (series->count < MEMORY_MAX ? series->count : MEMORY_MAX);
    if (series->count > FIRST_COUNT) {
        distance = clipped(distance, DISTANCE_MAX * deviation);
        weight *= is_odd ? ODD_LEARNT : 1;
    }
    series->mean += weight * distance;
    series->square += weight * (distance * distance - series->square);
    series->reach -= series->reach / MEMORY_MAX;
    if (fabs(distance) > series->reach)
        series->reach = fabs(distance);
}

void fleet_series_put(FleetSeries *series, const Fleet *fleet, const SeriesWatch *watch,
                      odd_time time, double value)
{
    Measure measure = series_measure(&watch->kind, value, step_s(watch, time));
    if (!isfinite(value) || measure.skip || !isfinite(measure.value))
        return;
    if (series->is_counter != watch->kind.is_counter)
        *series = (FleetSeries){.is_counter = watch->kind.is_counter};
    double deviation = deviation_of(series), distance = measure.value - series->mean;
    if (series->count++ == 0) {
        series->mean = measure.value;
        return;
    }
    if (series->count > FIRST_COUNT) {
        double z = distance / deviation;
        series->off = (float)fabs(clipped(z, OFF_MAX));
        z = clipped(z, DISTANCE_MAX);
        float evidence = (float)(z * z);
        series->fast += (evidence - series->fast) / FAST_MEMORY;
        series->slow += (evidence - series->slow) / SLOW_MEMORY;
    }
    learn(series, distance, deviation, fleet->is_odd != 0);
}

/* -- all of them ------------------------------------------------------------------------------- */

static void keep_largest(float *largest, float x)
{
    for (int i = 0; i < FLEET_TOP; i++) {
        if (x <= largest[i])
            continue;
        float next = largest[i];
        largest[i] = x;
        x = next;
    }
}

void fleet_moment_add(FleetMoment *moment, const FleetSeries *series)
{
    keep_largest(moment->evidence, (series->fast + series->slow) / 2);
    keep_largest(moment->slow, series->slow);
    moment->off += series->off;
    moment->series++;
}

float fleet_share(const FleetMoment *moment, const FleetSeries *series)
{
    return moment->off > 0 ? series->off / moment->off : 0;
}

static float mean_of_largest(const float *largest, uint32_t series)
{
    uint32_t count = (series + TOP_SHARE - 1) / TOP_SHARE;
    if (count > FLEET_TOP)
        count = FLEET_TOP;
    float sum = 0;
    for (uint32_t i = 0; i < count; i++)
        sum += largest[i];
    return sum / (float)count;
}

/* How it is now, as long as it is not odd. */
static void learn_usual(Fleet *fleet, float slow, double evidence, double score)
{
    double memory = fleet->count < USUAL_MEMORY ? fleet->count : USUAL_MEMORY;
    double distance = evidence - (double)fleet->level;
    fleet->usual += (float)((double)(slow - fleet->usual) / memory);
    fleet->level += (float)(distance / memory);
    fleet->spread += (float)((fabs(distance) - (double)fleet->spread) / memory);
    if (fleet->count > RANKED_COUNT_MIN)
        ranks_learn(&fleet->ranks, score);
}

static void learn_moment(Fleet *fleet, float slow, double evidence, double score)
{
    float usual = fleet->usual > USUAL_LEAST ? fleet->usual : USUAL_LEAST;
    fleet->is_odd = fleet->count > GATED_COUNT_MIN && slow > ODD_FACTOR * usual;
    fleet->odd_run = fleet->is_odd ? fleet->odd_run + 1 : 0;
    if (fleet->odd_run > ODD_RUN_MAX) { /* This is how it is now. */
        fleet->usual = slow;
        fleet->level = (float)evidence;
        fleet->odd_run = 0;
    }
    if (!fleet->is_odd)
        learn_usual(fleet, slow, evidence, score);
}

void fleet_put(Fleet *fleet, const FleetMoment *moment, Judgement *ret_judgement)
{
    *ret_judgement = detect_no_judgement();
    if (moment->series < FLEET_SERIES_MIN)
        return;
    if (fleet->count < UINT32_MAX)
        fleet->count++;
    if (fleet->count <= FIRST_COUNT)
        return;
    double sum = (double)mean_of_largest(moment->evidence, moment->series);
    double evidence = real_log1p(sum);
    double spread = (double)fleet->spread > SPREAD_LEAST ? (double)fleet->spread : SPREAD_LEAST;
    double score = (evidence - (double)fleet->level) / spread;
    if (fleet->count > JUDGED_COUNT_MIN) {
        double trust = fleet->count / (fleet->count + TRUST_COUNT);
        ret_judgement->surprise = -real_log10(ranks_chance(&fleet->ranks, score, 0)) * trust;
        ret_judgement->alarm = detect_alarm(ret_judgement->surprise, (double)fleet->envelope);
        ret_judgement->reason = "together";
    }
    fleet->envelope = (float)detect_envelope(ret_judgement->surprise, fleet->envelope);
    learn_moment(fleet, mean_of_largest(moment->slow, moment->series), evidence, score);
}
