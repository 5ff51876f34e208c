/* SPDX-License-Identifier: Apache-2.0 */
#include "event/prediction.h"

#include <math.h>
#include <stdio.h>

#include "event/cells.h"
#include "event/sheet.h"
#include "event/sheet_words.h"

#define LINES_MAX 64
#define SAMPLE_BYTES_MAX 65536
#define SAMPLE_LINES_MIN 8
#define SHARE_AS_LONG 95 /* Percent of the lines that must have as many cells as the first. */
#define SHARE_TIMES 90   /* Percent of a column's cells that are times, of a column of them. */

typedef struct {
    Str      lines[LINES_MAX];
    uint32_t count, skipped;
} Sample;

/* -- lines and cells ------------------------------------------------------------------------- */

static void split(Str text, Sample *ret)
{
    *ret = (Sample){.count = 0};
    for (size_t at = 0; at < text.size && ret->count < LINES_MAX;) {
        const char *end = memchr(text.text + at, '\n', text.size - at);
        size_t to = end != NULL ? (size_t)(end - text.text) : text.size;
        Str line = str_part(text, at, to);
        at = to + 1;
        while (line.size > 0 && line.text[line.size - 1] == '\r')
            line.size--;
        bool is_before = ret->count == 0 && (line.size == 0 || line.text[0] == '#');
        ret->skipped += is_before;
        if (!is_before && line.size > 0)
            ret->lines[ret->count++] = line;
    }
}

static char find_separator(const Sample *sample, uint32_t *ret_columns)
{
    static const char separators[] = {',', ';', '\t', '|'};
    char best = ',';
    *ret_columns = 1;
    for (size_t i = 0; i < sizeof separators; i++) {
        uint32_t columns = cell_count(sample->lines[0], separators[i], PREDICTION_COLUMNS_MAX),
                 same = 0;
        for (uint32_t line = 0; line < sample->count; line++)
            same +=
                cell_count(sample->lines[line], separators[i], PREDICTION_COLUMNS_MAX) == columns;
        if (columns > *ret_columns && same * 100 >= sample->count * SHARE_AS_LONG) {
            *ret_columns = columns;
            best = separators[i];
        }
    }
    return best;
}

bool prediction_next_line(Str *bytes, Str *ret)
{
    if (bytes->size == 0)
        return false;
    const char *end = memchr(bytes->text, '\n', bytes->size);
    size_t to = end != NULL ? (size_t)(end - bytes->text) : bytes->size;
    *ret = str_part(*bytes, 0, to);
    *bytes = str_part(*bytes, to + (end != NULL), bytes->size);
    while (ret->size > 0 && ret->text[ret->size - 1] == '\r')
        ret->size--;
    return true;
}

Str prediction_sample(Str bytes)
{
    Str rest = bytes, line;
    size_t size = 0;
    for (size_t lines = 0; prediction_next_line(&rest, &line); lines++) {
        size_t to = bytes.size - rest.size;
        if (to > SAMPLE_BYTES_MAX && lines >= SAMPLE_LINES_MIN)
            break;
        size = to;
    }
    return str_part(bytes, 0, size);
}

/* -- names ----------------------------------------------------------------------------------- */

static bool is_usual(Str name, PredictionRole role)
{
    static const char *const words[PREDICTION_ROLE_COUNT][20] = {
        [PREDICTION_ID] = {"id", "prediction_id", "request_id", "event_id", "uuid", "row_id",
                           "index", "idx", "unnamed: 0", "instant", NULL},
        [PREDICTION_OUTPUT] = {"y_pred", "prediction", "predicted", "pred", "y_hat", "yhat",
                               "predicted_label", "predicted_class", "predicted_value", NULL},
        [PREDICTION_PROBABILITY] = {"y_pred_proba", "probability", "proba", "prob", "y_proba",
                                    "y_prob", "y_score", "score", "pred_proba",
                                    "prediction_proba", "prediction_probability",
                                    "predicted_probability", "positive_probability", NULL},
        [PREDICTION_OUTCOME] = {"target", "y_true", "label", "outcome", "actual", "ground_truth",
                                "truth", "y", "class", "actual_label", NULL},
    };
    for (size_t i = 0; i < 20 && words[role][i] != NULL; i++)
        if (word_is(name, words[role][i]))
            return true;
    return false;
}

static bool names_hold(Str list, Str name)
{
    for (size_t at = 0; at < list.size;) {
        const char *comma = memchr(list.text + at, ',', list.size - at);
        size_t to = comma != NULL ? (size_t)(comma - list.text) : list.size;
        if (str_equal(str_part(list, at, to), name))
            return true;
        at = to + 1;
    }
    return false;
}

Str prediction_name(const PredictionTable *table, uint32_t column)
{
    const PredictionColumn *c = &table->columns[column];
    return (Str){.text = table->names + c->name_from, .size = c->name_size};
}

uint32_t prediction_find(const PredictionTable *table, Str name)
{
    for (uint32_t column = 0; column < table->column_count; column++)
        if (str_equal(prediction_name(table, column), name))
            return column;
    return UINT32_MAX;
}

uint32_t prediction_role(const PredictionTable *table, PredictionRole role)
{
    for (uint32_t column = 0; column < table->column_count; column++)
        if (table->columns[column].role == role)
            return column;
    return UINT32_MAX;
}

static bool take_columns(const Sample *sample, uint32_t columns, Mem *mem, PredictionTable *table)
{
    table->column_count = columns;
    table->columns_bytes = columns * sizeof *table->columns;
    table->names_bytes = sample->lines[0].size + 1;
    table->columns = mem_take(mem, table->columns_bytes);
    table->names = mem_take(mem, table->names_bytes);
    if (table->columns == NULL || table->names == NULL)
        return false;
    SheetCell cell;
    size_t at = 0, used = 0;
    for (uint32_t c = 0; c < columns && cell_next(sample->lines[0], &at, table->separator, &cell);
         c++) {
        size_t size = cell_unquote(cell, table->names + used);
        table->columns[c].name_from = (uint32_t)used;
        table->columns[c].name_size = (uint32_t)size;
        used += size;
    }
    return true;
}

/* -- roles ----------------------------------------------------------------------------------- */

/* The format that reads (nearly) all cells of the column. */
static TimeFormat times_in(const Sample *sample, const PredictionTable *table, uint32_t column)
{
    for (TimeFormat format = 1; format <= timestamp_cell_format_count(); format++) {
        uint32_t cells = 0, times = 0;
        if (!timestamp_has_date(format))
            continue;
        for (uint32_t line = 1; line < sample->count; line++) {
            Str text = cell_at(sample->lines[line], table->separator, column);
            odd_time time;
            cells += text.size > 0;
            times += text.size > 0 &&
                     timestamp_read(format, &table->frame, text, 0, &time) == text.size &&
                     time != ODD_TIME_NONE;
        }
        if (cells > 0 && times * 100 >= cells * SHARE_TIMES)
            return format;
    }
    return TIME_FORMAT_NONE;
}

static bool is_text(const Sample *sample, const PredictionTable *table, uint32_t column)
{
    double number;
    Str text = cell_at(sample->lines[1], table->separator, column);
    return sheet_number(text, false, &number) == NUMBER_BAD;
}

/* Said by name, or the first column of times that is called so, or is written as a date. */
static void find_time(const Sample *sample, Str said, PredictionTable *table)
{
    for (uint32_t c = 0; c < table->column_count; c++) {
        Str name = prediction_name(table, c);
        bool may_be = said.size > 0 ? str_equal(name, said)
                                    : is_name_of_time(name) || is_text(sample, table, c);
        TimeFormat format = may_be ? times_in(sample, table, c) : TIME_FORMAT_NONE;
        if (format == TIME_FORMAT_NONE)
            continue;
        table->time_format = format;
        table->columns[c].role = PREDICTION_TIME;
        return;
    }
}

static void give_role(PredictionTable *table, PredictionRole role, Str said)
{
    for (uint32_t c = 0; c < table->column_count; c++) {
        Str name = prediction_name(table, c);
        bool is_it = said.size > 0 ? str_equal(name, said) : is_usual(name, role);
        if (!is_it || table->columns[c].role != PREDICTION_INPUT)
            continue;
        table->columns[c].role = (uint8_t)role;
        return;
    }
}

/* Of more than two classes: a column of probabilities for each. */
static void give_probabilities(PredictionTable *table)
{
    static const char *const beginnings[] = {"y_pred_proba_", "probability_", "proba_", "prob_"};
    for (uint32_t c = 0; c < table->column_count; c++) {
        Str name = prediction_name(table, c);
        for (size_t i = 0; i < sizeof beginnings / sizeof beginnings[0]; i++) {
            size_t size = strlen(beginnings[i]);
            if (table->columns[c].role == PREDICTION_INPUT && name.size > size &&
                memcmp(name.text, beginnings[i], size) == 0)
                table->columns[c].role = PREDICTION_PROBABILITY;
        }
    }
}

static void find_roles(const Sample *sample, const PredictionNames *names, PredictionTable *table)
{
    for (uint32_t c = 0; c < table->column_count; c++) {
        Str name = prediction_name(table, c);
        if (name.size == 0 || names_hold(names->left_out, name))
            table->columns[c].role = PREDICTION_LEFT_OUT;
        table->columns[c].is_segment = names_hold(names->segments, name);
    }
    find_time(sample, names->time, table);
    give_role(table, PREDICTION_ID, names->id);
    give_role(table, PREDICTION_OUTPUT, names->output);
    give_role(table, PREDICTION_PROBABILITY, names->probability);
    if (names->probability.size == 0)
        give_probabilities(table);
    give_role(table, PREDICTION_OUTCOME, names->outcome);
}

static bool is_there(const PredictionTable *table, Str name, PredictionRole role, char *problem)
{
    if (name.size == 0)
        return true;
    uint32_t column = prediction_find(table, name);
    if (column != UINT32_MAX && (role == PREDICTION_INPUT || table->columns[column].role == role))
        return true;
    snprintf(problem, PREDICTION_PROBLEM_BYTES, "the table has no column \"%.*s\"%s",
             (int)(name.size < 80 ? name.size : 80), name.text,
             column == UINT32_MAX ? "" : " that can be used so");
    return false;
}

static bool are_there(const PredictionTable *table, const PredictionNames *names, char *problem)
{
    return is_there(table, names->time, PREDICTION_TIME, problem) &&
           is_there(table, names->id, PREDICTION_ID, problem) &&
           is_there(table, names->output, PREDICTION_OUTPUT, problem) &&
           is_there(table, names->probability, PREDICTION_PROBABILITY, problem);
}

static bool is_in(const PredictionTable *table, Str name)
{
    return table != NULL && prediction_find(table, name) != UINT32_MAX;
}

/* Of names between commas, each is a column of one of the tables; NULL: of the first. */
static bool all_are_in(Str list, const PredictionTable *first, const PredictionTable *second,
                       char *problem)
{
    for (size_t at = 0; at < list.size;) {
        const char *comma = memchr(list.text + at, ',', list.size - at);
        size_t to = comma != NULL ? (size_t)(comma - list.text) : list.size;
        Str name = str_part(list, at, to);
        if (name.size > 0 && !is_in(first, name) && !is_in(second, name)) {
            snprintf(problem, PREDICTION_PROBLEM_BYTES, "%s has %s column \"%.*s\"",
                     second != NULL ? "neither table" : "the reference",
                     second != NULL ? "a" : "no", (int)(name.size < 80 ? name.size : 80),
                     name.text);
            return false;
        }
        at = to + 1;
    }
    return true;
}

bool prediction_names_fit(const PredictionNames *names, const PredictionTable *reference,
                          const PredictionTable *current, char problem[PREDICTION_PROBLEM_BYTES])
{
    if (names->outcome.size > 0 && !is_in(reference, names->outcome) &&
        !is_in(current, names->outcome)) {
        snprintf(problem, PREDICTION_PROBLEM_BYTES, "neither table has a column \"%.*s\"",
                 (int)(names->outcome.size < 80 ? names->outcome.size : 80), names->outcome.text);
        return false;
    }
    return all_are_in(names->segments, reference, NULL, problem) &&
           all_are_in(names->left_out, reference, current, problem);
}

bool prediction_is_table(Str text)
{
    Sample sample;
    uint32_t columns;
    split(text, &sample);
    if (sample.count < 2)
        return false;
    char separator = find_separator(&sample, &columns);
    SheetCell name;
    for (size_t at = 0; columns > 1 && cell_next(sample.lines[0], &at, separator, &name);)
        if (is_usual(name.text, PREDICTION_OUTPUT) || is_usual(name.text, PREDICTION_PROBABILITY))
            return true;
    return false;
}

/* -- rows ------------------------------------------------------------------------------------ */

PredictionCell prediction_cell(Str text)
{
    PredictionCell ret = {.text = text, .number = NAN};
    switch (sheet_number(text, false, &ret.number)) {
    case NUMBER_MISSING:
        ret.kind = PREDICTION_MISSING;
        break;
    case NUMBER_FINITE:
    case NUMBER_INFINITE:
        ret.kind = PREDICTION_NUMBER;
        break;
    case NUMBER_BAD:
        ret.kind = PREDICTION_TEXT;
        break;
    }
    return ret;
}

bool prediction_read(const PredictionTable *table, Str line, PredictionCell *cells,
                     odd_time *ret_time)
{
    SheetCell cell;
    size_t at = 0;
    uint32_t c = 0;
    *ret_time = ODD_TIME_NONE;
    for (; c < table->column_count && cell_next(line, &at, table->separator, &cell); c++) {
        cells[c] = prediction_cell(cell.text);
        if (table->columns[c].role == PREDICTION_TIME &&
            timestamp_read(table->time_format, &table->frame, cell.text, 0, ret_time) !=
                cell.text.size)
            *ret_time = ODD_TIME_NONE;
    }
    bool is_whole = c == table->column_count && at > line.size;
    const PredictionCell missing = {.number = NAN, .text = STR("")};
    while (c < table->column_count)
        cells[c++] = missing;
    return is_whole;
}

void prediction_close(PredictionTable *table, Mem *mem)
{
    mem_free(mem, table->columns, table->columns_bytes);
    mem_free(mem, table->names, table->names_bytes);
    memset(table, 0, sizeof *table);
}

bool prediction_learn(Str text, TimeFrame frame, const PredictionNames *names, Mem *mem,
                      PredictionTable *ret, char problem[PREDICTION_PROBLEM_BYTES])
{
    Sample sample;
    split(text, &sample);
    if (sample.count < 2) {
        snprintf(problem, PREDICTION_PROBLEM_BYTES,
                 "a table has a line of names and at least one row");
        return false;
    }
    PredictionTable table = {.frame = frame};
    uint32_t columns;
    table.separator = find_separator(&sample, &columns);
    if (columns > PREDICTION_COLUMNS_MAX) {
        snprintf(problem, PREDICTION_PROBLEM_BYTES,
                 "it has more than %d columns: write fewer of them to the file",
                 PREDICTION_COLUMNS_MAX);
        return false;
    }
    table.head_lines = sample.skipped + 1;
    bool is_one = take_columns(&sample, columns, mem, &table);
    if (is_one)
        find_roles(&sample, names, &table);
    else
        snprintf(problem, PREDICTION_PROBLEM_BYTES, "out of memory");
    is_one = is_one && are_there(&table, names, problem);
    if (!is_one) {
        prediction_close(&table, mem);
        return false;
    }
    *ret = table;
    return true;
}
