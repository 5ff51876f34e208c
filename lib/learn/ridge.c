/* SPDX-License-Identifier: Apache-2.0 */
#include "learn/ridge.h"

#include <math.h>

void slots_standardise(const Matrix *matrix, double *centres, double *scales)
{
    for (size_t s = 0; s < matrix->slot_count; s++) {
        double n = 0, sum = 0, squares = 0;
        for (size_t i = 0; i < matrix->rows; i++) {
            double x = (double)matrix->slots[i * matrix->slot_count + s];
            n += !isnan(x);
            sum += isnan(x) ? 0 : x;
        }
        centres[s] = n > 0 ? sum / n : 0;
        for (size_t i = 0; i < matrix->rows; i++) {
            double x = (double)matrix->slots[i * matrix->slot_count + s] - centres[s];
            squares += isnan(x) ? 0 : x * x;
        }
        double deviation = n > 1 ? sqrt(squares / n) : 0;
        scales[s] = deviation > 1e-12 * (1 + fabs(centres[s])) ? 1 / deviation : 0;
    }
}

static double at(const Matrix *matrix, const Member *member, size_t row, size_t s)
{
    double x = (double)matrix->slots[row * matrix->slot_count + s];
    return isnan(x) ? 0 : (x - member->centres[s]) * member->scales[s];
}

/* The lower half of a (n, n) becomes L with L L' = a; a slot that others make up gets no weight. */
static void decompose(double *a, size_t n)
{
    for (size_t j = 0; j < n; j++) {
        for (size_t k = 0; k < j; k++)
            for (size_t i = j; i < n; i++)
                a[i * n + j] -= a[i * n + k] * a[j * n + k];
        double pivot = a[j * n + j] > 1e-12 ? sqrt(a[j * n + j]) : 1e30;
        for (size_t i = j; i < n; i++)
            a[i * n + j] /= pivot;
        a[j * n + j] = pivot;
    }
}

static void solve(const double *l, size_t n, double *b)
{
    for (size_t i = 0; i < n; i++) {
        for (size_t k = 0; k < i; k++)
            b[i] -= l[i * n + k] * b[k];
        b[i] /= l[i * n + i];
    }
    for (size_t i = n; i-- > 0;) {
        for (size_t k = i + 1; k < n; k++)
            b[i] -= l[k * n + i] * b[k];
        b[i] /= l[i * n + i];
    }
}

static void equations(const Matrix *matrix, const Member *member, double mean, double *a, double *b,
                      double *row)
{
    size_t n = matrix->slot_count;
    for (size_t i = 0; i < matrix->rows; i++) {
        double y = matrix->targets[i] - mean;
        for (size_t s = 0; s < n; s++)
            row[s] = at(matrix, member, i, s);
        for (size_t s = 0; s < n; s++) {
            b[s] += row[s] * y;
            for (size_t t = 0; t <= s; t++)
                a[s * n + t] += row[s] * row[t];
        }
    }
}

odd_rc ridge_learn(Mem *mem, const Matrix *matrix, double penalty, Member *ret)
{
    size_t n = matrix->slot_count, bytes = n * (n + 1) * sizeof(double);
    double mean = 0;
    if (n > RIDGE_SLOTS_MAX)
        return ODD_FULL;
    if (!member_linear(mem, ret, 1, n))
        return ODD_NOMEM;
    double *a = mem_take(mem, bytes);
    if (a == NULL)
        return ODD_NOMEM;
    for (size_t i = 0; i < matrix->rows; i++)
        mean += matrix->targets[i];
    mean /= (double)matrix->rows;
    slots_standardise(matrix, ret->centres, ret->scales);
    equations(matrix, ret, mean, a, ret->weights, a + n * n);
    for (size_t s = 0; s < n; s++)
        a[s * n + s] += penalty * (double)matrix->rows;
    decompose(a, n);
    solve(a, n, ret->weights);
    ret->weights[n] = mean;
    ret->link = LINK_NONE;
    mem_free(mem, a, bytes);
    return ODD_OK;
}
