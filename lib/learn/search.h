/* SPDX-License-Identifier: Apache-2.0
 *
 * search.h - which learner with which settings: tried from cheap to dear within a budget of work,
 * then a few of them together.
 *
 * Work is counted, not timed, so that the same search ends at the same place on every machine: a
 * unit is a million of (row, slot, level) that trees look at, or what costs as much.
 *
 * ALGORITHM  A stated list, then draws.  Ensemble: greedy selection with replacement (R. Caruana et
 *            al., ICML 2004), as long as it gains.
 * SHAPE      At most SEARCH_MAX candidates; what each says of the rows to choose by is kept.
 * OWNERSHIP  search_run takes, search_close gives back.
 * ERRORS     As boost_learn and liblinear_learn have them.
 */
#ifndef LEARN_SEARCH_H
#define LEARN_SEARCH_H
#include "learn/boost.h"

#define SEARCH_MAX 24
#define SEARCH_BUDGET 3000.0

typedef enum { LEARNER_LINEAR = 0, LEARNER_BOOST } Learner;

typedef struct {
    Learner   learner;
    double    penalty; /* LINEAR: of ridge, or one over liblinear's cost. */
    BoostWish boost;
    double    work;    /* Units. */
    double    loss;    /* Mean, of the rows to choose by. */
    double   *said;    /* (rows, outputs) of these. */
    size_t    votes;   /* In the ensemble. */
} Candidate;

typedef struct {
    Mem      *mem;
    Candidate candidates[SEARCH_MAX];
    size_t    count, said_bytes, left_out; /* left_out: too dear. */
    double    work;
    double    loss; /* Of the ensemble. */
} Search;

odd_rc search_run(Search *search, Mem *mem, const Matrix *fit, const Matrix *choose, double budget,
                  uint64_t seed, Problem *problem);
void   search_close(Search *search);

/* One candidate, learnt from other rows. */
odd_rc candidate_learn(Mem *mem, const Candidate *candidate, const Matrix *matrix, uint64_t seed,
                       Member *ret, Problem *problem);

#define CANDIDATE_TEXT_SIZE 160
void candidate_text(const Candidate *candidate, size_t outputs, char text[CANDIDATE_TEXT_SIZE]);

#endif
