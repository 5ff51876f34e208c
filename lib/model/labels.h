/* SPDX-License-Identifier: Apache-2.0
 *
 * labels.h - which rows a person should label, and what the labels say of all rows.
 *
 * ALGORITHM  A third of the draws are in proportion to how unsure a row's loss is (J. Neyman,
 *            1934), the others uniform, so that doubts that mean nothing cost 5 percent at most;
 *            systematic, so that all times are asked about.  Estimate: the drawn rows
 *            weighed by their chances, less what the guess and the mere weights got wrong on them,
 *            each times the factor that makes the variance least (prediction-powered inference; A.
 *            Angelopoulos et al., Science 382, 2023; the regression estimator of C. Cassel, C.
 *            Sarndal and J. Wretman, Biometrika 63(3), 1976).  A useless guess gets the factor 0.
 * SHAPE      Pure; O(rows).
 * UNITS      A loss is 1 or 0 (not right, right), or the size of an error.
 */
#ifndef MODEL_LABELS_H
#define MODEL_LABELS_H
#include <stddef.h>
#include <stdint.h>

#include "base/rng.h"

/* Share of the draws that choose nothing: costs 4 percent if doubts are chance. */
#define LABELS_UNIFORM 0.65

/* doubts (n): how unsure each row's loss is, in standard deviations.  ret_chances (n): to be among
 * the `count` that are drawn, each at most 1. */
void   labels_chances(const double *doubts, size_t n, size_t count, double *ret_chances);
/* Rows, from 0, ascending; gives how many: `count`, or one less or more. */
size_t labels_draw(const double *chances, size_t n, Rng *rng, uint32_t *ret_rows, size_t room);

typedef struct {
    double loss, guess; /* What is known now, and what was thought. */
    double chance;      /* Of being drawn. */
} Label;

typedef struct {
    double estimate, lower, upper; /* 95 percent. */
    double plain; /* Labels drawn without choosing that would say as much, for each one. */
} LabelsEstimate;

/* n > 3 labels; rows: all that they were drawn from; guess: their mean. */
LabelsEstimate labels_estimate(const Label *labels, size_t n, double rows, double guess);

#endif
