/* SPDX-License-Identifier: Apache-2.0 */
#include "model/residual.h"

#include <assert.h>
#include <math.h>
#include <stdbool.h>
#include <string.h>

#include "base/rng.h"

#define ROUNDS 6
#define NOTHING 1e-9 /* A length, of what began as 1 a column. */

static size_t parts_of(size_t columns)
{
    return columns / 4 < RESIDUAL_PARTS_MAX ? columns / 4 : RESIDUAL_PARTS_MAX;
}

size_t residual_bytes(size_t columns)
{
    return sizeof(Residual) + columns * (2 + 2 * parts_of(columns)) * sizeof(double);
}

static double dot(const double *a, const double *b, size_t n)
{
    double sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += a[i] * b[i];
    return sum;
}

static void add(double *to, double factor, const double *from, size_t n)
{
    for (size_t i = 0; i < n; i++)
        to[i] += factor * from[i];
}

/* A column that never changes has scale 0: it says nothing here. */
static void standards(const double *x, size_t rows, size_t columns, double *center, double *scale)
{
    for (size_t c = 0; c < columns; c++) {
        double n = 0, sum = 0, square = 0;
        for (size_t row = 0; row < rows; row++) {
            double value = x[row * columns + c];
            n += isfinite(value);
            sum += isfinite(value) ? value : 0;
        }
        center[c] = n > 0 ? sum / n : 0;
        for (size_t row = 0; row < rows; row++) {
            double away = x[row * columns + c] - center[c];
            square += isfinite(away) ? away * away : 0;
        }
        scale[c] = n > 1 ? sqrt(square / (n - 1)) : 0;
    }
}

static void standardise(const Residual *residual, double *x)
{
    const double *center = residual->values, *scale = center + residual->columns;
    for (size_t c = 0; c < residual->columns; c++) {
        double z = scale[c] > 0 ? (x[c] - center[c]) / scale[c] : 0;
        x[c] = isfinite(z) ? fmax(-RESIDUAL_FAR, fmin(RESIDUAL_FAR, z)) : 0;
    }
}

/* Gram and Schmidt, twice, as once leaves rounding.  What depends on others becomes 0. */
static void make_orthonormal(double *basis, size_t parts, size_t columns)
{
    for (size_t k = 0; k < parts; k++) {
        double *part = basis + k * columns;
        double before = sqrt(dot(part, part, columns));
        for (size_t i = 0; i < 2 * k; i++) {
            const double *other = basis + (i % k) * columns;
            add(part, -dot(part, other, columns), other, columns);
        }
        double length = sqrt(dot(part, part, columns));
        bool is_left = length > NOTHING * before;
        for (size_t c = 0; c < columns; c++)
            part[c] = is_left ? part[c] / length : 0;
    }
}

static void iterate(const double *x, size_t rows, size_t columns, size_t parts, double *basis)
{
    double *next = basis + parts * columns;
    Rng rng = rng_seeded(1);
    for (size_t i = 0; i < parts * columns; i++)
        basis[i] = rng_real(&rng) - 0.5;
    make_orthonormal(basis, parts, columns);
    for (int round = 0; round < ROUNDS; round++) {
        memset(next, 0, parts * columns * sizeof *next);
        for (size_t row = 0; row < rows; row++)
            for (size_t k = 0; k < parts; k++) {
                const double *at = x + row * columns;
                add(next + k * columns, dot(at, basis + k * columns, columns), at, columns);
            }
        make_orthonormal(next, parts, columns);
        memcpy(basis, next, parts * columns * sizeof *basis);
    }
}

void residual_learn(Residual *residual, size_t columns, double *x, size_t rows)
{
    assert(columns >= RESIDUAL_COLUMNS_MIN);
    assert(rows > 1);
    residual->columns = columns;
    residual->parts = parts_of(columns);
    standards(x, rows, columns, residual->values, residual->values + columns);
    for (size_t row = 0; row < rows; row++)
        standardise(residual, x + row * columns);
    iterate(x, rows, columns, residual->parts, residual->values + 2 * columns);
}

double residual_of(const Residual *residual, double *x)
{
    size_t columns = residual->columns;
    const double *basis = residual->values + 2 * columns;
    standardise(residual, x);
    double left = dot(x, x, columns);
    for (size_t k = 0; k < residual->parts; k++) {
        double along = dot(x, basis + k * columns, columns);
        left -= along * along;
    }
    return sqrt(fmax(left, 0) / (double)columns);
}
