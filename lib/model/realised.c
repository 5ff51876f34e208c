/* SPDX-License-Identifier: Apache-2.0 */
#include "model/realised.h"

#include <assert.h>
#include <math.h>
#include <string.h>

#include "stats/normal.h"

/* -- what came true ---------------------------------------------------------------------------- */

void realised_learn(Realised *realised, size_t group, bool said, bool truth)
{
    assert(group < REALISED_GROUPS);
    realised->rows[truth][said][group]++;
    realised->count++;
}

void realised_add(Realised *realised, const Realised *more)
{
    for (size_t truth = 0; truth < 2; truth++)
        for (size_t said = 0; said < 2; said++)
            for (size_t g = 0; g < REALISED_GROUPS; g++)
                realised->rows[truth][said][g] += more->rows[truth][said][g];
    realised->count += more->count;
}

typedef struct {
    double cell[2][2];    /* Weighted, by truth and said.                   */
    double rows[2][2];    /* As they are.                                   */
    double all, weights;  /* Weighted sum, and that of squared weights.      */
} Table;

static Table table_of(const Realised *realised, const double weights[2])
{
    Table t = {.all = 0};
    for (size_t truth = 0; truth < 2; truth++)
        for (size_t said = 0; said < 2; said++) {
            for (size_t g = 0; g < REALISED_GROUPS; g++)
                t.rows[truth][said] += realised->rows[truth][said][g];
            t.cell[truth][said] = t.rows[truth][said] * weights[truth];
            t.all += t.cell[truth][said];
            t.weights += t.cell[truth][said] * weights[truth];
        }
    return t;
}

static RealisedFigure with_error(double value, double variance)
{
    double reach = NORMAL_95 * sqrt(variance > 0 ? variance : 0);
    return (RealisedFigure){value, fmax(value - reach, 0), fmin(value + reach, 1)};
}

/* A share of `rows`; a half is added to both sides for the variance alone: it is never 0. */
static RealisedFigure share(double part, double whole, double rows, double unsure)
{
    double value = part / whole, p = (value * rows + 0.5) / (rows + 1);
    return with_error(value, p * (1 - p) / rows * unsure);
}

static double area_of(const Realised *realised, const double weights[2], double positives,
                      double negatives)
{
    double won = 0, below = 0;
    for (size_t g = 0; g < REALISED_GROUPS; g++) {
        double other = (realised->rows[0][0][g] + (double)realised->rows[0][1][g]) * weights[0];
        double truth = (realised->rows[1][0][g] + (double)realised->rows[1][1][g]) * weights[1];
        won += truth * (below + other / 2);
        below += other;
    }
    return won / (positives * negatives);
}

/* unsure: of the rows that could be in, how many are not, so to say. */
static RealisedFigure area(const Realised *realised, const Table *t, const double weights[2],
                           double unsure)
{
    double positives = t->cell[1][0] + t->cell[1][1], negatives = t->cell[0][0] + t->cell[0][1];
    double a = area_of(realised, weights, positives, negatives);
    double n1 = t->rows[1][0] + t->rows[1][1], n0 = t->rows[0][0] + t->rows[0][1];
    double q1 = a / (2 - a), q2 = 2 * a * a / (1 + a);
    double variance = (a * (1 - a) + (n1 - 1) * (q1 - a * a) + (n0 - 1) * (q2 - a * a)) / (n1 * n0);
    return with_error(a, variance * unsure);
}

RealisedFigure realised_figure(const Realised *realised, QualityMetric metric,
                               const double weights[2], double all)
{
    const RealisedFigure none = {NAN, NAN, NAN};
    Table t = table_of(realised, weights);
    double hits = t.cell[1][1], missed = t.cell[1][0], said = t.cell[0][1] + hits;
    double positives = hits + missed, count = (double)realised->count;
    if (!(t.all > 0))
        return none;
    double effective = t.all * t.all / t.weights / count; /* Of a row. */
    double unsure = all > count ? 1 - count / all : 0;
    switch (metric) {
    case QUALITY_ACCURACY:
        return share(hits + t.cell[0][0], t.all, count * effective, unsure);
    case QUALITY_AUC:
        return positives > 0 && positives < t.all ? area(realised, &t, weights, unsure) : none;
    case QUALITY_F1:
        return said + positives > 0
                   ? share(2 * hits, said + positives, (said + positives) / 2 * effective, unsure)
                   : none;
    case QUALITY_PRECISION:
        return said > 0 ? share(hits, said, (t.rows[0][1] + t.rows[1][1]) * effective, unsure)
                        : none;
    case QUALITY_RECALL:
        return positives > 0 ? share(hits, positives, t.rows[1][0] + t.rows[1][1], unsure) : none;
    case QUALITY_MAE:
    case QUALITY_RMSE:
    case QUALITY_COUNT:
        break;
    }
    return none;
}

/* -- the estimate ------------------------------------------------------------------------------ */

void estimated_learn(Estimated *estimated, size_t group, bool said, double q)
{
    assert(group < REALISED_GROUPS);
    quality_cell_learn(said ? &estimated->said : &estimated->unsaid, q);
    quality_cell_learn(&estimated->groups[group], q);
}

void estimated_add(Estimated *estimated, const Estimated *more)
{
    quality_cell_add(&estimated->said, &more->said);
    quality_cell_add(&estimated->unsaid, &more->unsaid);
    for (size_t g = 0; g < REALISED_GROUPS; g++)
        quality_cell_add(&estimated->groups[g], &more->groups[g]);
}

QualityFigure estimated_figure(const Estimated *estimated, QualityMetric metric)
{
    QualitySums sums = {.said = estimated->said, .unsaid = estimated->unsaid};
    memcpy(sums.cells, estimated->groups, sizeof estimated->groups);
    return quality_figure(&sums, metric);
}
