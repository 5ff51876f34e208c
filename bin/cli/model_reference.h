/* SPDX-License-Identifier: Apache-2.0
 *
 * model_reference.h - `oddball model reference`: MODEL [VERSION] FILE, sent to the server.
 *
 * ERRORS     The exit status says so, after a sentence on standard error.
 */
#ifndef CLI_MODEL_REFERENCE_H
#define CLI_MODEL_REFERENCE_H
#include "cli/command.h"

/* arguments: behind the word. */
int model_reference(const Options *options, int count, const char *const *arguments);

#endif
