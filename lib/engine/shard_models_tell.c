/* SPDX-License-Identifier: Apache-2.0
 *
 * shard_models_tell.c - what is odd of models becomes candidates: columns that drift, errors and
 * delays of outcomes, and an estimate that fell. */
#include <math.h>
#include <stdio.h>

#include "base/real.h"
#include "engine/model_finding.h"
#include "engine/served.h"
#include "engine/shard.h"
#include "stats/normal.h"

#define TOLD_NS (60 * NS_PER_S) /* What goes on is told so often. */
#define RUN_ROWS 1e6            /* Rows between two false alarms, as evidence counts them. */
#define ALARM_DAYS 7.0          /* And so many days at least. */
#define ODD 3.0
#define LOSS_LEAST 0.005        /* A change of accuracy that matters. */
#define NAME_BYTES 200

/* A fast model has a million rows in a minute, and may not have a false alarm in each. */
static double correction(const Served *served)
{
    const ServedPlain *plain = &served->plain;
    uint64_t day = plain->day_rows > plain->day_before ? plain->day_rows : plain->day_before;
    double runs = ALARM_DAYS * (double)day / RUN_ROWS;
    return runs > 1 ? real_log10(runs) : 0;
}

static Str name_of(const Served *served, Str column, const char *between, char room[NAME_BYTES])
{
    Str model = served_model(served), version = served_version(served);
    int size = snprintf(room, NAME_BYTES, "%.*s%s%.*s%s%.*s", (int)column.size, column.text,
                        between, (int)model.size, model.text, version.size > 0 ? " " : "",
                        (int)version.size, version.text);
    return (Str){.text = room, .size = size < NAME_BYTES ? (size_t)size : NAME_BYTES - 1};
}

static FindingKind kind_of(const Served *served, const odd_model *model, const Watch *watch)
{
    if (model == served->inputs)
        return FINDING_DRIFT;
    return watch->column == TRUTH_DELAY ? FINDING_DELAY : FINDING_ERRORS;
}

static void tell(Shard *shard, const Served *served, const odd_model *model, const Watch *watch,
                 double surprise, odd_time time, bool goes_on)
{
    const Stretches *stretches = &watch->stretches;
    double counts[CELL_COUNT], n = 0;
    StretchRun since = stretches_since(stretches, &watch->expected);
    stretches_sum(stretches, since, counts);
    for (size_t c = 0; c < CELL_COUNT; c++)
        n += counts[c];
    double run = (double)(1u << watch->evidence.bets.roots);
    Drift drift = drift_of(&watch->expected, counts, model->options.tolerance, run);
    char signal[NAME_BYTES], place[NAME_BYTES], how[NAME_BYTES];
    Str column = model_watch_name(model, watch);
    ModelFinding words = {.now = NAN, .before = NAN};
    words.signal = name_of(served, column, " of ", signal);
    model_say_column(model, watch, &drift, counts, n, &words);
    snprintf(how, sizeof how, "%.2g standard deviations off", drift.effect.size);
    Str whose = name_of(served, STR(""), "", place);
    uint64_t id = hash_bytes(column.text, column.size, served->plain.hash);
    Finding finding = {.kind = kind_of(served, model, watch),
                       .first = {.time = goes_on ? time : stretches->time[since.first],
                                 .row = goes_on ? 0 : stretches->first_row[since.first]},
                       .last = {.time = time},
                       .surprise = surprise,
                       .seen = words.now,
                       .expected = words.before,
                       .pattern = words.signal,
                       .value = str_of(words.sentence),
                       .place = str_of(how)};
    shard_model_candidate(shard, &finding, id, hash_bytes(whose.text, whose.size, 0),
                          served_model(served), goes_on);
}

/* Behind the rows of an event: what is in an episode is told, once a minute. */
static void tell_watches(Shard *shard, Served *served, odd_model *model, size_t first,
                         odd_time time, odd_time known)
{
    for (size_t w = 0; w < model->watch_count; w++) {
        Watch *watch = &model->watches[w];
        odd_time *told = &served->told[first + w];
        double surprise =
            (double)model_surprise(model, watch, watch->money_most) - correction(served);
        watch->money_most = 0;
        if (!watch->is_in_episode) {
            *told = ODD_TIME_NONE;
            if (watch->stretches.length * STRETCH_COUNT_MAX > SERVED_STRETCH_ROWS)
                stretches_begin(&watch->stretches);
            continue;
        }
        bool goes_on = *told != ODD_TIME_NONE;
        if ((goes_on && time_minus(known, *told) < TOLD_NS) ||
            (!goes_on && surprise < shard->threshold_models) || watch->stretches.count == 0)
            continue;
        tell(shard, served, model, watch, surprise, time, goes_on);
        *told = known;
    }
}

/* -- the estimate -------------------------------------------------------------------------- */

static void say_estimate(Shard *shard, const Served *served, double now, double before,
                         double error, double surprise, odd_time time, bool goes_on)
{
    char sentence[FINDING_TEXT_BYTES], signal[NAME_BYTES], place[NAME_BYTES];
    Str whose = name_of(served, STR(""), "", place);
    Str name = name_of(served, STR("accuracy"), " of ", signal);
    snprintf(sentence, sizeof sentence,
             "accuracy of %.*s is estimated at %.3f (%.3f to %.3f), was %.3f: the model is less "
             "sure on these rows",
             (int)whose.size, whose.text, now, fmax(now - 1.96 * error, 0),
             fmin(now + 1.96 * error, 1), before);
    Finding finding = {.kind = FINDING_QUALITY,
                       .first = {.time = time},
                       .last = {.time = time},
                       .surprise = surprise,
                       .seen = now,
                       .expected = before,
                       .pattern = name,
                       .value = str_of(sentence),
                       .place = STR("without outcomes")};
    shard_model_candidate(shard, &finding, hash_add(served->plain.hash, QUALITY_ACCURACY),
                          hash_bytes(whose.text, whose.size, 0), served_model(served), goes_on);
}

/* Each chunk is a look, of which a day may have many. */
static void judge_estimate(Shard *shard, Served *served, odd_time time, odd_time known)
{
    ServedPlain *plain = &served->plain;
    const ModelQuality *quality = served->truths->quality;
    if (quality == NULL || estimated_rows(&plain->chunk) < SERVED_CHUNK_ROWS)
        return;
    QualityFigure figure = estimated_figure(&plain->chunk, QUALITY_ACCURACY);
    double before = served_reference_figure(served, QUALITY_ACCURACY);
    double error = sqrt(figure.variance + doubt_variance(&quality->doubts[QUALITY_ACCURACY]));
    double loss = before - figure.value;
    double surprise = (error > 0 ? normal_surprise(fabs(loss) / error) : ODD) - correction(served);
    plain->is_estimate_low = loss - 1.645 * error > LOSS_LEAST && surprise >= ODD;
    memset(&plain->chunk, 0, sizeof plain->chunk);
    if (!plain->is_estimate_low) {
        plain->estimate_told = ODD_TIME_NONE;
        return;
    }
    bool goes_on = plain->estimate_told != ODD_TIME_NONE;
    if ((goes_on && time_minus(known, plain->estimate_told) < TOLD_NS) ||
        (!goes_on && surprise < shard->threshold_models))
        return;
    say_estimate(shard, served, figure.value, before, error, surprise, time, goes_on);
    plain->estimate_told = known;
}

void shard_models_tell(Shard *shard, Served *served, odd_time known)
{
    odd_time time = served->plain.last_time;
    if (served->plain.is_frozen) {
        tell_watches(shard, served, served->inputs, 0, time, known);
        if (served->plain.truths_frozen)
            tell_watches(shard, served, served->truths, served->inputs->watch_count, time, known);
    }
    judge_estimate(shard, served, time, known);
}
