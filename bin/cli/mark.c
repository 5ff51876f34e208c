/* SPDX-License-Identifier: Apache-2.0
 *
 * mark.c - the command `mark`: what a person says of a finding. */
#include <string.h>

#include "cli/command.h"
#include "cli/complain.h"
#include "cli/saying.h"

static int wrong(void)
{
    complain("mark takes the id of a finding, and real, expected, unsure, new-normal, unlink or "
             "link OTHER: oddball mark 2fe165d31248b42e expected; `oddball watch` shows findings "
             "with their ids");
    return STATUS_ERROR;
}

/* It reaches as far as it says, for ever. */
static bool may_link(const Options *options)
{
    if (options->scope == NULL && options->until.kind == MOMENT_NONE && !options->forever)
        return true;
    complain("a link has no --scope and no end: leave --scope, --ends and --forever out");
    return false;
}

static int run(const Options *options, int count, const char *const *arguments)
{
    static const char *const words[] = {"real", "expected", "unsure", "new-normal"};
    if (count < 2)
        return wrong();
    bool is_link = strcmp(arguments[1], "link") == 0 && count == 3;
    bool is_unlink = strcmp(arguments[1], "unlink") == 0 && count == 2;
    if (is_link || is_unlink)
        return may_link(options)
                   ? saying_say(options, arguments[1], arguments[0], is_link ? arguments[2] : NULL)
                   : STATUS_ERROR;
    for (size_t i = 0; count == 2 && i < sizeof words / sizeof words[0]; i++)
        if (strcmp(arguments[1], words[i]) == 0)
            return saying_say(options, arguments[1], arguments[0], NULL);
    return wrong();
}

const Command command_mark = {
    .name = "mark",
    .summary = "Say of a finding that it is real, expected, unsure, or the new normal",
    .example = "oddball mark 2fe165d31248b42e real\n"
               "oddball mark 2fe165d31248b42e expected --reason 'nightly backup'\n"
               "oddball mark 2fe165d31248b42e expected --scope source --ends 7d --dry-run\n"
               "oddball mark 2fe165d31248b42e new-normal --reason 'prices went up'\n"
               "oddball mark 2fe165d31248b42e link 6e0e2c4a5fc53d5d\n"
               "oddball mark 2fe165d31248b42e unlink",
    .usage = "FINDING real|expected|unsure|new-normal|link OTHER|unlink",
    .details = "It is tried on the findings of the last 30 days first, counts at once for all "
               "findings that are like it, and `oddball undo` takes it back: then it was never "
               "said. What is expected is held back until it gets worse (a hundred times as rare), "
               "but not where somebody said real of the same. What is like something real is told "
               "whatever the budget of findings wants. The new normal of a metric or a model is "
               "learnt beside what was usual, from now on; what is odd to the old one alone is "
               "expected. "
               "Of lines, whose rates follow by themselves, it is as expected. A finding or an "
               "incident is linked with another one, whose incidents are one then; unlinked, a "
               "finding is an incident of its own. Findings are never deleted: `oddball explain` "
               "says who holds one back.",
    .options = saying_options,
    .settings = true,
    .run = run,
};
