/* SPDX-License-Identifier: Apache-2.0
 *
 * feature_verify.h - `feature verify`: what a server says of features, computed once more out of
 * its history, and compared bit by bit.
 *
 * ERRORS     The exit status says so, after a sentence on standard error.
 */
#ifndef CLI_FEATURE_VERIFY_H
#define CLI_FEATURE_VERIFY_H
#include "cli/options.h"

/* Of these entities, or of some; not fine if any value differs. */
int feature_verify(const Options *options, int count, const char *const *entities);

#endif
