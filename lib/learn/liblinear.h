/* SPDX-License-Identifier: Apache-2.0
 *
 * liblinear.h - classes by a weighted sum of the inputs: logistic regression, by liblinear.
 *
 * ALGORITHM  R.-E. Fan et al., LIBLINEAR, Journal of Machine Learning Research 9, 2008; a trust
 *            region Newton method on the primal, which draws no random numbers.
 * SHAPE      Of more than two classes one against the rest, each.
 * ERRORS     ODD_NOTFOUND: the library cannot be loaded (Debian: liblinear4).  ODD_NOMEM.
 * EXACTNESS  Weights are rounded to 20 bits: what the BLAS of a machine makes of the last ones does
 *            not show.
 */
#ifndef LEARN_LIBLINEAR_H
#define LEARN_LIBLINEAR_H
#include "learn/matrix.h"
#include "learn/predictor.h"

/* cost: of an error, beside the size of the weights; for all rows together. */
odd_rc liblinear_learn(Mem *mem, const Matrix *matrix, double cost, Member *ret, Problem *problem);

#endif
