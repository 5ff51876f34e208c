/* SPDX-License-Identifier: Apache-2.0
 *
 * rng.h - random numbers from a seed, passed by pointer; for sampling, never for secrets.
 *
 * ALGORITHM  A counter with an odd step, folded by a 64 x 64 to 128 bit multiplication (the idea of
 *            Wang Yi's wyrand, public domain, 2019; constants and arrangement of base/hash.h).
 * SHAPE      State is 8 bytes; every call is O(1).
 * OWNERSHIP  A plain value: copy it to draw the same numbers again.
 * EXACTNESS  The same numbers on every machine.
 */
#ifndef BASE_RNG_H
#define BASE_RNG_H
#include <stdint.h>

typedef struct {
    uint64_t state;
} Rng;

Rng      rng_seeded(uint64_t seed);
uint64_t rng_next(Rng *rng);
uint64_t rng_below(Rng *rng, uint64_t n); /* 0 .. n-1, n > 0, each equally likely.    */
double   rng_real(Rng *rng);              /* Strictly between 0 and 1, steps of 2^-52. */

#endif
