/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/options.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "cli/command.h"
#include "cli/fail_on.h"
#include "settings/keys.h"

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

const char *option_choice_wrong(const char *choices, const char *list, size_t *ret_size)
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
    return option_choice_wrong(choices, list, &size) == NULL;
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

static bool set_kind(Options *options, const char *value)
{
    if (strcmp(value, "log") != 0 && strcmp(value, "series") != 0)
        return false;
    options->kind = value[0] == 'l' ? ODD_KIND_LOG : ODD_KIND_SERIES;
    return true;
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

static bool set_direction(Options *options, const char *value)
{
    options->directions = value;
    return directions_are_good(value);
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

static bool set_reference(Options *options, const char *value)
{
    options->reference = value;
    return value[0] != '\0';
}

static bool set_time_column(Options *options, const char *value)
{
    options->time_column = value;
    return value[0] != '\0';
}

static bool set_id_column(Options *options, const char *value)
{
    options->id_column = value;
    return value[0] != '\0';
}

static bool set_prediction_column(Options *options, const char *value)
{
    options->prediction_column = value;
    return value[0] != '\0';
}

static bool set_probability_column(Options *options, const char *value)
{
    options->probability_column = value;
    return value[0] != '\0';
}

static bool set_outcome_column(Options *options, const char *value)
{
    options->outcome_column = value;
    return value[0] != '\0';
}

static bool set_segment_columns(Options *options, const char *value)
{
    options->segment_columns = value;
    return value[0] != '\0';
}

static bool set_dropped_columns(Options *options, const char *value)
{
    options->dropped_columns = value;
    return value[0] != '\0';
}

static bool set_quality(Options *options, const char *value)
{
    (void)value; /* A switch has none. */
    options->quality = true;
    return true;
}

static bool set_blocks(Options *options, const char *value)
{
    (void)value; /* A switch has none. */
    options->blocks = true;
    return true;
}

static bool set_chunk(Options *options, const char *value)
{
    int64_t count;
    if (!quantity_integer(value, 50, INT32_MAX, &count))
        return false;
    options->chunk = (int)count;
    return true;
}

static bool set_count(Options *options, const char *value)
{
    int64_t count;
    if (!quantity_integer(value, 1, INT32_MAX, &count))
        return false;
    options->count = (int)count;
    return true;
}

static bool set_answers(Options *options, const char *value)
{
    options->answers = value;
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

static bool set_server(Options *options, const char *value)
{
    options->server = value;
    return strncmp(value, "http://", 7) == 0 || strncmp(value, "https://", 8) == 0;
}

static bool set_rules(Options *options, const char *value)
{
    options->rules = value;
    return value[0] != '\0';
}

static bool set_scope(Options *options, const char *value)
{
    options->scope = value;
    return value[0] != '\0';
}

static bool set_reason(Options *options, const char *value)
{
    options->reason = value;
    return value[0] != '\0';
}

static bool set_author(Options *options, const char *value)
{
    options->author = value;
    return value[0] != '\0';
}

static bool set_forever(Options *options, const char *value)
{
    (void)value; /* A switch has none. */
    options->forever = true;
    return true;
}

static bool set_dry_run(Options *options, const char *value)
{
    (void)value; /* Likewise. */
    options->dry_run = true;
    return true;
}

static bool set_effective(Options *options, const char *value)
{
    (void)value; /* A switch has none. */
    options->effective = true;
    return true;
}

static bool set_origin(Options *options, const char *value)
{
    (void)value; /* A switch has none. */
    options->origin = true;
    return true;
}

static bool set_force(Options *options, const char *value)
{
    (void)value; /* A switch has none. */
    options->learn.force = true;
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

static bool set_labels(Options *options, const char *value)
{
    return (options->labels = value)[0] != '\0';
}

static bool set_features(Options *options, const char *value)
{
    return (options->features = value)[0] != '\0';
}

static bool set_definitions(Options *options, const char *value)
{
    return (options->definitions = value)[0] != '\0';
}

static bool set_as_of(Options *options, const char *value)
{
    options->by_event = strcmp(value, "event") == 0;
    return options->by_event || strcmp(value, "known") == 0;
}

static bool set_plain(Options *options, const char *value)
{
    (void)value; /* A switch has none. */
    options->plain = true;
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

typedef struct { /* As of Option. */
    const char *name, *value, *choices, *help;
    bool        everywhere;
    bool (*set)(Options *options, const char *value);
    const char *example;
} Row;

static const Row table[] = {
    {"findings", "N", NULL, "show at most N findings, or all (20)", false, set_findings,
     "20 (1 or more, or all)"},
    {"findings-per-day", "X", NULL, "how many findings a day are welcome (10)", false,
     set_findings_per_day, "10 (0.001 or more)"},
    {"since", "TIME", NULL, "only what happened at TIME or later: 2026-11-23T14:00, 2h, 7d", false,
     set_since, "2h (two hours before the end) or 2026-11-23T14:00"},
    {"until", "TIME", NULL, "only what happened before TIME", false, set_until,
     "30m (half an hour before the end) or 2026-11-23T14:00"},
    {"from", "TIME", NULL, "only findings that begin at TIME or later", false, set_since,
     "2h (two hours ago) or 2026-11-23T14:00"},
    {"to", "TIME", NULL, "only findings that begin before TIME", false, set_until,
     "30m (half an hour ago) or 2026-11-23T14:00"},
    {"format", "FORMAT", "text,json,csv,html", "text, json, csv or html", false, set_format,
     "json"},
    {"html", "FILE", NULL, "write a page of its own to FILE as well", false, set_html, "odd.html"},
    {"fail-on", "KIND,...", FAIL_ON_CHOICES,
     "status 1 only for findings of these kinds: any (the default), none, new-error, worse; in "
     "scan rare, severity, burst, more, less, silent, value, session, high, low; in diff new, "
     "gone, more, less, value, level, high, low, spread, shape, season, gap; of predictions "
     "harmful, drift, quality, new, gone",
     false, set_fail_on, "new,burst (or any, none, new-error, worse)"},
    {"direction", "LIST", NULL,
     "where metrics are worse: up, down or any (the default), for series by name too: "
     "up,avail*=down", false, set_direction, "up,avail*=down"},
    {"wildcard", "TEXT", NULL, "print every variable of a pattern as TEXT", false, set_wildcard,
     "'<*>'"},
    {"sessions", NULL, NULL, "score whole sessions instead of lines", false, set_sessions, NULL},
    {"session-key", "KEY", NULL, "name or shape of what tells sessions apart", false,
     set_session_key, "request_id or 'blk_<num>'"},
    {"reference", "FILE", NULL, "score a table of predictions against this one, known good", false,
     set_reference, "reference.csv"},
    {"time", "COLUMN", NULL, "of a table of predictions: when", false, set_time_column,
     "timestamp"},
    {"id", "COLUMN", NULL, "its ids", false, set_id_column, "prediction_id"},
    {"prediction", "COLUMN", NULL, "what the model said", false, set_prediction_column, "y_pred"},
    {"probability", "COLUMN", NULL, "how likely it held the positive outcome", false,
     set_probability_column, "y_pred_proba"},
    {"outcome", "COLUMN", NULL, "what came true: never taken for an input", false,
     set_outcome_column, "target"},
    {"segments", "COLUMN,...", NULL, "columns that tell groups of rows apart", false,
     set_segment_columns, "country,plan"},
    {"drop", "COLUMN,...", NULL, "columns to leave out", false, set_dropped_columns, "comment"},
    {"quality", NULL, NULL, "estimate the model's quality without labels", false, set_quality,
     NULL},
    {"blocks", NULL, NULL, "score blocks of time (an hour, six, a day) against their like", false,
     set_blocks, NULL},
    {"chunk", "N", NULL, "rows of each estimate of quality (2000)", false, set_chunk,
     "2000 (50 or more)"},
    {"count", "N", NULL, "how many rows to label (200), or questions a day (3)", false, set_count,
     "200 (rows: 10 or more)"},
    {"answers", "FILE", NULL, "rows that were asked about, with a column outcome", false,
     set_answers, "answers.csv"},
    {"kind", "KIND", "log,series",
     "what the input holds: log, or series of metrics (told by itself)", false, set_kind, "series"},
    {"now", "TIME", NULL, "when the logs were taken: gives years to stamps without one", false,
     set_now, "2026-11-23T14:00"},
    {"zone", "+HH:MM", NULL, "zone of stamps without one, or local (UTC)", false, set_zone,
     "+02:00 or local"},
    {"threads", "N", NULL, "use N threads (as many as processors)", false, set_threads,
     "2 (1 to 256)"},
    {"memory", "SIZE", NULL, "memory for what is learnt (512M)", false, set_memory,
     "512M (at least 32M)"},
    {"seed", "N", NULL, "seed of the keyed hashes (0)", false, set_seed, "0"},
    {"rules", "FILE", NULL, "with the rules of this file instead of all that was said since", false,
     set_rules, "rules.yaml"},
    {"labels", "FILE", NULL, "rows to find values for: a column time, and the fields of entities",
     false, set_labels, "labels.csv"},
    {"features", "NAME,...", NULL, "these features alone (all that are defined)", false,
     set_features, "errors_5m,latency_p95"},
    {"definitions", "PATH", NULL, "definitions of this file or folder instead of the server's",
     false, set_definitions, "features/shop.yaml"},
    {"as-of", "WHAT", "known,event",
     "a row sees what had come by its time (known), or what had happened (event)", false, set_as_of,
     "known"},
    {"plain", NULL, NULL, "values alone, without was_missing and age_s", false, set_plain, NULL},
    {"scope", "SCOPE", NULL,
     "how far it goes: this, signal (the default), source, everywhere, or source=GLOB,kind=KIND "
     "with pattern, signal, host, text", false, set_scope, "source or host=db-*,kind=high"},
    {"reason", "TEXT", NULL, "why it is said", false, set_reason,
     "'the cache is cold after each deploy'"},
    {"author", "NAME", NULL, "who says so ($USER)", false, set_author, "ops"},
    {"ends", "TIME", NULL, "until then: 7d, 2026-12-24 (until it gets worse)", false, set_until,
     "7d (in seven days) or 2026-12-24"},
    {"forever", NULL, NULL, "however bad it gets", false, set_forever, NULL},
    {"dry-run", NULL, NULL, "only say what it would have done", false, set_dry_run, NULL},
    {"server", "URL", NULL, "ask the server there (the one of this machine)", false, set_server,
     "http://127.0.0.1:6330"},
    {"force", NULL, NULL, "although it does not beat the baselines", false, set_force, NULL},
    {"effective", NULL, NULL, "defaults too", false, set_effective, NULL},
    {"origin", NULL, NULL, "say where each value comes from", false, set_origin, NULL},
    {"width", "N", NULL, "columns of the text (the terminal's, 80 to 120)", true, set_width,
     "100 (40 to 1000)"},
    {"color", NULL, NULL, "colour, even on a pipe", true, set_color, NULL},
    {"no-color", NULL, NULL, "no colour (as with NO_COLOR set)", true, set_no_color, NULL},
    {"quiet", NULL, NULL, "no progress, no notes", true, set_quiet, NULL},
    {"help", NULL, NULL, "how to use it", true, set_help, NULL},
    {"version", NULL, NULL, "which version it is", true, set_version, NULL},
};
#define TABLE_COUNT (sizeof table / sizeof table[0])

typedef struct {
    const char *name, *value, *choices, *help;
    bool (*learn)(LearnOptions *learn, const char *value);
    const char *example;
} LearnRow;

static const LearnRow learn_table[] = {
    {"name", "NAME", NULL, "what it is to be called", learn_set_name, "churn"},
    {"dataset", "NAME@VERSION", NULL, "what to learn from (the newest version)", learn_set_dataset,
     "churn@3f2a"},
    {"target", "COLUMN", NULL, "what is to be learnt", learn_set_target, "left"},
    {"task", "TASK", LEARN_TASKS, "classification, regression or anomaly (by the target)",
     learn_set_task, "regression"},
    {"key", "COLUMN,...", NULL, "columns that tell rows apart: no two may be alike", learn_set_keys,
     "customer,day"},
    {"note", "TEXT", NULL, "what is to be kept of it in words", learn_set_note, "'without May'"},
    {"protected", "COLUMN,...", NULL, "groups between which the gaps are told", learn_set_protected,
     "gender,age"},
    {"out", "FILE", NULL, "write it there (standard output)", learn_set_file, "churn.csv"},
    {"budget", "UNITS", NULL, "work of the search, in millions of cells looked at (3000)",
     learn_set_budget, "3000 (0.001 or more)"},
    {"gap", "ROWS", NULL, "rows left out between what is fitted and what is tested (1 %)",
     learn_set_gap, "24 (1 or more)"},
};
#define LEARN_COUNT (sizeof learn_table / sizeof learn_table[0])

/* The row of both tables, one behind the other; -1: it is in none. */
static int table_find(const char *name)
{
    for (size_t i = 0; i < TABLE_COUNT + LEARN_COUNT; i++)
        if (strcmp(i < TABLE_COUNT ? table[i].name : learn_table[i - TABLE_COUNT].name, name) == 0)
            return (int)i;
    return -1;
}

/* The row of the settings that is the n-th which the tables do not have; -1: there are less. */
static int setting_row(size_t n)
{
    for (size_t i = 0; i < keys_count; i++)
        if (table_find(keys[i].flag) < 0 && n-- == 0)
            return (int)i;
    return -1;
}

size_t options_count(void)
{
    size_t count = TABLE_COUNT + LEARN_COUNT;
    for (size_t i = 0; i < keys_count; i++)
        count += table_find(keys[i].flag) < 0;
    assert(count <= OPTIONS_MAX);
    return count;
}

static Option of_table(const Row *row)
{
    return (Option){.name = row->name,
                    .value = row->value,
                    .choices = row->choices,
                    .help = row->help,
                    .everywhere = row->everywhere,
                    .set = row->set,
                    .example = row->example};
}

static Option of_learning(const LearnRow *row)
{
    return (Option){.name = row->name,
                    .value = row->value,
                    .choices = row->choices,
                    .help = row->help,
                    .example = row->example,
                    .learn = row->learn};
}

Option option_at(size_t row)
{
    if (row < TABLE_COUNT)
        return of_table(&table[row]);
    if (row < TABLE_COUNT + LEARN_COUNT)
        return of_learning(&learn_table[row - TABLE_COUNT]);
    int setting = setting_row(row - TABLE_COUNT - LEARN_COUNT);
    assert(setting >= 0);
    const Key *key = &keys[setting];
    return (Option){
        .name = key->flag, .value = key->value, .help = key->help, .example = key->example};
}

bool option_in(const char *name, const Command *command)
{
    for (size_t i = 0; command->options[i]; i++)
        if (strcmp(command->options[i], name) == 0)
            return true;
    int row = table_find(name);
    if (row >= 0 && option_at((size_t)row).everywhere)
        return true;
    return command->settings && keys_find_flag(name) >= 0;
}

const char *option_help(const Option *option, const Command *command)
{
    int key = keys_find_flag(option->name);
    if (command->formats && strcmp(option->name, "format") == 0)
        return command->formats;
    return command->settings && key >= 0 ? keys[key].help : option->help;
}
