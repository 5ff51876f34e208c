/* SPDX-License-Identifier: Apache-2.0 */
#include "learn/calibrate.h"

#include <math.h>
#include <stdlib.h>

#include "base/real.h"
#include "learn/measure.h"
#include "stats/isotonic.h"
#include "stats/order.h"

#define ROWS_MIN 40
#define CURVE_ROWS_MIN 1000
#define CURVE_OF_EACH_MIN 100
#define PLATT_OF_EACH_MIN 5
#define GROUPS 40
#define OFF_SHARE 0.9

typedef struct {
    double p, y;
} Pair;

static int by_chance(const void *a, const void *b)
{
    const Pair *x = a, *y = b;
    if (x->p != y->p)
        return x->p < y->p ? -1 : 1;
    return (x->y > y->y) - (x->y < y->y);
}

/* -- two classes ------------------------------------------------------------------------------ */

static void learn_curve(Predictor *predictor, Pair *pairs, size_t n)
{
    double xs[GROUPS], ys[GROUPS], weights[GROUPS], scratch[2 * GROUPS];
    qsort(pairs, n, sizeof *pairs, by_chance);
    for (size_t g = 0; g < GROUPS; g++) {
        size_t from = g * n / GROUPS, to = (g + 1) * n / GROUPS;
        double rows = (double)(to - from), x = 0, y = 0;
        for (size_t i = from; i < to; i++) {
            x += pairs[i].p;
            y += pairs[i].y;
        }
        xs[g] = x / rows;
        ys[g] = (y + 0.5) / (rows + 1);
        weights[g] = rows;
    }
    isotonic_fit(ys, weights, GROUPS, scratch);
    predictor->curve_count = 0;
    for (size_t g = 0; g < GROUPS; g++) {
        size_t k = predictor->curve_count;
        if (k > 0 && !(xs[g] > predictor->curve[0][k - 1]))
            continue;
        predictor->curve[0][k] = xs[g];
        predictor->curve[1][k] = ys[g];
        predictor->curve_count++;
    }
    predictor->calibration = predictor->curve_count >= 2 ? CALIBRATION_CURVE : CALIBRATION_NONE;
}

static double log_odds(double p)
{
    double q = p < 1e-12 ? 1e-12 : p > 1 - 1e-12 ? 1 - 1e-12 : p;
    return real_log(q / (1 - q));
}

/* Newton's method on two numbers. */
static void learn_platt(Predictor *predictor, const Pair *pairs, size_t n, double positives)
{
    double high = (positives + 1) / (positives + 2);
    double low = 1 / ((double)n - positives + 2);
    double a = 1, b = 0;
    for (int step = 0; step < 50; step++) {
        double ga = 0, gb = 0, haa = 1e-6, hab = 0, hbb = 1e-6;
        for (size_t i = 0; i < n; i++) {
            double x = log_odds(pairs[i].p), p = 1 / (1 + real_exp(-(a * x + b)));
            double off = p - (pairs[i].y > 0.5 ? high : low), curvature = p * (1 - p);
            ga += off * x;
            gb += off;
            haa += curvature * x * x;
            hab += curvature * x;
            hbb += curvature;
        }
        double determinant = haa * hbb - hab * hab;
        double da = (ga * hbb - gb * hab) / determinant, db = (gb * haa - ga * hab) / determinant;
        if (!isfinite(da) || !isfinite(db))
            break;
        a -= da;
        b -= db;
        if (fabs(da) + fabs(db) < 1e-9)
            break;
    }
    if (!(a > 0.01 && a < 100 && fabs(b) < 100))
        return;
    predictor->calibration = CALIBRATION_PLATT;
    predictor->slope = a;
    predictor->shift = b;
}

static void learn_two(Predictor *predictor, Pair *pairs, size_t n)
{
    double positives = 0;
    predictor->calibration = CALIBRATION_NONE;
    for (size_t i = 0; i < n; i++)
        positives += pairs[i].y;
    double least = positives < (double)n - positives ? positives : (double)n - positives;
    if (n >= CURVE_ROWS_MIN && least >= CURVE_OF_EACH_MIN)
        learn_curve(predictor, pairs, n);
    else if (n >= ROWS_MIN && least >= PLATT_OF_EACH_MIN)
        learn_platt(predictor, pairs, n, positives);
}

/* -- more classes ----------------------------------------------------------------------------- */

static double loss_of(const Predictor *predictor, const double *said, const double *targets,
                      size_t rows)
{
    size_t outputs = predictor_outputs(predictor);
    double values[PREDICTOR_CLASSES_MAX], sum = 0;
    for (size_t i = 0; i < rows; i++) {
        memcpy(values, said + i * outputs, outputs * sizeof *values);
        predictor_calibrate(predictor, values);
        sum += measure_log_loss(values, targets[i]);
    }
    return sum;
}

static void learn_temperature(Predictor *predictor, const double *said, const double *targets,
                              size_t rows)
{
    double best = INFINITY, best_slope = 1;
    predictor->calibration = CALIBRATION_TEMPERATURE;
    for (int step = -10; step <= 10; step++) {
        predictor->slope = real_exp(0.1 * step);
        double loss = loss_of(predictor, said, targets, rows);
        best_slope = loss < best ? predictor->slope : best_slope;
        best = loss < best ? loss : best;
    }
    predictor->slope = best_slope;
}

/* -- all -------------------------------------------------------------------------------------- */

static void learn(Predictor *predictor, const double *said, const double *targets, size_t rows,
                  Pair *pairs)
{
    if (predictor_outputs(predictor) > 2) {
        learn_temperature(predictor, said, targets, rows);
        return;
    }
    for (size_t i = 0; i < rows; i++)
        pairs[i] = (Pair){.p = said[2 * i + 1], .y = targets[i]};
    learn_two(predictor, pairs, rows);
}

static void learn_off(Predictor *predictor, const double *said, const double *targets, size_t rows,
                      double *off)
{
    for (size_t i = 0; i < rows; i++)
        off[i] = fabs(said[i] - targets[i]);
    order_sort(off, rows);
    predictor->shift = order_quantile(off, rows, OFF_SHARE);
}

odd_rc calibrate_learn(Mem *mem, Predictor *predictor, const double *said, const double *targets,
                       size_t rows)
{
    size_t bytes = rows * sizeof(Pair), outputs = predictor_outputs(predictor), half = rows / 2;
    predictor->calibration = CALIBRATION_NONE;
    if (rows < ROWS_MIN)
        return ODD_OK;
    Pair *pairs = mem_take(mem, bytes);
    if (pairs == NULL)
        return ODD_NOMEM;
    if (predictor->task == TASK_NUMBER) {
        learn_off(predictor, said, targets, rows, &pairs[0].p);
    } else if (predictor->task == TASK_CLASSES) {
        const double *later = said + half * outputs;
        double before = loss_of(predictor, later, targets + half, rows - half);
        learn(predictor, said, targets, half, pairs);
        if (loss_of(predictor, later, targets + half, rows - half) < before)
            learn(predictor, said, targets, rows, pairs);
        else
            predictor->calibration = CALIBRATION_NONE;
    }
    mem_free(mem, pairs, bytes);
    return ODD_OK;
}

const char *calibration_name(const Predictor *predictor)
{
    static const char *const names[] = {"none", "isotonic", "platt", "temperature"};
    return predictor->task == TASK_ANOMALY ? "surprise" : names[predictor->calibration];
}
