/* SPDX-License-Identifier: Apache-2.0
 *
 * questions.h - the findings that a server would ask a person about, with the commands that answer.
 *
 * ERRORS     The exit status says so, after a sentence on standard error.
 */
#ifndef CLI_QUESTIONS_H
#define CLI_QUESTIONS_H
#include "cli/options.h"

int questions_print(const Options *options);

#endif
