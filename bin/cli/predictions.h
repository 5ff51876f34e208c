/* SPDX-License-Identifier: Apache-2.0
 *
 * predictions.h - what the commands about models share: two tables of predictions, read into one
 * odd_model, the reference first.
 *
 * OWNERSHIP  predictions_close gives back everything, after predictions_learn gave true or false.
 * ERRORS     predictions_learn gives false after the sentence is on standard error.
 */
#ifndef CLI_PREDICTIONS_H
#define CLI_PREDICTIONS_H
#include <stdbool.h>
#include <stdint.h>

#include <oddball.h>

#include "cli/options.h"

typedef struct {
    odd_model *model;
    double     started_s;
    uint64_t   reference_rows, rows; /* Lines, that of the names too. */
    bool       interrupted;
} Predictions;

typedef struct {
    const char *reference, *current;
    bool        scores, asks;
    /* After each block of rows, NULL: none; false ends all, after the callee has said why. */
    bool (*step)(void *context, odd_model *model);
    void  *context;
} PredictionsTask;

/* Columns of predictions were named, or the file's first line names some and nobody said that it is
 * a log or metrics. */
bool predictions_are(const Options *options, const char *name);

bool predictions_learn(const Options *options, const PredictionsTask *task, Predictions *ret);
void predictions_close(Predictions *predictions);

#endif
