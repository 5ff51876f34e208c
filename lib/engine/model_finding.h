/* SPDX-License-Identifier: Apache-2.0
 *
 * model_finding.h - one thing that is told of a model, looking back at all rows.
 */
#ifndef ENGINE_MODEL_FINDING_H
#define ENGINE_MODEL_FINDING_H
#include "engine/model.h"
#include "model/cause.h"
#include "model/drift.h"

#define FINDINGS_MAX 256
#define FINDING_TEXT_BYTES 400
#define FINDING_NAME_BYTES 80
#define FINDING_ODD 3.0
#define FINDING_CERTAIN 50.0

typedef struct {
    const char *kind, *what, *cause;
    Str         signal;
    bool        is_negligible, is_harmful;
    double      surprise, effect, lower, upper, harm;
    double      share; /* Of all rows, those that are missing, faulty or unseen now. */
    uint64_t    first_row, last_row;
    odd_time    time;
    uint64_t    stretch; /* Its rows: how exactly the first row is known. */
    size_t      together;
    double      now, before; /* What `seen` and `expected` say, as numbers. */
    char        seen[FINDING_TEXT_BYTES], expected[FINDING_TEXT_BYTES];
    char        sentence[FINDING_TEXT_BYTES];
} ModelFinding;

/* How rows that count `counts` (n in all, by cell) differ from the reference: seen, expected,
 * sentence.  f->signal is filled in. */
void model_say_column(const odd_model *model, const Watch *watch, const Drift *drift,
                      const double *counts, double n, ModelFinding *f);

/* What such rows of a column add to the errors; NaN: not known. */
double model_harm(const odd_model *model, const Watch *watch, const double *counts, double n);

/* For "%.*g": two figures, and never an exponent: 0.17, 33, 100. */
static inline int percent_figures(double percent)
{
    return percent >= 99.5 ? 3 : 2;
}

/* For "%.*s": names are cut. */
static inline int finding_size(Str name)
{
    return (int)(name.size < FINDING_NAME_BYTES ? name.size : FINDING_NAME_BYTES);
}

/* All of them, worst first; findings is (FINDINGS_MAX). */
size_t model_find_all(const odd_model *model, ModelFinding *findings);

/* What is the matter, from all findings; gives their errors that cause. */
Cause model_verdict_of(const odd_model *model, ModelFinding *findings, size_t count);

/* What is wrong with the table itself: columns gone or new, values beyond all of the reference, ids
 * that come twice.  Adds to `count` findings, gives how many there are then. */
size_t model_find_faults(const odd_model *model, ModelFinding *findings, size_t count);

/* What drifted in some groups of rows only, and groups that got worse than all. */
size_t model_find_segments(const odd_model *model, ModelFinding *findings, size_t count);

/* "(missing)", a category, the least number of a bin; number is room for it. */
Str model_cell_name(const odd_model *model, const Watch *watch, size_t cell,
                    char number[FINDING_NAME_BYTES]);

#endif
