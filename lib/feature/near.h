/* SPDX-License-Identifier: Apache-2.0
 *
 * near.h - which known name a mistyped one was probably meant to be.
 *
 * ALGORITHM  R. A. Wagner, M. J. Fischer, J. ACM 21(1), 1974: insertions, deletions, replacements.
 * SHAPE      Names up to NEAR_SIZE_MAX bytes; longer ones have no neighbour.
 */
#ifndef FEATURE_NEAR_H
#define FEATURE_NEAR_H
#include "base/str.h"

#define NEAR_SIZE_MAX 96

typedef struct {
    Str      typed, best; /* best: empty, nothing is near. */
    unsigned distance;
} Near;

Near near_to(Str typed);
void near_try(Near *near, Str name); /* The nearest so far stays; the first of equals. */

#endif
