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

int score_model(const Options *options, const char *current)
{
    Scoring scoring = {.out = {.descriptor = STDOUT_FILENO}};
    PredictionsTask task = {.reference = options->reference,
                            .current = current,
                            .scores = true,
                            .step = scores_write,
                            .context = &scoring};
    Predictions predictions;
    int status = predictions_learn(options, &task, &predictions) ? STATUS_FINE : STATUS_ERROR;
    if (!out_close(&scoring.out)) {
        answer_complain(&scoring.out, "standard output");
        status = STATUS_ERROR;
    }
    predictions_close(&predictions);
    return status;
}
