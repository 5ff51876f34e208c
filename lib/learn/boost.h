/* SPDX-License-Identifier: Apache-2.0
 *
 * boost.h - gradient boosted trees, grown by XGBoost.
 *
 * XGBoost grows the trees; what they are grown along (the slope of the loss at each row) is
 * computed here, so that no exp of the machine's libm is part of a model.
 *
 * ALGORITHM  T. Chen, C. Guestrin, XGBoost, SIGKDD 2016; histograms, one thread.  Losses: squared,
 *            logistic, softmax.
 * SHAPE      Of more than two classes a tree each and round.
 * ERRORS     ODD_NOTFOUND: the library cannot be loaded (Debian: libxgboost0).  ODD_IO: it refused,
 *            with its own sentence.  ODD_NOMEM.
 * EXACTNESS  The same rows, wish and version of the library: the same trees.
 */
#ifndef LEARN_BOOST_H
#define LEARN_BOOST_H
#include "learn/matrix.h"
#include "learn/predictor.h"

typedef struct {
    int    depth, rounds;
    double rate, least_weight, rows_share, slots_share, penalty;
} BoostWish;

/* seed: of the rows and slots that are drawn. */
odd_rc boost_learn(Mem *mem, const Matrix *matrix, const BoostWish *wish, uint64_t seed,
                   Member *ret, Problem *problem);

/* How many rounds of it do best on other rows (the fewest that do); forest has `outputs` trees a
 * round. */
size_t boost_rounds_best(const Member *member, const Matrix *others, double *sums);

const char *boost_library_version(void); /* "1.7.4"; "": not loaded. */

#endif
