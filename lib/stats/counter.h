/* SPDX-License-Identifier: Apache-2.0
 *
 * counter.h - totals that only grow, but for resets: what they say is how fast they grow.
 *
 * SHAPE      values is (n), in order of time, finite.
 */
#ifndef STATS_COUNTER_H
#define STATS_COUNTER_H
#include <stdbool.h>
#include <stddef.h>

/* It grows nearly always, and hardly ever starts anew. */
bool counter_is(const double *values, size_t n);

/* Step i of a counter, from value i to i + 1: after a reset what has come since. */
double counter_step(const double *values, size_t i);

#endif
