/* SPDX-License-Identifier: Apache-2.0
 *
 * shard_predictions.c - predictions and outcomes as rows for the lake, one by one.
 *
 * What the journal and the skeletons of commits have is batches, column by column; SQL wants rows.
 * A row is dear (its inputs are written as JSON), so between two ticks so many bytes of a shard are
 * written, and further rows are counted. */
#include <math.h>

#include "base/cut.h"
#include "engine/served.h"
#include "engine/shard.h"
#include "event/json_text.h"
#include "event/utf8.h"

#define KEPT_BYTES_MAX (1u << 20)
#define TEXT_BYTES_MAX 4096 /* Of a cell; what is longer is cut. */
#define ROW_BYTES 64        /* Of a row, beside its inputs; about. */
#define SIZE_BYTES 2        /* Of a count, or a text. */

typedef struct { /* A column, read row by row. */
    BatchColumn column;
    size_t      at;
    size_t      words; /* Of CATEGORY: its first one. */
} Cursor;

typedef struct {
    Shard          *shard;
    const Event    *event;
    PredictionBatch batch;
    Cursor         *cursors;
    size_t          cursor_count, cursor_capacity;
    Str            *words;
    size_t          word_count, word_capacity;
    JsonText        json;
} Keeping;

/* -- columns of the batch ------------------------------------------------------------------- */

static bool add_words(Keeping *k, Cursor *cursor)
{
    size_t count = cursor->column.text_count, at = SIZE_BYTES;
    Str *grown = mem_grow(&k->shard->way_mem, k->words, &k->word_capacity, k->word_count + count,
                          sizeof *grown);
    if (grown == NULL)
        return false;
    k->words = grown;
    cursor->words = k->word_count;
    for (size_t i = 0; i < count; i++)
        grown[k->word_count++] = batch_text(cursor->column.data, &at);
    return true;
}

static bool begin(Keeping *k)
{
    Cursor *cursors = mem_grow(&k->shard->way_mem, k->cursors, &k->cursor_capacity,
                               k->batch.column_count, sizeof *cursors);
    if (cursors == NULL)
        return false;
    k->cursors = cursors;
    batch_rewind(&k->batch);
    while (batch_column(&k->batch, &cursors[k->cursor_count].column)) {
        Cursor *cursor = &cursors[k->cursor_count++];
        cursor->at = 0;
        if (cursor->column.form == BATCH_CATEGORY_FORM && !add_words(k, cursor))
            return false;
    }
    return true;
}

static void end(Keeping *k)
{
    Mem *mem = &k->shard->way_mem;
    mem_free(mem, k->cursors, k->cursor_capacity * sizeof *k->cursors);
    mem_free(mem, k->words, k->word_capacity * sizeof *k->words);
    json_text_free(&k->json);
}

typedef struct { /* missing: an empty text, and NaN. */
    bool   is_text;
    Str    text;
    double number;
} KeptValue;

/* Rows are read in their order, each once. */
static KeptValue next_value(const Keeping *k, Cursor *cursor, uint32_t row)
{
    const BatchColumn *column = &cursor->column;
    KeptValue value = {.is_text = batch_is_text(column->form), .text = STR(""), .number = NAN};
    uint32_t code;
    switch (column->form) {
    case BATCH_REAL_FORM:
    case BATCH_SINGLE_FORM:
        value.number = batch_real(column, row);
        break;
    case BATCH_TEXT_FORM:
        value.text = batch_text(column->data, &cursor->at);
        break;
    case BATCH_CATEGORY_FORM:
        code = batch_code(column, row);
        value.text = code > 0 ? k->words[cursor->words + code - 1] : STR("");
        break;
    case BATCH_TIME_FORM:
        break;
    }
    return value;
}

/* -- rows ----------------------------------------------------------------------------------- */

static void put_text(Table *rows, Str text)
{
    char room[UTF8_SHOWN_BYTES * TEXT_BYTES_MAX];
    text.size = cut_at_character(text, TEXT_BYTES_MAX);
    if (text.size == 0)
        table_missing(rows);
    else
        table_text(rows, utf8_shown(text, room));
}

static void put_value(Table *rows, const KeptValue *value)
{
    char room[REAL_TEXT_SIZE];
    if (value->is_text)
        put_text(rows, value->text);
    else
        put_text(rows, isnan(value->number) ? STR("") : real_text(value->number, room));
}

static void put_feature(JsonText *json, Str name, const KeptValue *value)
{
    if (value->is_text ? value->text.size == 0 : isnan(value->number))
        return;
    json_put_name(json, name, STR(""));
    if (value->is_text)
        json_put_string(json, value->text);
    else
        json_put_real(json, value->number);
}

typedef struct { /* Of a row. */
    odd_time time;
    KeptValue    id, output, probability, outcome;
} RowValues;

static RowValues read_row(Keeping *k, uint32_t row)
{
    const KeptValue none = {.is_text = true, .text = STR("")};
    RowValues ret = {.time = ODD_TIME_NONE, .id = none, .output = none, .outcome = none};
    ret.probability = (KeptValue){.number = NAN};
    json_text_clear(&k->json);
    json_put_open(&k->json, '{');
    for (size_t c = 0; c < k->cursor_count; c++) {
        Cursor *cursor = &k->cursors[c];
        KeptValue value = next_value(k, cursor, row);
        switch (cursor->column.role) {
        case BATCH_TIME:
            ret.time = cursor->column.form == BATCH_TIME_FORM ? batch_time(&cursor->column, row)
                                                              : ODD_TIME_NONE;
            break;
        case BATCH_ID:
            ret.id = value;
            break;
        case BATCH_OUTPUT:
            ret.output = value;
            break;
        case BATCH_PROBABILITY:
            ret.probability = value;
            break;
        case BATCH_OUTCOME:
            ret.outcome = value;
            break;
        case BATCH_FEATURE:
        case BATCH_SEGMENT:
            put_feature(&k->json, cursor->column.name, &value);
            break;
        case BATCH_ROLE_COUNT:
            break;
        }
    }
    json_put_close(&k->json, '}');
    return ret;
}

/* When it happened, when it came, of which model. */
static void put_head(const Keeping *k, Table *rows, const RowValues *row)
{
    table_time(rows, row->time != ODD_TIME_NONE ? row->time : k->event->known);
    table_time(rows, k->event->known);
    put_text(rows, k->batch.model);
    put_text(rows, k->batch.version);
    put_value(rows, &row->id);
}

static void put_prediction(Keeping *k, const RowValues *row)
{
    Table *rows = &k->shard->predictions;
    put_head(k, rows, row);
    put_value(rows, &row->output);
    table_real(rows, row->probability.is_text ? (double)NAN : row->probability.number);
    table_text(rows, k->json.failed ? STR("{}") : json_text_str(&k->json));
    table_int(rows, k->batch.is_reference);
    table_int(rows, (int64_t)k->shard->position);
}

static void put_outcome(Keeping *k, const RowValues *row)
{
    Table *rows = &k->shard->outcomes;
    put_head(k, rows, row);
    put_value(rows, &row->outcome);
    table_int(rows, (int64_t)k->shard->position);
}

void shard_keep_rows(Shard *shard, const Event *event, const PredictionBatch *batch)
{
    Keeping k = {.shard = shard, .event = event, .batch = *batch};
    k.json.mem = &shard->way_mem;
    bool is_outcome = batch->what == BATCH_OUTCOMES;
    uint32_t row = 0;
    if (shard->rows_kept_bytes < KEPT_BYTES_MAX && begin(&k))
        for (; row < batch->rows && shard->rows_kept_bytes < KEPT_BYTES_MAX; row++) {
            RowValues values = read_row(&k, row);
            if (!is_outcome)
                put_prediction(&k, &values);
            if (values.outcome.is_text ? values.outcome.text.size > 0
                                       : !isnan(values.outcome.number))
                put_outcome(&k, &values);
            shard->rows_kept_bytes += ROW_BYTES + k.json.size; /* However chunks are cut. */
        }
    shard->rows_unkept += batch->rows - row;
    end(&k);
}
