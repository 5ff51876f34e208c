/* SPDX-License-Identifier: Apache-2.0
 *
 * isolation.h - rows unlike the others: trees of random cuts, in which the odd ones are soon alone.
 *
 * ODD MEANS  No row to learn from has such a combination of values.
 * ALGORITHM  F. Liu, K. Ting, Z. Zhou, Isolation Forest, ICDM 2008.  The score becomes a surprise
 *            by the scores of later rows.
 * SHAPE      ISOLATION_TREES trees of at most 2 ISOLATION_ROWS nodes.
 * BLIND TO   What is odd only at its time; a fault that is in all rows to learn from.
 * EXACTNESS  The same rows and seed, the same trees.
 */
#ifndef LEARN_ISOLATION_H
#define LEARN_ISOLATION_H
#include "learn/card.h"
#include "learn/lesson.h"
#include "learn/matrix.h"

#define ISOLATION_TREES 100
#define ISOLATION_ROWS 256

odd_rc isolation_learn(Mem *mem, const Matrix *fit, const Matrix *calibrate, uint64_t seed,
                       Predictor *predictor);

/* How well it tells rows whose target is not 0 (or not the first class) from the others, beside
 * the largest deviation of any one input; nothing of it without a target. */
odd_rc isolation_exam(const Lesson *lesson, const Predictor *predictor, const Matrix *test,
                      ImageOut *card, bool *ret_beats);

#endif
