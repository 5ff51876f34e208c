/* SPDX-License-Identifier: Apache-2.0
 *
 * replay.c - the command `replay`: the history of a server through the same code once more. */
#include "live/replay.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/command.h"
#include "cli/complain.h"
#include "cli/help.h"
#include "cli/house.h"
#include "cli/interrupt.h"
#include "cli/rules_file.h"
#include "serve/findings_text.h"
#include "serve/shares.h"

#define PROBLEM_SIZE 1024

static int print(odd_fold *fold, const Options *options)
{
    char *text =
        findings_text(fold, house_limit(options->since, 0), house_limit(options->until, 0));
    if (text == NULL) {
        complain("no memory for the findings");
        return STATUS_ERROR;
    }
    Out out = {.descriptor = STDOUT_FILENO};
    buffer_puts(&out.text, text);
    free(text);
    return help_done(&out);
}

static void tell(const ReplayCounts *counts, const Options *options)
{
    if (options->quiet)
        return;
    unsigned long long first = counts->first, last = counts->last, lake = counts->from_lake;
    if (counts->from_checkpoint > 0)
        complain("replayed commits %llu to %llu, behind a checkpoint: earlier ones are neither in "
                 "the journal nor in the lake", first, last);
    else if (first > 1)
        complain(
            "replayed commits %llu to %llu, %llu of them from the lake; earlier ones are gone, "
            "and what they taught: what was usual then may be told as odd",
            first, last, lake);
    else
        complain("replayed commits %llu to %llu, %llu of them from the lake", first, last, lake);
    if (counts->lines_missing + counts->samples_missing > 0)
        complain("%llu lines and %llu samples of them are gone: their files were removed, or are "
                 "damaged", (unsigned long long)counts->lines_missing,
                 (unsigned long long)counts->samples_missing);
    if (counts->damaged > 0)
        complain("%llu damaged commits were passed over", (unsigned long long)counts->damaged);
}

static int run(const Options *options, int count, const char *const *arguments)
{
    if (count > 0) {
        complain("replay takes no argument (%s); --data names the directory", arguments[0]);
        return STATUS_ERROR;
    }
    House house;
    odd_events *rules = options->rules != NULL ? rules_file_open(options, options->rules) : NULL;
    if (options->rules != NULL && rules == NULL)
        return STATUS_ERROR;
    if (!house_open(options, &house)) {
        odd_events_close(rules);
        return STATUS_ERROR;
    }
    ReplayOptions replaying = {.fold = fold_options(&house.settings),
                               .threads = house.settings.threads,
                               .lake = house.lake,
                               .duckdb = house.settings.duckdb,
                               .rules = rules,
                               .anew = house_limit(options->since, 0) != 0};
    char problem[PROBLEM_SIZE];
    odd_fold *fold;
    ReplayCounts counts = {0};
    odd_rc rc = replay(house.settings.data, &replaying, interrupt_watch(), &fold, &counts, problem,
                       sizeof problem);
    int status = STATUS_ERROR;
    if (rc == ODD_OK) {
        status = print(fold, options);
        tell(&counts, options);
        odd_fold_close(fold);
    } else {
        complain("%s", problem);
    }
    odd_events_close(rules);
    house_close(&house);
    return status;
}

static const char *const option_names[] = {"from", "to", "rules", NULL};

const Command command_replay = {
    .name = "replay",
    .summary = "Run the history of a server through the same code once more",
    .example = "oddball replay\n"
               "oddball replay --from 2026-11-20 --to 2026-11-21 > findings.jsonl\n"
               "oddball replay --rules rules.yaml\n"
               "oddball replay --findings-per-day 3",
    .usage = "",
    .details = "Prints the findings of the time from --from to --to, the earliest first, one "
               "JSON object on a line as GET /api/v1/findings gives it: the same bytes as the "
               "server found, as long as the settings are the same. It reads the lake, then the "
               "journal. Where the beginning of both is gone, it begins at the newest checkpoint, "
               "or, with --from, anew with what is there. Beside a running server it disturbs "
               "nobody. With --rules the rules of that file count from the first finding on, and "
               "no verdict or rule of the history does: findings that one of them holds back have "
               "the state hidden or expected, and hidden_by says which.",
    .options = option_names,
    .settings = true,
    .run = run,
};
