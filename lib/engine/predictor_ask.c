/* SPDX-License-Identifier: Apache-2.0
 *
 * predictor_ask.c - a trained model as the program holds it: rows in, what it says out. */
#include <assert.h>
#include <math.h>

#include "engine/registry.h"
#include "engine/rows.h"

struct odd_predictor {
    Mem         mem;
    Predictor   predictor;
    RegistryRef ref;
    char       *words; /* Names of columns, then of classes, each terminated. */
    size_t      word_bytes;
    const char **starts;
    size_t      start_count;
};

/* Texts of the predictor as C wants them. */
static bool terminate(odd_predictor *predictor)
{
    const Names *names = &predictor->predictor.encoder.names;
    size_t classes =
        predictor->predictor.task == TASK_CLASSES ? predictor_outputs(&predictor->predictor) : 0;
    size_t count = names->count + classes, bytes = count;
    for (size_t i = 0; i < count; i++)
        bytes += i < names->count ? names_text(names, (uint32_t)i).size
                                  : predictor_class(&predictor->predictor, i - names->count).size;
    predictor->words = mem_take(&predictor->mem, bytes);
    predictor->starts = mem_take(&predictor->mem, count * sizeof *predictor->starts);
    predictor->word_bytes = bytes;
    predictor->start_count = count;
    if (predictor->words == NULL || predictor->starts == NULL)
        return false;
    char *to = predictor->words;
    for (size_t i = 0; i < count; i++) {
        Str text = i < names->count ? names_text(names, (uint32_t)i)
                                    : predictor_class(&predictor->predictor, i - names->count);
        predictor->starts[i] = to;
        memcpy(to, text.text, text.size);
        to[text.size] = '\0';
        to += text.size + 1;
    }
    return true;
}

odd_rc odd_predictor_open(odd_registry *registry, const char *model, odd_predictor **ret)
{
    RegistryRef ref;
    odd_rc rc = registry_find_model(registry, model, &ref);
    if (rc != ODD_OK)
        return rc;
    Mem mem = {0};
    odd_predictor *predictor = mem_take(&mem, sizeof *predictor);
    if (predictor == NULL)
        return problem_say(&registry->problem, ODD_NOMEM, "no memory for the model");
    predictor->mem = mem;
    predictor->ref = ref;
    predictor_open(&predictor->predictor, &predictor->mem);
    rc = registry_load(registry, &ref, &predictor->predictor);
    if (rc == ODD_OK && !terminate(predictor))
        rc = problem_say(&registry->problem, ODD_NOMEM, "no memory for the model");
    if (rc == ODD_OK)
        *ret = predictor;
    else
        odd_predictor_close(predictor);
    return rc;
}

void odd_predictor_close(odd_predictor *predictor)
{
    if (predictor == NULL)
        return;
    predictor_close(&predictor->predictor);
    mem_free(&predictor->mem, predictor->words, predictor->word_bytes);
    mem_free(&predictor->mem, predictor->starts,
             predictor->start_count * sizeof *predictor->starts);
    Mem mem = predictor->mem;
    mem_free(&mem, predictor, sizeof *predictor);
}

const char *odd_predictor_name(const odd_predictor *predictor)
{
    return predictor->ref.name;
}

const char *odd_predictor_version(const odd_predictor *predictor)
{
    return predictor->ref.version;
}

const char *odd_predictor_task(const odd_predictor *predictor)
{
    return predictor_task_word(predictor->predictor.task);
}

size_t odd_predictor_columns(const odd_predictor *predictor)
{
    return predictor->predictor.encoder.names.count;
}

const char *odd_predictor_column(const odd_predictor *predictor, size_t column)
{
    assert(column < odd_predictor_columns(predictor));
    return predictor->starts[column];
}

char odd_predictor_kind(const odd_predictor *predictor, size_t column)
{
    assert(column < odd_predictor_columns(predictor));
    return "nst"[predictor->predictor.encoder.columns[column].kind];
}

size_t odd_predictor_classes(const odd_predictor *predictor)
{
    return predictor->start_count - odd_predictor_columns(predictor);
}

const char *odd_predictor_class(const odd_predictor *predictor, size_t number)
{
    assert(number < odd_predictor_classes(predictor));
    return predictor->starts[odd_predictor_columns(predictor) + number];
}

static void fill_slots(const Encoder *encoder, const odd_predictor_cell *cells, float *slots)
{
    EncoderCell one[FRAME_COLUMNS_MAX];
    for (size_t c = 0; c < encoder->names.count; c++) {
        const odd_predictor_cell *cell = &cells[c];
        bool finite = isfinite(cell->number);
        one[c] = (EncoderCell){.number = finite ? cell->number : NAN,
                               .time = cell->time,
                               .code = NAME_NONE};
        if (encoder->columns[c].kind == FRAME_TEXT && cell->text != NULL)
            one[c].code = names_find(&encoder->columns[c].texts, str_of(cell->text));
    }
    encoder_row(encoder, one, slots);
}

void odd_predictor_say(const odd_predictor *predictor, const odd_predictor_cell *cells,
                       double values[ODD_PREDICTOR_VALUES])
{
    float slots[PREDICTOR_SLOTS_MAX];
    fill_slots(&predictor->predictor.encoder, cells, slots);
    predictor_say(&predictor->predictor, slots, values);
    if (predictor->predictor.task == TASK_NUMBER)
        values[1] = predictor->predictor.shift;
}

/* -- a table ---------------------------------------------------------------------------------- */

static void tell(const Predictor *predictor, size_t row, const double *values, odd_rows *rows)
{
    rows_int(rows, (int64_t)row + 1);
    if (predictor->task == TASK_CLASSES) {
        size_t outputs = predictor_outputs(predictor), best = predictor_best(values, outputs);
        rows_text(rows, predictor_class(predictor, best));
        rows_double(rows, outputs == 2 ? values[1] : values[best]);
        rows_missing(rows);
        rows_missing(rows);
        rows_missing(rows);
        return;
    }
    rows_double(rows, values[0]);
    rows_missing(rows);
    bool has_bounds = predictor->task == TASK_NUMBER && predictor->shift > 0;
    if (has_bounds) {
        rows_double(rows, values[0] - predictor->shift);
        rows_double(rows, values[0] + predictor->shift);
    } else {
        rows_missing(rows);
        rows_missing(rows);
    }
    if (predictor->task == TASK_ANOMALY)
        rows_double(rows, values[1]);
    else
        rows_missing(rows);
}

/* A column of which the model knows nothing is no fault; one that it needs and is not there is. */
static odd_rc check_columns(odd_registry *registry, const Encoder *encoder)
{
    for (uint32_t c = 0; c < encoder->names.count; c++) {
        Str name = names_text(&encoder->names, c);
        Str nearest = frame_nearest(&registry->frame, name);
        if (frame_find(&registry->frame, name) == FRAME_NONE)
            return problem_say(
                &registry->problem, ODD_NOTFOUND,
                "the model wants a column '%.*s', which the table does not have; the "
                "nearest is '%.*s'",
                (int)name.size, name.text, (int)nearest.size, nearest.text);
    }
    return ODD_OK;
}

static odd_rc predict(odd_registry *registry, const Predictor *predictor, odd_rows *rows)
{
    const Encoder *encoder = &predictor->encoder;
    double values[PREDICTOR_CLASSES_MAX];
    uint32_t numbers[256];
    size_t bytes = 256 * encoder->slot_count * sizeof(float), n = registry->frame.row_count;
    float *slots = mem_take(&registry->mem, bytes);
    odd_rc rc = slots != NULL ? ODD_OK : ODD_NOMEM;
    for (size_t from = 0; rc == ODD_OK && from < n; from += 256) {
        size_t count = n - from < 256 ? n - from : 256;
        for (size_t i = 0; i < count; i++)
            numbers[i] = (uint32_t)(from + i);
        rc = encoder_rows(encoder, &registry->frame, numbers, count, slots, &registry->problem);
        for (size_t i = 0; rc == ODD_OK && i < count; i++) {
            predictor_say(predictor, slots + i * encoder->slot_count, values);
            tell(predictor, from + i, values, rows);
        }
    }
    mem_free(&registry->mem, slots, bytes);
    return rc;
}

odd_rc odd_registry_predict(odd_registry *registry, const odd_predictor *predictor, odd_rows **ret)
{
    static const char *const columns[] = {"row",   "prediction", "probability", "lower",
                                          "upper", "surprise",   NULL};
    Predictor borrowed = predictor->predictor;
    odd_rows *rows = NULL;
    odd_rc rc = registry_table(registry);
    borrowed.encoder.mem = &registry->mem;
    if (rc == ODD_OK)
        rc = check_columns(registry, &borrowed.encoder);
    if (rc == ODD_OK) {
        rows = rows_open(columns);
        rc = rows != NULL ? predict(registry, &borrowed, rows) : ODD_NOMEM;
    }
    registry_forget(registry);
    if (rc == ODD_OK)
        return rows_finish(rows, ret);
    odd_rows_close(rows);
    return rc == ODD_NOMEM ? problem_say(&registry->problem, rc, "no memory for the table") : rc;
}
