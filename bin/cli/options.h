/* SPDX-License-Identifier: Apache-2.0
 *
 * options.h - the command line: one table of options, from which parsing, help and the shell
 * completions come.
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

#include "cli/buffer.h"
#include "cli/quantity.h"

typedef enum { FORMAT_NONE = 0, FORMAT_TEXT, FORMAT_JSON, FORMAT_CSV, FORMAT_HTML } Format;
typedef enum { COLOR_AUTO = 0, COLOR_ALWAYS, COLOR_NEVER } Color;

typedef struct {
    int         findings;         /* 0: the default of 20. */
    double      findings_per_day; /* 0: the default of 10. */
    Moment      since, until, now;
    Format      format; /* FORMAT_NONE: the command's own. */
    const char *html_path;
    const char *fail_on;
    const char *wildcard;
    const char *session_key;
    bool        sessions;
    int         threads; /* 0: as many as there are processors. */
    int32_t     zone_s;
    bool        zone_given, zone_local;
    uint64_t    memory_bytes;
    uint64_t    seed;
    Color       color;
    int         width; /* 0: the terminal's. */
    bool        quiet, help, version;
    uint64_t    given; /* Bit i: row i of the table was on the command line. */
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
} Option;

extern const Option options_table[];
extern const size_t options_count;

/* arguments has room for argc pointers. */
bool options_parse(int argc, const char *const *argv, const char **arguments, Options *options,
                   Buffer *problem);

/* Every option given is one that the command takes (names ends with NULL). */
bool options_allowed(const Options *options, const char *command, const char *const *names,
                     Buffer *problem);

bool option_in(const char *name, const char *const *names); /* Or everywhere. */

#endif
