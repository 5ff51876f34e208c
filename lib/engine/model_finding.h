/* SPDX-License-Identifier: Apache-2.0
 *
 * model_finding.h - what there is to tell of one column of a model, in words and numbers.
 */
#ifndef ENGINE_MODEL_FINDING_H
#define ENGINE_MODEL_FINDING_H
#include "engine/model.h"
#include "model/drift.h"

#define MODEL_TEXT_BYTES 400

typedef struct {
    const char *kind, *what, *cause;
    Str         signal;
    bool        is_negligible, is_harmful;
    double      surprise, effect, lower, upper, harm;
    uint64_t    first_row, last_row;
    odd_time    time;
    uint64_t    stretch; /* Its rows: how exactly the first row is known. */
    size_t      together;
    double      now, before; /* What `seen` and `expected` say, as numbers. */
    char        seen[MODEL_TEXT_BYTES], expected[MODEL_TEXT_BYTES], sentence[MODEL_TEXT_BYTES];
} ModelFinding;

/* How rows that count `counts` (n in all, by cell) differ from the reference: seen, expected,
 * sentence.  f->signal is filled in. */
void model_say_column(const odd_model *model, const Watch *watch, const Drift *drift,
                      const double *counts, double n, ModelFinding *f);

#endif
