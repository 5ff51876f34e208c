/* SPDX-License-Identifier: Apache-2.0 */
#include "base/rng.h"

#include <assert.h>

#include "base/hash.h"

Rng rng_seeded(uint64_t seed)
{
    return (Rng){.state = hash_add(HASH_P2, seed)};
}

uint64_t rng_next(Rng *rng)
{
    rng->state += HASH_P0;
    return hash_fold(rng->state, rng->state ^ HASH_P1);
}

uint64_t rng_below(Rng *rng, uint64_t n)
{
    assert(n > 0);
    uint64_t uneven = (0 - n) % n; /* Draws below it would favour the small numbers. */
    uint64_t draw = rng_next(rng);
    while (draw < uneven)
        draw = rng_next(rng);
    return draw % n;
}

double rng_real(Rng *rng)
{
    return ((double)(rng_next(rng) >> 12) + 0.5) * 0x1p-52;
}
