/* SPDX-License-Identifier: Apache-2.0 */
#include "model/labels.h"

#include <assert.h>
#include <math.h>

#include "stats/normal.h"

#define ROUNDS 20 /* Of cutting chances at 1. */

void labels_chances(const double *doubts, size_t n, size_t count, double *ret_chances)
{
    double sum = 0, rows = (double)n, left = (double)count;
    for (size_t i = 0; count >= n && i < n; i++)
        ret_chances[i] = 1; /* Exactly: whoever asks about all leaves none to chance. */
    if (count >= n)
        return;
    for (size_t i = 0; i < n; i++)
        sum += doubts[i];
    for (size_t i = 0; i < n; i++)
        ret_chances[i] = LABELS_UNIFORM / rows + (sum > 0 ? (1 - LABELS_UNIFORM) * doubts[i] / sum
                                                          : (1 - LABELS_UNIFORM) / rows);
    for (int round = 0; round < ROUNDS; round++) {
        double certain = 0, others = 0;
        for (size_t i = 0; i < n; i++) {
            certain += ret_chances[i] >= 1;
            others += ret_chances[i] < 1 ? ret_chances[i] : 0;
        }
        double times = others > 0 ? (left - certain) / others : 0;
        for (size_t i = 0; i < n; i++)
            if (ret_chances[i] < 1)
                ret_chances[i] = ret_chances[i] * times < 1 ? ret_chances[i] * times : 1;
    }
}

size_t labels_draw(const double *chances, size_t n, Rng *rng, uint32_t *ret_rows, size_t room)
{
    double next = rng_real(rng), sum = 0;
    size_t count = 0;
    for (size_t i = 0; i < n && count < room; i++) {
        sum += chances[i];
        if (sum < next)
            continue;
        ret_rows[count++] = (uint32_t)i;
        next += 1;
    }
    return count;
}

/* -- the estimate ---------------------------------------------------------------------------- */

typedef struct {
    double loss, guess, weight;
} Part;

typedef struct {
    Part   mean;
    double loss2, guess2, weight2, loss_guess, loss_weight, guess_weight; /* Covariances. */
} Moments;

static Part part_of(const Label *label, double n, double rows)
{
    double weight = n / (rows * label->chance);
    return (Part){label->loss * weight, label->guess * weight, weight};
}

static Moments moments_of(const Label *labels, size_t n, double rows)
{
    Moments m = {.loss2 = 0};
    double count = (double)n;
    for (size_t i = 0; i < n; i++) {
        Part part = part_of(&labels[i], count, rows);
        m.mean.loss += part.loss / count;
        m.mean.guess += part.guess / count;
        m.mean.weight += part.weight / count;
    }
    for (size_t i = 0; i < n; i++) {
        Part part = part_of(&labels[i], count, rows);
        double loss = part.loss - m.mean.loss, guess = part.guess - m.mean.guess;
        double weight = part.weight - m.mean.weight;
        m.loss2 += loss * loss / count;
        m.guess2 += guess * guess / count;
        m.weight2 += weight * weight / count;
        m.loss_guess += loss * guess / count;
        m.loss_weight += loss * weight / count;
        m.guess_weight += guess * weight / count;
    }
    return m;
}

/* Factors of the guess and of the weight that leave least. */
static void solve(const Moments *m, double *ret_guess, double *ret_weight)
{
    double determinant = m->guess2 * m->weight2 - m->guess_weight * m->guess_weight;
    *ret_guess = *ret_weight = 0;
    if (determinant > 1e-9 * m->guess2 * m->weight2) {
        *ret_guess = (m->loss_guess * m->weight2 - m->loss_weight * m->guess_weight) / determinant;
        *ret_weight = (m->loss_weight * m->guess2 - m->loss_guess * m->guess_weight) / determinant;
    } else if (m->weight2 > 0) {
        *ret_weight = m->loss_weight / m->weight2;
    } else if (m->guess2 > 0) {
        *ret_guess = m->loss_guess / m->guess2;
    }
}

LabelsEstimate labels_estimate(const Label *labels, size_t n, double rows, double guess)
{
    assert(n > 3);
    double count = (double)n, by_guess, by_weight, square = 0;
    Moments m = moments_of(labels, n, rows);
    solve(&m, &by_guess, &by_weight);
    double value =
        m.mean.loss - by_guess * (m.mean.guess - guess) - by_weight * (m.mean.weight - 1);
    double left = m.loss2 + by_guess * by_guess * m.guess2 + by_weight * by_weight * m.weight2 +
                  2 * by_guess * by_weight * m.guess_weight - 2 * by_guess * m.loss_guess -
                  2 * by_weight * m.loss_weight;
    double variance = (left > 0 ? left : 0) / (count - 3);
    for (size_t i = 0; i < n; i++)
        square += labels[i].loss * labels[i].loss / (rows * labels[i].chance);
    double alone = square > value * value ? (square - value * value) / count : 0;
    double reach = NORMAL_95 * sqrt(variance);
    return (LabelsEstimate){.estimate = value,
                            .lower = value - reach,
                            .upper = value + reach,
                            .plain = variance > 0 ? alone / variance : 1};
}
