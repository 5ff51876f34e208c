/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/score_model.h"

#include <string.h>
#include <unistd.h>

#include "cli/answer.h"
#include "cli/complain.h"
#include "cli/csv.h"
#include "cli/field.h"
#include "cli/page_model_file.h"
#include "cli/predictions.h"

#define FIGURES_MAX 8

typedef enum { FIGURE_INTEGER, FIGURE_TIME, FIGURE_TEXT, FIGURE_REAL, FIGURE_ABOUT } FigureKind;

typedef struct {
    const char *name;
    FigureKind  kind;
} Figure;

typedef struct { /* What is printed: the columns of a view, which are those of the CSV. */
    odd_model_view view;
    const char    *attempt;
    Figure         figures[FIGURES_MAX];
} Table;

static const Table scores = {ODD_MODEL_SCORES,
                             "get the scores",
                             {{"row", FIGURE_INTEGER},
                              {"time", FIGURE_TIME},
                              {"signal", FIGURE_TEXT},
                              {"surprise", FIGURE_REAL},
                              {"effect", FIGURE_REAL},
                              {"alarm", FIGURE_REAL}}};

static const Table quality = {ODD_MODEL_QUALITY,
                              "estimate the quality",
                              {{"metric", FIGURE_TEXT},
                               {"first_row", FIGURE_INTEGER},
                               {"last_row", FIGURE_INTEGER},
                               {"estimate", FIGURE_ABOUT},
                               {"lower", FIGURE_ABOUT},
                               {"upper", FIGURE_ABOUT},
                               {"realised", FIGURE_ABOUT},
                               {"trust", FIGURE_TEXT}}};

static const Table blocks = {ODD_MODEL_BLOCKS,
                             "get the blocks",
                             {{"signal", FIGURE_TEXT},
                              {"time", FIGURE_TIME},
                              {"first_row", FIGURE_INTEGER},
                              {"last_row", FIGURE_INTEGER},
                              {"usual", FIGURE_TEXT},
                              {"surprise", FIGURE_REAL},
                              {"effect", FIGURE_REAL},
                              {"alarm", FIGURE_REAL}}};

typedef struct {
    const Table *table;
    Out          out;
    bool         is_begun;
    uint64_t     rows;
} Scoring;

static void head_write(const Table *table, Buffer *out)
{
    Csv csv = {.out = out};
    for (size_t i = 0; i < FIGURES_MAX && table->figures[i].name != NULL; i++)
        csv_text(&csv, table->figures[i].name, strlen(table->figures[i].name));
    csv_end(&csv);
}

static void figure_write(const odd_rows *rows, int column, FigureKind kind, Csv *csv)
{
    switch (kind) {
    case FIGURE_INTEGER:
        csv_integer(csv, odd_int(rows, column));
        break;
    case FIGURE_TIME:
        csv_time(csv, odd_int(rows, column));
        break;
    case FIGURE_TEXT:
        csv_piece(csv, field_text(rows, column));
        break;
    case FIGURE_REAL:
        csv_real(csv, odd_double(rows, column));
        break;
    case FIGURE_ABOUT:
        csv_about(csv, odd_double(rows, column));
        break;
    }
}

static bool rows_write(void *context, odd_model *model)
{
    Scoring *scoring = context;
    const Table *table = scoring->table;
    int columns[FIGURES_MAX], count = 0;
    odd_rows *rows;
    if (odd_model_query(model, table->view, &rows) != ODD_OK) {
        complain("cannot %s: %s", table->attempt, odd_model_errmsg(model));
        return false;
    }
    if (!scoring->is_begun)
        head_write(table, &scoring->out.text);
    scoring->is_begun = true;
    for (; count < FIGURES_MAX && table->figures[count].name != NULL; count++)
        columns[count] = odd_column(rows, table->figures[count].name);
    Csv csv = {.out = &scoring->out.text};
    while (!scoring->out.closed && odd_next(rows) == ODD_ROW) {
        for (int i = 0; i < count; i++)
            figure_write(rows, columns[i], table->figures[i].kind, &csv);
        csv_end(&csv);
        scoring->rows++;
        out_step(&scoring->out);
    }
    odd_rows_close(rows);
    return true;
}

int score_model(const Options *options, const char *current)
{
    const char *page = options->html_path, *reference = options->reference;
    bool keeps = page && options->quality; /* What is asked for on the way is not there later. */
    if (page && !page_model_allowed(page, reference, current))
        return STATUS_ERROR;
    Scoring scoring = {.table = options->quality  ? &quality
                                : options->blocks ? &blocks
                                                  : &scores,
                       .out = {.descriptor = STDOUT_FILENO}};
    PredictionsTask task = {.reference = reference,
                            .current = current,
                            .scores = !options->quality,
                            .step = keeps ? NULL : rows_write,
                            .context = &scoring};
    Predictions predictions;
    int status = predictions_learn(options, &task, &predictions) ? STATUS_FINE : STATUS_ERROR;
    if (status == STATUS_FINE && !rows_write(&scoring, predictions.model))
        status = STATUS_ERROR;
    if (status == STATUS_FINE && page &&
        !page_model_write(page, predictions.model, SIZE_MAX, reference, current))
        status = STATUS_ERROR;
    if (status == STATUS_FINE && options->blocks && scoring.rows == 0 && !options->quiet)
        complain("there are no blocks of time: both tables must have times, and the reference 56 "
                 "hours, quarters of a day or days with five rows each on average");
    if (!out_close(&scoring.out)) {
        answer_complain(&scoring.out, "standard output");
        status = STATUS_ERROR;
    }
    predictions_close(&predictions);
    return status;
}
