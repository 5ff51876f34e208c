/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/score_model.h"

#include <string.h>
#include <unistd.h>

#include "cli/answer.h"
#include "cli/complain.h"
#include "cli/csv.h"
#include "cli/field.h"
#include "cli/predictions.h"

typedef struct {
    Out  out;
    bool is_begun;
} Scoring;

static bool scores_write(void *context, odd_model *model)
{
    Scoring *scoring = context;
    odd_rows *rows;
    if (odd_model_query(model, ODD_MODEL_SCORES, &rows) != ODD_OK) {
        complain("cannot get the scores: %s", odd_model_errmsg(model));
        return false;
    }
    if (!scoring->is_begun)
        buffer_puts(&scoring->out.text, "row,time,signal,surprise,effect,alarm\n");
    scoring->is_begun = true;
    const int row = odd_column(rows, "row"), time = odd_column(rows, "time"),
              signal = odd_column(rows, "signal"), surprise = odd_column(rows, "surprise"),
              effect = odd_column(rows, "effect"), alarm = odd_column(rows, "alarm");
    Csv csv = {.out = &scoring->out.text};
    while (!scoring->out.closed && odd_next(rows) == ODD_ROW) {
        csv_integer(&csv, odd_int(rows, row));
        csv_time(&csv, odd_int(rows, time));
        csv_piece(&csv, field_text(rows, signal));
        csv_real(&csv, odd_double(rows, surprise));
        csv_real(&csv, odd_double(rows, effect));
        csv_real(&csv, odd_double(rows, alarm));
        csv_end(&csv);
        out_step(&scoring->out);
    }
    odd_rows_close(rows);
    return true;
}

static bool quality_write(void *context, odd_model *model)
{
    Scoring *scoring = context;
    odd_rows *rows;
    if (odd_model_query(model, ODD_MODEL_QUALITY, &rows) != ODD_OK) {
        complain("cannot estimate the quality: %s", odd_model_errmsg(model));
        return false;
    }
    if (!scoring->is_begun)
        buffer_puts(&scoring->out.text,
                    "metric,first_row,last_row,estimate,lower,upper,realised,trust\n");
    scoring->is_begun = true;
    const int metric = odd_column(rows, "metric"), first = odd_column(rows, "first_row"),
              last = odd_column(rows, "last_row"), estimate = odd_column(rows, "estimate"),
              lower = odd_column(rows, "lower"), upper = odd_column(rows, "upper"),
              realised = odd_column(rows, "realised"), trust = odd_column(rows, "trust");
    Csv csv = {.out = &scoring->out.text};
    while (!scoring->out.closed && odd_next(rows) == ODD_ROW) {
        csv_piece(&csv, field_text(rows, metric));
        csv_integer(&csv, odd_int(rows, first));
        csv_integer(&csv, odd_int(rows, last));
        csv_about(&csv, odd_double(rows, estimate));
        csv_about(&csv, odd_double(rows, lower));
        csv_about(&csv, odd_double(rows, upper));
        csv_about(&csv, odd_double(rows, realised));
        csv_piece(&csv, field_text(rows, trust));
        csv_end(&csv);
        out_step(&scoring->out);
    }
    odd_rows_close(rows);
    return true;
}

static bool blocks_write(void *context, odd_model *model)
{
    Scoring *scoring = context;
    odd_rows *rows;
    if (odd_model_query(model, ODD_MODEL_BLOCKS, &rows) != ODD_OK) {
        complain("cannot get the blocks: %s", odd_model_errmsg(model));
        return false;
    }
    if (!scoring->is_begun)
        buffer_puts(&scoring->out.text,
                    "signal,time,first_row,last_row,usual,surprise,effect,alarm\n");
    scoring->is_begun = true;
    const int signal = odd_column(rows, "signal"), time = odd_column(rows, "time"),
              first = odd_column(rows, "first_row"), last = odd_column(rows, "last_row"),
              usual = odd_column(rows, "usual"), surprise = odd_column(rows, "surprise"),
              effect = odd_column(rows, "effect"), alarm = odd_column(rows, "alarm");
    Csv csv = {.out = &scoring->out.text};
    while (!scoring->out.closed && odd_next(rows) == ODD_ROW) {
        csv_piece(&csv, field_text(rows, signal));
        csv_time(&csv, odd_int(rows, time));
        csv_integer(&csv, odd_int(rows, first));
        csv_integer(&csv, odd_int(rows, last));
        csv_piece(&csv, field_text(rows, usual));
        csv_real(&csv, odd_double(rows, surprise));
        csv_real(&csv, odd_double(rows, effect));
        csv_real(&csv, odd_double(rows, alarm));
        csv_end(&csv);
        out_step(&scoring->out);
    }
    odd_rows_close(rows);
    return true;
}

int score_model(const Options *options, const char *current)
{
    Scoring scoring = {.out = {.descriptor = STDOUT_FILENO}};
    PredictionsTask task = {.reference = options->reference,
                            .current = current,
                            .scores = !options->quality,
                            .step = options->quality  ? quality_write
                                    : options->blocks ? blocks_write
                                                      : scores_write,
                            .context = &scoring};
    Predictions predictions;
    int status = predictions_learn(options, &task, &predictions) ? STATUS_FINE : STATUS_ERROR;
    if (status == STATUS_FINE && !task.step(&scoring, predictions.model))
        status = STATUS_ERROR;
    if (!out_close(&scoring.out)) {
        answer_complain(&scoring.out, "standard output");
        status = STATUS_ERROR;
    }
    predictions_close(&predictions);
    return status;
}
