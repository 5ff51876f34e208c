/* SPDX-License-Identifier: Apache-2.0
 *
 * nearest.h - which known word a mistyped one was probably meant to be.
 *
 * ALGORITHM  Optimal string alignment distance (insert, delete, replace, swap of neighbours):
 *            Damerau, CACM 7(3), 1964; Wagner and Fischer, J. ACM 21(1), 1974.  A prefix costs
 *            nothing.
 * SHAPE      Words up to NEAREST_WORD_MAX bytes; longer ones have no neighbour.
 */
#ifndef SETTINGS_NEAREST_H
#define SETTINGS_NEAREST_H
#include <stddef.h>

#define NEAREST_WORD_MAX 32

int nearest_distance(const char *a, const char *b);

/* The best of `words`, the first of equals, or NULL if none is near (a third of the letters). */
const char *nearest_word(const char *typed, const char *const *words, size_t count);

#endif
