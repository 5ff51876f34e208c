/* SPDX-License-Identifier: Apache-2.0
 *
 * doubt.h - how far estimates of quality were off beyond chance, where the truth is known.
 *
 * ALGORITHM  On stretches of the reference that the calibration did not see, the squared errors
 *            less the variance that each had by chance: a method of moments, as for random effects
 *            (R. DerSimonian, N. Laird, 1986).
 * SHAPE      A plain value.
 * UNITS      Of the figure.
 */
#ifndef MODEL_DOUBT_H
#define MODEL_DOUBT_H

typedef struct {
    double errors, chances; /* Sums over the stretches. */
    double stretches;
} Doubt; /* All zero is nothing known. */

void   doubt_learn(Doubt *doubt, double error, double variance);
double doubt_variance(const Doubt *doubt); /* Beyond chance. */

/* Half the width of a 95 percent interval round a figure of this variance by chance. */
double doubt_reach(const Doubt *doubt, double variance);

#endif
