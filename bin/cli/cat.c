/* SPDX-License-Identifier: Apache-2.0
 *
 * cat.c - the command `cat`: gives back the lines of a source as they came. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/command.h"
#include "cli/complain.h"
#include "cli/house.h"
#include "lake/lake_child.h"

static int print(const House *house, const Options *options, const char *source)
{
    LakeJob job = lake_job(house->lake);
    job.library = house->settings.duckdb;
    job.memory_bytes = house->settings.sql_memory_bytes;
    char *problem = NULL;
    odd_rc rc = lake_child_cat(&job, source, house_limit(options->since, ODD_TIME_NONE),
                               house_limit(options->until, ODD_TIME_NONE), STDOUT_FILENO, &problem);
    if (rc != ODD_OK)
        complain("%s", problem != NULL ? problem : odd_strerror(rc));
    free(problem);
    if ((rc == ODD_OK || rc == ODD_NOTFOUND) && house->server[0] != '\0' && !options->quiet)
        complain("a server runs: its newest lines are not in the lake yet, they come within a "
                 "minute or so");
    return rc == ODD_OK ? STATUS_FINE : STATUS_ERROR;
}

static int run(const Options *options, int count, const char *const *arguments)
{
    if (count != 1) {
        complain(
            "cat takes the name of a source: oddball cat app.log; `oddball sql \"SELECT source "
            "FROM sources\"` lists them");
        return STATUS_ERROR;
    }
    House house;
    if (!house_open(options, &house))
        return STATUS_ERROR;
    int status = print(&house, options, arguments[0]);
    house_close(&house);
    return status;
}

static const char *const option_names[] = {"since", "until", NULL};

const Command command_cat = {
    .name = "cat",
    .summary = "Give back the lines of a source as they came",
    .example = "oddball cat /var/log/syslog\n"
               "oddball cat app.log --since 2h\n"
               "oddball cat app.log --since 2026-11-23 --until 2026-11-24",
    .usage = "SOURCE",
    .details = "Byte for byte and in their order, but for what was masked or cut when it came in. "
               "The lines are those of the lake.",
    .options = option_names,
    .settings = true,
    .run = run,
};
