/* SPDX-License-Identifier: Apache-2.0
 *
 * score_model.h - `score --reference`: a table of predictions, scored column by column.
 */
#ifndef CLI_SCORE_MODEL_H
#define CLI_SCORE_MODEL_H
#include "cli/options.h"

int score_model(const Options *options, const char *current); /* Gives the exit status. */

#endif
