/* SPDX-License-Identifier: Apache-2.0
 *
 * scan.c - the command `scan`: what is odd in these logs, or in those of this machine. */
#include "cli/answer.h"

/* Where a machine keeps its logs; what is not there is passed over. */
static const char *const machine_inputs[] = {"/var/log", "journal:"};

static int run(const Options *options, int count, const char *const *arguments)
{
    Lesson lesson = {.inputs = arguments,
                     .input_count = (size_t)count,
                     .sessions = ODD_SESSIONS_ODD};
    if (count == 0) {
        lesson.inputs = machine_inputs;
        lesson.input_count = sizeof machine_inputs / sizeof machine_inputs[0];
        lesson.machine = true;
    }
    Learning learning;
    int status = STATUS_ERROR;
    if (learn(options, &lesson, &learning))
        status = answer_report(&learning, options, ODD_FINDINGS);
    learning_close(&learning);
    return status;
}

static const char *const option_names[] = {
    "findings", "findings-per-day", "since", "until", "format",  "html", "fail-on",
    "now",      "zone",             "threads", "memory", "seed", "session-key", "kind", NULL};

const Command command_scan = {
    .name = "scan",
    .summary = "Find what is odd in logs and metrics, oddest first",
    .example = "oddball scan /var/log\n"
               "oddball scan --since 2h app.log app.log.1.gz\n"
               "kubectl logs web | oddball scan -\n"
               "oddball scan cpu.csv\n"
               "oddball scan --html odd.html --fail-on new-error build.log",
    .usage = "[FILE...]",
    .details = "A FILE is a log, or a table of metrics as CSV or Parquet; of these --html draws "
               "what is odd. Without a FILE: this machine's /var/log and journal. Status 1 means "
               "that something is odd, 0 that nothing is. Ctrl-C prints what is known so far.",
    .options = option_names,
    .run = run,
};
