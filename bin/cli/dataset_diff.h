/* SPDX-License-Identifier: Apache-2.0
 *
 * dataset_diff.h - two versions of a dataset, compared by the drift engine.
 *
 * ERRORS     Gives the exit status of `diff`: 0 nothing drifted, 1 something did, 2 an error.
 */
#ifndef CLI_DATASET_DIFF_H
#define CLI_DATASET_DIFF_H
#include "cli/table_feed.h"

int dataset_diff(const Options *options, RegistryHome *home, const char *before, const char *after);

#endif
