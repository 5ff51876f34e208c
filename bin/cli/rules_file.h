/* SPDX-License-Identifier: Apache-2.0
 *
 * rules_file.h - the rules of a file that an option or an argument names.
 */
#ifndef CLI_RULES_FILE_H
#define CLI_RULES_FILE_H
#include "cli/options.h"

/* To be closed by the caller.  NULL: told. */
odd_events *rules_file_open(const Options *options, const char *path);

#endif
