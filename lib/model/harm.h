/* SPDX-License-Identifier: Apache-2.0
 *
 * harm.h - what the drift of one column alone would add to a model's errors.
 *
 * ALGORITHM  Each cell has its share of errors, leaning on that of all rows by 50 rows; the cells
 *            that rows hold now, beside those of the reference, weigh it.
 * SHAPE      Pure.
 * UNITS      Errors a row: of classes a share, of numbers sizes in units of the mean one.
 * BLIND TO   Columns that harm only together.
 */
#ifndef MODEL_HARM_H
#define MODEL_HARM_H
#include <stdbool.h>

#include "model/expected.h"

#define HARM_LEAST 0.005        /* So many more errors of a hundred percent are harmful, */
#define HARM_LEAST_NUMBERS 0.05 /* and errors larger by so much of what they were.       */

/* Of each cell; rows and losses are (CELL_COUNT): how many, and the sum of their errors. */
void harm_shares(const double *rows, const double *losses, double all, double *ret_shares);

/* counts and shares are (CELL_COUNT); n: the sum of counts. */
double harm_of(const Expected *expected, const double *counts, double n, const double *shares);
/* Standard deviation of that, since a cell's share rests on so many rows. */
double harm_error(const Expected *expected, const double *counts, double n, const double *shares,
                  const double *rows, bool of_numbers);

#endif
