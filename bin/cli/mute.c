/* SPDX-License-Identifier: Apache-2.0
 *
 * mute.c - the command `mute`: findings that are not to be heard. */
#include "cli/command.h"
#include "cli/complain.h"
#include "cli/saying.h"

static int run(const Options *options, int count, const char *const *arguments)
{
    if (count > 1 || (count == 0 && options->scope == NULL)) {
        complain("mute takes the id of a finding, or --scope: oddball mute --scope "
                 "source='backup*' --ends 7d");
        return STATUS_ERROR;
    }
    return saying_say(options, "mute", count == 1 ? arguments[0] : NULL, NULL);
}

const Command command_mute = {
    .name = "mute",
    .summary = "Hear no more of a finding and its like, for a while",
    .example = "oddball mute 2fe165d31248b42e --ends 7d --reason 'disk is ordered'\n"
               "oddball mute --scope source='backup*' --ends 2026-12-24 --dry-run\n"
               "oddball mute --scope host=db-3,kind=high",
    .usage = "[FINDING]",
    .details = "It is tried on the findings of the last 30 days first: how many it would have "
               "hidden, and how many of those were marked real. What gets a hundred times as rare "
               "breaks through, but for --forever. `oddball undo` takes it back.",
    .options = saying_options,
    .settings = true,
    .run = run,
};
