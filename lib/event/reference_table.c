/* SPDX-License-Identifier: Apache-2.0
 *
 * reference_table.c - a table of predictions in text (event/prediction.h) as the reference of a
 * model in production: rows from when it was well.
 *
 * wire->source names the model, wire->subject its version, wire->table its columns.  Columns are
 * called as those of the events that are judged against it; probabilities of classes
 * (y_pred_proba_red) as these have them (probabilities.red).
 *
 * ERRORS     ODD_SYNTAX: no such table, one that is no text (there is a NUL in it, as in Parquet),
 *            or one of fewer than PREDICTION_REFERENCE_ROWS_MIN rows.  A row with another count of
 *            cells is refused.  Of more than PREDICTION_REFERENCE_ROWS_MAX rows each second is
 *            kept, or each third ... */
#include <inttypes.h>
#include <string.h>

#include "event/codec.h"
#include "event/prediction.h"
#include "event/prediction_build.h"

#define CLASS_PREFIX "probabilities."

typedef struct {
    Mem             mem;
    PredictionTable table;
    PredictionCell *cells;
    size_t          cells_bytes;
    PredictionBuild build;
    bool            has_classes, has_outcomes;
    uint64_t        stride; /* Of too many rows each so many-th is kept. */
} Reading;

static void finish(Reading *r)
{
    build_close(&r->build);
    prediction_close(&r->table, &r->mem);
    mem_free(&r->mem, r->cells, r->cells_bytes);
}

static Str said(const char *name)
{
    return name != NULL ? str_of(name) : STR("");
}

static PredictionNames names_of(const odd_model_options *o)
{
    if (o == NULL)
        return (PredictionNames){.time = STR("")};
    return (PredictionNames){.time = said(o->time),
                             .id = said(o->id),
                             .output = said(o->prediction),
                             .probability = said(o->probability),
                             .outcome = said(o->outcome),
                             .segments = said(o->segments),
                             .left_out = said(o->left_out)};
}

static bool learn(Reading *r, const odd_wire *wire, Str bytes, odd_decoded *ret)
{
    char problem[PREDICTION_PROBLEM_BYTES];
    PredictionNames names = names_of(wire->table);
    TimeFrame frame = time_frame(wire->now, wire->zone_s);
    if (!prediction_learn(prediction_sample(bytes), frame, &names, &r->mem, &r->table, problem) ||
        !prediction_names_fit(&names, &r->table, &r->table, problem)) {
        decoded_fail(ret, "the table: %s", problem);
        return false;
    }
    uint32_t probabilities = 0;
    for (uint32_t c = 0; c < r->table.column_count; c++)
        probabilities += r->table.columns[c].role == PREDICTION_PROBABILITY;
    r->has_classes = probabilities > 1;
    r->has_outcomes = prediction_role(&r->table, PREDICTION_OUTCOME) != UINT32_MAX;
    return true;
}

/* -- cells --------------------------------------------------------------------------------- */

static bool put(Reading *r, BatchRole role, Str name, const PredictionCell *cell)
{
    return cell->kind == PREDICTION_TEXT ? build_text(&r->build, role, name, cell->text)
                                         : build_number(&r->build, role, name, cell->number);
}

/* "y_pred_proba_red" becomes "probabilities.red". */
static bool put_class(Reading *r, Str name, const PredictionCell *cell)
{
    static const char *const beginnings[] = {"y_pred_proba_", "probability_", "proba_", "prob_"};
    char room[sizeof CLASS_PREFIX + BATCH_NAME_BYTES_MAX] = CLASS_PREFIX;
    size_t size = strlen(CLASS_PREFIX);
    for (size_t i = 0; i < sizeof beginnings / sizeof beginnings[0]; i++) {
        size_t from = strlen(beginnings[i]);
        if (name.size <= from || memcmp(name.text, beginnings[i], from) != 0)
            continue;
        size_t kept = name.size - from < BATCH_NAME_BYTES_MAX - size ? name.size - from
                                                                     : BATCH_NAME_BYTES_MAX - size;
        memcpy(room + size, name.text + from, kept);
        return put(r, BATCH_FEATURE, (Str){.text = room, .size = size + kept}, cell);
    }
    return true;
}

static bool put_cell(Reading *r, uint32_t c)
{
    const PredictionColumn *column = &r->table.columns[c];
    const PredictionCell *cell = &r->cells[c];
    Str name = prediction_name(&r->table, c);
    if (name.size > BATCH_NAME_BYTES_MAX)
        return true;
    switch ((PredictionRole)column->role) {
    case PREDICTION_INPUT:
        return put(r, column->is_segment ? BATCH_SEGMENT : BATCH_FEATURE, name, cell);
    case PREDICTION_OUTPUT:
        return put(r, BATCH_OUTPUT, STR("prediction"), cell);
    case PREDICTION_PROBABILITY:
        return r->has_classes ? put_class(r, name, cell)
                              : put(r, BATCH_PROBABILITY, STR("probability"), cell);
    case PREDICTION_OUTCOME:
        return put(r, BATCH_OUTCOME, STR("outcome"), cell);
    case PREDICTION_ID: /* Who knows what came true waits for nothing. */
        return r->has_outcomes || cell->kind == PREDICTION_MISSING ||
               build_text(&r->build, BATCH_ID, STR("id"), cell->text);
    case PREDICTION_TIME:
    case PREDICTION_LEFT_OUT:
    case PREDICTION_ROLE_COUNT:
        break;
    }
    return true;
}

static bool put_row(Reading *r, Str line, odd_decoded *ret, odd_events *events)
{
    odd_time time;
    if (!prediction_read(&r->table, line, r->cells, &time)) {
        decoded_refuse(ret, 1, "row %" PRIu64 " has not as many cells as there are columns",
                       ret->accepted + ret->rejected + 1);
        return true;
    }
    if (ret->accepted % r->stride != 0) {
        ret->accepted++;
        return true;
    }
    if (build_is_full(&r->build) && !build_write(&r->build, events))
        return false;
    build_row(&r->build);
    bool good = time == ODD_TIME_NONE || build_time(&r->build, time);
    for (uint32_t c = 0; good && c < r->table.column_count; c++)
        good = put_cell(r, c);
    ret->accepted += good;
    return good;
}

static uint64_t stride_for(Str bytes)
{
    uint64_t lines = 0;
    for (Str line; prediction_next_line(&bytes, &line);)
        lines += line.size > 0;
    return lines / PREDICTION_REFERENCE_ROWS_MAX + 1;
}

static odd_rc read_rows(Reading *r, Str bytes, odd_events *events, odd_decoded *ret)
{
    Str line;
    uint32_t skip = r->table.head_lines;
    r->stride = stride_for(bytes);
    r->cells_bytes = r->table.column_count * sizeof *r->cells;
    r->cells = mem_take(&r->mem, r->cells_bytes);
    if (r->cells == NULL)
        return ODD_NOMEM;
    while (prediction_next_line(&bytes, &line)) {
        if (skip > 0) {
            skip--;
            continue;
        }
        if (line.size > 0 && !put_row(r, line, ret, events))
            return ODD_FULL;
    }
    if (ret->accepted < PREDICTION_REFERENCE_ROWS_MIN)
        return decoded_fail(ret,
                            "the table has %" PRIu64 " rows of predictions, and a reference %d",
                            ret->accepted, PREDICTION_REFERENCE_ROWS_MIN);
    return build_write(&r->build, events) ? ODD_OK : ODD_FULL;
}

static odd_rc decode(const odd_wire *wire, Str bytes, odd_events *events, odd_decoded *ret)
{
    Reading r = {.has_classes = false};
    Str model = str_of(wire->source), version = said(wire->subject);
    if (model.size == 0 || model.size > BATCH_NAME_BYTES_MAX || version.size > BATCH_NAME_BYTES_MAX)
        return decoded_fail(ret, "the name of a model and of its version has at most %d bytes",
                            BATCH_NAME_BYTES_MAX);
    const char *nul = bytes.size > 0 ? memchr(bytes.text, '\0', bytes.size) : NULL;
    if (nul != NULL)
        return decoded_fail(ret,
                            "the table is no text: there is a NUL at byte %zu; Parquet and packed "
                            "tables are taken by `oddball model reference`",
                            (size_t)(nul - bytes.text));
    build_begin(&r.build, &r.mem, BATCH_PREDICTIONS, model, version, true);
    odd_rc rc = learn(&r, wire, bytes, ret) ? read_rows(&r, bytes, events, ret) : ODD_SYNTAX;
    finish(&r);
    return rc;
}

const Codec codec_reference_table = {.name = "reference_table", .decode = decode};
