/* SPDX-License-Identifier: Apache-2.0
 *
 * help.h - what the program says about itself; from the table of options and the commands.
 *
 * Each gives the exit status.
 */
#ifndef CLI_HELP_H
#define CLI_HELP_H
#include <stdbool.h>

#include "cli/command.h"
#include "cli/out.h"

int help_all(bool for_want_of_a_command); /* Then on standard error, and an error. */
int help_command(const Command *command);
int help_version(void);
int help_done(Out *out); /* Writes what is left. */

#endif
