/* SPDX-License-Identifier: Apache-2.0
 *
 * glob.h - names meant by a text with stars: `web-*`, `* failed`.
 *
 * ALGORITHM  Backtracks to the last star alone: time is the product of both sizes at most.
 * EXACTNESS  `*` stands for any bytes, `?` for one.  Nothing else is special, so that every text
 *            means itself at least.
 */
#ifndef BASE_GLOB_H
#define BASE_GLOB_H
#include <stdbool.h>

#include "base/str.h"

bool glob_means(Str glob, Str text);

#endif
