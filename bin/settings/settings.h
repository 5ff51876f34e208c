/* SPDX-License-Identifier: Apache-2.0
 *
 * settings.h - what the server was told: defaults, oddball.yaml, conf.d, environment, flags.
 *
 * One table of keys (keys.c): name, kind, default, help; the YAML reader, the environment
 * (ODDBALL_ and the key in capitals, '.' as '_'), the flags (--key) and `config show` come from it.
 * A later origin wins over an earlier one: default, credential of systemd, file, drop-ins in their
 * order, environment, flag.  A list is replaced as a whole.
 *
 * OWNERSHIP  settings_free frees all texts and lists; a Settings that is all zero is free.
 * ERRORS     false, and a sentence with place, cause and cure; the settings are then free.
 */
#ifndef SETTINGS_SETTINGS_H
#define SETTINGS_SETTINGS_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SETTINGS_PROBLEM_SIZE 1024
#define SETTINGS_LIST_MAX 1024 /* Items of one list. */

typedef struct {
    char  **items;
    size_t  count;
} TextList;

typedef struct {
    char *name, *expression;
} MaskSetting;

typedef struct {
    char    *data;              /* Folder of journal, catalog and lake.                        */
    char    *config;            /* The file that was asked for; "": the usual ones.            */
    char    *listen;            /* "127.0.0.1:6330"; "off": none.                              */
    char    *otlp_http;         /* "127.0.0.1:4318"                                            */
    char    *otlp_grpc;         /* "127.0.0.1:4317"                                            */
    char    *syslog_udp;        /* "off"; likewise                                             */
    char    *syslog_tcp;
    char    *syslog_tls;
    char    *tls_certificate, *tls_key, *tls_client_ca; /* Files; "": none. */
    char    *token_file;        /* Bearer token for all that is not loopback; "": none.        */
    char    *ingest_token_file; /* Allows only sending.                                        */
    bool     discovery;         /* Watch this machine by itself.                               */
    bool     journal, host;     /* This machine's journal; its metrics.                        */
    TextList files;             /* Files, folders and globs to follow.                         */
    TextList files_exclude;
    TextList scrape;            /* Addresses: http://127.0.0.1:9100/metrics                    */
    double   scrape_interval_s, host_interval_s;
    double   backfill_days;     /* How old a log may be to be learnt at the first start.       */
    bool     mask;
    MaskSetting *mask_rules;
    size_t   mask_rule_count;
    uint64_t memory_bytes;      /* One cap for all.                                            */
    int      threads;           /* 0: as many as there are processors.                         */
    uint64_t body_bytes_max;    /* Of a request, unpacked.                                     */
    uint64_t series_max;        /* Of one source.                                              */
    uint64_t reference_rows;    /* Of a model, or ...                                          */
    double   reference_days;    /* ... those of so long.                                       */
    double   outcome_wait_days; /* For the outcome of a prediction.                            */
    double   findings_per_day;
    uint64_t seed;
    uint64_t journal_bytes;     /* Kept of the journal behind a checkpoint.                    */
    double   retention_days;    /* Of the lake; 0: for ever.                                   */
    uint64_t retention_bytes;   /* Of the lake; 0: no limit.                                   */
    double   checkpoint_s;
    char    *feature_folder;    /* Folder of feature definitions; "": features in data.        */
    char    *webhook;           /* Address for new findings; "": none.                         */
    char    *webhook_secret_file;
    TextList webhook_allow;     /* Hosts that may stand for a private address.                 */
    TextList notify;            /* Who else is told; see notify_target.h.                      */
    uint64_t sql_rows, sql_memory_bytes;
    double   sql_seconds;
    char    *duckdb;            /* libduckdb.so; "": found beside the program.                 */
    char    *origins[64];       /* By row of the table: where each value came from.            */
    TextList read;              /* The files that were read, in their order.                   */
    TextList notes;             /* Sentences about what is no error but looks like one.        */
} Settings;

typedef struct {
    const char *name;  /* Without its dashes: "syslog-udp", "no-mask". */
    const char *value; /* NULL of a switch.                            */
} SettingFlag;

/* All of it: files, environment, flags, and whether they go together.  problem: a text of
 * SETTINGS_PROBLEM_SIZE. */
bool settings_load(Settings *settings, const SettingFlag *flags, size_t flag_count, char *problem);
void settings_free(Settings *settings);

/* The same, past each mistake: all that is wrong, each a sentence.  What is wrong is as if it had
 * not been said.  Settings and problems are to be freed.  False: memory has run out. */
bool settings_load_past(Settings *settings, const SettingFlag *flags, size_t flag_count,
                        TextList *problems);

/* What is not only wrong by itself: a listener for everybody without a token, a certificate
 * without a key ...  tell gives false to hear no more. */
typedef bool (*SettingsTell)(void *context, const char *problem);
bool settings_check(const Settings *settings, SettingsTell tell, void *context);

/* What a *_file holds, without its line end, terminated; at most size - 1 bytes.  "" if path is "".
 * Refused: a file that everybody may read, an empty one. */
bool settings_secret(const char *path, char *to, size_t size, char *problem);

/* Calls tell for each key whose value differs; gives their number. */
typedef void (*SettingDiffers)(void *context, const char *key, bool needs_restart);
size_t settings_compare(const Settings *was, const Settings *is, SettingDiffers tell,
                        void *context);

#endif
