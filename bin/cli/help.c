/* SPDX-License-Identifier: Apache-2.0
 *
 * help.c - the command `help`: an example first. */
#include "cli/help.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cli/answer.h"
#include "cli/complain.h"
#include "cli/out.h"
#include "cli/terminal.h"
#include "cli/wrap.h"
#include "settings/keys.h"
#include "settings/nearest.h"

#define OPTION_COLUMN 25

const Command *command_find(const char *name)
{
    for (size_t i = 0; i < commands_count; i++)
        if (strcmp(commands[i]->name, name) == 0)
            return commands[i];
    return NULL;
}

static void help_option(Buffer *text, const Command *command, const Option *option, int columns)
{
    const char *words = option_help(option, command);
    Buffer left = {0};
    buffer_format(&left, "  --%s%s%s", option->name, option->value ? " " : "",
                  option->value ? option->value : "");
    if (left.size > OPTION_COLUMN - 2)
        buffer_format(text, "%s\n%*s", buffer_text(&left), OPTION_COLUMN, "");
    else
        buffer_format(text, "%-*s", OPTION_COLUMN, buffer_text(&left));
    wrap_add(text, words, strlen(words), OPTION_COLUMN, OPTION_COLUMN, columns);
    buffer_free(&left);
}

/* The command's own first, then the settings, then what every command takes. */
static void help_options(Buffer *text, const Command *command, int columns)
{
    for (int part = 0; part < 3; part++) {
        for (size_t i = 0; i < options_count(); i++) {
            Option option = option_at(i);
            bool is_setting = command->settings && keys_find_flag(option.name) >= 0;
            int its = option.everywhere ? 2 : is_setting ? 1 : 0;
            if (its == part && option_in(option.name, command))
                help_option(text, command, &option, columns);
        }
    }
}

int help_done(Out *out)
{
    if (out_close(out))
        return STATUS_FINE;
    answer_complain(out, "standard output");
    return STATUS_ERROR;
}

static const char last_words[] =
    "FILE is a file, a folder, journal: or - (standard input); plain, gzip or zstd. `oddball help "
    "COMMAND` has the options. Exit status of scan and diff: 0 nothing odd, 1 something odd, 2 "
    "error; of the others 0 or 2.";

int help_all(bool for_want_of_a_command)
{
    Out out = {.descriptor = for_want_of_a_command ? STDERR_FILENO : STDOUT_FILENO};
    Buffer *text = &out.text;
    buffer_puts(text,
                "oddball scan /var/log\n\n"
                "oddball learns what is normal in logs and says in plain words what is odd.\n\n"
                "Commands\n");
    for (size_t i = 0; i < commands_count; i++)
        buffer_format(text, "  %-12s%s\n", commands[i]->name, commands[i]->summary);
    buffer_puts(text, "\nExamples\n");
    for (size_t i = 0; i < commands_count; i++)
        buffer_format(text, "  %.*s\n", (int)strcspn(commands[i]->example, "\n"),
                      commands[i]->example);
    buffer_puts(text, "\n");
    wrap_add(text, last_words, strlen(last_words), 0, 0, terminal_width(out.descriptor, 0));
    int status = help_done(&out);
    return for_want_of_a_command ? STATUS_ERROR : status;
}

int help_command(const Command *command)
{
    Out out = {.descriptor = STDOUT_FILENO};
    Buffer *text = &out.text;
    int columns = terminal_width(STDOUT_FILENO, 0);
    const char *more = strchr(command->example, '\n');
    int first_size = (int)strcspn(command->example, "\n");
    buffer_format(text, "%.*s\n\n%s.\n", first_size, command->example, command->summary);
    if (command->details[0]) {
        buffer_puts(text, "\n");
        wrap_add(text, command->details, strlen(command->details), 0, 0, columns);
    }
    buffer_format(text, "\nUsage\n  oddball %s [OPTION...]%s%s\n", command->name,
                  command->usage[0] ? " " : "", command->usage);
    if (more) {
        buffer_puts(text, "\nMore examples");
        for (const char *line = more; *line; line += strcspn(line, "\n"))
            buffer_format(text, "\n  %.*s", (int)strcspn(line + 1, "\n"), line + 1), line++;
        buffer_puts(text, "\n");
    }
    buffer_puts(text, "\nOptions\n");
    help_options(text, command, columns);
    return help_done(&out);
}

int help_version(void)
{
    Out out = {.descriptor = STDOUT_FILENO};
    buffer_format(&out.text, "oddball %s\n", odd_version());
    return help_done(&out);
}

static int run(const Options *options, int count, const char *const *arguments)
{
    (void)options; /* `help` has none of its own. */
    if (count == 0)
        return help_all(false);
    const Command *command = command_find(arguments[0]);
    if (command)
        return help_command(command);

    const char *names[64];
    for (size_t i = 0; i < commands_count && i < 64; i++)
        names[i] = commands[i]->name;
    const char *near = nearest_word(arguments[0], names, commands_count);
    complain("there is no command '%s'%s%s; `oddball help` lists them all", arguments[0],
             near ? ", but " : "", near ? near : "");
    return STATUS_ERROR;
}

static const char *const option_names[] = {NULL};

const Command command_help = {
    .name = "help",
    .summary = "How to use oddball, or one of its commands",
    .example = "oddball help scan",
    .usage = "[COMMAND]",
    .details = "",
    .options = option_names,
    .run = run,
};
