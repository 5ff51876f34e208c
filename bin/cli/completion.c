/* SPDX-License-Identifier: Apache-2.0
 *
 * completion.c - the command `completion`: scripts for bash, zsh and fish, from the same tables as
 * the parser. */
#include <string.h>
#include <unistd.h>

#include "cli/complain.h"
#include "cli/help.h"

static void option_words(Buffer *text, const Command *command)
{
    for (size_t i = 0; i < options_count(); i++)
        if (option_in(option_at(i).name, command))
            buffer_format(text, "%s--%s", i > 0 && text->size > 0 ? " " : "", option_at(i).name);
}

static void command_words(Buffer *text)
{
    for (size_t i = 0; i < commands_count; i++)
        buffer_format(text, "%s%s", i > 0 ? " " : "", commands[i]->name);
}

static void bash_write(Buffer *text)
{
    buffer_puts(text,
                "# oddball completion bash > /etc/bash_completion.d/oddball\n"
                "_oddball() {\n"
                "    local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]}\n"
                "    local command= options= i\n"
                "    for ((i = 1; i < COMP_CWORD; i++)); do\n"
                "        case ${COMP_WORDS[i]} in -*) ;; *) command=${COMP_WORDS[i]}; break ;; "
                "esac\n"
                "    done\n"
                "    COMPREPLY=()\n"
                "    case $before in\n");
    for (size_t i = 0; i < options_count(); i++) {
        Option option = option_at(i);
        if (!option.choices)
            continue;
        buffer_format(text, "    --%s) COMPREPLY=($(compgen -W '", option.name);
        for (const char *c = option.choices; *c; c++)
            buffer_add(text, *c == ',' ? " " : c, 1);
        buffer_puts(text, "' -- \"$word\")); return ;;\n");
    }
    buffer_puts(text, "    help) [[ $command = help ]] && { COMPREPLY=($(compgen -W '");
    command_words(text);
    buffer_puts(text, "' -- \"$word\")); return; } ;;\n"
                      "    completion) COMPREPLY=($(compgen -W 'bash zsh fish' -- \"$word\")); "
                      "return ;;\n"
                      "    esac\n"
                      "    case $command in\n    '') options='");
    command_words(text);
    buffer_puts(text, " --help --version' ;;\n");
    for (size_t i = 0; i < commands_count; i++) {
        Buffer words = {0};
        option_words(&words, commands[i]);
        buffer_format(text, "    %s) options='%s' ;;\n", commands[i]->name, buffer_text(&words));
        buffer_free(&words);
    }
    buffer_puts(text, "    esac\n"
                      "    if [[ -z $command || $word = -* ]]; then\n"
                      "        COMPREPLY=($(compgen -W \"$options\" -- \"$word\"))\n"
                      "    else\n"
                      "        compopt -o filenames\n"
                      "        COMPREPLY=($(compgen -f -- \"$word\"))\n"
                      "    fi\n"
                      "}\n"
                      "complete -F _oddball oddball\n");
}

/* Text inside single quotes of zsh and fish; brackets and colons mean something to zsh. */
static void quoted(Buffer *text, const char *words, bool zsh)
{
    for (; *words; words++) {
        if (*words == '\'')
            buffer_puts(text, "'\\''");
        else if (zsh && (*words == '[' || *words == ']' || *words == ':'))
            buffer_format(text, "\\%c", *words);
        else
            buffer_add(text, words, 1);
    }
}

static void zsh_option(Buffer *text, const Option *option, const Command *command)
{
    buffer_format(text, " \\\n        '--%s[", option->name);
    quoted(text, option_help(option, command), true);
    buffer_puts(text, "]");
    if (option->value) {
        buffer_format(text, ":%s:", option->value);
        if (option->choices) {
            buffer_puts(text, "(");
            for (const char *c = option->choices; *c; c++)
                buffer_add(text, *c == ',' ? " " : c, 1);
            buffer_puts(text, ")");
        } else if (strcmp(option->value, "FILE") == 0 || strcmp(option->value, "DIR") == 0) {
            buffer_puts(text, "_files");
        }
    }
    buffer_puts(text, "'");
}

static void zsh_write(Buffer *text)
{
    buffer_puts(text, "#compdef oddball\n"
                      "# oddball completion zsh > /usr/share/zsh/site-functions/_oddball\n"
                      "_oddball() {\n"
                      "    local -a known=(\n");
    for (size_t i = 0; i < commands_count; i++) {
        buffer_format(text, "        '%s:", commands[i]->name);
        quoted(text, commands[i]->summary, false);
        buffer_puts(text, "'\n");
    }
    buffer_puts(text, "    )\n"
                      "    if (( CURRENT == 2 )); then\n"
                      "        _describe command known\n"
                      "        return\n"
                      "    fi\n"
                      "    local command=$words[2]\n"
                      "    shift words\n"
                      "    (( CURRENT-- ))\n"
                      "    case $command in\n");
    for (size_t i = 0; i < commands_count; i++) {
        buffer_format(text, "    %s) _arguments", commands[i]->name);
        for (size_t o = 0; o < options_count(); o++) {
            Option option = option_at(o);
            if (option_in(option.name, commands[i]))
                zsh_option(text, &option, commands[i]);
        }
        buffer_puts(text, " \\\n        '*:file:_files' ;;\n");
    }
    buffer_puts(text, "    esac\n}\n_oddball \"$@\"\n");
}

static void fish_write(Buffer *text)
{
    buffer_puts(text, "# oddball completion fish > ~/.config/fish/completions/oddball.fish\n");
    for (size_t i = 0; i < commands_count; i++) {
        buffer_format(text, "complete -c oddball -n __fish_use_subcommand -f -a %s -d '",
                      commands[i]->name);
        quoted(text, commands[i]->summary, false);
        buffer_puts(text, "'\n");
    }
    for (size_t o = 0; o < options_count(); o++) {
        Option option = option_at(o);
        buffer_puts(text, "complete -c oddball -n '__fish_seen_subcommand_from");
        for (size_t i = 0; i < commands_count; i++)
            if (option_in(option.name, commands[i]))
                buffer_format(text, " %s", commands[i]->name);
        buffer_format(text, "' -l %s%s", option.name, option.value ? " -r" : "");
        if (option.choices) {
            buffer_puts(text, " -f -a '");
            for (const char *c = option.choices; *c; c++)
                buffer_add(text, *c == ',' ? " " : c, 1);
            buffer_puts(text, "'");
        }
        buffer_puts(text, " -d '");
        quoted(text, option.help, false);
        buffer_puts(text, "'\n");
    }
}

static int run(const Options *options, int count, const char *const *arguments)
{
    (void)options; /* The scripts have none. */
    const char *shell = count == 1 ? arguments[0] : "";
    Out out = {.descriptor = STDOUT_FILENO};
    if (strcmp(shell, "bash") == 0) {
        bash_write(&out.text);
    } else if (strcmp(shell, "zsh") == 0) {
        zsh_write(&out.text);
    } else if (strcmp(shell, "fish") == 0) {
        fish_write(&out.text);
    } else {
        complain("completion takes the name of a shell: bash, zsh or fish");
        return STATUS_ERROR;
    }
    return help_done(&out);
}

static const char *const option_names[] = {NULL};

const Command command_completion = {
    .name = "completion",
    .summary = "Print a script that completes commands and options",
    .example = "source <(oddball completion bash)\n"
               "oddball completion fish > ~/.config/fish/completions/oddball.fish",
    .usage = "bash|zsh|fish",
    .details = "",
    .options = option_names,
    .run = run,
};
