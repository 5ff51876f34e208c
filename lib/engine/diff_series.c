/* SPDX-License-Identifier: Apache-2.0
 *
 * diff_series.c - two runs of the same metrics: per series what has changed, corrected for all that
 * was compared. */
#include <math.h>

#include "base/time.h"
#include "engine/answer.h"
#include "engine/metric_answer.h"
#include "engine/told.h"
#include "stats/counter.h"
#include "stats/order.h"
#include "stats/recurrence.h"
#include "stats/two_extremes.h"
#include "stats/two_runs.h"
#include "stats/two_seasons.h"
#include "stats/two_series.h"

/* Level, highest, lowest, spread, shape, season, missing values, steps of time. */
#define LOOKS_OF_PAIR 8
#define STEP_SHARE 0.1  /* A step that differs by more from the usual one is unusual.   */
#define STEPS_MIN 8
#define HOUR_NS (3600 * NS_PER_S)
#define LEVEL_SHARE 1e-3 /* A constant that differs by less is the same. */

typedef struct {
    odd_db *db;
    MetricAnswer *answer;
    Recurrence *constants; /* Of the good run; those that the bad one has too. */
    uint32_t good, bad;  /* Series. */
    double *values;      /* Of the good run, then of the bad one. */
    double *scratch;     /* Twice as many. */
    size_t good_count, bad_count;
    bool is_rate;
} Pair;

static BookSeries *series_of(const Pair *pair, bool is_good)
{
    return &pair->db->book.series[is_good ? pair->good : pair->bad];
}

/* Of its sample; of a series without any, the whole run. */
static Spot spot_of(const BookSeries *series, size_t sample)
{
    Spot spot = {.row = 1, .time = ODD_TIME_NONE, .source = series->source};
    if (sample < series->kept.count) {
        spot.row = series->kept.samples[sample].row;
        spot.time = series->kept.samples[sample].time;
    } else if (sample > 0) {
        spot.row = series->last_row;
    }
    spot.sequence = spot.row;
    return spot;
}

/* A finding about a pair; the rows are of the bad run, [first, last] of its samples. */
static Finding finding_of(const Pair *pair, FindingKind kind, double surprise, size_t first,
                          size_t last)
{
    const BookSeries *bad = series_of(pair, false);
    return (Finding){.kind = kind,
                     .first = spot_of(bad, first),
                     .last = spot_of(bad, last),
                     .repeats = bad->samples,
                     .surprise = surprise,
                     .history = series_of(pair, true)->samples,
                     .pattern = series_book_name(&pair->db->book, pair->bad),
                     .is_metric = true,
                     .series = pair->bad,
                     .good_series = pair->good,
                     .is_compared = true,
                     .is_rate = pair->is_rate,
                     .lower = NAN,
                     .upper = NAN};
}

/* -- how values are -------------------------------------------------------------------------- */

static bool is_constant(Run run)
{
    for (size_t i = 1; i < run.count; i++)
        if (memcmp(&run.values[i], &run.values[0], sizeof *run.values) != 0)
            return false;
    return run.count >= TWO_SERIES_LEVEL_MIN;
}

static bool is_level(Run run, double level, double *scratch)
{
    memcpy(scratch, run.values, run.count * sizeof *scratch);
    order_sort(scratch, run.count);
    double median = order_median(scratch, run.count);
    double size = fabs(median) > fabs(level) ? fabs(median) : fabs(level);
    return fabs(median - level) <= size * LEVEL_SHARE;
}

static odd_rc add_change(Pair *pair, FindingKind kind, const Change *change, double farthest)
{
    if (!(change->surprise > 0))
        return ODD_OK;
    size_t last = change->first + change->count - (pair->is_rate ? 0 : 1);
    Finding finding = finding_of(pair, kind, change->surprise, change->first, last);
    finding.seen = change->seen;
    finding.expected = change->expected;
    finding.effect = change->effect;
    finding.farthest = farthest;
    if (kind != FINDING_SPREAD && kind != FINDING_SHAPE) {
        finding.lower = change->lower;
        finding.upper = change->upper;
    }
    return metric_answer_add(pair->answer, finding);
}

/* What never changed in the good run has no usual deviations.  How odd it is that it is another
 * constant now is told by the others: how many of them are what they were. */
static odd_rc add_changed_constant(Pair *pair, const Change *change)
{
    Recurrence others = *pair->constants;
    others.shapes--;
    Finding finding =
        finding_of(pair, FINDING_LEVEL, recurrence_surprise(others, others, SEVERITY_PLAIN),
                   change->first, change->first + change->count - 1);
    finding.seen = change->seen;
    finding.expected = change->expected;
    finding.effect = change->effect;
    finding.looked_at = pair->constants->shapes;
    return told_add(pair->db, finding);
}

/* Of level, highest and lowest value the oddest is told; spread and shape for themselves. */
static odd_rc add_changes(Pair *pair)
{
    Run good = {.values = pair->values, .count = pair->good_count};
    Run bad = {.values = pair->values + pair->good_count, .count = pair->bad_count};
    Change change = two_series(ASPECT_LEVEL, good, bad, pair->scratch);
    FindingKind kind = FINDING_LEVEL;
    if (is_constant(good) && !is_level(bad, good.values[0], pair->scratch))
        return add_changed_constant(pair, &change);
    double farthest = 0;
    for (int i = 0; i < 2; i++) {
        Change extreme = two_extremes(i == 0, good, bad, pair->scratch);
        farthest = fabs(extreme.effect) > farthest ? fabs(extreme.effect) : farthest;
        if (extreme.surprise <= change.surprise)
            continue;
        if (change.seen > change.upper || change.seen < change.lower) {
            change.surprise = extreme.surprise; /* It is more than a few values. */
            continue;
        }
        change = extreme;
        kind = i == 0 ? FINDING_HIGH : FINDING_LOW;
    }
    odd_rc rc = add_change(pair, kind, &change, farthest);
    change = two_series(ASPECT_SPREAD, good, bad, pair->scratch);
    if (rc == ODD_OK)
        rc = add_change(pair, FINDING_SPREAD, &change, 0);
    change = two_series(ASPECT_SHAPE, good, bad, pair->scratch);
    return rc == ODD_OK ? add_change(pair, FINDING_SHAPE, &change, 0) : rc;
}

static double *values_copy(const RunSamples *kept, double *to)
{
    for (size_t i = 0; i < kept->count; i++)
        to[i] = kept->samples[i].value;
    return to;
}

/* Growth a second, or a sample where there is no time. */
static size_t rates_of(const RunSamples *kept, double *values)
{
    for (size_t i = 0; i + 1 < kept->count; i++) {
        odd_time from = kept->samples[i].time, to = kept->samples[i + 1].time;
        bool is_timed = from != ODD_TIME_NONE && to != ODD_TIME_NONE && to > from;
        double seconds = is_timed ? (double)time_minus(to, from) / (double)NS_PER_S : 1;
        values[i] = counter_step(values, i) / seconds;
    }
    return kept->count - 1;
}

static bool rises(const double *values, size_t n)
{
    for (size_t i = 1; i < n; i++)
        if (values[i] < values[i - 1])
            return false;
    return n > 1;
}

static void take_values(Pair *pair)
{
    const RunSamples *good = &series_of(pair, true)->kept, *bad = &series_of(pair, false)->kept;
    pair->good_count = good->count;
    pair->bad_count = bad->count;
    values_copy(good, pair->values);
    double *of_bad = values_copy(bad, pair->values + good->count);
    pair->is_rate = good->count > 0 && bad->count > 0 && counter_is(pair->values, good->count) &&
                    (counter_is(of_bad, bad->count) || rises(of_bad, bad->count));
    if (!pair->is_rate)
        return;
    pair->bad_count = rates_of(bad, of_bad);
    pair->good_count = rates_of(good, pair->values);
    memmove(pair->values + pair->good_count, of_bad, pair->bad_count * sizeof *of_bad);
}

/* -- whether there are values ---------------------------------------------------------------- */

/* Counts of something unusual in both runs, among so many. */
static odd_rc add_gap(Pair *pair, GapSort sort, uint64_t good, uint64_t good_all, uint64_t bad,
                      uint64_t bad_all)
{
    if (good_all == 0 || bad_all == 0)
        return ODD_OK;
    double surprise = two_runs_surprise(good, good_all, bad, bad_all);
    size_t count = series_of(pair, false)->kept.count;
    Finding finding = finding_of(pair, FINDING_GAP, surprise, 0, count > 0 ? count - 1 : 1);
    finding.trait = (int)sort;
    finding.seen = (double)bad / (double)bad_all;
    finding.expected = (double)good / (double)good_all;
    finding.effect = finding.seen - finding.expected;
    return metric_answer_add(pair->answer, finding);
}

static odd_rc add_missing(Pair *pair)
{
    const BookSeries *good = series_of(pair, true), *bad = series_of(pair, false);
    return add_gap(pair, GAP_VALUES, good->missing, good->samples + good->missing, bad->missing,
                   bad->samples + bad->missing);
}

static double step_at(const RunSamples *kept, size_t i)
{
    return (double)time_minus(kept->samples[i + 1].time, kept->samples[i].time);
}

static uint64_t unusual_steps(const RunSamples *kept, double usual)
{
    uint64_t count = 0;
    for (size_t i = 0; i + 1 < kept->count; i++)
        count += fabs(step_at(kept, i) - usual) > usual * STEP_SHARE;
    return count;
}

/* Samples of the bad run come at other distances than in the good one. */
static odd_rc add_steps(Pair *pair)
{
    const RunSamples *good = &series_of(pair, true)->kept, *bad = &series_of(pair, false)->kept;
    if (good->count <= STEPS_MIN || bad->count < 2 || good->halvings + bad->halvings > 0 ||
        good->samples[0].time == ODD_TIME_NONE || bad->samples[0].time == ODD_TIME_NONE)
        return ODD_OK;
    for (size_t i = 0; i + 1 < good->count; i++)
        pair->scratch[i] = step_at(good, i);
    order_sort(pair->scratch, good->count - 1);
    double usual = order_median(pair->scratch, good->count - 1);
    return add_gap(pair, GAP_STEPS, unusual_steps(good, usual), good->count - 1,
                   unusual_steps(bad, usual), bad->count - 1);
}

/* -- at which hours it is busy --------------------------------------------------------------- */

/* False: some samples have no time. */
static bool take_hours(const RunSamples *kept, size_t count, int64_t *hours)
{
    const size_t rest = kept->count - count; /* Growth is that of its second sample. */
    for (size_t i = 0; i < count; i++) {
        const odd_time time = kept->samples[i + rest].time;
        if (time == ODD_TIME_NONE)
            return false;
        hours[i] = time / HOUR_NS - (time % HOUR_NS < 0);
    }
    return true;
}

static odd_rc add_season_change(Pair *pair, const SeasonChange *change)
{
    if (!(change->surprise > 0))
        return ODD_OK;
    const size_t rest = pair->is_rate ? 1 : 0;
    Finding finding = finding_of(pair, FINDING_SEASON, change->surprise, change->first + rest,
                                 change->last + rest);
    finding.seen = change->seen;
    finding.expected = change->expected;
    finding.effect = change->effect;
    finding.trait = change->hour;
    if (change->weekday >= 0)
        finding.trait += SEASON_WEEK + 24 * change->weekday;
    return metric_answer_add(pair->answer, finding);
}

static odd_rc add_season(Pair *pair)
{
    Mem *mem = &pair->db->mem;
    const RunSamples *good = &series_of(pair, true)->kept, *bad = &series_of(pair, false)->kept;
    const size_t count = pair->good_count + pair->bad_count;
    int64_t *hours = mem_take(mem, count * sizeof *hours);
    if (hours == NULL)
        return ODD_NOMEM;
    odd_rc rc = ODD_OK;
    if (take_hours(good, pair->good_count, hours) &&
        take_hours(bad, pair->bad_count, hours + pair->good_count)) {
        const HourRun first = {pair->values, hours, pair->good_count};
        const HourRun second = {pair->values + pair->good_count, hours + pair->good_count,
                                pair->bad_count};
        const SeasonChange change = two_seasons(first, second, pair->scratch);
        rc = add_season_change(pair, &change);
    }
    mem_free(mem, hours, count * sizeof *hours);
    return rc;
}

/* -- one series ------------------------------------------------------------------------------ */

static odd_rc compare_values(Pair *pair)
{
    odd_rc rc = add_missing(pair);
    if (pair->good_count == 0 || pair->bad_count == 0)
        return rc;
    if (rc == ODD_OK)
        rc = add_changes(pair);
    if (rc == ODD_OK)
        rc = add_season(pair);
    return rc == ODD_OK ? add_steps(pair) : rc;
}

/* Of the good run, a constant; and of the bad one the same. */
static odd_rc count_constant(Pair *pair)
{
    Run good = {.values = pair->values, .count = pair->good_count};
    Run bad = {.values = pair->values + pair->good_count, .count = pair->bad_count};
    if (bad.count == 0 || !is_constant(good))
        return ODD_OK;
    Recurrence *constants = pair->constants;
    constants->shapes++;
    constants->recurring += is_level(bad, good.values[0], pair->scratch);
    return ODD_OK;
}

/* Its values are taken, and looked at. */
static odd_rc with_values(Pair *pair, odd_rc (*look)(Pair *pair))
{
    Mem *mem = &pair->db->mem;
    size_t count = series_of(pair, true)->kept.count + series_of(pair, false)->kept.count + 1;
    pair->values = mem_take(mem, count * sizeof *pair->values);
    pair->scratch = mem_take(mem, 2 * count * sizeof *pair->scratch);
    odd_rc rc = ODD_NOMEM;
    if (pair->values != NULL && pair->scratch != NULL) {
        take_values(pair);
        rc = look(pair);
    }
    mem_free(mem, pair->values, count * sizeof *pair->values);
    mem_free(mem, pair->scratch, 2 * count * sizeof *pair->scratch);
    return rc;
}

/* -- all of them ----------------------------------------------------------------------------- */

static bool is_reference(const odd_db *db, uint32_t series)
{
    return db->sources[db->book.series[series].source].reading.reference != 0;
}

static size_t tables_of_side(const odd_db *db, bool reference)
{
    size_t count = 0;
    for (size_t i = 0; i < db->source_count; i++)
        count += series_book_known_source(&db->book, (uint32_t)i) != NULL &&
                 (db->sources[i].reading.reference != 0) == reference;
    return count;
}

static Str base_name(const Source *source)
{
    const char *slash = memrchr(source->name, '/', source->name_size);
    const char *from = slash != NULL ? slash + 1 : source->name;
    return (Str){.text = from, .size = (size_t)(source->name + source->name_size - from)};
}

/* Of two files all series are compared by name; of two folders those of files of one name. */
static Str key_of(const odd_db *db, uint32_t series, bool with_file, char *key)
{
    Str name = series_book_name(&db->book, series);
    size_t used = 0;
    if (with_file) {
        Str file = base_name(&db->sources[db->book.series[series].source]);
        used = file.size < SHEET_SERIES_BYTES_MAX ? file.size : SHEET_SERIES_BYTES_MAX;
        memcpy(key, file.text, used);
        key[used++] = '/';
    }
    if (name.size > 0)
        memcpy(key + used, name.text, name.size);
    return (Str){.text = key, .size = used + name.size};
}

typedef struct {
    Names names;
    uint32_t *good, *bad; /* By number of the name: the series, or NONE. */
} Match;

static odd_rc match_series(odd_db *db, Match *match)
{
    bool with_file = tables_of_side(db, true) > 1 || tables_of_side(db, false) > 1;
    char key[2 * SHEET_SERIES_BYTES_MAX + 1];
    for (size_t i = 0; i < db->book.count; i++)
        match->good[i] = match->bad[i] = NONE;
    for (uint32_t i = 0; i < db->book.count; i++) {
        bool is_new;
        uint32_t number = names_add(&match->names, key_of(db, i, with_file, key), &is_new);
        if (number == NAME_NONE)
            return ODD_NOMEM;
        uint32_t *side = is_reference(db, i) ? match->good : match->bad;
        if (side[number] == NONE)
            side[number] = i;
    }
    return ODD_OK;
}

static odd_rc add_one_sided(MetricAnswer *answer, const Match *match, uint32_t number,
                            Recurrence run)
{
    const odd_db *db = answer->db;
    bool is_new = match->good[number] == NONE;
    uint32_t series = is_new ? match->bad[number] : match->good[number];
    const BookSeries *s = &db->book.series[series];
    if (s->samples == 0)
        return ODD_OK;
    Spot spot = {.time = s->first_time, .source = s->source, .row = is_new ? 1 : 0};
    Finding finding = {.kind = is_new ? FINDING_NEW : FINDING_GONE,
                       .first = spot,
                       .last = spot,
                       .repeats = s->samples,
                       .surprise = recurrence_surprise(run, run, SEVERITY_PLAIN),
                       .seen = is_new ? (double)s->samples : 0,
                       .expected = is_new ? 0 : (double)s->samples,
                       .history = run.shapes,
                       .looked_at = match->names.count,
                       .pattern = series_book_name(&db->book, series),
                       .is_metric = true,
                       .series = match->bad[number],
                       .good_series = match->good[number],
                       .is_compared = true,
                       .effect = NAN,
                       .lower = NAN,
                       .upper = NAN};
    return told_add(answer->db, finding); /* Corrected by how it is made. */
}

static odd_rc compare_all(odd_db *db, const Match *match)
{
    Recurrence run = {0};
    for (size_t i = 0; i < match->names.count; i++) {
        run.shapes += match->good[i] != NONE;
        run.recurring += match->good[i] != NONE && match->bad[i] != NONE;
    }
    Recurrence constants = {0};
    MetricAnswer answer = {.db = db, .looks = (double)run.recurring * LOOKS_OF_PAIR};
    odd_rc rc = ODD_OK;
    for (int turn = 0; turn < 2; turn++)
        for (uint32_t i = 0; i < match->names.count && rc == ODD_OK; i++) {
            Pair pair = {.db = db,
                         .answer = &answer,
                         .constants = &constants,
                         .good = match->good[i],
                         .bad = match->bad[i]};
            if (pair.good != NONE && pair.bad != NONE)
                rc = with_values(&pair, turn == 0 ? count_constant : compare_values);
            else if (turn == 1)
                rc = add_one_sided(&answer, match, i, run);
        }
    return metric_answer_tell(&answer, rc);
}

odd_rc series_add_differences(odd_db *db)
{
    if (tables_of_side(db, true) == 0 || tables_of_side(db, false) == 0)
        return ODD_OK;
    size_t bytes = db->book.count * sizeof(uint32_t);
    Match match = {.names = {.mem = &db->mem, .seed = db->options.seed},
                   .good = mem_take(&db->mem, bytes),
                   .bad = mem_take(&db->mem, bytes)};
    odd_rc rc = ODD_NOMEM;
    if (bytes == 0 || (match.good != NULL && match.bad != NULL))
        rc = match_series(db, &match);
    if (rc == ODD_OK)
        rc = compare_all(db, &match);
    names_close(&match.names);
    mem_free(&db->mem, match.good, bytes);
    mem_free(&db->mem, match.bad, bytes);
    return rc;
}
