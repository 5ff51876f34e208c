/* SPDX-License-Identifier: Apache-2.0
 *
 * model_faults.c - what is wrong with a table of predictions itself, whatever the model says. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/real.h"
#include "engine/model_finding.h"
#include "stats/count_tail.h"

#define IDS_FIRST 1024
#define IDS_MAX (1u << 22) /* Remembered; those that come later are not looked at. */
#define BEYOND_ROWS 2u     /* A value beyond the reference is one thing, two are a fault. */
#define HARM_SHARE 0.01    /* Of the rows. */
#define DUPLICATES_FREE 1e-4

/* Of the table, not of what the model says; share: of the rows. */
static ModelFinding fault_of(const odd_model *model, const char *kind, const char *what, Str signal,
                             double surprise, double share, uint64_t first_row)
{
    return (ModelFinding){.kind = kind,
                          .what = what,
                          .cause = "pipeline",
                          .signal = signal,
                          .surprise = fmin(surprise, FINDING_CERTAIN),
                          .is_harmful = share >= HARM_SHARE,
                          .effect = share,
                          .lower = NAN,
                          .upper = NAN,
                          .harm = NAN,
                          .first_row = first_row,
                          .last_row = model->row,
                          .time = ODD_TIME_NONE};
}

/* -- ids ------------------------------------------------------------------------------------- */

static bool id_add(ModelIds *ids, uint64_t hash)
{
    size_t at = hash & (ids->capacity - 1);
    hash += hash == 0;
    while (ids->hashes[at] != 0 && ids->hashes[at] != hash)
        at = (at + 1) & (ids->capacity - 1);
    bool is_new = ids->hashes[at] == 0;
    ids->hashes[at] = hash;
    ids->count += is_new;
    return is_new;
}

static bool ids_grow(Mem *mem, ModelIds *ids)
{
    ModelIds larger = {.capacity = ids->capacity > 0 ? 2 * ids->capacity : IDS_FIRST};
    larger.hashes = mem_take(mem, larger.capacity * sizeof *larger.hashes);
    if (larger.hashes == NULL)
        return false;
    for (size_t i = 0; i < ids->capacity; i++)
        if (ids->hashes[i] != 0)
            id_add(&larger, ids->hashes[i]);
    larger.rows = ids->rows;
    larger.twice = ids->twice;
    larger.first_row = ids->first_row;
    mem_free(mem, ids->hashes, ids->capacity * sizeof *ids->hashes);
    *ids = larger;
    return true;
}

bool model_id_learn(Mem *mem, ModelIds *ids, uint64_t hash, uint64_t row)
{
    if (ids->count * 2 >= ids->capacity && ids->capacity < IDS_MAX && !ids_grow(mem, ids))
        return false;
    if (ids->count * 2 >= ids->capacity)
        return true; /* There is no more room. */
    ids->rows++;
    if (id_add(ids, hash))
        return true;
    ids->first_row = ids->twice == 0 ? row : ids->first_row;
    ids->twice++;
    return true;
}

void model_ids_close(Mem *mem, ModelIds *ids)
{
    mem_free(mem, ids->hashes, ids->capacity * sizeof *ids->hashes);
}

static bool find_duplicates(const odd_model *model, ModelFinding *f)
{
    const ModelIds *now = &model->ids, *before = &model->reference_ids;
    uint32_t column = prediction_role(&model->current, PREDICTION_ID);
    double usual = before->rows > 0 ? (double)before->twice / (double)before->rows : 0;
    double fair = usual > DUPLICATES_FREE ? usual : DUPLICATES_FREE;
    double share = now->rows > 0 ? (double)now->twice / (double)now->rows : 0;
    double surprise = -binomial_upper((double)now->twice, (double)now->rows, fair);
    if (now->twice == 0 || surprise < FINDING_ODD || share < 2 * usual)
        return false;
    *f = fault_of(model, "more", "duplicate", prediction_name(&model->current, column), surprise,
                  share, now->first_row);
    snprintf(f->seen, FINDING_TEXT_BYTES, "%.*g %%", percent_figures(100 * share), 100 * share);
    snprintf(f->expected, FINDING_TEXT_BYTES, "%.*g %%", percent_figures(100 * usual), 100 * usual);
    snprintf(
        f->sentence, FINDING_TEXT_BYTES,
        "%llu rows have a value of %.*s that came before (%.60s, was %.60s), the first in row %llu",
        (unsigned long long)now->twice, finding_size(f->signal), f->signal.text, f->seen,
        f->expected, (unsigned long long)now->first_row);
    return true;
}

/* -- range ----------------------------------------------------------------------------------- */

void model_range_learn(Watch *watch, double number, uint64_t row)
{
    double width = watch->reference.most - watch->reference.least;
    double most = watch->reference.most + width / 2, least = watch->reference.least - width / 2;
    if (number <= most && number >= least)
        return;
    watch->first_beyond = watch->beyond == 0 ? row : watch->first_beyond;
    watch->beyond++;
}

/* None of the reference's rows was beyond.  If the rows now were drawn from the same ones, the k
 * that are would be anywhere among all: the chance that all of them are now is exact
 * (hypergeometric).  It is corrected for all columns, of which any could be. */
double model_range_surprise(const odd_model *model, const Watch *watch, double rows)
{
    double all = rows + watch->expected.rows, surprise = -real_log10((double)model->watch_count);
    if (watch->beyond < BEYOND_ROWS)
        return 0;
    for (uint64_t k = 0; k < watch->beyond && (double)k < rows && surprise < FINDING_CERTAIN; k++)
        surprise -= real_log10((rows - (double)k) / (all - (double)k));
    return surprise > 0 ? surprise : 0;
}

static bool find_beyond(const odd_model *model, const Watch *watch, ModelFinding *f)
{
    double n = (double)profile_count(&watch->now), share = (double)watch->beyond / n;
    double surprise = model_range_surprise(model, watch, n);
    if (surprise < FINDING_ODD)
        return false;
    bool is_above =
        watch->now.most - watch->reference.most > watch->reference.least - watch->now.least;
    *f = fault_of(model, "value", "range", model_watch_name(model, watch), surprise, share,
                  watch->first_beyond);
    snprintf(f->seen, FINDING_TEXT_BYTES, "%s %.5g", is_above ? "up to" : "down to",
             is_above ? watch->now.most : watch->now.least);
    snprintf(f->expected, FINDING_TEXT_BYTES, "%.5g to %.5g", watch->reference.least,
             watch->reference.most);
    snprintf(f->sentence, FINDING_TEXT_BYTES,
             "%.*s is far beyond its range in %llu rows: %.60s, was %.60s", finding_size(f->signal),
             f->signal.text, (unsigned long long)watch->beyond, f->seen, f->expected);
    return true;
}

/* -- columns --------------------------------------------------------------------------------- */

static void say_schema(ModelFinding *f, const char *kind, Str name, bool is_harmful)
{
    bool is_new = kind[0] == 'n';
    *f = (ModelFinding){.kind = kind,
                        .what = "schema",
                        .cause = "pipeline",
                        .signal = name,
                        .surprise = FINDING_CERTAIN,
                        .is_harmful = is_harmful,
                        .harm = NAN,
                        .effect = NAN,
                        .lower = NAN,
                        .upper = NAN,
                        .time = ODD_TIME_NONE};
    snprintf(f->sentence, FINDING_TEXT_BYTES, "the column %.*s is %s", finding_size(name),
             name.text, is_new ? "new: the reference has it not" : "gone");
}

size_t model_find_faults(const odd_model *model, ModelFinding *findings, size_t count)
{
    for (size_t w = 0; w < model->watch_count && count < FINDINGS_MAX; w++) {
        const Watch *watch = &model->watches[w];
        if (!watch_is_column(watch))
            continue;
        if (watch->current == UINT32_MAX)
            say_schema(&findings[count++], "gone", model_watch_name(model, watch), true);
        else
            count += find_beyond(model, watch, &findings[count]);
    }
    for (uint32_t c = 0; c < model->current.column_count && count < FINDINGS_MAX; c++) {
        Str name = prediction_name(&model->current, c);
        if (model->current.columns[c].role == PREDICTION_INPUT &&
            prediction_find(&model->table, name) == UINT32_MAX)
            say_schema(&findings[count++], "new", name, false);
    }
    if (count < FINDINGS_MAX)
        count += find_duplicates(model, &findings[count]);
    return count;
}
