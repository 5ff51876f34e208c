/* SPDX-License-Identifier: Apache-2.0
 *
 * model_quality.h - a model's quality, chunk by chunk: what was estimated, what came true.
 */
#ifndef ENGINE_MODEL_QUALITY_H
#define ENGINE_MODEL_QUALITY_H
#include "model/calibration.h"
#include "model/doubt.h"
#include "model/quality.h"

typedef enum { TRUST_GOOD = 0, TRUST_WEAK, TRUST_BROKEN } ModelTrust;

typedef struct {
    QualityMetric metric;
    ModelTrust    trust;
    uint64_t      first_row, last_row;
    double        estimate, lower, upper;
    double        realised; /* NaN: not all outcomes are there. */
} ModelFigure;

typedef struct {
    CalibrationCells  cells;
    CalibrationCounts counts;
    CalibrationCurve  curve;
    Doubt             doubts[QUALITY_COUNT];
    uint64_t          positive; /* Key of the outcome that counts as positive. */
    uint64_t          labelled; /* Rows of the reference. */
    QualitySums       estimate, truth; /* Of the chunk. */
    QualitySums       all_estimate, all_truth, reference;
    uint64_t          first_row, last_row, chunk_rows;
    ModelFigure      *figures;
    size_t            figure_count, figure_capacity;
} ModelQuality;

const char *model_trust_name(ModelTrust trust);

#endif
