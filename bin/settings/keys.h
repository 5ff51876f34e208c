/* SPDX-License-Identifier: Apache-2.0
 *
 * keys.h - the table of settings: everything that reads or shows one comes from it.
 *
 * ERRORS     keys_add writes what is wrong with the value and what a good one is, to stand behind
 *            the key: "does not take 'x'; a good value is 512M (at least 32M)".
 */
#ifndef SETTINGS_KEYS_H
#define SETTINGS_KEYS_H
#include "settings/settings.h"

#define KEY_SIZE 32       /* Of the name of a key and of its flag, with its end. */
#define KEY_VARIABLE_SIZE (KEY_SIZE + 8)
#define KEY_MASK_NAME_MAX 32

typedef enum {
    KEY_TEXT = 0,
    KEY_PATH,     /* In a file, it is relative to the file's folder.                       */
    KEY_SECRET,   /* A path; a credential of systemd may stand for it.                     */
    KEY_ADDRESS,  /* HOST:PORT, [IPV6]:PORT, :PORT (all addresses of this machine) or off. */
    KEY_URL,
    KEY_BOOL,
    KEY_INT,      /* int      */
    KEY_COUNT,    /* uint64_t */
    KEY_BYTES,    /* uint64_t */
    KEY_SECONDS,  /* double   */
    KEY_DAYS,     /* double   */
    KEY_REAL,     /* double   */
    KEY_PATHS,    /* TextList */
    KEY_TEXTS,    /* TextList */
    KEY_URLS,     /* TextList */
    KEY_RULES     /* Mask rules: NAME=EXPRESSION; in YAML a map. */
} KeyKind;

typedef struct {
    const char *name;    /* "syslog.udp" */
    const char
        *flag; /* "syslog-udp"; of a switch that is on: "no-mask", and "mask" is taken too. */
    KeyKind     kind;
    size_t      offset;  /* In Settings. */
    const char *usual;   /* The default as text; "" of a list: empty; NULL: found by itself. */
    double      low, high;
    const char *value;   /* What its value is called in the help; NULL: a switch. */
    const char *example; /* A good value, and its limits. */
    const char *help;
    bool        live;    /* A reload changes it; all others need a restart. */
} Key;

extern const Key    keys[];
extern const size_t keys_count;

int  keys_find(const char *name); /* Of a key; -1: none. */
int  keys_find_flag(const char *flag);
bool key_is_list(const Key *key);
void key_variable(const Key *key, char *to); /* "ODDBALL_SYSLOG_UDP"; KEY_VARIABLE_SIZE. */

/* Sets it, or adds an item to a list. */
bool key_add(const Key *key, Settings *settings, const char *text, char *problem, size_t size);
void key_clear(const Key *key, Settings *settings);

/* The value as key_add takes it, to be freed; of a list, item number `item`, NULL behind its last.
 * NULL: no memory. */
char *key_text(const Key *key, const Settings *settings, size_t item);

bool text_set(char **to, const char *text);        /* A copy; false: no memory. */
bool list_add(TextList *list, const char *text);
void list_free(TextList *list);

#endif
