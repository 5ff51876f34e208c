/* SPDX-License-Identifier: Apache-2.0
 *
 * promise.h - how a model errs of late, beside what was promised for just these rows.
 *
 * SHAPE      Flat; O(1) a row.  The last one to two thousand rows; from the beginning of an episode
 *            on, all rows.
 * UNITS      An error is 1 or 0, or a size.
 */
#ifndef MODEL_PROMISE_H
#define MODEL_PROMISE_H
#include <stdbool.h>

#define PROMISE_ROWS 1000.0
#define PROMISE_ROWS_MIN 100.0 /* Fewer say nothing. */

typedef struct {
    double rows, errors, guess, variance;
} PromiseSums;

typedef struct {
    PromiseSums before, now;
} Promise; /* All zero is no row. */

/* doubt: of the guess, in standard deviations.  goes_on: in an episode no row is forgotten. */
void promise_learn(Promise *promise, double error, double guess, double doubt, bool goes_on);

/* doubt: further variance of the mean guess (model/doubt.h); usual: mean error of the reference.
 * What inputs explain, they explain too little of at first: so much is forgiven. */
bool promise_is_broken(const Promise *promise, double doubt, double usual, bool of_numbers);

#endif
