/* SPDX-License-Identifier: Apache-2.0
 *
 * two_runs.h - the counts of one kind of line in two runs: is the second as the first foretells?
 *
 * ALGORITHM  Gamma-Poisson prediction (A. Gelman et al., Bayesian Data Analysis, 3rd ed., 2.6): the
 *            first run's count tells the rate; since rates differ from run to run more than chance
 *            lets them, what is known of the rate never exceeds TWO_RUNS_CERTAINTY counts.
 *            A place that showed d values in n lines is taken to show another one with odds that
 *            fall as d / n; the scale was set by hand: 3 for one value in TWO_RUNS_VALUE_LINES.
 * ERRORS     None: the first run has lines, and no more values than lines (asserted).
 * UNITS      Surprise; of counts that of the tail that the second lies in, upper or lower.
 */
#ifndef STATS_TWO_RUNS_H
#define STATS_TWO_RUNS_H
#include <stdint.h>

#define TWO_RUNS_CERTAINTY 4.0
#define TWO_RUNS_VALUE_LINES 10

/* Counts of this kind and of all lines, in the first and the second run; lines > 0. */
double two_runs_surprise(uint64_t first, uint64_t first_lines, uint64_t second,
                         uint64_t second_lines);

/* The count that the first run lets expect of the second. */
double two_runs_expected(uint64_t first, uint64_t first_lines, uint64_t second_lines);

/* A place showed so many different values in so many lines of the first run, and now another. */
double two_runs_new_value(uint64_t lines, uint64_t different);

#endif
