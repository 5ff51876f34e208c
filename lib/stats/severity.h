/* SPDX-License-Identifier: Apache-2.0
 *
 * severity.h - what the severity of a line adds to how odd it is.
 *
 * Severity is the author's word that a line is odd; how much it says depends on how often the word
 * is used (severity_surprise), or on nothing where that is not known (severity_bonus).
 *
 * ALGORITHM  severity_surprise is -log10 of the share of lines at least as severe, with the line
 *            itself counted among them (Laplace).  The bonus was set by hand, doc/design/diff.md.
 * UNITS      Surprise.
 */
#ifndef STATS_SEVERITY_H
#define STATS_SEVERITY_H
#include <stdint.h>

typedef enum {
    SEVERITY_PLAIN,
    SEVERITY_WARNING,
    SEVERITY_ERROR,
    SEVERITY_FATAL,
    SEVERITY_COUNT
} Severity;

/* So many of all lines before were at least as severe; grave <= all. */
double severity_surprise(uint64_t grave, uint64_t all);

double severity_bonus(Severity severity); /* Half a unit for each step above plain. */

#endif
