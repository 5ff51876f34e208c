/* SPDX-License-Identifier: Apache-2.0
 *
 * residual.h - how badly a row's numbers fit together, as they did in the reference.
 *
 * Columns of an image or an embedding move together.  A row that breaks what binds them is odd,
 * though each of its numbers alone is usual: snow on a picture, an encoder that was exchanged.
 *
 * ALGORITHM  The part of a row that the first principal components leave: J. E. Jackson and G. S.
 *            Mudholkar, Technometrics 21(3), 1979.  Components by subspace iteration from a random
 *            start: N. Halko, P. G. Martinsson and J. A. Tropp, SIAM Review 53(2), 2011, without
 *            the matrix of covariances.
 * SHAPE      One flat block of residual_bytes, without pointers.  Learning is O(rows x columns x
 *            parts), a row O(columns x parts).
 * UNITS      Columns are standardised, so a residual is in standard deviations a column.
 * ERRORS     None.  What is missing (NaN, infinite) counts as the mean of its column.
 */
#ifndef MODEL_RESIDUAL_H
#define MODEL_RESIDUAL_H
#include <stddef.h>

#define RESIDUAL_COLUMNS_MIN 16 /* Fewer are watched well enough one by one. */
#define RESIDUAL_PARTS_MAX 16
#define RESIDUAL_FAR 8.0 /* Deviations; what is further away counts as this far. */

typedef struct {
    size_t columns, parts;
    double values[]; /* center, scale (columns); basis, and room for the next (parts, columns). */
} Residual;

size_t residual_bytes(size_t columns);

/* x: (rows, columns), row-major; rows > 1; is standardised in place. */
void residual_learn(Residual *residual, size_t columns, double *x, size_t rows);

/* x: (columns), is standardised in place.  Root of the mean square that is left. */
double residual_of(const Residual *residual, double *x);

#endif
