/* SPDX-License-Identifier: Apache-2.0
 *
 * samples.h - the scored numbers of metric series, as rows of CSV, while they come.
 *
 * What is written of the first rows does not change when rows follow, so nothing is kept back.
 */
#ifndef CLI_SAMPLES_H
#define CLI_SAMPLES_H
#include <stdbool.h>

#include <oddball.h>

#include "cli/out.h"

/* Writes what was scored since the last call; the names of the columns before the first.  false:
 * the engine failed, and the sentence is on standard error. */
bool samples_write(odd_db *db, bool is_first, Out *out);

/* What of the input could not be read, on standard error. */
void samples_notes(odd_db *db);

#endif
