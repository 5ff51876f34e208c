/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/model_segments.h"

#include <math.h>
#include <stdio.h>

#include "base/real.h"
#include "engine/model_finding.h"
#include "engine/rows.h"
#include "model/drift.h"
#include "stats/normal.h"

#define ROWS_BEFORE_MIN 100.0 /* Of a group in the reference, and */
#define ROWS_NOW_MIN 50.0     /* now, if it is to be compared.    */
#define LEAN 20.0             /* Rows of all groups that a group's shares count. */
#define DISCOVERY 0.01        /* Share of false ones among all that are told. */
#define CALIBRATOR 0.1        /* e = CALIBRATOR p^(CALIBRATOR - 1) */
#define TOLD_MAX 20

/* -- counting -------------------------------------------------------------------------------- */

/* A category, or one of few values of numbers. */
static bool tells_groups(const Watch *watch)
{
    return watch->bins.kind == BINS_CATEGORY || watch->bins.count <= 32;
}

static bool take_groups(odd_model *model, ModelSegments *segments)
{
    for (size_t w = 0; w < model->watch_count; w++) {
        const Watch *watch = &model->watches[w];
        if (!watch_is_column(watch) || !model->table.columns[watch->column].is_segment ||
            !tells_groups(watch))
            continue;
        segments->columns[segments->column_count] = (uint32_t)w;
        segments->first[segments->column_count++] = (uint32_t)segments->group_count;
        for (size_t c = 0; c < watch->bins.count; c++)
            if (segments->group_count < SEGMENT_GROUPS_MAX)
                segments->groups[segments->group_count++] =
                    (SegmentGroup){.watch = (uint32_t)w, .cell = (uint8_t)c};
    }
    segments->watch_count = model->watch_count;
    segments->bytes =
        segments->group_count * segments->watch_count * CELL_COUNT * sizeof *segments->now;
    if (segments->group_count == 0)
        return true;
    segments->before = mem_take(&model->mem, segments->bytes);
    segments->now = mem_take(&model->mem, segments->bytes);
    return segments->before != NULL && segments->now != NULL;
}

static SegmentGroup *group_of(ModelSegments *segments, size_t column, uint8_t cell, size_t *ret_at)
{
    *ret_at = segments->first[column] + cell;
    SegmentGroup *group = &segments->groups[*ret_at];
    bool is_it = *ret_at < segments->group_count && group->watch == segments->columns[column] &&
                 group->cell == cell;
    return is_it ? group : NULL;
}

/* cells[w * stride]: of each column that is watched. */
static void learn_row(ModelSegments *segments, const uint8_t *cells, size_t stride, size_t watches,
                      bool is_now, double loss, double guess, double doubt)
{
    uint32_t *counts = is_now ? segments->now : segments->before;
    group_learn(is_now ? &segments->all_now : &segments->all_before, loss, guess, doubt);
    for (size_t i = 0; i < segments->column_count; i++) {
        size_t at;
        uint8_t cell = cells[segments->columns[i] * stride];
        SegmentGroup *group = group_of(segments, i, cell, &at);
        if (group == NULL)
            continue;
        group_learn(is_now ? &group->now : &group->before, loss, guess, doubt);
        for (size_t w = 0; w < watches; w++)
            counts[(at * segments->watch_count + w) * CELL_COUNT + cells[w * stride]]++;
    }
}

static size_t columns_watched(const odd_model *model)
{
    size_t count = model->watch_count;
    while (count > 0 && !watch_is_column(&model->watches[count - 1]))
        count--;
    return count;
}

odd_rc model_segments_begin(odd_model *model)
{
    if (model->names.segments.size == 0)
        return ODD_OK;
    size_t watches = columns_watched(model);
    uint8_t *cells = mem_take(&model->mem, watches + 1);
    model->segments = mem_take(&model->mem, sizeof *model->segments);
    bool good = cells != NULL && model->segments != NULL && take_groups(model, model->segments);
    for (size_t row = 0; good && row < model->row_count; row++) {
        for (size_t w = 0; w < watches; w++)
            cells[w] =
                model_cell_of(&model->watches[w], &model->columns[model->watches[w].column], row);
        learn_row(model->segments, cells, 1, watches, false, model_error_at(model, row), 0, 0);
    }
    mem_free(&model->mem, cells, watches + 1);
    return good ? ODD_OK
                : problem_say(&model->problem, ODD_NOMEM, "out of memory for groups of rows");
}

void model_segments_close(odd_model *model)
{
    if (model->segments == NULL)
        return;
    mem_free(&model->mem, model->segments->before, model->segments->bytes);
    mem_free(&model->mem, model->segments->now, model->segments->bytes);
    mem_free(&model->mem, model->segments, sizeof *model->segments);
}

void model_segments_learn(odd_model *model, const ModelRow *row, double loss)
{
    double guess, doubt;
    if (model->segments == NULL)
        return;
    model_guess(model, row, &guess, &doubt);
    learn_row(model->segments, model->batch_cells + (model->batch_count - 1), MODEL_BATCH_ROWS,
              columns_watched(model), true, loss, guess, doubt);
}

/* -- columns of a group ---------------------------------------------------------------------- */

/* What the group held in the reference, leaning on all rows. */
static Expected expected_of(const Watch *watch, const uint32_t *before, double rows)
{
    Expected expected = watch->expected;
    double mean = 0, square = 0;
    expected.rows = rows;
    for (size_t c = 0; c < CELL_COUNT; c++) {
        expected.share[c] = (before[c] + LEAN * watch->expected.share[c]) / (rows + LEAN);
        expected.inverse[c] = 1 / expected.share[c];
        mean += expected.share[c] * expected.score[c];
        square += expected.share[c] * expected.score[c] * expected.score[c];
    }
    double scale = sqrt(square - mean * mean > 1e-9 ? square - mean * mean : 1);
    for (size_t c = 0; c < watch->bins.count; c++)
        expected.score[c] = (expected.score[c] - mean) / scale;
    return expected;
}

typedef struct {
    size_t group, watch;
    double money; /* The e-value of its drift. */
    Drift  drift;
} SegmentDrift;

static size_t find_drifts(const odd_model *model, SegmentDrift *drifts, size_t room,
                          double *ret_tests)
{
    const ModelSegments *segments = model->segments;
    size_t count = 0, watches = columns_watched(model);
    *ret_tests = 0;
    for (size_t g = 0; g < segments->group_count; g++) {
        const SegmentGroup *group = &segments->groups[g];
        if (group->before.rows < ROWS_BEFORE_MIN || group->now.rows < ROWS_NOW_MIN)
            continue;
        for (size_t w = 0; w < watches; w++) {
            const Watch *watch = &model->watches[w];
            size_t from = (g * segments->watch_count + w) * CELL_COUNT;
            double counts[CELL_COUNT];
            if (w == group->watch || watch->current == UINT32_MAX)
                continue;
            for (size_t c = 0; c < CELL_COUNT; c++)
                counts[c] = segments->now[from + c];
            Expected expected = expected_of(watch, segments->before + from, group->before.rows);
            Drift drift = drift_of(&expected, counts, model->options.tolerance,
                                   (double)(1u << watch->evidence.bets.roots));
            *ret_tests += 1;
            if (drift.what == DRIFT_NONE || drift.is_negligible || count == room)
                continue;
            double power = (1 - CALIBRATOR) * drift.surprise * real_log(10);
            drifts[count++] = (SegmentDrift){g, w, CALIBRATOR * real_exp(power), drift};
        }
    }
    return count;
}

/* e-BH (R. Wang, A. Ramdas, JRSS B 84(3), 2022): the k largest are told if each is worth the tests,
 * divided by k and the share of false ones; whatever groups and columns have to do with each other.
 * Gives k, the largest first. */
static size_t discover(SegmentDrift *drifts, size_t count, double tests)
{
    size_t told = 0;
    for (size_t i = 1; i < count; i++) {
        SegmentDrift one = drifts[i];
        size_t at = i;
        for (; at > 0 && drifts[at - 1].money < one.money; at--)
            drifts[at] = drifts[at - 1];
        drifts[at] = one;
    }
    for (size_t k = 1; k <= count; k++)
        if (drifts[k - 1].money * (double)k * DISCOVERY >= tests)
            told = k;
    return told;
}

static bool is_told_of_all(const ModelFinding *findings, size_t count, Str signal)
{
    for (size_t i = 0; i < count; i++)
        if (!findings[i].is_negligible && str_equal(findings[i].signal, signal))
            return true;
    return false;
}

static void name_group(const odd_model *model, const SegmentGroup *group, char *text, size_t size)
{
    const Watch *watch = &model->watches[group->watch];
    char number[FINDING_NAME_BYTES];
    Str column = model_watch_name(model, watch);
    Str value = model_cell_name(model, watch, group->cell, number);
    snprintf(text, size, "%.*s=%.*s", finding_size(column), column.text, finding_size(value),
             value.text);
}

static void say_drift(const odd_model *model, const SegmentDrift *one, ModelFinding *f)
{
    const Watch *watch = &model->watches[one->watch];
    Str name = model_watch_name(model, watch);
    char group[2 * FINDING_NAME_BYTES];
    name_group(model, &model->segments->groups[one->group], group, sizeof group);
    *f = (ModelFinding){.kind = "drift",
                        .what = "segment",
                        .cause = one->drift.what >= DRIFT_MISSING ? "pipeline" : "covariate",
                        .signal = name,
                        .surprise = one->drift.surprise,
                        .effect = one->drift.effect.size,
                        .lower = one->drift.effect.lower,
                        .upper = one->drift.effect.upper,
                        .harm = NAN,
                        .first_row = 1,
                        .last_row = model->row,
                        .time = ODD_TIME_NONE};
    const char *how = one->drift.what == DRIFT_SHIFT
                          ? one->drift.effect.shift > 0 ? "is higher" : "is lower"
                      : one->drift.what == DRIFT_MISSING ? "is missing more often"
                      : one->drift.what == DRIFT_UNSEEN  ? "has values never seen before"
                      : one->drift.what == DRIFT_FAULT   ? "holds what is no number"
                                                         : "is distributed otherwise";
    snprintf(f->sentence, FINDING_TEXT_BYTES, "%.*s %s in the group %.170s, not in all rows",
             finding_size(name), name.text, how, group);
}

/* -- quality of a group ---------------------------------------------------------------------- */

static bool has_quality(const odd_model *model, const SegmentGroup *group)
{
    return group->before.known >= ROWS_BEFORE_MIN && group->now.rows >= ROWS_NOW_MIN &&
           (model->quality != NULL || group->now.known >= group->now.rows);
}

/* The group got worse than all rows did, or better. */
static bool find_gap(const odd_model *model, const SegmentGroup *group, ModelFinding *f)
{
    const ModelSegments *segments = model->segments;
    if (!has_quality(model, group))
        return false;
    GroupLoss now = group_loss(&group->now);
    bool of_numbers = model->task == MODEL_NUMBERS;
    Gap gap = gap_of(now, group_loss(&segments->all_now).loss, group_known(&group->before),
                     group_known(&segments->all_before).loss, of_numbers);
    double surprise = gap.surprise - real_log10((double)segments->group_count);
    if (surprise < FINDING_ODD || !gap.matters)
        return false;
    char name[2 * FINDING_NAME_BYTES];
    name_group(model, group, name, sizeof name);
    *f = (ModelFinding){.kind = "quality",
                        .what = "gap",
                        .cause = now.is_known ? "concept" : "covariate",
                        .signal = model_watch_name(model, &model->watches[group->watch]),
                        .surprise = fmin(surprise, FINDING_CERTAIN),
                        .is_harmful = gap.size > 0,
                        .effect = fabs(gap.size),
                        .lower = gap.lower,
                        .upper = gap.upper,
                        .harm = gap.size,
                        .first_row = 1,
                        .last_row = model->row,
                        .time = ODD_TIME_NONE};
    snprintf(f->sentence, FINDING_TEXT_BYTES,
             "the group %.170s has %.1f %s %s errors than all rows%s, it had %.1f %s", name,
             100 * fabs(gap.now), of_numbers ? "%" : "points", gap.now > 0 ? "more" : "fewer",
             now.is_known ? "" : " (estimated)", 100 * fabs(gap.before),
             gap.before > 0 ? "more" : "fewer");
    return true;
}

size_t model_find_segments(const odd_model *model, ModelFinding *findings, size_t count)
{
    ModelSegments *segments = model->segments;
    if (segments == NULL || segments->group_count == 0)
        return count;
    Mem mem = {0};
    double tests;
    size_t room = segments->group_count * segments->watch_count, whole = count;
    SegmentDrift *drifts = mem_take(&mem, room * sizeof *drifts);
    size_t found = drifts != NULL ? find_drifts(model, drifts, room, &tests) : 0;
    size_t told = found > 0 ? discover(drifts, found, tests) : 0;
    for (size_t i = 0; i < told && count < FINDINGS_MAX && count < whole + TOLD_MAX; i++) {
        Str signal = model_watch_name(model, &model->watches[drifts[i].watch]);
        if (!is_told_of_all(findings, whole, signal))
            say_drift(model, &drifts[i], &findings[count++]);
    }
    mem_free(&mem, drifts, room * sizeof *drifts);
    for (size_t g = 0; g < segments->group_count && count < FINDINGS_MAX; g++)
        count += find_gap(model, &segments->groups[g], &findings[count]);
    return count;
}

odd_rc model_segments(const odd_model *model, odd_rows **ret)
{
    static const char *const columns[] = {"segment", "rows",  "reference_rows", "loss",
                                          "lower",   "upper", "known",          "reference_loss",
                                          "all",     NULL};
    const ModelSegments *segments = model->segments;
    odd_rows *rows = rows_open(columns);
    if (rows == NULL)
        return ODD_NOMEM;
    for (size_t g = 0; segments != NULL && g < segments->group_count; g++) {
        const SegmentGroup *group = &segments->groups[g];
        char name[2 * FINDING_NAME_BYTES];
        if (!has_quality(model, group))
            continue;
        GroupLoss now = group_loss(&group->now);
        double reach = NORMAL_95 * sqrt(now.variance);
        name_group(model, group, name, sizeof name);
        rows_text(rows, str_of(name));
        rows_int(rows, (int64_t)group->now.rows);
        rows_int(rows, (int64_t)group->before.rows);
        rows_double(rows, now.loss);
        rows_double(rows, fmax(now.loss - reach, 0));
        rows_double(rows, now.loss + reach);
        rows_bool(rows, now.is_known);
        rows_double(rows, group->before.loss / group->before.known);
        rows_double(rows, group_loss(&segments->all_now).loss);
    }
    return rows_finish(rows, ret);
}
