/* SPDX-License-Identifier: Apache-2.0
 *
 * cat.c - the command `cat`: gives back the lines of a source as they came. */
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/command.h"
#include "cli/complain.h"
#include "cli/house.h"
#include "cli/visible.h"
#include "lake/lake_child.h"

/* Lines on their way to a terminal, made harmless for it. */
static void *show(void *context)
{
    FILE   *lines = context;
    char   *line = NULL;
    size_t  capacity = 0;
    ssize_t size;
    Buffer  shown = {0};
    while ((size = getline(&line, &capacity, lines)) > 0) {
        bool whole = line[size - 1] == '\n';
        visible_add(&shown, line, (size_t)size - whole);
        fprintf(stdout, "%s%s", buffer_text(&shown), whole ? "\n" : "");
        buffer_clear(&shown);
    }
    fflush(stdout);
    buffer_free(&shown);
    free(line);
    return NULL;
}

static odd_rc cat_to_terminal(const LakeJob *job, const char *source, odd_time since,
                              odd_time until, char **ret_problem)
{
    int       ends[2];
    pthread_t thread;
    if (pipe2(ends, O_CLOEXEC) != 0)
        return ODD_IO;
    FILE *lines = fdopen(ends[0], "r");
    if (lines == NULL || pthread_create(&thread, NULL, show, lines) != 0) {
        close(ends[1]);
        if (lines != NULL)
            fclose(lines);
        else
            close(ends[0]);
        return ODD_NOMEM;
    }
    odd_rc rc = lake_child_cat(job, source, since, until, ends[1], ret_problem);
    close(ends[1]);
    pthread_join(thread, NULL);
    fclose(lines);
    return rc;
}

static int print(const House *house, const Options *options, const char *source)
{
    LakeJob job = lake_job(house->lake);
    job.library = house->settings.duckdb;
    job.memory_bytes = house->settings.sql_memory_bytes;
    char *problem = NULL;
    odd_time since = house_limit(options->since, ODD_TIME_NONE);
    odd_time until = house_limit(options->until, ODD_TIME_NONE);
    odd_rc rc = isatty(STDOUT_FILENO)
                    ? cat_to_terminal(&job, source, since, until, &problem)
                    : lake_child_cat(&job, source, since, until, STDOUT_FILENO, &problem);
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
    .details = "Byte for byte and in their order, but for what was masked or cut when it came in; "
               "on a terminal control characters are shown as \\x1b. The lines are those of the "
               "lake.",
    .options = option_names,
    .settings = true,
    .run = run,
};
