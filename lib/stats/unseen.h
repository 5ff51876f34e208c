/* SPDX-License-Identifier: Apache-2.0
 *
 * unseen.h - the chance that something never seen before comes next, in a stream that settles.
 *
 * ALGORITHM  I. Good, A. Turing, Biometrika 40, 1953: what came as new tells how much is still
 *            unseen. The i-th line weighs i, so that the rush of new things at a stream's start
 *            fades with 1/n^2 (weighted conformal p-value, R. Barber et al., Annals of Statistics
 *            51(2), 2023). The line judged counts as one of those that brought something new.
 * SHAPE      Scalars.  The caller keeps count (lines so far), weight (sum of the numbers of the
 *            lines that brought something new) and recent (decaying share of them).
 * UNITS      Probabilities.
 */
#ifndef STATS_UNSEEN_H
#define STATS_UNSEEN_H

#define UNSEEN_RECENT_SPAN 256

/* Never below 2 / (count + 2). */
static inline double unseen_chance(double count, double weight)
{
    return (weight + count + 1) / ((count + 1) * (count + 2) / 2);
}

static inline double unseen_recent(double recent, int fresh)
{
    return recent + (fresh - recent) / UNSEEN_RECENT_SPAN;
}

/* The chance of one more new thing while new things crowd: from eight in the last 256 on it is
 * their share, below it falls with the square, for one or two are no crowd yet. */
static inline double unseen_crowd(double recent)
{
    double square = recent * recent * (UNSEEN_RECENT_SPAN / 8.0);
    return square < recent ? square : recent;
}

#endif
