/* SPDX-License-Identifier: Apache-2.0
 *
 * shard_features.c - facts for features, found in what a shard learns: lines, samples, predictions
 * and events that programs post. */
#include <math.h>

#include "engine/line_field.h"
#include "engine/shard.h"
#include "event/json.h"
#include "event/series.h"
#include "feature/match.h"

static odd_rc take(Shard *shard, size_t number, const Happening *happening)
{
    Fact fact;
    Str entity;
    bool is_bad;
    if (!match_fact(&shard->features->features[number], happening, &fact, &entity, &is_bad)) {
        shard->facts_bad += is_bad;
        return ODD_OK;
    }
    fact.feature = (uint32_t)number;
    return facts_add(&shard->facts, fact, entity) ? ODD_OK : ODD_NOMEM;
}

/* For each feature that this may be of. */
static odd_rc take_all(Shard *shard, const Happening *happening)
{
    const FeatureSet *set = shard->features;
    odd_rc rc = ODD_OK;
    for (size_t i = 0; rc == ODD_OK && i < set->count; i++)
        if (match_is_of(&set->features[i], happening->from, happening->source, happening->what))
            rc = take(shard, i, happening);
    return rc;
}

void shard_features_are(Shard *shard, const FeatureSet *set)
{
    shard->features = set;
    facts_clear(&shard->facts);
    shard->series_features_count = shard->feature_list_count = 0;
}

/* -- samples ----------------------------------------------------------------------------------- */

static FieldValue label_field(const void *context, Str name)
{
    const Happening *happening = context;
    Str value = series_label(happening->what, name);
    if (str_equal(name, STR("source")))
        return text_field(happening->source);
    if (str_equal(name, STR("series")))
        return text_field(happening->what);
    return value.size > 0 ? text_field(value) : (FieldValue){.number = NAN};
}

static bool list_add(Shard *shard, uint32_t number)
{
    uint32_t *grown = mem_grow(&shard->way_mem, shard->feature_list, &shard->feature_list_capacity,
                               shard->feature_list_count + 1, sizeof *grown);
    if (grown == NULL)
        return false;
    shard->feature_list = grown;
    grown[shard->feature_list_count++] = number;
    return true;
}

/* Which features a series is of, found once: where its count stands in the list. */
static bool list_of_series(Shard *shard, const Series *series, Str source, uint32_t *ret_at)
{
    const FeatureSet *set = shard->features;
    uint32_t *grown =
        mem_grow(&shard->way_mem, shard->series_features, &shard->series_features_capacity,
                 (size_t)series->number + 1, sizeof *grown);
    if (grown == NULL)
        return false;
    shard->series_features = grown;
    for (; shard->series_features_count <= series->number; shard->series_features_count++)
        grown[shard->series_features_count] = 0;
    *ret_at = grown[series->number];
    if (*ret_at > 0)
        return true;
    if (shard->feature_list_count == 0 && !list_add(shard, 0))
        return false; /* Place 0 is that of nobody. */
    Str name = series_name(shard_series_name(shard, series->number));
    uint32_t at = (uint32_t)shard->feature_list_count, count = 0;
    if (!list_add(shard, 0))
        return false;
    for (size_t i = 0; i < set->count; i++)
        if (match_is_of(&set->features[i], FROM_METRICS, source, name)) {
            if (!list_add(shard, (uint32_t)i))
                return false;
            count++;
        }
    shard->feature_list[at] = count;
    *ret_at = grown[series->number] = at;
    return true;
}

odd_rc shard_feature_sample(Shard *shard, const Series *series, Str source, Sample sample,
                            odd_time known)
{
    uint32_t at;
    if (shard->features == NULL)
        return ODD_OK;
    if (!list_of_series(shard, series, source, &at))
        return ODD_NOMEM;
    Happening happening = {.from = FROM_METRICS,
                           .source = source,
                           .what = shard_series_name(shard, series->number),
                           .time = sample.time,
                           .known = known,
                           .own = {.is_there = true, .number = sample.value},
                           .field = label_field,
                           .context = &happening};
    odd_rc rc = ODD_OK;
    for (uint32_t i = 0; rc == ODD_OK && i < shard->feature_list[at]; i++)
        rc = take(shard, shard->feature_list[at + 1 + i], &happening);
    return rc;
}

/* -- posted events ----------------------------------------------------------------------------- */

static FieldValue member_field(const void *context, Str name)
{
    return json_field(json_field_node(context, name));
}

odd_rc shard_feature_posted(Shard *shard, const Event *event)
{
    char problem[JSON_PROBLEM_SIZE];
    JsonNode *root;
    if (shard->features == NULL)
        return ODD_OK;
    odd_rc rc = json_read(event->text, &root, problem);
    if (rc == ODD_SYNTAX) /* Masks have made it none. */
        return ODD_OK;
    if (rc != ODD_OK)
        return rc;
    Happening happening = {.from = FROM_EVENTS,
                           .source = event->source,
                           .what = event->source,
                           .time = event->time,
                           .known = event->known,
                           .field = member_field,
                           .context = root};
    rc = take_all(shard, &happening);
    json_free(root);
    return rc;
}

/* -- lines ------------------------------------------------------------------------------------- */

static bool any_is_from(const FeatureSet *set, FeatureFrom from, bool *ret_wants_what)
{
    bool any = false;
    *ret_wants_what = false;
    for (size_t i = 0; i < set->count; i++) {
        any |= set->features[i].from == from;
        *ret_wants_what |= set->features[i].from == from && set->features[i].what[0] != '\0';
    }
    return any;
}

odd_rc shard_feature_line(Shard *shard, const Line *line, const Origin *origin)
{
    bool wants_pattern;
    if (shard->features == NULL || line->is_frame ||
        !any_is_from(shard->features, FROM_LOGS, &wants_pattern))
        return ODD_OK;
    char room[CANDIDATE_PATTERN_BYTES];
    LineTrees trees = {0};
    LineFields fields = {.line = line,
                         .source = names_text(&shard->sources, line->spot.source),
                         .text = origin->text,
                         .attributes = origin->attributes,
                         .trees = &trees};
    Happening happening = {.from = FROM_LOGS,
                           .source = fields.source,
                           .time = line->spot.time,
                           .known = origin->known,
                           .field = line_field,
                           .context = &fields};
    if (wants_pattern)
        happening.what = db_pattern_text(shard->db, line->head, NULL, room, sizeof room);
    odd_rc rc = take_all(shard, &happening);
    line_trees_free(&trees);
    return rc;
}

/* -- predictions ------------------------------------------------------------------------------- */

typedef struct {
    const PredictionBatch *batch;
    const BatchColumn     *columns;
    size_t                 column_count;
    uint32_t               row;
    Str                   *texts; /* Of columns that are texts one by one: those of this row. */
} BatchRow;

#define ROW_COLUMNS_MAX 256 /* Further ones are no fields. */

static Str category_text(const BatchColumn *column, uint32_t code)
{
    size_t at = 2;
    Str text = STR("");
    for (uint32_t i = 0; i < code; i++)
        text = batch_text(column->data, &at);
    return text;
}

static FieldValue cell_of(const BatchRow *row, size_t number)
{
    const BatchColumn *column = &row->columns[number];
    FieldValue value = {.number = NAN};
    if (column->form == BATCH_TEXT_FORM)
        value.text = row->texts[number];
    else if (column->form == BATCH_CATEGORY_FORM)
        value.text = category_text(column, batch_code(column, row->row));
    else if (column->form != BATCH_TIME_FORM)
        value.number = batch_real(column, row->row);
    if (value.text.size > 0)
        return text_field(value.text);
    value.is_there = !isnan(value.number);
    return value;
}

static FieldValue cell_field(const void *context, Str name)
{
    const BatchRow *row = context;
    if (str_equal(name, STR("model")))
        return text_field(row->batch->model);
    if (str_equal(name, STR("version")))
        return text_field(row->batch->version);
    for (size_t i = 0; i < row->column_count; i++)
        if (str_equal(row->columns[i].name, name) ||
            (row->columns[i].role == BATCH_OUTPUT && str_equal(name, STR("prediction"))) ||
            (row->columns[i].role == BATCH_PROBABILITY && str_equal(name, STR("probability"))) ||
            (row->columns[i].role == BATCH_ID && str_equal(name, STR("id"))))
            return cell_of(row, i);
    return (FieldValue){.number = NAN};
}

static odd_time row_time(const BatchRow *row)
{
    for (size_t i = 0; i < row->column_count; i++)
        if (row->columns[i].form == BATCH_TIME_FORM)
            return batch_time(&row->columns[i], row->row);
    return ODD_TIME_NONE;
}

static odd_rc take_rows(Shard *shard, const Event *event, BatchRow *row)
{
    size_t at[ROW_COLUMNS_MAX] = {0};
    odd_rc rc = ODD_OK;
    for (row->row = 0; rc == ODD_OK && row->row < row->batch->rows; row->row++) {
        for (size_t i = 0; i < row->column_count; i++)
            if (row->columns[i].form == BATCH_TEXT_FORM)
                row->texts[i] = batch_text(row->columns[i].data, &at[i]);
        Happening happening = {.from = FROM_PREDICTIONS,
                               .source = row->batch->model,
                               .what = row->batch->model,
                               .time = row_time(row),
                               .known = event->known,
                               .field = cell_field,
                               .context = row};
        rc = take_all(shard, &happening);
    }
    return rc;
}

odd_rc shard_feature_batch(Shard *shard, const Event *event)
{
    PredictionBatch batch;
    BatchColumn columns[ROW_COLUMNS_MAX];
    Str texts[ROW_COLUMNS_MAX];
    char problem[BATCH_PROBLEM_BYTES];
    bool unused;
    if (shard->features == NULL || !any_is_from(shard->features, FROM_PREDICTIONS, &unused) ||
        !batch_read(event->text, &batch, problem) || batch.what != BATCH_PREDICTIONS ||
        batch.is_reference)
        return ODD_OK;
    BatchRow row = {.batch = &batch, .columns = columns, .texts = texts};
    while (row.column_count < ROW_COLUMNS_MAX && batch_column(&batch, &columns[row.column_count]))
        row.column_count++;
    return take_rows(shard, event, &row);
}
