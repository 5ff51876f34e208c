/* SPDX-License-Identifier: Apache-2.0 */
#include "model/calibration.h"

#include <assert.h>
#include <math.h>
#include <string.h>

#include "stats/isotonic.h"

/* The best fit at each different probability: how many there are, their first rows and the fit. */
static size_t fit_rows(const CalibrationRow *rows, size_t n, double *scratch, double **ret_from,
                       double **ret_fit)
{
    double *from = scratch, *fit = scratch + n, *weights = from;
    size_t count = 0;
    for (size_t i = 0; i < n; i++) {
        if (i == 0 || rows[i].p != rows[i - 1].p) {
            fit[count] = 0;
            weights[count++] = 0;
        }
        fit[count - 1] += rows[i].is_positive;
        weights[count - 1]++;
    }
    for (size_t i = 0; i < count; i++)
        fit[i] /= weights[i];
    isotonic_fit(fit, weights, count, scratch + 2 * n);
    double row = 0;
    for (size_t i = 0; i < count; i++) {
        double rows_here = weights[i];
        from[i] = row;
        row += rows_here;
    }
    *ret_from = from;
    *ret_fit = fit;
    return count;
}

void calibration_cells(const CalibrationRow *rows, size_t n, double *scratch, CalibrationCells *ret)
{
    assert(n > 0);
    double *from, *fit;
    size_t values = fit_rows(rows, n, scratch, &from, &fit);
    double full = 2 * (double)n / CALIBRATION_CELLS + 1;
    memset(ret, 0, sizeof *ret);
    for (size_t at = 0; at < values;) {
        size_t to = at + 1;
        bool   is_last = ret->count == CALIBRATION_CELLS - 1;
        while (to < values && (is_last || (fit[to] == fit[at] && from[to] - from[at] < full)))
            to++;
        ret->first[ret->count] = rows[(size_t)from[at]].p;
        ret->last[ret->count] = rows[to < values ? (size_t)from[to] - 1 : n - 1].p;
        ret->edges[ret->count] = to < values ? rows[(size_t)from[to]].p : INFINITY;
        ret->count++;
        at = to;
    }
    for (size_t i = ret->count; i < CALIBRATION_CELLS; i++)
        ret->edges[i] = INFINITY;
}

size_t calibration_cell(const CalibrationCells *cells, double p)
{
    size_t at = 0;
    for (size_t step = CALIBRATION_CELLS / 2; step > 0; step /= 2)
        at += cells->edges[at + step - 1] <= p ? step : 0;
    return at;
}

void calibration_fit(const CalibrationCells *cells, const CalibrationCounts *counts,
                     const CalibrationCounts *without, CalibrationCurve *curve)
{
    double weights[CALIBRATION_CELLS], scratch[2 * CALIBRATION_CELLS];
    for (size_t i = 0; i < cells->count; i++) {
        uint64_t rows = counts->rows[i] - (without != NULL ? without->rows[i] : 0);
        uint64_t positives = counts->positives[i] - (without != NULL ? without->positives[i] : 0);
        double before = i > 0 ? curve->share[i - 1] : 0;
        weights[i] = (double)rows;
        curve->share[i] = rows > 0 ? (double)positives / (double)rows : before;
    }
    isotonic_fit(curve->share, weights, cells->count, scratch);
}

double calibration_share(const CalibrationCells *cells, const CalibrationCurve *curve, double p)
{
    size_t at = calibration_cell(cells, p);
    if (p <= cells->last[at] || at + 1 >= cells->count)
        return curve->share[at];
    double way = (p - cells->last[at]) / (cells->first[at + 1] - cells->last[at]);
    return curve->share[at] + way * (curve->share[at + 1] - curve->share[at]);
}
