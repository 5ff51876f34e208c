/* SPDX-License-Identifier: Apache-2.0
 *
 * check.c - settings that are good each, and do not go together; and what changed of them. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "settings/keys.h"
#include "settings/notify_target.h"
#include "settings/settings.h"

typedef struct {
    const Settings *settings;
    SettingsTell    tell;
    void           *context;
    bool            bad, ends;
} Check;

static void wrong(Check *check, const char *format, ...) __attribute__((format(printf, 2, 3)));

static void wrong(Check *check, const char *format, ...)
{
    char    sentence[SETTINGS_PROBLEM_SIZE];
    va_list arguments;
    if (check->ends)
        return;
    va_start(arguments, format);
    vsnprintf(sentence, sizeof sentence, format, arguments);
    va_end(arguments);
    check->bad = true;
    check->ends = !check->tell(check->context, sentence);
}

static bool is_off(const char *address)
{
    return strcmp(address, "off") == 0;
}

/* Only this machine itself can come there. */
static bool is_within(const char *address)
{
    return is_off(address) || strncmp(address, "127.", 4) == 0 ||
           strncmp(address, "localhost:", 10) == 0 || strncmp(address, "[::1]:", 6) == 0;
}

/* Certificates of clients are asked for beside a token, not instead of one. */
static void guards_check(Check *check)
{
    const Settings *settings = check->settings;
    bool all = settings->token_file[0] != '\0';
    bool sending = all || settings->ingest_token_file[0];
    if (!is_within(settings->listen) && !all)
        wrong(check,
              "listen %s is open to others, and nothing guards it: set token_file (a file "
              "with a token of your own), or listen on 127.0.0.1",
              settings->listen);
    const char *const names[] = {"otlp.http", "otlp.grpc"};
    const char *const places[] = {settings->otlp_http, settings->otlp_grpc};
    for (int i = 0; i < 2; i++)
        if (!is_within(places[i]) && !sending)
            wrong(check,
                  "%s %s is open to others, and nothing guards it: set token_file or "
                  "ingest_token_file, or listen on 127.0.0.1",
                  names[i], places[i]);
}

static void tls_check(Check *check)
{
    const Settings *settings = check->settings;
    bool certificate = settings->tls_certificate[0] != '\0';
    bool key = settings->tls_key[0] != '\0';
    if (certificate && !key)
        wrong(check, "tls.certificate needs tls.key, the private key of it");
    if (key && !certificate && strncmp(settings->origins[keys_find("tls.key")], "cred", 4) != 0)
        wrong(check, "tls.key needs tls.certificate, which it is the key of");
    if (settings->tls_client_ca[0] && !certificate)
        wrong(check, "tls.client_ca needs tls.certificate and tls.key");
    if (!is_off(settings->syslog_tls) && !certificate)
        wrong(check, "syslog.tls needs tls.certificate and tls.key");
}

/* Port 0 is one that the system chooses. */
static bool is_chosen(const char *address)
{
    const char *colon = strrchr(address, ':');
    return colon != NULL && strcmp(colon, ":0") == 0;
}

static void addresses_check(Check *check)
{
    const Settings *settings = check->settings;
    const char *const names[] = {"listen", "otlp.http", "otlp.grpc", "syslog.tcp", "syslog.tls"};
    const char *const places[] = {settings->listen, settings->otlp_http, settings->otlp_grpc,
                                  settings->syslog_tcp, settings->syslog_tls};
    for (int i = 0; i < 5; i++)
        for (int j = 0; j < i; j++)
            if (!is_off(places[i]) && !is_chosen(places[i]) && strcmp(places[i], places[j]) == 0)
                wrong(check, "%s and %s are both %s; give one of them another port", names[j],
                      names[i], places[i]);
}

static void notify_check(Check *check)
{
    char problem[SETTINGS_PROBLEM_SIZE];
    NotifyTarget target;
    for (size_t i = 0; i < check->settings->notify.count; i++)
        if (!notify_target_read(check->settings->notify.items[i], &target, problem))
            wrong(check, "%s", problem);
}

bool settings_check(const Settings *settings, SettingsTell tell, void *context)
{
    Check check = {.settings = settings, .tell = tell, .context = context};
    guards_check(&check);
    tls_check(&check);
    addresses_check(&check);
    notify_check(&check);
    return !check.bad;
}

static bool key_differs(const Key *key, const Settings *was, const Settings *is)
{
    bool same = true, more = true;
    for (size_t item = 0; same && more; item++) {
        char *before = key_text(key, was, item), *after = key_text(key, is, item);
        more = before != NULL && after != NULL;
        same = more ? strcmp(before, after) == 0 : before == after;
        free(before);
        free(after);
    }
    return !same;
}

size_t settings_compare(const Settings *was, const Settings *is, SettingDiffers tell, void *context)
{
    size_t count = 0;
    for (size_t i = 0; i < keys_count; i++) {
        if (!key_differs(&keys[i], was, is))
            continue;
        tell(context, keys[i].name, !keys[i].live);
        count++;
    }
    return count;
}
