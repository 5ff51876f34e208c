/* SPDX-License-Identifier: Apache-2.0
 *
 * settings.h - what the server was told: defaults, oddball.yaml, conf.d, environment, flags.
 *
 * One table of keys (settings.c): name, kind, default, help; the YAML reader, the environment
 * (ODDBALL_ and the key in capitals, '.' and '-' as '_'), the flags (--key) and `config show` come
 * from it.  A later origin wins over an earlier one: default, file, drop-ins in their order,
 * environment, flag.
 *
 * OWNERSHIP  settings_free frees all texts and lists.
 */
#ifndef SETTINGS_SETTINGS_H
#define SETTINGS_SETTINGS_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct {
    char  **items;
    size_t  count;
} TextList;

typedef struct {
    char *name, *expression;
} MaskSetting;

typedef struct {
    char    *data;              /* Folder of journal, catalog and lake.                        */
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
    double   findings_per_day;
    uint64_t seed;
    uint64_t journal_bytes;     /* Kept of the journal behind a checkpoint.                    */
    double   retention_days;    /* Of the lake; 0: for ever.                                   */
    uint64_t retention_bytes;   /* Of the lake; 0: no limit.                                   */
    double   checkpoint_s;
    char    *webhook;           /* Address for new findings; "": none.                         */
    char    *webhook_secret_file;
    uint64_t sql_rows, sql_memory_bytes;
    double   sql_seconds;
    char    *duckdb;            /* libduckdb.so; "": found beside the program.                 */
    char    *origins[64];       /* By row of the table: where each value came from.            */
} Settings;

void settings_free(Settings *settings);

#endif
