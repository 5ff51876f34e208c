/* SPDX-License-Identifier: Apache-2.0
 *
 * dataset_make.h - `dataset make`: labels with the values of features as they could be known then.
 *
 * The table has the columns of the labels, then of each feature its value, NAME.was_missing and
 * NAME.age_s; rows come in order of time.  It is whole, or it is not there.
 *
 * ERRORS     The exit status says so, after a sentence on standard error.
 */
#ifndef CLI_DATASET_MAKE_H
#define CLI_DATASET_MAKE_H
#include "cli/options.h"

int dataset_make(const Options *options, int count, const char *const *arguments);

#endif
