/* SPDX-License-Identifier: Apache-2.0 */
#include "settings/keys.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "settings/quantity.h"

#define AT(field) offsetof(Settings, field)
#define ADDRESS_EXAMPLE "127.0.0.1:6330 (HOST:PORT, [IPV6]:PORT, :PORT for everybody, or off)"
#define FILE_EXAMPLE "/etc/oddball/file (a path)"

const Key keys[] = {
    {"data", "data", KEY_PATH, AT(data), NULL, 0, 0, "DIR", "/var/lib/oddball (a folder)",
     "folder of journal, catalog and lake", false},
    {"config", "config", KEY_PATH, AT(config), "", 0, 0, "FILE", "oddball.yaml (or off)",
     "read this file of settings instead of the usual ones, or none: off", false},
    {"listen", "listen", KEY_ADDRESS, AT(listen), "127.0.0.1:6330", 0, 0, "HOST:PORT",
     ADDRESS_EXAMPLE, "where page, API and /ingest answer (127.0.0.1:6330), or off", false},
    {"otlp.http", "otlp-http", KEY_ADDRESS, AT(otlp_http), "127.0.0.1:4318", 0, 0, "HOST:PORT",
     ADDRESS_EXAMPLE, "take OTLP by HTTP there (127.0.0.1:4318), or off", false},
    {"otlp.grpc", "otlp-grpc", KEY_ADDRESS, AT(otlp_grpc), "127.0.0.1:4317", 0, 0, "HOST:PORT",
     ADDRESS_EXAMPLE, "take OTLP by gRPC there (127.0.0.1:4317), or off", false},
    {"syslog.udp", "syslog-udp", KEY_ADDRESS, AT(syslog_udp), "off", 0, 0, "HOST:PORT",
     ADDRESS_EXAMPLE, "take syslog there (off); best effort: UDP loses", true},
    {"syslog.tcp", "syslog-tcp", KEY_ADDRESS, AT(syslog_tcp), "off", 0, 0, "HOST:PORT",
     ADDRESS_EXAMPLE, "take syslog there (off)", true},
    {"syslog.tls", "syslog-tls", KEY_ADDRESS, AT(syslog_tls), "off", 0, 0, "HOST:PORT",
     ADDRESS_EXAMPLE, "take syslog over TLS there (off)", true},
    {"tls.certificate", "tls-certificate", KEY_PATH, AT(tls_certificate), "", 0, 0, "FILE",
     FILE_EXAMPLE, "certificate of listeners for other machines (none: no TLS)", false},
    {"tls.key", "tls-key", KEY_SECRET, AT(tls_key), "", 0, 0, "FILE", FILE_EXAMPLE,
     "its private key", false},
    {"tls.client_ca", "tls-client-ca", KEY_PATH, AT(tls_client_ca), "", 0, 0, "FILE", FILE_EXAMPLE,
     "clients must have a certificate of this authority", false},
    {"token_file", "token-file", KEY_SECRET, AT(token_file), "", 0, 0, "FILE", FILE_EXAMPLE,
     "file with the bearer token of all that is not on this machine", false},
    {"ingest_token_file", "ingest-token-file", KEY_SECRET, AT(ingest_token_file), "", 0, 0, "FILE",
     FILE_EXAMPLE, "file with a token that allows only sending", false},
    {"discovery", "no-discovery", KEY_BOOL, AT(discovery), "true", 0, 0, NULL, "true or false",
     "watch nothing of this machine that was not named", true},
    {"journal", "no-journal", KEY_BOOL, AT(journal), "true", 0, 0, NULL, "true or false",
     "do not follow the systemd journal", true},
    {"host", "no-host", KEY_BOOL, AT(host), "true", 0, 0, NULL, "true or false",
     "do not measure this machine", true},
    {"files", "files", KEY_PATHS, AT(files), "", 0, 0, "PATH",
     "'/srv/app/*.log' (file, folder, glob)",
     "follow this file, folder or glob too; may be repeated", true},
    {"files_exclude", "files-exclude", KEY_PATHS, AT(files_exclude), "", 0, 0, "PATH",
     "'/var/log/*.gz' (file, folder, glob)", "but not this one; may be repeated", true},
    {"scrape", "scrape", KEY_URLS, AT(scrape), "", 0, 0, "URL",
     "http://127.0.0.1:9100/metrics (http or https)",
     "fetch metrics there; may be repeated", true},
    {"scrape_interval", "scrape-interval", KEY_SECONDS, AT(scrape_interval_s), "15s", 1, 3600,
     "TIME", "15s (1s to 1h)", "how often (15s)", true},
    {"host_interval", "host-interval", KEY_SECONDS, AT(host_interval_s), "15s", 1, 3600, "TIME",
     "15s (1s to 1h)", "how often this machine is measured (15s)", true},
    {"backfill", "backfill", KEY_DAYS, AT(backfill_days), "7d", 0, 3660, "TIME",
     "7d (0 to 10y)", "how old a log may be to be learnt at first start (7d)", true},
    {"mask", "no-mask", KEY_BOOL, AT(mask), "true", 0, 0, NULL, "true or false",
     "store secrets and personal data as they are", false},
    {"mask_rules", "mask-rules", KEY_RULES, AT(mask_rules), "", 0, 0, "NAME=EXPR",
     "ticket='TCK-[0-9]+' (a POSIX extended expression)",
     "mask this too; may be repeated", false},
    {"memory", "memory", KEY_BYTES, AT(memory_bytes), "512M", 32 << 20, 1e15, "SIZE",
     "512M (at least 32M)", "one cap for all (512M)", false},
    {"threads", "threads", KEY_INT, AT(threads), "0", 0, 256, "N",
     "2 (0 to 256; 0: as many as there are processors)",
     "learn on N threads (as many as processors)", false},
    {"body_max", "body-max", KEY_BYTES, AT(body_bytes_max), "64M", 1024, 4e9, "SIZE",
     "64M (1k to 3G)", "largest body of a request, unpacked (64M)", false},
    {"series_max", "series-max", KEY_COUNT, AT(series_max), "100000", 1, 1e9, "N",
     "100000 (1 or more)", "series of one source; more become one (100000)", false},
    {"models.reference", "models-reference", KEY_COUNT, AT(reference_rows), "10000", 500, 200000,
     "N", "10000 (500 to 200000)", "rows that a model is compared with (10000)", false},
    {"models.reference_time", "models-reference-time", KEY_DAYS, AT(reference_days), "7d", 0.001,
     3660, "TIME", "7d (2m to 10y)", "or those of so long, if they are 500 (7d)", false},
    {"models.outcome_wait", "models-outcome-wait", KEY_DAYS, AT(outcome_wait_days), "30d", 0.001,
     3660, "TIME", "30d (2m to 10y)", "a prediction waits so long for its outcome (30d)", false},
    {"findings_per_day", "findings-per-day", KEY_REAL, AT(findings_per_day), "10", 0.001, 1e9, "X",
     "10 (0.001 or more)", "how many findings a day are welcome (10)", false},
    {"seed", "seed", KEY_COUNT, AT(seed), "0", 0, 9e18, "N", "0 (or more)",
     "seed of the keyed hashes of a new folder (0: by chance)", false},
    {"journal_keep", "journal-keep", KEY_BYTES, AT(journal_bytes), "1G", 1 << 20, 1e15, "SIZE",
     "1G (at least 1M)", "of the journal behind a checkpoint (1G)", true},
    {"retention", "retention", KEY_DAYS, AT(retention_days), "0", 0, 36600, "TIME",
     "90d (0: for ever)", "how long history is kept (0: for ever)", true},
    {"retention_size", "retention-size", KEY_BYTES, AT(retention_bytes), "0", 0, 1e18, "SIZE",
     "100G (0: no limit)", "how much history is kept (0: no limit)", true},
    {"checkpoint", "checkpoint", KEY_SECONDS, AT(checkpoint_s), "60s", 1, 86400, "TIME",
     "60s (1s to 24h)", "how often what was learnt is written (60s)", true},
    {"feature_folder", "feature-folder", KEY_PATH, AT(feature_folder), "", 0, 0, "DIR",
     "/etc/oddball/features (a folder)",
     "folder of feature definitions, *.yaml (features in the folder of data)", true},
    {"webhook", "webhook", KEY_URL, AT(webhook), "", 0, 0, "URL",
     "https://hooks.example.com/oddball (http or https)", "post new findings there", true},
    {"webhook_secret_file", "webhook-secret-file", KEY_SECRET, AT(webhook_secret_file), "", 0, 0,
     "FILE", FILE_EXAMPLE, "file with the key that signs them", true},
    {"webhook_allow", "webhook-allow", KEY_TEXTS, AT(webhook_allow), "", 0, 0, "HOST",
     "hooks.internal (the name of a host)",
     "this name may stand for a private address; may be repeated", true},
    {"notify", "notify", KEY_TEXTS, AT(notify), "", 0, 0, "NAME=WHERE",
     "alertmanager=http://127.0.0.1:9093 (alertmanager, mail, pagerduty, slack, teams)",
     "tell it of incidents too; may be repeated", true},
    {"sql.rows", "sql-rows", KEY_COUNT, AT(sql_rows), "100000", 1, 1e9, "N", "100000 (1 or more)",
     "rows of an answer to SQL, at most (100000)", true},
    {"sql.memory", "sql-memory", KEY_BYTES, AT(sql_memory_bytes), "256M", 16 << 20, 1e15, "SIZE",
     "256M (at least 16M)", "memory of one query (256M)", true},
    {"sql.time", "sql-time", KEY_SECONDS, AT(sql_seconds), "30s", 0.001, 86400, "TIME",
     "30s (1ms to 24h)", "time of one query (30s)", false},
    {"duckdb", "duckdb", KEY_PATH, AT(duckdb), "", 0, 0, "FILE", "/usr/lib/libduckdb.so (a path)",
     "libduckdb.so (found by itself)", false},
};
const size_t keys_count = sizeof keys / sizeof keys[0];
_Static_assert(sizeof keys / sizeof keys[0] <= 64, "`origins` has 64 places");

int keys_find(const char *name)
{
    for (size_t i = 0; i < keys_count; i++)
        if (strcmp(keys[i].name, name) == 0)
            return (int)i;
    return -1;
}

int keys_find_flag(const char *flag)
{
    for (size_t i = 0; i < keys_count; i++) {
        if (strcmp(keys[i].flag, flag) == 0)
            return (int)i;
        if (keys[i].kind == KEY_BOOL && strcmp(keys[i].name, flag) == 0)
            return (int)i;
    }
    return -1;
}

bool key_is_list(const Key *key)
{
    return key->kind >= KEY_PATHS;
}

/* ODDBALL_DATA is taken: there the tests find public data, and no server must write to it. */
void key_variable(const Key *key, char *to)
{
    const char *name = strcmp(key->name, "data") == 0 ? "data_dir" : key->name;
    size_t      size = (size_t)snprintf(to, KEY_VARIABLE_SIZE, "ODDBALL_%s", name);
    for (size_t i = 0; i < size; i++)
        to[i] = to[i] == '.' ? '_' : (char)toupper((unsigned char)to[i]);
}

/* -- texts and lists -------------------------------------------------------------------------- */

bool text_set(char **to, const char *text)
{
    char *copy = strdup(text);
    if (copy == NULL)
        return false;
    free(*to);
    *to = copy;
    return true;
}

bool list_add(TextList *list, const char *text)
{
    char **items = realloc(list->items, (list->count + 1) * sizeof *items);
    char  *copy = strdup(text);
    if (items != NULL)
        list->items = items;
    if (items == NULL || copy == NULL) {
        free(copy);
        return false;
    }
    list->items[list->count++] = copy;
    return true;
}

void list_free(TextList *list)
{
    for (size_t i = 0; i < list->count; i++)
        free(list->items[i]);
    free(list->items);
    *list = (TextList){0};
}

static void rules_free(Settings *settings)
{
    for (size_t i = 0; i < settings->mask_rule_count; i++) {
        free(settings->mask_rules[i].name);
        free(settings->mask_rules[i].expression);
    }
    free(settings->mask_rules);
    settings->mask_rules = NULL;
    settings->mask_rule_count = 0;
}

void key_clear(const Key *key, Settings *settings)
{
    if (key->kind == KEY_RULES)
        rules_free(settings);
    else if (key_is_list(key))
        list_free((TextList *)((char *)settings + key->offset));
}

/* -- from text -------------------------------------------------------------------------------- */

static bool is_port(const char *text)
{
    int64_t port;
    return strlen(text) <= 5 && quantity_integer(text, 0, 65535, &port);
}

static bool is_address(const char *text)
{
    const char *colon = strrchr(text, ':');
    if (strcmp(text, "off") == 0)
        return true;
    if (colon == NULL || !is_port(colon + 1) || strlen(text) > 255)
        return false;
    size_t host_size = (size_t)(colon - text);
    if (text[0] == '[')
        return host_size > 3 && colon[-1] == ']' &&
               strspn(text + 1, "0123456789abcdefABCDEF:.%") == host_size - 2;
    for (size_t i = 0; i < host_size; i++)
        if (!isalnum((unsigned char)text[i]) && strchr(".-_", text[i]) == NULL)
            return false;
    return true;
}

static bool is_url(const char *text)
{
    const char *host = strncmp(text, "http://", 7) == 0    ? text + 7
                       : strncmp(text, "https://", 8) == 0 ? text + 8
                                                           : "";
    if (host[0] == '\0' || strchr("/?#:", host[0]) != NULL || strlen(text) > 2000)
        return false;
    for (; *text; text++)
        if ((unsigned char)*text <= ' ' || *text == 0x7f)
            return false;
    return true;
}

static bool bool_read(const char *text, bool *ret)
{
    static const char *const words[] = {"false", "true", "no", "yes", "off", "on", "0", "1"};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (strcasecmp(words[i], text) == 0) {
            *ret = i % 2 == 1;
            return true;
        }
    }
    return false;
}

/* A time has a unit, but for 0. */
static bool seconds_read(const char *text, double *ret)
{
    int64_t ns = 0;
    if (strcmp(text, "0") != 0 && !quantity_span(text, &ns))
        return false;
    *ret = (double)ns / 1e9;
    return true;
}

static bool real_put(const Key *key, double value, double unit, void *to)
{
    if (value < key->low * unit || value > key->high * unit)
        return false;
    *(double *)to = value / unit;
    return true;
}

static bool number_set(const Key *key, const char *text, void *to)
{
    int64_t  integer;
    uint64_t bytes = 0;
    double   real;
    switch (key->kind) {
    case KEY_BOOL: return bool_read(text, to);
    case KEY_INT:
        if (!quantity_integer(text, (int64_t)key->low, (int64_t)key->high, &integer))
            return false;
        *(int *)to = (int)integer;
        return true;
    case KEY_COUNT:
        if (!quantity_integer(text, (int64_t)key->low, (int64_t)key->high, &integer))
            return false;
        *(uint64_t *)to = (uint64_t)integer;
        return true;
    case KEY_BYTES:
        if (strcmp(text, "0") != 0 && !quantity_bytes(text, &bytes))
            return false;
        if ((double)bytes < key->low || (double)bytes > key->high)
            return false;
        *(uint64_t *)to = bytes;
        return true;
    case KEY_SECONDS: return seconds_read(text, &real) && real_put(key, real, 1, to);
    case KEY_DAYS: return seconds_read(text, &real) && real_put(key, real, 86400, to);
    default: return quantity_real(text, key->low, key->high, to);
    }
}

static bool rule_name_is_good(const char *name, size_t size)
{
    if (size == 0 || size > KEY_MASK_NAME_MAX)
        return false;
    for (size_t i = 0; i < size; i++)
        if (!islower((unsigned char)name[i]) && !isdigit((unsigned char)name[i]) &&
            name[i] != '_' && name[i] != '-')
            return false;
    return true;
}

typedef enum { ADD_GOOD, ADD_BAD, ADD_NO_MEMORY, ADD_FULL } Added;

/* "name=expression"; the same name again replaces. */
static Added rule_add(Settings *settings, const char *text)
{
    size_t name_size = strcspn(text, "=");
    if (!rule_name_is_good(text, name_size) || text[name_size] == '\0' ||
        text[name_size + 1] == '\0')
        return ADD_BAD;
    if (settings->mask_rule_count == SETTINGS_LIST_MAX)
        return ADD_FULL;
    size_t       count = settings->mask_rule_count;
    MaskSetting *rules = realloc(settings->mask_rules, (count + 1) * sizeof *rules);
    if (rules == NULL)
        return ADD_NO_MEMORY;
    settings->mask_rules = rules;
    MaskSetting rule = {.name = strndup(text, name_size),
                        .expression = strdup(text + name_size + 1)};
    if (rule.name == NULL || rule.expression == NULL) {
        free(rule.name);
        free(rule.expression);
        return ADD_NO_MEMORY;
    }
    size_t at = 0;
    while (at < count && strcmp(rules[at].name, rule.name) != 0)
        at++;
    if (at < count) {
        free(rules[at].name);
        free(rules[at].expression);
    } else {
        settings->mask_rule_count++;
    }
    rules[at] = rule;
    return ADD_GOOD;
}

static bool text_is_good(const Key *key, const char *text)
{
    switch (key->kind) {
    case KEY_ADDRESS: return is_address(text);
    case KEY_URL: return text[0] == '\0' || is_url(text);
    case KEY_URLS: return is_url(text);
    case KEY_PATHS:
    case KEY_TEXTS: return text[0] != '\0' && strlen(text) < 4096;
    default: return strlen(text) < 4096;
    }
}

static Added add(const Key *key, Settings *settings, const char *text)
{
    void *to = (char *)settings + key->offset;
    if (key->kind == KEY_RULES)
        return rule_add(settings, text);
    if (key->kind >= KEY_BOOL && key->kind <= KEY_REAL)
        return number_set(key, text, to) ? ADD_GOOD : ADD_BAD;
    if (!text_is_good(key, text))
        return ADD_BAD;
    if (!key_is_list(key))
        return text_set(to, text) ? ADD_GOOD : ADD_NO_MEMORY;
    TextList *list = to;
    if (list->count == SETTINGS_LIST_MAX)
        return ADD_FULL;
    return list_add(list, text) ? ADD_GOOD : ADD_NO_MEMORY;
}

bool key_add(const Key *key, Settings *settings, const char *text, char *problem, size_t size)
{
    switch (add(key, settings, text)) {
    case ADD_GOOD: return true;
    case ADD_BAD:
        snprintf(problem, size, "does not take '%.80s'; a good value is %s", text, key->example);
        return false;
    case ADD_FULL:
        snprintf(problem, size, "has more than %d items, which is its limit", SETTINGS_LIST_MAX);
        return false;
    default: snprintf(problem, size, "finds no memory"); return false;
    }
}

/* -- to text ---------------------------------------------------------------------------------- */

/* The largest unit that leaves no rest. */
static char *bytes_text(uint64_t bytes)
{
    static const char units[] = "TGMk";
    char             *text = NULL;
    for (int i = 0; i < 4; i++) {
        uint64_t unit = 1ULL << (10 * (4 - i));
        if (bytes > 0 && bytes % unit == 0)
            return asprintf(&text, "%llu%c", (unsigned long long)(bytes / unit), units[i]) < 0
                       ? NULL
                       : text;
    }
    return asprintf(&text, "%llu", (unsigned long long)bytes) < 0 ? NULL : text;
}

/* Ten figures at most, and never an exponent, which quantity.h does not read. */
static char *real_text(double value, const char *unit)
{
    char *text = NULL;
    if (asprintf(&text, "%.6f", value) < 0)
        return NULL;
    size_t size = strlen(text);
    while (text[size - 1] == '0')
        size--;
    if (text[size - 1] == '.')
        size--;
    text[size] = '\0';
    char *whole = NULL;
    if (asprintf(&whole, "%s%s", text, value > 0 ? unit : "") < 0)
        whole = NULL;
    free(text);
    return whole;
}

static char *item_text(const Key *key, const Settings *settings, size_t item)
{
    char *text = NULL;
    if (key->kind != KEY_RULES) {
        const TextList *list = (const TextList *)((const char *)settings + key->offset);
        return item < list->count ? strdup(list->items[item]) : NULL;
    }
    if (item >= settings->mask_rule_count)
        return NULL;
    const MaskSetting *rule = &settings->mask_rules[item];
    return asprintf(&text, "%s=%s", rule->name, rule->expression) < 0 ? NULL : text;
}

char *key_text(const Key *key, const Settings *settings, size_t item)
{
    const void *from = (const char *)settings + key->offset;
    char       *text = NULL;
    if (key_is_list(key))
        return item_text(key, settings, item);
    if (item > 0)
        return NULL;
    switch (key->kind) {
    case KEY_BOOL: return strdup(*(const bool *)from ? "true" : "false");
    case KEY_INT: return asprintf(&text, "%d", *(const int *)from) < 0 ? NULL : text;
    case KEY_COUNT:
        return asprintf(&text, "%llu", (unsigned long long)*(const uint64_t *)from) < 0 ? NULL
                                                                                        : text;
    case KEY_BYTES: return bytes_text(*(const uint64_t *)from);
    case KEY_SECONDS: return real_text(*(const double *)from, "s");
    case KEY_DAYS: return real_text(*(const double *)from, "d");
    case KEY_REAL: return real_text(*(const double *)from, "");
    default: return strdup(*(char *const *)from ? *(char *const *)from : "");
    }
}
