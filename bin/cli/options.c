/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/options.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "cli/command.h"
#include "cli/fail_on.h"
#include "cli/nearest.h"

#define MEMORY_BYTES_MIN (32ULL << 20) /* As odd_options says. */

static bool set_findings(Options *options, const char *value)
{
    int64_t count = INT32_MAX;
    if (strcmp(value, "all") != 0 && !quantity_integer(value, 1, INT32_MAX, &count))
        return false;
    options->findings = (int)count;
    return true;
}

static bool set_findings_per_day(Options *options, const char *value)
{
    return quantity_real(value, 0.001, 1e9, &options->findings_per_day);
}

static bool set_since(Options *options, const char *value)
{
    return quantity_moment(value, &options->since);
}

static bool set_until(Options *options, const char *value)
{
    return quantity_moment(value, &options->until);
}

static bool set_now(Options *options, const char *value)
{
    return quantity_moment(value, &options->now) && options->now.kind != MOMENT_BEFORE_END;
}

static bool set_zone(Options *options, const char *value)
{
    options->zone_given = true;
    options->zone_local = strcmp(value, "local") == 0;
    return options->zone_local || quantity_zone(value, &options->zone_s);
}

/* The word among the choices, which are separated by commas. */
static bool choice_is(const char *choices, const char *word, size_t size)
{
    for (const char *choice = choices;; choice++) {
        size_t choice_size = strcspn(choice, ",");
        if (choice_size == size && strncmp(choice, word, size) == 0)
            return true;
        choice += choice_size;
        if (*choice == '\0')
            return false;
    }
}

/* The first word of the list that is no choice; NULL: all are. */
static const char *choice_wrong(const char *choices, const char *list, size_t *ret_size)
{
    assert(list != NULL);
    for (const char *word = list;; word++) {
        *ret_size = strcspn(word, ",");
        if (!choice_is(choices, word, *ret_size))
            return word;
        word += *ret_size;
        if (*word == '\0')
            return NULL;
    }
}

static bool choices_hold(const char *choices, const char *list)
{
    size_t size;
    return choice_wrong(choices, list, &size) == NULL;
}

static bool set_format(Options *options, const char *value)
{
    static const char *const names[] = {"", "text", "json", "csv", "html"};
    for (int i = 1; i < 5; i++) {
        if (strcmp(value, names[i]) == 0) {
            options->format = (Format)i;
            return true;
        }
    }
    return false;
}

static bool set_html(Options *options, const char *value)
{
    options->html_path = value;
    return value[0] != '\0';
}

static bool set_fail_on(Options *options, const char *value)
{
    options->fail_on = value;
    return choices_hold(FAIL_ON_CHOICES, value);
}

static bool set_wildcard(Options *options, const char *value)
{
    options->wildcard = value;
    return true;
}

static bool set_sessions(Options *options, const char *value)
{
    (void)value; /* A switch has none. */
    options->sessions = true;
    return true;
}

static bool set_session_key(Options *options, const char *value)
{
    options->session_key = value;
    return value[0] != '\0';
}

static bool set_threads(Options *options, const char *value)
{
    int64_t count;
    if (!quantity_integer(value, 1, 256, &count))
        return false;
    options->threads = (int)count;
    return true;
}

static bool set_memory(Options *options, const char *value)
{
    return quantity_bytes(value, &options->memory_bytes) &&
           options->memory_bytes >= MEMORY_BYTES_MIN;
}

static bool set_seed(Options *options, const char *value)
{
    int64_t seed;
    if (!quantity_integer(value, 0, INT64_MAX, &seed))
        return false;
    options->seed = (uint64_t)seed;
    return true;
}

static bool set_width(Options *options, const char *value)
{
    int64_t width;
    if (!quantity_integer(value, 40, 1000, &width))
        return false;
    options->width = (int)width;
    return true;
}

static bool set_color(Options *options, const char *value)
{
    (void)value; /* A switch has none. */
    options->color = COLOR_ALWAYS;
    return true;
}

static bool set_no_color(Options *options, const char *value)
{
    (void)value; /* A switch has none. */
    options->color = COLOR_NEVER;
    return true;
}

static bool set_quiet(Options *options, const char *value)
{
    (void)value; /* A switch has none. */
    options->quiet = true;
    return true;
}

static bool set_help(Options *options, const char *value)
{
    (void)value; /* A switch has none. */
    options->help = true;
    return true;
}

static bool set_version(Options *options, const char *value)
{
    (void)value; /* A switch has none. */
    options->version = true;
    return true;
}

const Option options_table[] = {
    {"findings", "N", NULL, "show at most N findings, or all (20)", false, set_findings,
     "20 (1 or more, or all)"},
    {"findings-per-day", "X", NULL, "how many findings a day are welcome (10)", false,
     set_findings_per_day, "10 (0.001 or more)"},
    {"since", "TIME", NULL, "only what happened at TIME or later: 2026-11-23T14:00, 2h, 7d", false,
     set_since, "2h (two hours before the end) or 2026-11-23T14:00"},
    {"until", "TIME", NULL, "only what happened before TIME", false, set_until,
     "30m (half an hour before the end) or 2026-11-23T14:00"},
    {"format", "FORMAT", "text,json,csv,html", "text, json, csv or html", false, set_format,
     "json"},
    {"html", "FILE", NULL, "write a page of its own to FILE as well", false, set_html, "odd.html"},
    {"fail-on", "KIND,...", FAIL_ON_CHOICES,
     "status 1 only for findings of these kinds: any (the default), none, new-error; in scan rare, "
     "severity, burst, more, less, silent, value, session; in diff new, gone, more, less, value",
     false, set_fail_on, "new,burst (or any, none, new-error)"},
    {"wildcard", "TEXT", NULL, "print every variable of a pattern as TEXT", false, set_wildcard,
     "'<*>'"},
    {"sessions", NULL, NULL, "score whole sessions instead of lines", false, set_sessions, NULL},
    {"session-key", "KEY", NULL, "name or shape of what tells sessions apart", false,
     set_session_key, "request_id or 'blk_<num>'"},
    {"now", "TIME", NULL, "when the logs were taken: gives years to stamps without one", false,
     set_now, "2026-11-23T14:00"},
    {"zone", "+HH:MM", NULL, "zone of stamps without one, or local (UTC)", false, set_zone,
     "+02:00 or local"},
    {"threads", "N", NULL, "use N threads (as many as processors)", false, set_threads,
     "2 (1 to 256)"},
    {"memory", "SIZE", NULL, "memory for what is learnt (512M)", false, set_memory,
     "512M (at least 32M)"},
    {"seed", "N", NULL, "seed of the keyed hashes (0)", false, set_seed, "0"},
    {"width", "N", NULL, "columns of the text (the terminal's, 80 to 120)", true, set_width,
     "100 (40 to 1000)"},
    {"color", NULL, NULL, "colour, even on a pipe", true, set_color, NULL},
    {"no-color", NULL, NULL, "no colour (as with NO_COLOR set)", true, set_no_color, NULL},
    {"quiet", NULL, NULL, "no progress, no notes", true, set_quiet, NULL},
    {"help", NULL, NULL, "how to use it", true, set_help, NULL},
    {"version", NULL, NULL, "which version it is", true, set_version, NULL},
};
const size_t options_count = sizeof options_table / sizeof options_table[0];
static_assert(sizeof options_table / sizeof options_table[0] <= 64, "`given` has 64 bits");

#define OPTION_UNKNOWN (-1)
#define OPTION_AMBIGUOUS (-2)

/* Where options are listed: for the command, if there is one by now. */
static void list_add(const Options *options, Buffer *problem)
{
    const Command *command =
        options->argument_count > 0 ? command_find(options->arguments[0]) : NULL;
    buffer_format(problem, "`oddball help %s` lists them", command ? command->name : "scan");
}

static bool unknown(const Options *options, const char *typed, Buffer *problem)
{
    const char *names[64];
    for (size_t i = 0; i < options_count; i++)
        names[i] = options_table[i].name;
    const char *near = nearest_word(typed, names, options_count);
    buffer_format(problem, "unknown option --%s; ", typed);
    if (near)
        buffer_format(problem, "did you mean --%s? ", near);
    list_add(options, problem);
    return false;
}

static bool ambiguous(const char *typed, Buffer *problem)
{
    const char *between = ": ";
    buffer_format(problem, "--%s is ambiguous", typed);
    for (size_t i = 0; i < options_count; i++) {
        if (strncmp(options_table[i].name, typed, strlen(typed)) != 0)
            continue;
        buffer_format(problem, "%s--%s", between, options_table[i].name);
        between = " or ";
    }
    return false;
}

/* The option called so, or the only one whose name begins so. */
static int option_find(const char *name, size_t size)
{
    int found = OPTION_UNKNOWN;
    for (size_t i = 0; i < options_count; i++) {
        const char *full = options_table[i].name;
        if (strncmp(full, name, size) != 0)
            continue;
        if (full[size] == '\0')
            return (int)i;
        found = found == OPTION_UNKNOWN ? (int)i : OPTION_AMBIGUOUS;
    }
    return size == 0 ? OPTION_UNKNOWN : found;
}

static bool wrong_choice(const Option *option, const char *value, Buffer *problem)
{
    char choices[256];
    const char *words[32];
    size_t count = 0, size;
    assert(value != NULL); /* An option with choices has a value. */
    const char *wrong = choice_wrong(option->choices, value, &size);
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

static bool option_apply(Options *options, int index, const char *value, Buffer *problem)
{
    const Option *option = &options_table[index];
    if (value && !option->value) {
        buffer_format(problem, "--%s takes no value", option->name);
        return false;
    }
    if (!value && option->value) {
        buffer_format(problem, "--%s needs a value, for example --%s %s", option->name,
                      option->name, option->example);
        return false;
    }
    if (!option->set(options, value)) {
        if (option->choices)
            return wrong_choice(option, value, problem);
        buffer_format(problem, "--%s does not take '%s'; a good value is %s", option->name, value,
                      option->example);
        return false;
    }
    options->given |= 1ULL << index;
    return true;
}

/* One long option at argv[*at]; moves *at over a value of its own. */
static bool option_read(Options *options, int argc, const char *const *argv, int *at,
                        Buffer *problem)
{
    const char *name = argv[*at] + 2;
    const char *equal = strchr(name, '=');
    size_t size = equal ? (size_t)(equal - name) : strlen(name);
    int index = option_find(name, size);
    if (index < 0) {
        Buffer typed = {0};
        buffer_add(&typed, name, size);
        if (index == OPTION_AMBIGUOUS)
            ambiguous(buffer_text(&typed), problem);
        else
            unknown(options, buffer_text(&typed), problem);
        buffer_free(&typed);
        return false;
    }
    const char *value = equal ? equal + 1 : NULL;
    if (!value && options_table[index].value && *at + 1 < argc)
        value = argv[++*at];
    return option_apply(options, index, value, problem);
}

/* One letter for the three options that everybody tries. */
static bool letter_read(Options *options, const char *letter, Buffer *problem)
{
    static const char *const names[] = {"h", "help", "q", "quiet", "V", "version"};
    for (int i = 0; i < 6; i += 2)
        if (strcmp(letter, names[i]) == 0)
            return option_apply(options, option_find(names[i + 1], strlen(names[i + 1])), NULL,
                                problem);
    const char *name = letter;
    if (option_find(name, strlen(name)) >= 0) {
        buffer_format(problem, "unknown option -%s; did you mean --%s?", letter,
                      options_table[option_find(name, strlen(name))].name);
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

bool option_in(const char *name, const char *const *names)
{
    for (size_t i = 0; names[i]; i++)
        if (strcmp(names[i], name) == 0)
            return true;
    for (size_t i = 0; i < options_count; i++)
        if (strcmp(options_table[i].name, name) == 0)
            return options_table[i].everywhere;
    return false;
}

static void takers_add(const char *name, Buffer *problem)
{
    const char *between = "; ";
    for (size_t i = 0; i < commands_count; i++) {
        if (!option_in(name, commands[i]->options))
            continue;
        buffer_format(problem, "%s`%s`", between, commands[i]->name);
        between = " and ";
    }
    buffer_puts(problem, strcmp(between, " and ") == 0 ? " can have it" : "");
}

bool options_allowed(const Options *options, const char *command, const char *const *names,
                     Buffer *problem)
{
    for (size_t i = 0; i < options_count; i++) {
        if (!(options->given >> i & 1) || option_in(options_table[i].name, names))
            continue;
        buffer_format(problem, "`%s` does not take --%s", command, options_table[i].name);
        takers_add(options_table[i].name, problem);
        buffer_format(problem, "; `oddball help %s` lists what it takes", command);
        return false;
    }
    return true;
}
