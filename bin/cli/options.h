/* SPDX-License-Identifier: Apache-2.0
 *
 * options.h - the command line: one table of options, from which parsing, help and the shell
 * completions come.  The settings of the server (settings/keys.h) are its further rows.
 *
 * Options stand anywhere; `--name value` and `--name=value` are the same; `--` ends options; `-` is
 * an argument (standard input).  A name may be shortened as long as it is clear which is meant.
 *
 * OWNERSHIP  Texts point into argv.
 * ERRORS     false, and a sentence with the cause and the cure in `problem`.
 */
#ifndef CLI_OPTIONS_H
#define CLI_OPTIONS_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <oddball.h>

#include "cli/buffer.h"
#include "cli/options_learn.h"
#include "settings/quantity.h"
#include "settings/settings.h"

#define OPTIONS_MAX 128
#define OPTIONS_SETTINGS_MAX 256 /* Those that may be repeated are. */

typedef enum { FORMAT_NONE = 0, FORMAT_TEXT, FORMAT_JSON, FORMAT_CSV, FORMAT_HTML } Format;
typedef enum { COLOR_AUTO = 0, COLOR_ALWAYS, COLOR_NEVER } Color;

typedef struct {
    int         findings;         /* 0: the default of 20. */
    double      findings_per_day; /* 0: the default of 10. */
    Moment      since, until, now;
    Format      format; /* FORMAT_NONE: the command's own. */
    const char *html_path;
    const char *fail_on;
    const char *directions;
    const char *wildcard;
    const char *session_key;
    const char *reference; /* Of a table of predictions, as are the next ones. */
    const char *time_column, *id_column, *prediction_column, *probability_column, *outcome_column;
    const char *segment_columns, *dropped_columns;
    bool        quality, blocks;
    int         chunk; /* Rows; 0: the default. */
    int         count; /* Of rows to label; 0: the default. */
    const char *answers;
    odd_kind    kind;
    bool        sessions;
    int         threads; /* 0: as many as there are processors. */
    int32_t     zone_s;
    bool        zone_given, zone_local;
    uint64_t    memory_bytes;
    uint64_t    seed;
    Color       color;
    int         width; /* 0: the terminal's. */
    bool        quiet, help, version;
    const char *rules;            /* A file of them. */
    const char *labels, *features, *definitions; /* Of a data set that is made. */
    bool        by_event, plain;
    const char *scope, *reason, *author;
    bool        forever, dry_run;
    const char *server;           /* Address of a running server; NULL: as the settings say. */
    LearnOptions learn;           /* Of datasets and models. */
    bool        effective, origin;
    bool        given[OPTIONS_MAX];                /* Row i was on the command line. */
    SettingFlag settings[OPTIONS_SETTINGS_MAX];    /* For settings_load, in their order. */
    size_t      setting_count;
    const char **arguments; /* The rest, in order: the command first. */
    int          argument_count;
} Options;

typedef struct {
    const char *name;
    const char *value;   /* What its value is called in the help; NULL: a switch. */
    const char *choices; /* Of the value, separated by commas; NULL: free.        */
    const char *help;
    bool        everywhere; /* Every command takes it. */
    bool (*set)(Options *options, const char *value);
    const char *example; /* Of a good value, for the cure. */
    bool (*learn)(LearnOptions *learn, const char *value);
} Option; /* Neither `set` nor `learn`: only a setting. */

typedef struct Command Command; /* command.h */

size_t options_count(void);
Option option_at(size_t row);

/* Puts the value in its place, if the option has one; false: the value is not good. */
bool option_take(const Option *option, Options *options, const char *value);

/* The first word of a list that is no choice, and its size; NULL: all are. */
const char *option_choice_wrong(const char *choices, const char *list, size_t *ret_size);

/* arguments has room for argc pointers. */
bool options_parse(int argc, const char *const *argv, const char **arguments, Options *options,
                   Buffer *problem);

/* Every option given is one that the command takes. */
bool options_allowed(const Options *options, const Command *command, Buffer *problem);

bool option_in(const char *name, const Command *command);

/* What the option means to the command. */
const char *option_help(const Option *option, const Command *command);

#endif
