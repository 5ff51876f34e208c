/* SPDX-License-Identifier: Apache-2.0 */
#include "model/hours.h"

#include <assert.h>
#include <math.h>

#define DAYS_DIFFER 0.1 /* Of what an hour differs from the whole. */
#define SHIFT_MIN 0.01 /* Of what hours differ by: less is no season, ... */
#define SHAPE_MIN 0.05 /* ... nor this. */
#define ROWS_MAX (1u << 30)

void hours_learn(Hours *hours, size_t hour, const uint8_t *cells, size_t n)
{
    assert(hour < HOURS_COUNT);
    if (hours->rows[hour] > ROWS_MAX)
        return;
    for (size_t i = 0; i < n; i++)
        hours->counts[hour][cells[i]]++;
    hours->rows[hour] += (uint32_t)n;
}

static void shares_of(const Hours *hours, size_t hour, const Expected *whole,
                      double ret[CELL_COUNT])
{
    double all = hours->rows[hour] + HOURS_LEAN;
    for (size_t c = 0; c < CELL_COUNT; c++)
        ret[c] = (hours->counts[hour][c] + HOURS_LEAN * whole->share[c]) / all;
}

typedef struct {
    double shift, shape; /* Of mean scores, and as chi-square distance; in squares. */
} Apart;

/* Beyond chance. */
static Apart apart(const double *a, double a_rows, const double *b, double b_rows,
                   const Expected *whole)
{
    double shift = 0, shape = 0, chance = 1 / a_rows + 1 / b_rows;
    for (size_t c = 0; c < CELL_COUNT; c++) {
        double step = a[c] - b[c];
        shift += step * whole->score[c];
        shape += step * step * whole->inverse[c];
    }
    double cells = whole->cells > 1 ? whole->cells - 1 : 1;
    return (Apart){.shift = fmax(shift * shift - chance, 0),
                   .shape = fmax(shape - cells * chance, 0)};
}

/* How far it moves within the hour.  Where the hours beside it are not known, as it does from the
 * whole to it. */
static Apart moves(const Hours *hours, size_t hour, const double *shares, const Expected *whole)
{
    size_t before = (hour + HOURS_COUNT - 1) % HOURS_COUNT, behind = (hour + 1) % HOURS_COUNT;
    double first[CELL_COUNT], last[CELL_COUNT];
    if (hours->rows[before] < HOURS_ROWS_MIN || hours->rows[behind] < HOURS_ROWS_MIN) {
        Apart far = apart(shares, hours->rows[hour], whole->share, whole->rows, whole);
        return (Apart){.shift = far.shift / 4, .shape = far.shape / 4};
    }
    shares_of(hours, before, whole, first);
    shares_of(hours, behind, whole, last);
    Apart two = apart(first, hours->rows[before], last, hours->rows[behind], whole);
    return (Apart){.shift = two.shift / 4, .shape = two.shape / 4};
}

/* What the whole strays by though no hour does: its stretches are of other hours. */
static Apart of_season(const Hours *hours, const Expected *whole)
{
    double shares[CELL_COUNT], count = 0;
    Apart sum = {.shift = 0};
    for (size_t hour = 0; hour < HOURS_COUNT; hour++) {
        if (hours->rows[hour] < HOURS_ROWS_MIN)
            continue;
        shares_of(hours, hour, whole, shares);
        Apart one = apart(shares, hours->rows[hour], whole->share, whole->rows, whole);
        sum.shift += one.shift;
        sum.shape += one.shape;
        count++;
    }
    count = count > 0 ? count : 1;
    return (Apart){.shift = sum.shift / count, .shape = sum.shape / count};
}

static double rest_of(double wobble, double season)
{
    return fmax(wobble * wobble - season, 0);
}

static void set_wobble(const Hours *hours, size_t hour, Apart season, Expected *ret)
{
    const Expected *whole = &hours->whole;
    Apart within = moves(hours, hour, ret->share, whole);
    Apart far = apart(ret->share, hours->rows[hour], whole->share, whole->rows, whole);
    double differ = DAYS_DIFFER * DAYS_DIFFER;
    ret->shift_wobble =
        sqrt(rest_of(whole->shift_wobble, season.shift) + within.shift / 4 + differ * far.shift);
    ret->shape_wobble =
        sqrt(rest_of(whole->shape_wobble, season.shape) + within.shape / 4 + differ * far.shape);
}

bool hours_enter(Hours *hours, size_t hour, const Bins *bins, Expected *expected)
{
    assert(hour < HOURS_COUNT);
    bool was_used = hours->is_used != 0;
    if (!hours->is_begun)
        hours->whole = *expected;
    hours->is_begun = 1;
    const Expected *whole = &hours->whole;
    Apart season = of_season(hours, whole);
    hours->is_used = hours->rows[hour] >= HOURS_ROWS_MIN &&
                     (season.shift >= SHIFT_MIN || season.shape >= SHAPE_MIN);
    if (!hours->is_used) {
        *expected = *whole;
        return was_used;
    }
    double counts[CELL_COUNT];
    for (size_t c = 0; c < CELL_COUNT; c++)
        counts[c] = hours->counts[hour][c] + HOURS_LEAN * whole->share[c];
    expected_of_counts(bins, counts, hours->rows[hour], expected);
    expected->cells = whole->cells;
    set_wobble(hours, hour, season, expected);
    return true;
}
