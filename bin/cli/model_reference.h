/* SPDX-License-Identifier: Apache-2.0
 *
 * model_reference.h - `oddball model reference`: MODEL [VERSION] FILE, sent to the server.
 */
#ifndef CLI_MODEL_REFERENCE_H
#define CLI_MODEL_REFERENCE_H
#include "cli/command.h"

/* arguments: behind the word.  Gives the exit status. */
int model_reference(const Options *options, int count, const char *const *arguments);

#endif
