/* SPDX-License-Identifier: Apache-2.0
 *
 * model_quality.h - a model's quality, chunk by chunk: what was estimated, what came true.
 *
 * What is learnt from the reference depends on the task.  Two classes: what a probability is worth,
 * mended by what the inputs add (trees on cells).  More classes, or no probability: whether what
 * was said is right, from how sure the model was and the inputs.  Numbers: how large the error is,
 * and its square, from the inputs.
 */
#ifndef ENGINE_MODEL_QUALITY_H
#define ENGINE_MODEL_QUALITY_H
#include "model/calibration.h"
#include "model/doubt.h"
#include "model/expected.h"
#include "model/loss.h"
#include "model/quality.h"
#include "model/trees.h"

typedef enum { MODEL_TWO_CLASSES = 0, MODEL_CLASSES, MODEL_NUMBERS } ModelTask;
typedef enum { TRUST_GOOD = 0, TRUST_WEAK, TRUST_BROKEN } ModelTrust;

typedef struct {
    QualityMetric metric;
    ModelTrust    trust;
    uint64_t      first_row, last_row;
    double        estimate, lower, upper;
    double        realised; /* NaN: not all outcomes are there. */
} ModelFigure;

typedef struct {
    QualitySums classes;
    LossSums    loss;
} ModelSums;

typedef struct {
    ModelTask         task;
    bool              has_unsaid; /* Trees explain too little to be used, but something. */
    uint8_t           unused[3];
    CalibrationCells  cells;
    CalibrationCounts counts;
    CalibrationCurve  curve;
    Trees             trees, square_trees;
    double            unsaid_deviation; /* Of what they would add to a probability. */
    Bins              unsaid_bins; /* Where that falls,            */
    Expected          unsaid_expected; /* in the reference,        */
    double            unsaid_now[CELL_COUNT]; /* and in the chunk. */
    Doubt             doubts[QUALITY_COUNT];
    uint64_t          positive; /* Key of the outcome that counts as positive. */
    uint64_t          labelled; /* Rows of the reference. */
    ModelSums         estimate, truth; /* Of the chunk. */
    ModelSums         all_estimate, all_truth, reference;
    uint64_t          first_row, last_row, chunk_rows;
    ModelFigure      *figures;
    size_t            figure_count, figure_capacity;
} ModelQuality;

typedef struct { /* One row, as far as its quality goes. */
    double p;    /* How sure the model was; NaN: it does not say, and should. */
    bool   said; /* It called the row positive. */
    double truth; /* 1 or 0; the error of numbers; NaN: not known. */
} ModelRow;

const char *model_trust_name(ModelTrust trust);
/* reach: how far an estimate and what came true may be apart by chance. */
ModelTrust model_trust(const ModelQuality *quality, double estimate, double realised, double reach);

/* The share of such rows that are positive; cells as in trees_value. */
double model_quality_share(const ModelQuality *quality, double p, const uint8_t *cells,
                           size_t stride);
/* The error of numbers that is to be expected of such a row, and its square. */
double model_quality_size(const ModelQuality *quality, const uint8_t *cells, size_t stride,
                          double *ret_square);
/* Adds a row of which that share is positive; of numbers as its error is expected. */
void model_quality_expect(const ModelQuality *quality, const ModelRow *row, const uint8_t *cells,
                          size_t stride, ModelSums *sums);
void model_quality_truth(const ModelQuality *quality, const ModelRow *row, ModelSums *sums);
QualityFigure model_quality_figure(const ModelQuality *quality, const ModelSums *sums,
                                   QualityMetric metric);
double        model_quality_rows(const ModelSums *sums);
bool          model_quality_has(ModelTask task, QualityMetric metric);

#endif
