/* SPDX-License-Identifier: Apache-2.0
 *
 * recurrence.h - two runs of the same job: how odd is a line that only the second one has.
 *
 * Lines of a run are no independent draws: most come once in every run.  What counts is how well
 * the first run foretells the second: the share of its shapes that recur there.  A family of lines
 * whose shapes hardly recur (mirror names, temporary files) may well show a new one; where all
 * recur, a new one is odd.
 *
 * ALGORITHM  Posterior mean of the recurrence q of a family under a Beta prior with the mean of the
 *            whole run and the weight of RECURRENCE_PRIOR shapes; odds against a new shape q / (1 -
 *            q).  Severity adds its bonus (stats/severity.h).
 * UNITS      Surprise 3 is even odds: where every second shape recurs.  A new line in a family or a
 *            run that is even less foretold stays below 3, if it is plain.
 */
#ifndef STATS_RECURRENCE_H
#define STATS_RECURRENCE_H
#include <stdint.h>

#include "stats/severity.h"

#define RECURRENCE_PRIOR 2.0

typedef struct {
    uint64_t shapes, recurring; /* Of the first run; those that the second run has too. */
} Recurrence;

/* family: of the lines like this one (all zero: none is); run: of all lines. */
double recurrence_surprise(Recurrence family, Recurrence run, Severity severity);

#endif
