/* SPDX-License-Identifier: Apache-2.0
 *
 * matrix.h - rows as learners take them: slots and targets.
 *
 * SHAPE      slots is (rows, slot_count), row-major; NaN is missing.  targets is (rows): a number,
 *            or the number of a class.
 */
#ifndef LEARN_MATRIX_H
#define LEARN_MATRIX_H
#include <stddef.h>

typedef struct {
    const float  *slots;
    const double *targets;
    size_t        rows, slot_count;
    size_t        outputs; /* Classes; 1: a number. */
} Matrix;

#endif
