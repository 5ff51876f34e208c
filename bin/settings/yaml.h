/* SPDX-License-Identifier: Apache-2.0
 *
 * yaml.h - a YAML text as a list of dotted keys and their values, in the order of the text.
 *
 * `syslog: {udp: off}` is the entry syslog.udp; an item of a list is an entry with its number, and
 * so are the members of a map in a list.
 *
 * SHAPE      One document of maps, lists and scalars.  Aliases, anchors and tags are refused: they
 *            are how a small text becomes a large one, or another type.  At most YAML_BYTES_MAX,
 *            YAML_ENTRIES_MAX and YAML_DEPTH_MAX.
 * OWNERSHIP  yaml_entries_free frees the entries.
 * ERRORS     A sentence that begins with "NAME:LINE: ".
 */
#ifndef SETTINGS_YAML_H
#define SETTINGS_YAML_H
#include <stdbool.h>
#include <stddef.h>

#define YAML_BYTES_MAX (1 << 20)
#define YAML_ENTRIES_MAX 8192
#define YAML_DEPTH_MAX 8
#define YAML_KEY_MAX 256

typedef enum {
    YAML_VALUE = 0,
    YAML_NOTHING,   /* No value, null, or a map without members. */
    YAML_EMPTY_LIST
} YamlKind;

typedef struct {
    char    *key;   /* "syslog.udp"            */
    char    *value; /* Of YAML_VALUE, else NULL. */
    int      line;  /* From 1.                 */
    int      item;  /* Of the outermost list; -1: in none. */
    YamlKind kind;
} YamlEntry;

typedef struct {
    YamlEntry *entries;
    size_t     count;
} YamlEntries;

/* name: of the file, for the sentence. */
bool yaml_entries_read(const char *name, const char *bytes, size_t size, YamlEntries *ret,
                       char *problem, size_t problem_size);
void yaml_entries_free(YamlEntries *entries);

#endif
