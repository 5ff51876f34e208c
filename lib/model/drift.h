/* SPDX-License-Identifier: Apache-2.0
 *
 * drift.h - whether a column drifted, looking back at some rows as a whole: evidence, and size.
 *
 * Evidence grows with the rows, size does not; odd is what has both.  Evidence alone is "real but
 * negligible".
 *
 * ALGORITHM  Tests of the mean score, of the spread of scores (normal), of all cells (chi-square),
 *            and of the shares of missing, faulty and unknown ones (binomial), corrected for their
 *            number (Bonferroni).  Of each the lower bound of its size must exceed what is
 *            tolerated.  Rows that come in runs count as fewer.
 * SHAPE      Pure.
 * UNITS      Surprise; sizes in standard deviations, of shares in shares.
 * EXACTNESS  Of columns that do not drift one in a thousand has a surprise of 3.
 */
#ifndef MODEL_DRIFT_H
#define MODEL_DRIFT_H
#include "model/effect.h"

typedef enum {
    DRIFT_NONE = 0,
    DRIFT_SHIFT,  /* Higher or lower.           */
    DRIFT_SPREAD, /* Wider or narrower.         */
    DRIFT_SHAPE,  /* Other shares.              */
    DRIFT_MISSING,
    DRIFT_FAULT,
    DRIFT_UNSEEN
} DriftWhat;

typedef struct {
    double    surprise; /* Of what is said in `what`; 0 if DRIFT_NONE. */
    DriftWhat what;
    bool      is_negligible; /* There is evidence, but its size is within what is tolerated. */
    double    lower;         /* Bound of its size. */
    Effect    effect;        /* Of all cells.      */
    double    spread;        /* Change of the spread of scores. */
} Drift;

/* run: so many rows count as one. */
Drift drift_of(const Expected *expected, const double *counts, double tolerance, double run);

#endif
