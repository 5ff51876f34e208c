/* SPDX-License-Identifier: Apache-2.0
 *
 * exam.h - a predictor on the rows that it has never seen: metrics beside the baselines, by group,
 * and what each input is worth.
 *
 * ALGORITHM  Importance: how much the loss grows when one column is shuffled among the rows (L.
 *            Breiman, Machine Learning 45(1), 2001).
 * SHAPE      O(rows) for each metric, O(rows x columns) for importance, on EXAM_ROWS_MAX rows.
 * ERRORS     ODD_NOMEM.
 */
#ifndef LEARN_EXAM_H
#define LEARN_EXAM_H
#include "learn/card.h"
#include "learn/lesson.h"

#define EXAM_ROWS_MAX 2000

/* slots is (rows of PART_TEST, slots). */
odd_rc exam_write(const Lesson *lesson, const Predictor *predictor, const float *slots,
                  uint64_t seed, ImageOut *card, bool *ret_beats);

/* By group of the named columns; are_protected: with the gaps between groups. */
odd_rc exam_groups(const Lesson *lesson, const Predictor *predictor, const float *slots, Str names,
                   bool are_protected, ImageOut *card, Problem *problem);

#endif
