/* SPDX-License-Identifier: Apache-2.0
 *
 * main.c - the program: reads the command line, finds the command, lets it work. */
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "cli/command.h"
#include "cli/complain.h"
#include "cli/help.h"
#include "input/parquet.h"
#include "lake/serve_lake.h"
#include "lake/serve_parquet.h"
#include "settings/nearest.h"

#define DESCRIPTORS_WANTED 1024

static int unknown_command(const char *typed)
{
    const char *names[64];
    for (size_t i = 0; i < commands_count && i < 64; i++)
        names[i] = commands[i]->name;
    const char *near = nearest_word(typed, names, commands_count);
    if (access(typed, F_OK) == 0)
        complain("unknown command '%s'; to look at that file: oddball scan %s", typed, typed);
    else if (near)
        complain("unknown command '%s'; did you mean `oddball %s`?", typed, near);
    else
        complain("unknown command '%s'; `oddball help` lists them all", typed);
    return STATUS_ERROR;
}

static int dispatch(const Options *options, Buffer *problem)
{
    if (options->version)
        return help_version();
    if (options->argument_count == 0)
        return help_all(!options->help);

    const Command *command = command_find(options->arguments[0]);
    if (!command)
        return unknown_command(options->arguments[0]);
    if (options->help)
        return help_command(command);
    if (!options_allowed(options, command, problem)) {
        complain("%s", buffer_text(problem));
        return STATUS_ERROR;
    }
    return command->run(options, options->argument_count - 1, options->arguments + 1);
}

/* Many files may be open at once; what the system allows is ours. */
static void descriptors_raise(void)
{
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= DESCRIPTORS_WANTED)
        return;
    limit.rlim_cur = limit.rlim_max < DESCRIPTORS_WANTED ? limit.rlim_max : DESCRIPTORS_WANTED;
    setrlimit(RLIMIT_NOFILE, &limit); /* Without it, fewer files are merged at once. */
}

int main(int argc, char **argv)
{
    /* A closed pipe and a full disk come back from write(), where out.c knows what to do. */
    signal(SIGPIPE, SIG_IGN);
    if (argc == 2 && strcmp(argv[1], LAKE_CHILD_WORD) == 0)
        return lake_serve();
    if (argc == 2 && strcmp(argv[1], PARQUET_CHILD_WORD) == 0)
        return parquet_serve(PARQUET_DESCRIPTOR);
    descriptors_raise();

    const char **arguments = calloc((size_t)argc + 1, sizeof *arguments);
    if (!arguments) {
        complain("out of memory");
        return STATUS_ERROR;
    }
    Options options;
    Buffer problem = {0};
    int status = STATUS_ERROR;
    if (options_parse(argc, (const char *const *)argv, arguments, &options, &problem))
        status = dispatch(&options, &problem);
    else
        complain("%s", buffer_text(&problem));
    buffer_free(&problem);
    free(arguments);
    return status;
}
