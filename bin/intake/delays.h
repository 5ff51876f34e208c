/* SPDX-License-Identifier: Apache-2.0
 *
 * delays.h - how long something took, many times: quantiles to within a tenth.
 *
 * ALGORITHM  Buckets of a logarithmic scale, eight to a doubling, from a microsecond on.
 * SHAPE      A plain value.
 * UNITS      ns in, ms out.
 */
#ifndef INTAKE_DELAYS_H
#define INTAKE_DELAYS_H
#include <stdint.h>

#define DELAYS_BUCKETS 256 /* Up to 2^32 us, more than an hour. */

typedef struct {
    uint64_t counts[DELAYS_BUCKETS];
    uint64_t count;
    int64_t  ns_max;
} Delays; /* All zero is none. */

void   delays_add(Delays *delays, int64_t ns);
double delays_ms(const Delays *delays, double quantile); /* 0 to 1; of none it is 0. */

#endif
