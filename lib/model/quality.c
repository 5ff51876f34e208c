/* SPDX-License-Identifier: Apache-2.0 */
#include "model/quality.h"

#include <assert.h>
#include <math.h>

#define STEPS 4294967296.0 /* 2^32 */

void quality_cell_learn(QualityCell *cell, double q)
{
    assert(q >= 0 && q <= 1);
    cell->truth += (int64_t)(q * STEPS);
    cell->doubt += (int64_t)(q * (1 - q) * STEPS);
    cell->rows++;
}

void quality_cell_add(QualityCell *cell, const QualityCell *more)
{
    cell->truth += more->truth;
    cell->doubt += more->doubt;
    cell->rows += more->rows;
}

void quality_learn(QualitySums *sums, size_t cell, bool said, double q)
{
    quality_cell_learn(said ? &sums->said : &sums->unsaid, q);
    quality_cell_learn(&sums->cells[cell], q);
}

void quality_add(QualitySums *sums, const QualitySums *more)
{
    quality_cell_add(&sums->said, &more->said);
    quality_cell_add(&sums->unsaid, &more->unsaid);
    for (size_t i = 0; i < CALIBRATION_CELLS; i++)
        quality_cell_add(&sums->cells[i], &more->cells[i]);
}

typedef struct {
    double rows, said, hits, missed; /* hits: said and true; missed: true and not said. */
    double said_doubt, unsaid_doubt;
} Matrix;

static Matrix matrix_of(const QualitySums *sums)
{
    return (Matrix){.rows = (double)quality_rows(sums),
                    .said = (double)sums->said.rows,
                    .hits = (double)sums->said.truth / STEPS,
                    .missed = (double)sums->unsaid.truth / STEPS,
                    .said_doubt = (double)sums->said.doubt / STEPS,
                    .unsaid_doubt = (double)sums->unsaid.doubt / STEPS};
}

/* by_hit, by_missed: how much the figure changes with one more of each. */
static QualityFigure figure(const Matrix *m, double value, double by_hit, double by_missed)
{
    return (QualityFigure){value, by_hit * by_hit * m->said_doubt +
                                      by_missed * by_missed * m->unsaid_doubt};
}

static QualityFigure accuracy(const Matrix *m)
{
    double right = m->hits + (m->rows - m->said - m->missed);
    return figure(m, right / m->rows, 1 / m->rows, -1 / m->rows);
}

static QualityFigure f1(const Matrix *m)
{
    double all = m->said + m->hits + m->missed, value = 2 * m->hits / all;
    return figure(m, value, (2 - value) / all, -value / all);
}

static QualityFigure recall(const Matrix *m)
{
    double all = m->hits + m->missed, value = m->hits / all;
    return figure(m, value, (1 - value) / all, -value / all);
}

/* What one more positive in a cell adds: the negatives below it, less the positives above it that
 * lose a negative; and the pairs become more, or fewer. */
static QualityFigure area(const QualitySums *sums, const Matrix *m)
{
    double positives = m->hits + m->missed, negatives = m->rows - positives;
    double pairs = positives * negatives, won = 0, variance = 0, below = 0, above = positives;
    for (size_t i = 0; i < CALIBRATION_CELLS; i++) {
        double truth = (double)sums->cells[i].truth / STEPS;
        double other = (double)sums->cells[i].rows - truth;
        won += truth * (below + other / 2);
        below += other;
    }
    double value = won / pairs;
    below = 0;
    for (size_t i = 0; i < CALIBRATION_CELLS; i++) {
        double truth = (double)sums->cells[i].truth / STEPS;
        double other = (double)sums->cells[i].rows - truth;
        double change = (below + other / 2) - (above - truth / 2) - value * (negatives - positives);
        variance += (double)sums->cells[i].doubt / STEPS * (change / pairs) * (change / pairs);
        below += other;
        above -= truth;
    }
    return (QualityFigure){value, variance};
}

static QualityFigure figure_of(const QualitySums *sums, const Matrix *m, QualityMetric metric)
{
    double positives = m->hits + m->missed;
    QualityFigure none = {NAN, NAN};
    if (!(m->rows > 0))
        return none;
    switch (metric) {
    case QUALITY_ACCURACY:
        return accuracy(m);
    case QUALITY_AUC:
        return positives > 0 && positives < m->rows ? area(sums, m) : none;
    case QUALITY_F1:
        return m->said + positives > 0 ? f1(m) : none;
    case QUALITY_PRECISION:
        return m->said > 0 ? figure(m, m->hits / m->said, 1 / m->said, 0) : none;
    case QUALITY_RECALL:
        return positives > 0 ? recall(m) : none;
    case QUALITY_MAE:
    case QUALITY_RMSE:
    case QUALITY_COUNT:
        break;
    }
    return none;
}

QualityFigure quality_figure(const QualitySums *sums, QualityMetric metric)
{
    Matrix m = matrix_of(sums);
    return figure_of(sums, &m, metric);
}

/* One more hit raises each figure, and one more that was missed lowers it, or leaves it. */
double quality_shared_variance(const QualitySums *sums, QualityMetric metric, double off)
{
    Matrix m = matrix_of(sums), said = m, unsaid = m;
    double said_off = off * m.said, unsaid_off = off * (m.rows - m.said);
    if (metric == QUALITY_AUC)
        return 0;
    said.said_doubt = said_off * said_off;
    said.unsaid_doubt = 0;
    unsaid.said_doubt = 0;
    unsaid.unsaid_doubt = unsaid_off * unsaid_off;
    double up = sqrt(figure_of(sums, &said, metric).variance);
    double down = sqrt(figure_of(sums, &unsaid, metric).variance);
    double change = up - down;
    return isfinite(change) ? change * change : 0;
}

const char *quality_name(QualityMetric metric)
{
    static const char *const names[QUALITY_COUNT] = {"accuracy",  "auc",    "f1",  "precision",
                                                     "recall",    "mae",    "rmse"};
    assert(metric < QUALITY_COUNT);
    return names[metric];
}
