/* SPDX-License-Identifier: Apache-2.0
 *
 * profile.h - what one column held in some rows: counts in cells, moments, extremes.
 *
 * Profiles of the same bins add up, bit for bit, in any order and grouping: counts are whole
 * numbers, and sums are in fixed point.
 *
 * SHAPE      Flat, 592 bytes: 50 columns take 29 KiB.
 * UNITS      Moments are of (x - center) / scale of the bins, in steps of 2^-24, cut at 2^20.
 * EXACTNESS  profile_add of two halves equals one pass over both.
 */
#ifndef MODEL_PROFILE_H
#define MODEL_PROFILE_H
#include "model/bins.h"

__extension__ typedef __int128 FixedSum;

typedef struct {
    FixedSum sum, squares; /* Of numbers in steps of 2^-24, and of 2^-48. */
    double   least, most;  /* Of finite numbers; +inf and -inf if there is none. */
    uint64_t cells[CELL_COUNT];
} Profile;

void profile_begin(Profile *profile);
/* numbers and cells are (n); cells are those of the bins. */
void profile_learn(Profile *profile, const Bins *bins, const double *numbers, const uint8_t *cells,
                   size_t n);
void profile_add(Profile *profile, const Profile *more);

uint64_t profile_count(const Profile *profile);   /* All rows.                     */
uint64_t profile_numbers(const Profile *profile); /* Those in bins.                */
double   profile_mean(const Profile *profile, const Bins *bins);  /* NaN if there is none. */
double   profile_deviation(const Profile *profile, const Bins *bins);

#endif
