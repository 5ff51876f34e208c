/* SPDX-License-Identifier: Apache-2.0
 *
 * undo.c - the command `undo`: a verdict, a mute or a rule was never said. */
#include <string.h>
#include <unistd.h>

#include "cli/command.h"
#include "cli/complain.h"
#include "cli/help.h"
#include "cli/saying.h"

static bool is_id(const char *id)
{
    size_t size = strlen(id);
    return size > 0 && size < 64 &&
           strspn(id, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-") == size;
}

static int run(const Options *options, int count, const char *const *arguments)
{
    if (count != 1 || !is_id(arguments[0])) {
        complain("undo takes the id of a verdict, a mute or a rule; `oddball rules export` lists "
                 "them");
        return STATUS_ERROR;
    }
    Buffer path = {0};
    buffer_format(&path, "/api/v1/verdicts/%s", arguments[0]);
    JsonTree *answer = saying_ask(options, "DELETE", buffer_text(&path), NULL);
    buffer_free(&path);
    if (answer == NULL)
        return STATUS_ERROR;
    json_tree_free(answer);
    Out out = {.descriptor = STDOUT_FILENO};
    buffer_format(&out.text, "%s is undone: from now on it was never said.\n", arguments[0]);
    return help_done(&out);
}

static const char *const option_names[] = {"server", NULL};

const Command command_undo = {
    .name = "undo",
    .summary = "Take back a verdict, a mute or a rule",
    .example = "oddball undo 5d0e3f1c91ab2fe1",
    .usage = "ID",
    .details = "All later decisions are as if it had never been said; findings that it held back "
               "are shown again.",
    .options = option_names,
    .settings = true,
    .run = run,
};
