/* SPDX-License-Identifier: Apache-2.0
 *
 * two_runs.h - the count of one kind of line in two runs: is the second as the first foretells?
 *
 * ALGORITHM  Gamma-Poisson prediction (A. Gelman et al., Bayesian Data Analysis, 3rd ed., 2.6): the
 *            first run's count tells the rate; since rates differ from run to run more than chance
 *            lets them, what is known of the rate never exceeds TWO_RUNS_CERTAINTY counts.
 * UNITS      Surprise of the tail that the second count lies in, upper or lower.
 */
#ifndef STATS_TWO_RUNS_H
#define STATS_TWO_RUNS_H
#include <stdint.h>

#define TWO_RUNS_CERTAINTY 4.0

/* Counts of this kind and of all lines, in the first and the second run; lines > 0. */
double two_runs_surprise(uint64_t first, uint64_t first_lines, uint64_t second,
                         uint64_t second_lines);

#endif
