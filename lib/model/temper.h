/* SPDX-License-Identifier: Apache-2.0
 *
 * temper.h - how carefully to bet on a column whose rows depend on each other.
 *
 * Rows that come in runs (a group's booking, a day's batch, an hour's weather) say the same thing
 * many times.  The reference shows how much: bets that would have become rich on it, though it has
 * no drift, are tempered until they do not.
 *
 * ALGORITHM  The reference is replayed; as long as the most money of any of its rows is more than
 *            TEMPER_LUCK times its rows (which for independent rows happens once in TEMPER_LUCK
 *            references, J. Ville's inequality for the sum), the root of each factor is taken: k
 *            roots count 2^k rows as one.
 * SHAPE      O(rows) for each k, 7 KB of stack.
 */
#ifndef MODEL_TEMPER_H
#define MODEL_TEMPER_H
#include "model/evidence.h"

#define TEMPER_LUCK 4.0
#define TEMPER_ROOTS_MAX 8

/* cells: of the reference, in order, n > 0; the rest as in bets_make. */
void temper_bets(const Bins *bins, const Expected *expected, BetsWay way, double tolerance,
                 const uint8_t *cells, size_t n, Bets *ret);

#endif
