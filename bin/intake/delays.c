/* SPDX-License-Identifier: Apache-2.0 */
#include "delays.h"

#define STEPS 8 /* Buckets of a doubling. */

/* The whole part of the logarithm, and the next three bits. */
static int bucket_of(int64_t ns)
{
    uint64_t us = ns > 1000 ? (uint64_t)ns / 1000 : 1;
    int doublings = 63 - __builtin_clzll(us);
    uint64_t step = doublings >= 3 ? us >> (doublings - 3) & 7 : us << (3 - doublings) & 7;
    int bucket = doublings * STEPS + (int)step;
    return bucket < DELAYS_BUCKETS ? bucket : DELAYS_BUCKETS - 1;
}

static double upper_ms(int bucket)
{
    double us = (double)(1ULL << (bucket / STEPS));
    return us * (1 + (double)(bucket % STEPS + 1) / STEPS) / 1000;
}

void delays_add(Delays *delays, int64_t ns)
{
    delays->counts[bucket_of(ns)]++;
    delays->count++;
    if (ns > delays->ns_max)
        delays->ns_max = ns;
}

double delays_ms(const Delays *delays, double quantile)
{
    double wanted = quantile * (double)delays->count, seen = 0;
    double most = (double)delays->ns_max / 1e6;
    for (int bucket = 0; bucket < DELAYS_BUCKETS && delays->count > 0; bucket++) {
        seen += (double)delays->counts[bucket];
        if (seen >= wanted)
            return upper_ms(bucket) < most ? upper_ms(bucket) : most;
    }
    return 0;
}
