/* SPDX-License-Identifier: Apache-2.0
 *
 * feature_names.h - which features the server's folder defines, read from its files.
 *
 * OWNERSHIP  feature_names_close frees all, and may be called of zeros.
 * ERRORS     What is wrong in the files is said on standard error; false then.
 */
#ifndef CLI_FEATURE_NAMES_H
#define CLI_FEATURE_NAMES_H
#include <stdbool.h>

#include "cli/options.h"
#include "http/json_tree.h"

typedef struct {
    JsonTree *root; /* NULL: there are none. */
} FeatureNames;

bool feature_names_open(FeatureNames *names, const Options *options);
void feature_names_close(FeatureNames *names);

/* context: FeatureNames.  As odd_promotion.has_feature. */
int feature_names_has(void *context, const char *name);

#endif
