/* SPDX-License-Identifier: Apache-2.0
 *
 * metric_answer.h - candidates about metrics, gathered and then corrected together.
 *
 * OWNERSHIP  The list is the engine's memory, given back by metric_answer_tell; texts of candidates
 *            are borrowed until then.
 * ERRORS     ODD_NOMEM.
 */
#ifndef ENGINE_METRIC_ANSWER_H
#define ENGINE_METRIC_ANSWER_H
#include "engine/db.h"

typedef struct {
    odd_db  *db;
    Finding *list;
    size_t   count, capacity;
    double   looks; /* At how many things was looked. */
} MetricAnswer; /* {.db} is empty. */

odd_rc metric_answer_add(MetricAnswer *answer, Finding finding); /* Not corrected yet. */

/* Corrects all, and gives them to told_add; rc: of what was gathered, handed through. */
odd_rc metric_answer_tell(MetricAnswer *answer, odd_rc rc);

#endif
