/* SPDX-License-Identifier: Apache-2.0
 *
 * command.h - what a command is: its words for the help, the options that it takes, and its work.
 *
 * One file, one command: bin/cli/NAME.c holds `const Command command_NAME`, and the list in
 * bin/cli/meson.build has one line for it.
 */
#ifndef CLI_COMMAND_H
#define CLI_COMMAND_H
#include <stdbool.h>
#include <stddef.h>

#include "cli/options.h"

/* Exit status: the contract of every command. */
#define STATUS_FINE 0        /* scan and diff: nothing odd.      */
#define STATUS_ODD 1         /* scan and diff: something is odd. */
#define STATUS_ERROR 2
#define STATUS_INTERRUPTED 130 /* Ctrl-C before there was anything to print. */

struct Command {
    const char        *name;
    const char        *summary;  /* Half a line, for the list of commands.     */
    const char        *example;  /* Shown first: the first line is the best.   */
    const char        *usage;    /* The arguments: "[FILE...]".                */
    const char        *details;  /* Sentences behind the options; may be "".   */
    const char *const *options;  /* Names, NULL at the end.                    */
    bool               settings; /* Every setting of the server as well.       */
    const char        *formats;  /* Of --format, in words; NULL: all of them.  */
    int (*run)(const Options *options, int count, const char *const *arguments);
};

extern const Command *const commands[]; /* Written by the build. */
extern const size_t         commands_count;

const Command *command_find(const char *name); /* NULL: unknown. */

#endif
