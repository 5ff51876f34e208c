/* SPDX-License-Identifier: Apache-2.0
 *
 * diff_model.h - `diff` of two tables of predictions: what of a model has drifted, and how harmful.
 */
#ifndef CLI_DIFF_MODEL_H
#define CLI_DIFF_MODEL_H
#include "cli/options.h"

int diff_model(const Options *options, const char *reference, const char *current);

#endif
