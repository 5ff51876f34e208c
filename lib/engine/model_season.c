/* SPDX-License-Identifier: Apache-2.0
 *
 * model_season.c - the columns of a model by blocks of time: what is usual at an hour of the week.
 */
#include <assert.h>
#include <math.h>

#include "base/real.h"
#include "engine/model.h"
#include "engine/rows.h"

#define SHIFT_DEPENDENT 0.02 /* Standard deviations that stretches of the reference differ by. */
#define SURPRISE_ALARM 3.0
#define RUN_BEGINS 2.0 /* Money: a run of odd blocks begins where there is no more than that. */

/* A number in standard deviations; of categories how rare it is. */
static double value_of(const Watch *watch, uint8_t cell, double number)
{
    if (watch->bins.kind == BINS_CATEGORY)
        return -real_log(watch->expected.share[cell]);
    return cell < BINS_MAX ? (number - watch->bins.center) / watch->bins.scale : NAN;
}

static void values_of(const odd_model *model, const Watch *watch, double *ret)
{
    const ReferenceColumn *column = &model->columns[watch->column];
    for (size_t row = 0; row < model->row_count; row++) {
        uint8_t cell = model_cell_of(watch, column, row);
        ret[row] = value_of(watch, cell, column->numbers[row]);
    }
}

odd_rc model_season_begin(odd_model *model)
{
    Mem *mem = &model->mem;
    int64_t length = weekly_length(model->times, model->row_count);
    if (length == 0)
        return ODD_OK;
    size_t value_bytes = model->row_count * sizeof(double);
    size_t block_bytes = WEEKLY_BLOCKS_MAX * sizeof(WeeklyBlock);
    double *values = mem_take(mem, value_bytes);
    WeeklyBlock *blocks = mem_take(mem, block_bytes);
    bool good = values != NULL && blocks != NULL;
    for (size_t w = 0; good && w < model->watch_count; w++) {
        Watch *watch = &model->watches[w];
        if (watch->column == WATCH_ERRORS)
            continue;
        watch->season = mem_take(mem, sizeof *watch->season);
        good = watch->season != NULL;
        if (!good)
            break;
        values_of(model, watch, values);
        watch->season_counts =
            watch->evidence.bets.roots > 0 || watch->expected.shift_wobble > SHIFT_DEPENDENT;
        if (weekly_make(values, model->times, model->row_count, length, blocks, watch->season))
            continue;
        mem_free(mem, watch->season, sizeof *watch->season);
        watch->season = NULL;
    }
    mem_free(mem, values, value_bytes);
    mem_free(mem, blocks, block_bytes);
    return good ? ODD_OK : problem_say(&model->problem, ODD_NOMEM, "out of memory for the season");
}

void model_season_close(odd_model *model)
{
    for (size_t w = 0; model->watches != NULL && w < model->watch_count; w++)
        mem_free(&model->mem, model->watches[w].season, sizeof *model->watches[w].season);
    mem_free(&model->mem, model->times, model->times_capacity * sizeof *model->times);
    mem_free(&model->mem, model->blocks, model->block_capacity * sizeof *model->blocks);
}

/* Blocks and columns that were looked at stand between money and a surprise. */
static double surprise_of(const odd_model *model, const SeasonEpisode *episode, double money)
{
    double looked_at = (double)(episode->blocks * model->watch_count);
    return money > looked_at ? real_log10(money / looked_at) : 0;
}

double model_season_surprise(const odd_model *model, const Watch *watch)
{
    return watch->season != NULL && watch->episode.blocks > 0
               ? surprise_of(model, &watch->episode, watch->episode.money_most)
               : 0;
}

static double learn_episode(const odd_model *model, SeasonEpisode *episode, double money_before,
                            const WeeklyVerdict *verdict)
{
    if (money_before <= RUN_BEGINS) {
        episode->begin = *verdict;
        episode->effects = 0;
        episode->run_blocks = 0;
    }
    episode->blocks++;
    episode->effects += verdict->effect;
    episode->run_blocks++;
    double before = surprise_of(model, episode, money_before);
    double now = surprise_of(model, episode, verdict->money);
    if (verdict->money > episode->money_most) {
        episode->money_most = verdict->money;
        episode->most_effect = episode->effects / episode->run_blocks;
        episode->first = episode->begin;
        episode->last = *verdict;
    }
    return now >= SURPRISE_ALARM && before < SURPRISE_ALARM ? now : 0;
}

static bool keep(odd_model *model, size_t w, double money_before, const WeeklyVerdict *verdict)
{
    double alarm = learn_episode(model, &model->watches[w].episode, money_before, verdict);
    if (!model->options.scores)
        return true;
    ModelBlock *blocks = mem_grow(&model->mem, model->blocks, &model->block_capacity,
                                  model->block_count + 1, sizeof *blocks);
    if (blocks == NULL)
        return false;
    model->blocks = blocks;
    blocks[model->block_count++] =
        (ModelBlock){.watch = (uint32_t)w, .alarm = alarm, .verdict = *verdict};
    return true;
}

bool model_season_learn(odd_model *model, size_t w, size_t i)
{
    Watch *watch = &model->watches[w];
    size_t place = w * MODEL_BATCH_ROWS + i;
    assert(watch->season != NULL);
    double value = value_of(watch, model->batch_cells[place], model->batch_numbers[place]);
    double before = watch->season->money;
    WeeklyVerdict verdict;
    return !weekly_learn(watch->season, value, model->batch_time[i], model->batch_row[i],
                         &verdict) ||
           keep(model, w, before, &verdict);
}

odd_rc model_season_end(odd_model *model)
{
    for (size_t w = 0; w < model->watch_count; w++) {
        Watch *watch = &model->watches[w];
        WeeklyVerdict verdict;
        double before = watch->season != NULL ? watch->season->money : 0;
        if (watch->season != NULL && weekly_end(watch->season, &verdict) &&
            !keep(model, w, before, &verdict))
            return problem_say(&model->problem, ODD_NOMEM, "out of memory for blocks of time");
    }
    return ODD_OK;
}

odd_rc model_blocks(odd_model *model, odd_rows **ret)
{
    static const char *const columns[] = {"signal", "time",     "first_row", "last_row", "usual",
                                          "surprise", "effect", "alarm",     NULL};
    odd_rc rc = model_judge(model);
    odd_rows *rows = rc == ODD_OK ? rows_open(columns) : NULL;
    if (rows == NULL)
        return rc != ODD_OK ? rc : ODD_NOMEM;
    for (size_t i = 0; i < model->block_count; i++) {
        const ModelBlock *block = &model->blocks[i];
        const WeeklyVerdict *verdict = &block->verdict;
        rows_text(rows, model_watch_name(model, &model->watches[block->watch]));
        rows_int(rows, verdict->block.time);
        rows_int(rows, (int64_t)verdict->block.first_row);
        rows_int(rows, (int64_t)verdict->block.last_row);
        rows_constant(rows, weekly_rung_name(verdict->rung));
        rows_double(rows, -real_log10(verdict->chance));
        rows_double(rows, verdict->effect);
        rows_double(rows, block->alarm);
    }
    model->block_count = 0;
    return rows_finish(rows, ret);
}
