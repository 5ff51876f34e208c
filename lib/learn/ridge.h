/* SPDX-License-Identifier: Apache-2.0
 *
 * ridge.h - numbers as a weighted sum of the inputs, with weights that are kept small.
 *
 * ALGORITHM  Ridge regression (A. Hoerl, R. Kennard, Technometrics 12(1), 1970) on standardised
 *            slots: Cholesky's decomposition of the normal equations.
 * SHAPE      O(rows x slots^2 + slots^3) time, slots^2 numbers of memory.
 * ERRORS     ODD_FULL: more than RIDGE_SLOTS_MAX slots.  ODD_NOMEM.
 */
#ifndef LEARN_RIDGE_H
#define LEARN_RIDGE_H
#include <oddball.h>

#include "learn/matrix.h"
#include "learn/predictor.h"

#define RIDGE_SLOTS_MAX 1000

/* Of each slot its mean, and one over its standard deviation (0 where it never changes). */
void slots_standardise(const Matrix *matrix, double *centres, double *scales);

/* penalty: for each row, so that it means the same for more of them. */
odd_rc ridge_learn(Mem *mem, const Matrix *matrix, double penalty, Member *ret);

#endif
