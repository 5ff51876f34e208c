/* SPDX-License-Identifier: Apache-2.0
 *
 * ask.c - the command `ask`: which findings of a server a person should be asked about; or which
 * predictions of a table should be labelled, and what the labels tell. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/answer.h"
#include "cli/command.h"
#include "cli/complain.h"
#include "cli/csv.h"
#include "cli/field.h"
#include "cli/predictions.h"
#include "cli/questions.h"

#define COUNT 200
#define COUNT_LEAST 10
#define COLUMNS_MAX 64

/* -- asking ---------------------------------------------------------------------------------- */

static bool write_rows(const Options *options, odd_model *model, Buffer *out)
{
    odd_rows *rows;
    uint64_t count = options->count > 0 ? (uint64_t)options->count : COUNT;
    if (odd_model_ask(model, count, options->seed, &rows) != ODD_OK) {
        complain("cannot choose rows: %s", odd_model_errmsg(model));
        return false;
    }
    Csv csv = {.out = out};
    buffer_puts(out, "row,probability,reason,outcome\n");
    while (odd_next(rows) == ODD_ROW) {
        csv_integer(&csv, odd_int(rows, odd_column(rows, "row")));
        csv_number(&csv, odd_double(rows, odd_column(rows, "probability")));
        csv_piece(&csv, field_text(rows, odd_column(rows, "reason")));
        csv_text(&csv, "", 0);
        csv_end(&csv);
    }
    odd_rows_close(rows);
    return true;
}

/* -- answers --------------------------------------------------------------------------------- */

/* Cells of a line that was written by `ask`: none of them is quoted but the outcome. */
static size_t split(char *line, char *cells[COLUMNS_MAX])
{
    size_t count = 0;
    line[strcspn(line, "\r\n")] = '\0';
    while (line != NULL && count < COLUMNS_MAX) {
        char *cell = strsep(&line, ",");
        size_t size = strlen(cell);
        if (size >= 2 && cell[0] == '"' && cell[size - 1] == '"') {
            cell[size - 1] = '\0';
            cell++;
        }
        cells[count++] = cell;
    }
    return count;
}

static size_t find(char *const *names, size_t count, const char *name)
{
    size_t i = 0;
    while (i < count && strcmp(names[i], name) != 0)
        i++;
    return i;
}

static bool read_lines(FILE *file, const char *path, odd_model *model)
{
    char *line = NULL, *cells[COLUMNS_MAX];
    size_t room = 0, row, probability, outcome, width;
    bool good = getline(&line, &room, file) > 0;
    width = good ? split(line, cells) : 0;
    row = find(cells, width, "row");
    probability = find(cells, width, "probability");
    outcome = find(cells, width, "outcome");
    good = row < width && probability < width && outcome < width;
    if (!good)
        complain("%s has no columns row, probability and outcome, as `oddball ask` prints them",
                 path);
    while (good && getline(&line, &room, file) > 0) {
        if (split(line, cells) != width)
            continue;
        good = odd_model_answer(model, strtoull(cells[row], NULL, 10),
                                strtod(cells[probability], NULL), cells[outcome],
                                strlen(cells[outcome])) == ODD_OK;
        if (!good)
            complain("%s: %s", path, odd_model_errmsg(model));
    }
    free(line);
    return good;
}

static bool read_answers(const char *path, odd_model *model)
{
    FILE *file = fopen(path, "re");
    if (file == NULL) {
        complain("cannot read the answers %s: %s", path, strerror(errno));
        return false;
    }
    bool good = read_lines(file, path, model);
    fclose(file);
    return good;
}

static bool write_estimate(odd_model *model, Buffer *out)
{
    static const char *const numbers[] = {"estimate", "lower", "upper", "plain"};
    odd_rows *rows;
    if (odd_model_query(model, ODD_MODEL_ANSWERED, &rows) != ODD_OK) {
        complain("cannot estimate from the answers: %s", odd_model_errmsg(model));
        return false;
    }
    Csv csv = {.out = out};
    buffer_puts(out, "metric,labels,estimate,lower,upper,plain\n");
    while (odd_next(rows) == ODD_ROW) {
        csv_piece(&csv, field_text(rows, odd_column(rows, "metric")));
        csv_integer(&csv, odd_int(rows, odd_column(rows, "labels")));
        for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++)
            csv_about(&csv, odd_double(rows, odd_column(rows, numbers[i])));
        csv_end(&csv);
    }
    odd_rows_close(rows);
    return true;
}

static int run(const Options *options, int count, const char *const *arguments)
{
    if (count == 0 && options->reference == NULL && options->answers == NULL)
        return questions_print(options);
    if (options->count > 0 && options->count < COUNT_LEAST) {
        complain("--count is %d or more rows of a table", COUNT_LEAST);
        return STATUS_ERROR;
    }
    if (count != 1 || options->reference == NULL) {
        complain("ask takes nothing, and asks about the findings of the server; or a reference and "
                 "a table of predictions: oddball ask --reference reference.csv predictions.csv");
        return STATUS_ERROR;
    }
    PredictionsTask task = {
        .reference = options->reference, .current = arguments[0], .asks = true};
    Predictions predictions;
    Out out = {.descriptor = STDOUT_FILENO};
    bool good = predictions_learn(options, &task, &predictions);
    if (good && options->answers != NULL)
        good = read_answers(options->answers, predictions.model) &&
               write_estimate(predictions.model, &out.text);
    else if (good)
        good = write_rows(options, predictions.model, &out.text);
    if (!out_close(&out)) {
        answer_complain(&out, "standard output");
        good = false;
    }
    predictions_close(&predictions);
    return good ? STATUS_FINE : STATUS_ERROR;
}

static const char *const option_names[] = {
    "reference", "count", "answers", "time", "id",     "prediction", "probability", "outcome",
    "segments",  "drop",  "now",     "zone", "memory", "seed",       "format",      "server",
    "width",     NULL};

const Command command_ask = {
    .name = "ask",
    .summary = "Choose the findings, or predictions, that a person should be asked about",
    .example = "oddball ask\n"
               "oddball ask --reference reference.csv --count 200 predictions.csv > questions.csv\n"
               "oddball ask --reference reference.csv --answers questions.csv predictions.csv",
    .usage = "[PREDICTIONS]",
    .details = "Without a table: findings of the server that nobody judged, at most three a day, "
               "one of those that are alike; first those that were told on most days and are "
               "least likely real, by the answers so far. With each come the commands that answer "
               "it. One in 32 is drawn by chance; of those alone the precision is told. "
               "With a table it prints row, probability (with which the row was drawn), reason, "
               "and an empty column for the outcome: fill it in, and leave empty what nobody "
               "knows. With --answers the filled file becomes metric, labels, estimate, lower, "
               "upper, plain: "
               "quality over all rows with an interval of 95 %, and how many labels of rows drawn "
               "blindly one of these is worth. The estimate is right even if the model's "
               "probabilities are not; they only make it sharper.",
    .options = option_names,
    .settings = true,
    .formats = "text or json, of questions about findings",
    .run = run,
};
