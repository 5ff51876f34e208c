/* SPDX-License-Identifier: Apache-2.0
 *
 * config.c - the command `config`: are the settings good, what are they, and where from? */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/complain.h"
#include "cli/help.h"
#include "http/tls.h"
#include "settings/keys.h"
#include "settings/notify_target.h"

#define SECRET_SIZE 65536
#define PROBLEMS_SHOWN_MAX 100

static void notes_tell(const Settings *settings, const Options *options)
{
    for (size_t i = 0; i < settings->notes.count && !options->quiet; i++)
        complain("%s", settings->notes.items[i]);
}

/* -- show ------------------------------------------------------------------------------------ */

/* Plain if YAML reads back the same text, else between double quotes. */
static bool is_plain(const char *text)
{
    static const char *const words[] = {"true", "false", "yes", "no", "on", "null", "~"};
    size_t                   size = strlen(text);
    if (size == 0 || strspn(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                  "0123456789/._-+:=") != size)
        return false;
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (strcasecmp(words[i], text) == 0)
            return false;
    return strchr("-=:", text[0]) == NULL && text[size - 1] != ':';
}

static void value_add(Buffer *out, const char *text)
{
    if (is_plain(text)) {
        buffer_puts(out, text);
        return;
    }
    buffer_puts(out, "\"");
    for (const unsigned char *c = (const unsigned char *)text; *c; c++) {
        if (*c == '"' || *c == '\\')
            buffer_format(out, "\\%c", *c);
        else if (*c < ' ' || *c == 0x7f)
            buffer_format(out, "\\x%02x", *c);
        else
            buffer_add(out, c, 1);
    }
    buffer_puts(out, "\"");
}

/* The path of a webhook's address is its secret; so is what stands before an @. */
static void address_add(Buffer *out, const Key *key, const char *text)
{
    const char *host = strstr(text, "://");
    host = host ? host + 3 : text;
    const char *path = host + strcspn(host, "/?#"), *at = memchr(host, '@', (size_t)(path - host));
    Buffer      shown = {0};
    buffer_add(&shown, text, (size_t)(host - text));
    if (at)
        buffer_puts(&shown, "(hidden)@");
    const char *rest = at ? at + 1 : host;
    const char *end = key->kind == KEY_URL && path[0] && path[1] ? path : path + strcspn(path, "?");
    buffer_add(&shown, rest, (size_t)(end - rest));
    if (*end)
        buffer_puts(&shown, *end == '?' ? "(hidden)" : "/(hidden)");
    if (at || *end)
        buffer_format(out, "\"%s\"", buffer_text(&shown));
    else
        value_add(out, buffer_text(&shown));
    buffer_free(&shown);
}

/* NAME=ADDRESS and more: what stands before an @ in the address. */
static void receiver_add(Buffer *out, const char *text)
{
    Buffer shown = {0};
    const char *host = strstr(text, "://"), *at = NULL;
    host = host ? host + 3 : text;
    if (host != text)
        at = memchr(host, '@', strcspn(host, "/?# "));
    if (at)
        buffer_format(&shown, "%.*s(hidden)", (int)(host - text), text);
    buffer_puts(&shown, at ? at : text);
    value_add(out, buffer_text(&shown));
    buffer_free(&shown);
}

static void item_add(Buffer *out, const Key *key, const char *text)
{
    if (strcmp(key->name, "notify") == 0)
        receiver_add(out, text);
    else if (key->kind == KEY_URL || key->kind == KEY_URLS)
        address_add(out, key, text);
    else if (key->kind == KEY_BOOL)
        buffer_puts(out, text);
    else
        value_add(out, text);
}

/* Items one below the other; a mask rule is a member of a map. */
static void list_write(Buffer *out, const Key *key, const Settings *settings, int indent)
{
    for (size_t item = 0;; item++) {
        char *text = key_text(key, settings, item);
        if (!text)
            break;
        size_t name_size = strcspn(text, "=");
        buffer_repeat(out, ' ', (size_t)indent + 2);
        if (key->kind == KEY_RULES)
            buffer_format(out, "%.*s: ", (int)name_size, text);
        else
            buffer_puts(out, "- ");
        item_add(out, key, key->kind == KEY_RULES ? text + name_size + 1 : text);
        buffer_puts(out, "\n");
        free(text);
    }
}

static void key_write(Buffer *out, const Key *key, const Settings *settings, int indent,
                      const char *origin)
{
    const char *dot = strchr(key->name, '.');
    char       *first = key_text(key, settings, 0);
    bool        is_list = key_is_list(key);
    buffer_repeat(out, ' ', (size_t)indent);
    buffer_format(out, "%s:", dot ? dot + 1 : key->name);
    if (is_list && !first)
        buffer_puts(out, key->kind == KEY_RULES ? " {}" : " []");
    if (!is_list && first) {
        buffer_puts(out, " ");
        item_add(out, key, first);
    }
    if (origin) {
        buffer_puts(out, "  # ");
        for (; *origin; origin++)
            buffer_add(out, (unsigned char)*origin < ' ' ? "?" : origin, 1);
    }
    buffer_puts(out, "\n");
    if (is_list && first)
        list_write(out, key, settings, indent);
    free(first);
}

static void show_write(Buffer *out, const Settings *settings, const Options *options)
{
    char group[KEY_SIZE] = "";
    for (size_t i = 0; i < keys_count; i++) {
        const Key  *key = &keys[i];
        const char *origin = settings->origins[i], *dot = strchr(key->name, '.');
        bool is_file = strcmp(key->name, "config") == 0; /* It does not stand in a file itself. */
        if (is_file || (!options->effective && strcmp(origin, "default") == 0))
            continue;
        size_t group_size = dot ? (size_t)(dot - key->name) : 0;
        if (dot && (strlen(group) != group_size || strncmp(group, key->name, group_size) != 0))
            buffer_format(out, "%.*s:\n", (int)group_size, key->name);
        memcpy(group, key->name, group_size);
        group[group_size] = '\0';
        key_write(out, key, settings, dot ? 2 : 0, options->origin ? origin : NULL);
    }
}

static int show(const Options *options, const SettingFlag *flags, size_t flag_count)
{
    Settings settings;
    char     problem[SETTINGS_PROBLEM_SIZE];
    Out      out = {.descriptor = STDOUT_FILENO};
    if (!settings_load(&settings, flags, flag_count, problem)) {
        complain("%s", problem);
        return STATUS_ERROR;
    }
    notes_tell(&settings, options);
    show_write(&out.text, &settings, options);
    if (out.text.size == 0)
        buffer_puts(&out.text, "# Nothing was set; --effective shows the defaults.\n");
    settings_free(&settings);
    return help_done(&out);
}

/* -- check ----------------------------------------------------------------------------------- */

/* False: memory has run out. */
static bool secrets_read(const Settings *settings, TextList *problems)
{
    char  problem[SETTINGS_PROBLEM_SIZE];
    char *secret = malloc(SECRET_SIZE); /* A private key has lines. */
    bool  good = secret != NULL;
    for (size_t i = 0; i < keys_count && good; i++) {
        char *path = keys[i].kind == KEY_SECRET ? key_text(&keys[i], settings, 0) : NULL;
        if (path && !settings_secret(path, secret, SECRET_SIZE, problem))
            good = list_add(problems, problem);
        free(path);
    }
    if (secret)
        memset(secret, 0, SECRET_SIZE);
    free(secret);
    return good;
}

/* What a receiver is told with stands in a file, but for Alertmanager.  False: as above. */
static bool receivers_read(const Settings *settings, TextList *problems)
{
    char problem[SETTINGS_PROBLEM_SIZE];
    char secret[NOTIFY_ADDRESS_SIZE];
    bool good = true;
    for (size_t i = 0; i < settings->notify.count && good; i++) {
        NotifyTarget target;
        if (notify_target_read(settings->notify.items[i], &target, problem) &&
            target.kind != NOTIFY_ALERTMANAGER &&
            !settings_secret(target.address, secret, sizeof secret, problem))
            good = list_add(problems, problem);
    }
    memset(secret, 0, sizeof secret);
    return good;
}

/* Whether the expressions are such.  False: as above. */
static bool masks_read(const Settings *settings, TextList *problems)
{
    static const unsigned char key[16]; /* Nothing is masked with it. */
    char problem[SETTINGS_PROBLEM_SIZE];
    bool good = true;
    for (size_t i = 0; i < settings->mask_rule_count && good; i++) {
        odd_mask   rule = {.name = settings->mask_rules[i].name,
                           .expression = settings->mask_rules[i].expression};
        odd_masks *masks = NULL;
        if (odd_masks_open(&rule, 1, 0, key, problem, sizeof problem, &masks) == ODD_SYNTAX)
            good = list_add(problems, problem);
        odd_masks_close(masks);
    }
    return good;
}

/* Whether certificate and key are such, and belong together.  False: memory has run out. */
static bool certificate_read(const Settings *settings, TextList *problems)
{
    char     problem[TLS_PROBLEM_SIZE];
    TlsFiles files = {.certificate = settings->tls_certificate,
                      .key = settings->tls_key,
                      .client_ca = settings->tls_client_ca};
    if (problems->count > 0 || !files.certificate[0])
        return true;
    TlsServer *server = tls_server_open(&files, problem);
    tls_server_close(server);
    return server || list_add(problems, problem);
}

static int problems_tell(const TextList *problems)
{
    for (size_t i = 0; i < problems->count && i < PROBLEMS_SHOWN_MAX; i++)
        complain("%s", problems->items[i]);
    if (problems->count > PROBLEMS_SHOWN_MAX)
        complain("and %zu more mistakes", problems->count - PROBLEMS_SHOWN_MAX);
    return STATUS_ERROR;
}

static int good_tell(const Settings *settings)
{
    Out out = {.descriptor = STDOUT_FILENO};
    for (size_t i = 0; i < settings->read.count; i++)
        buffer_format(&out.text, "%s is good\n", settings->read.items[i]);
    if (settings->read.count == 0)
        buffer_puts(&out.text, "There is no file of settings; the defaults are good.\n");
    return help_done(&out);
}

/* Past each mistake, so that one look is enough. */
static int check(const Options *options, const SettingFlag *flags, size_t flag_count)
{
    Settings settings;
    TextList problems;
    int      status = STATUS_ERROR;
    if (!settings_load_past(&settings, flags, flag_count, &problems) ||
        !secrets_read(&settings, &problems) || !receivers_read(&settings, &problems) ||
        !masks_read(&settings, &problems) || !certificate_read(&settings, &problems)) {
        complain("there is no memory to check the settings");
    } else {
        notes_tell(&settings, options);
        status = problems.count > 0 ? problems_tell(&problems) : good_tell(&settings);
    }
    list_free(&problems);
    settings_free(&settings);
    return status;
}

static int run(const Options *options, int count, const char *const *arguments)
{
    const char *verb = count > 0 ? arguments[0] : "";
    bool        is_check = strcmp(verb, "check") == 0, is_show = strcmp(verb, "show") == 0;
    if ((!is_check && !is_show) || count > (is_check ? 2 : 1)) {
        complain("config takes check or show: oddball config check oddball.yaml, or oddball "
                 "config show --effective --origin");
        return STATUS_ERROR;
    }
    SettingFlag flags[OPTIONS_SETTINGS_MAX + 1];
    size_t      flag_count = options->setting_count;
    memcpy(flags, options->settings, flag_count * sizeof flags[0]);
    if (count == 2)
        flags[flag_count++] = (SettingFlag){.name = "config", .value = arguments[1]};

    return is_check ? check(options, flags, flag_count) : show(options, flags, flag_count);
}

static const char *const option_names[] = {"effective", "origin", NULL};

const Command command_config = {
    .name = "config",
    .summary = "Check the settings of the server, or show them",
    .example = "oddball config check\n"
               "oddball config check /etc/oddball/oddball.yaml\n"
               "oddball config show --effective --origin",
    .usage = "check [FILE] | show",
    .details = "Settings come, the later the stronger, from the defaults, credentials of systemd, "
               "/etc/oddball/oddball.yaml and ~/.config/oddball/oddball.yaml (or --config FILE), "
               "the files conf.d/*.yaml beside them in the order of their names, the environment "
               "(ODDBALL_LISTEN for listen, ODDBALL_SYSLOG_UDP for syslog.udp; ODDBALL_DATA_DIR "
               "for data) and the options. In YAML, syslog.udp is a map in a map. Lists of files "
               "add up; [] empties one. `show` prints what was set, and never a secret.",
    .options = option_names,
    .settings = true,
    .run = run,
};
