/* SPDX-License-Identifier: Apache-2.0
 *
 * parse.c - the words of a command line, read by the table of options. */
#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "cli/command.h"
#include "cli/options.h"
#include "settings/keys.h"
#include "settings/nearest.h"

#define OPTION_UNKNOWN (-1)
#define OPTION_AMBIGUOUS (-2)

static const Command *command_of(const Options *options)
{
    return options->argument_count > 0 ? command_find(options->arguments[0]) : NULL;
}

/* Where options are listed: for the command, if there is one by now. */
static void list_add_to(const Options *options, Buffer *problem)
{
    const Command *command = command_of(options);
    buffer_format(problem, "`oddball help %s` lists them", command ? command->name : "scan");
}

static bool is_setting(Option option)
{
    return option.set == NULL && option.learn == NULL;
}

bool option_take(const Option *option, Options *options, const char *value)
{
    if (option->set != NULL)
        return option->set(options, value);
    return option->learn == NULL || option->learn(&options->learn, value);
}

/* A row that is to be considered first: the command's own, or of the table as long as there is no
 * command. */
static bool is_near(const Options *options, size_t row)
{
    const Command *command = command_of(options);
    return command ? option_in(option_at(row).name, command) : !is_setting(option_at(row));
}

static bool unknown(const Options *options, const char *typed, Buffer *problem)
{
    const char *names[OPTIONS_MAX], *near = NULL;
    for (int all = 0; all < 2 && !near; all++) {
        size_t count = 0;
        for (size_t i = 0; i < options_count(); i++)
            if (all || is_near(options, i))
                names[count++] = option_at(i).name;
        near = nearest_word(typed, names, count);
    }
    buffer_format(problem, "unknown option --%s; ", typed);
    if (near)
        buffer_format(problem, "did you mean --%s? ", near);
    list_add_to(options, problem);
    return false;
}

static bool begins(size_t row, const char *name, size_t size)
{
    return strncmp(option_at(row).name, name, size) == 0;
}

static bool ambiguous(const Options *options, const char *typed, Buffer *problem)
{
    const char *between = ": ";
    bool some_near = false;
    buffer_format(problem, "--%s is ambiguous", typed);
    for (size_t i = 0; i < options_count(); i++)
        some_near = some_near || (begins(i, typed, strlen(typed)) && is_near(options, i));
    for (size_t i = 0; i < options_count(); i++) {
        if (!begins(i, typed, strlen(typed)) || (some_near && !is_near(options, i)))
            continue;
        buffer_format(problem, "%s--%s", between, option_at(i).name);
        between = " or ";
    }
    return false;
}

/* Among the near ones, or all. */
static int find_among(const Options *options, const char *name, size_t size, bool all)
{
    int found = OPTION_UNKNOWN;
    for (size_t i = 0; i < options_count(); i++) {
        if (!begins(i, name, size) || (!all && !is_near(options, i)))
            continue;
        found = found == OPTION_UNKNOWN ? (int)i : OPTION_AMBIGUOUS;
    }
    return size == 0 ? OPTION_UNKNOWN : found;
}

static int find_exact(const char *name, size_t size)
{
    for (size_t i = 0; i < options_count(); i++)
        if (begins(i, name, size) && option_at(i).name[size] == '\0')
            return (int)i;
    return OPTION_UNKNOWN;
}

/* The option called so; or of the command's, or else of all, the only one whose name begins so. */
static int option_find(const Options *options, const char *name, size_t size)
{
    int exact = find_exact(name, size);
    if (exact >= 0)
        return exact;
    int found = find_among(options, name, size, false);
    return found == OPTION_UNKNOWN ? find_among(options, name, size, true) : found;
}

/* "discovery" is the row of "no-discovery". */
static int option_find_positive(const char *name, size_t size)
{
    for (size_t i = 0; i < options_count(); i++) {
        const char *listed = option_at(i).name;
        if (is_setting(option_at(i)) && strncmp(listed, "no-", 3) == 0 &&
            strlen(listed) == size + 3 && strncmp(listed + 3, name, size) == 0)
            return (int)i;
    }
    return OPTION_UNKNOWN;
}

static bool wrong_choice(const Option *option, const char *value, Buffer *problem)
{
    char choices[256];
    const char *words[32];
    size_t count = 0, size;
    assert(value != NULL); /* An option with choices has a value. */
    const char *wrong = option_choice_wrong(option->choices, value, &size);
    snprintf(choices, sizeof choices, "%s", option->choices);
    for (char *word = choices; word && count < 32; count++)
        words[count] = strsep(&word, ",");
    Buffer typed = {0};
    buffer_add(&typed, wrong ? wrong : value, wrong ? size : strlen(value));
    const char *near = nearest_word(buffer_text(&typed), words, count);
    buffer_format(problem, "--%s does not take '%s'; ", option->name, buffer_text(&typed));
    if (near)
        buffer_format(problem, "did you mean %s? ", near);
    buffer_puts(problem, near ? "It takes " : "it takes ");
    for (size_t i = 0; i < count; i++)
        buffer_format(problem, "%s%s", i == 0 ? "" : i + 1 < count ? ", " : " and ", words[i]);
    buffer_free(&typed);
    return false;
}

/* What is a setting too waits for settings_load, which knows what is good. */
static bool setting_note(Options *options, const char *flag, const char *value, Buffer *problem)
{
    if (keys_find_flag(flag) < 0)
        return true;
    if (options->setting_count == OPTIONS_SETTINGS_MAX) {
        buffer_format(problem,
                      "there are more than %d settings; put them into a file: --config "
                      "oddball.yaml",
                      OPTIONS_SETTINGS_MAX);
        return false;
    }
    options->settings[options->setting_count++] = (SettingFlag){.name = flag, .value = value};
    return true;
}

static bool option_apply(Options *options, int index, const char *value, Buffer *problem)
{
    Option option = option_at((size_t)index);
    if (value && !option.value) {
        buffer_format(problem, "--%s takes no value", option.name);
        return false;
    }
    if (!value && option.value) {
        buffer_format(problem, "--%s needs a value, for example --%s %s", option.name, option.name,
                      option.example);
        return false;
    }
    if (!option_take(&option, options, value)) {
        if (option.choices)
            return wrong_choice(&option, value, problem);
        buffer_format(problem, "--%s does not take '%s'; a good value is %s", option.name, value,
                      option.example);
        return false;
    }
    options->given[index] = true;
    return setting_note(options, option.name, value, problem);
}

/* One long option at argv[*at]; moves *at over a value of its own. */
static bool option_read(Options *options, int argc, const char *const *argv, int *at,
                        Buffer *problem)
{
    const char *name = argv[*at] + 2;
    const char *equal = strchr(name, '=');
    size_t size = equal ? (size_t)(equal - name) : strlen(name);
    int index = option_find(options, name, size);
    int positive = option_find_positive(name, size);
    if (positive >= 0 && !equal) {
        options->given[positive] = true;
        return setting_note(options, option_at((size_t)positive).name + 3, NULL, problem);
    }
    if (index < 0) {
        Buffer typed = {0};
        buffer_add(&typed, name, size);
        if (index == OPTION_AMBIGUOUS)
            ambiguous(options, buffer_text(&typed), problem);
        else
            unknown(options, buffer_text(&typed), problem);
        buffer_free(&typed);
        return false;
    }
    const char *value = equal ? equal + 1 : NULL;
    if (!value && option_at((size_t)index).value && *at + 1 < argc)
        value = argv[++*at];
    return option_apply(options, index, value, problem);
}

/* One letter for the three options that everybody tries. */
static bool letter_read(Options *options, const char *letter, Buffer *problem)
{
    static const char *const names[] = {"h", "help", "q", "quiet", "V", "version"};
    for (int i = 0; i < 6; i += 2)
        if (strcmp(letter, names[i]) == 0)
            return option_apply(options, find_exact(names[i + 1], strlen(names[i + 1])), NULL,
                                problem);
    int meant = option_find(options, letter, strlen(letter));
    if (meant >= 0) {
        buffer_format(problem, "unknown option -%s; did you mean --%s?", letter,
                      option_at((size_t)meant).name);
        return false;
    }
    buffer_format(problem,
                  "unknown option -%s; the short ones are -h, -q and -V, and a file of "
                  "that name is written ./-%s",
                  letter, letter);
    return false;
}

bool options_parse(int argc, const char *const *argv, const char **arguments, Options *options,
                   Buffer *problem)
{
    *options = (Options){.arguments = arguments};
    bool only_arguments = false;
    for (int i = 1; i < argc; i++) {
        const char *word = argv[i];
        if (only_arguments || word[0] != '-' || word[1] == '\0') {
            arguments[options->argument_count++] = word;
        } else if (strcmp(word, "--") == 0) {
            only_arguments = true;
        } else if (word[1] == '-') {
            if (!option_read(options, argc, argv, &i, problem))
                return false;
        } else if (!letter_read(options, word + 1, problem)) {
            return false;
        }
    }
    return true;
}

static void takers_add(const char *name, Buffer *problem)
{
    size_t count = 0, at = 0;
    for (size_t i = 0; i < commands_count; i++)
        count += option_in(name, commands[i]);
    for (size_t i = 0; i < commands_count; i++) {
        if (!option_in(name, commands[i]))
            continue;
        const char *between = at == 0 ? "; " : at + 1 < count ? ", " : " and ";
        buffer_format(problem, "%s`%s`", between, commands[i]->name);
        at++;
    }
    buffer_puts(problem, count > 0 ? " can have it" : "");
}

bool options_allowed(const Options *options, const Command *command, Buffer *problem)
{
    for (size_t i = 0; i < options_count(); i++) {
        const char *name = option_at(i).name;
        if (!options->given[i] || option_in(name, command))
            continue;
        buffer_format(problem, "`%s` does not take --%s", command->name, name);
        takers_add(name, problem);
        buffer_format(problem, "; `oddball help %s` lists what it takes", command->name);
        return false;
    }
    return true;
}
