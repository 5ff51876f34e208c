/* SPDX-License-Identifier: Apache-2.0
 *
 * diff.c - the command `diff`: how a log differs from a good one. */
#include "cli/answer.h"
#include "cli/complain.h"

static int run(const Options *options, int count, const char *const *arguments)
{
    if (count != 2) {
        complain("diff compares two: oddball diff GOOD BAD (either may be a folder)");
        return STATUS_ERROR;
    }
    Lesson lesson = {.inputs = arguments, .input_count = 2, .reference_count = 1};
    Learning learning;
    int status = STATUS_ERROR;
    if (learn(options, &lesson, &learning))
        status = answer_report(&learning, options, ODD_DIFF);
    learning_close(&learning);
    return status;
}

static const char *const option_names[] = {
    "findings", "since", "until",   "format", "html", "fail-on", "direction",
    "now",      "zone",  "threads", "memory", "seed", "kind", NULL};

const Command command_diff = {
    .name = "diff",
    .summary = "Compare logs or metrics with good ones: what is new, gone, more, less",
    .example = "oddball diff good.log bad.log\n"
               "oddball diff --fail-on new-error last-green.log this-build.log\n"
               "oddball diff --format json monday/ tuesday/\n"
               "oddball diff --fail-on worse --direction up baseline.csv canary.csv",
    .usage = "GOOD BAD",
    .details = "Reads like a unified diff: + new, - gone, ~ more or less often, = other values. Of "
               "two tables of metrics: for each series whether its level, its spread or its way of "
               "moving has changed, values stand out or are missing. For canaries: --fail-on worse "
               "makes the status 1 only for what went where --direction says that it should not.",
    .options = option_names,
    .run = run,
};
