/* SPDX-License-Identifier: Apache-2.0
 *
 * fold_models.h - between the two files that tell models in production as rows.
 */
#ifndef ENGINE_FOLD_MODELS_H
#define ENGINE_FOLD_MODELS_H
#include "engine/rows.h"
#include "engine/served.h"
#include "engine/shard.h"

typedef struct {
    odd_time            now;
    const odd_question *question;
    odd_rows           *rows;
    const Verdict      *verdict; /* New normal by which the model is judged; NULL: none. */
} ModelsTelling;

void models_put(const ModelsTelling *t, const Served *served); /* Its name and version. */
bool models_in_span(const odd_question *question, odd_time from, odd_time to);

/* Of one version each (fold_models_more.c); each has its columns, with a NULL behind them. */
extern const char *const models_group_columns[],
    *const models_curve_columns[], *const models_question_columns[], *const models_label_columns[];
void models_tell_groups(const ModelsTelling *t, const Served *served);
void models_tell_curve(const ModelsTelling *t, const Served *served);
void models_tell_questions(const ModelsTelling *t, const Served *served);
void models_tell_labels(const ModelsTelling *t, const Served *served);

#endif
