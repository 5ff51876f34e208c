/* SPDX-License-Identifier: Apache-2.0 */
#include "serve/serve.h"

#include <errno.h>
#include <fcntl.h>
#include <malloc.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <time.h>
#include <unistd.h>

#include "api/api.h"
#include "api/view.h"
#include "http/server.h"
#include "input/clock.h"
#include "serve/definitions.h"
#include "serve/keepers.h"
#include "serve/listen.h"
#include "serve/news.h"
#include "serve/notify.h"
#include "serve/receivers.h"
#include "serve/server_file.h"
#include "serve/shares.h"

#define STOP_S 3.5       /* Of five, for all that is to end but the files themselves.           */
#define HTTP_CLOSE_S 1.5 /* Of it, for requests that are open.                                   */
#define LIVE_CLOSE_S 0.5 /* At least, for what was learnt.                                       */
#define STATUS_EVERY_S 10
#define TOLD_ROUND 3 /* Of about a second. */
#define PROBLEM_SIZE SETTINGS_PROBLEM_SIZE
#define ARENAS_MAX 2 /* Of malloc: each of many threads with one of its own keeps what it freed. */

typedef struct {
    Settings           *settings;
    const ServeOptions *options;
    odd_store          *store;
    bool                has_file; /* Which says where it listens. */
    size_t              damages_told;
    uint64_t            seed;     /* Of all that is learnt here. */
    odd_masks          *masks;
    Intake             *intake;
    Live               *live;
    ApiContext          api;
    Listening          *listening;
    Keepers            *keepers;
    pthread_mutex_t     reload_lock;
    Receivers          *receivers;
    News                news;     /* Which findings are posted ...              */
    uint64_t            past;     /* ... and how many were not, for their age.  */
    WebhookCounts       webhook_before; /* Of those before a reload, all together. */
    Settings           *reloaded; /* What the sources run with since the last SIGHUP; NULL:
                                     settings. */
    Notify              notify;
    char                lake[4096];
    char                problem[PROBLEM_SIZE];
} Server;

static void say(const Server *server, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
static void say(const Server *server, const char *format, ...)
{
    char sentence[2048];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(sentence, sizeof sentence, format, arguments);
    va_end(arguments);
    server->options->say(sentence);
}

/* -- opening ----------------------------------------------------------------------------------- */

static bool random_bytes(unsigned char *bytes, size_t size)
{
    int descriptor = open("/dev/urandom", O_RDONLY | O_CLOEXEC);
    if (descriptor < 0)
        return false;
    ssize_t part = 1;
    for (size_t at = 0; at < size && part != 0; at += part > 0 ? (size_t)part : 0) {
        part = read(descriptor, bytes + at, size - at);
        if (part < 0 && errno != EINTR)
            part = 0;
    }
    close(descriptor);
    return part > 0;
}

/* What was found since the last call. */
static void tell_damages(Server *server)
{
    odd_damage damage;
    for (; odd_store_damage(server->store, server->damages_told, &damage); server->damages_told++)
        say(server, "%s", damage.sentence);
}

static bool open_store(Server *server)
{
    odd_rc rc = odd_store_open(server->settings->data, NULL, &server->store, server->problem,
                               sizeof server->problem);
    if (rc != ODD_OK)
        return false;
    tell_damages(server);
    return true;
}

static bool open_masks(Server *server)
{
    const Settings *settings = server->settings;
    unsigned char fresh[16], key[16];
    odd_mask rules[256];
    size_t count = settings->mask_rule_count < 256 ? settings->mask_rule_count : 256;
    if (!settings->mask)
        return true;
    if (!random_bytes(fresh, sizeof fresh) ||
        odd_store_secret(server->store, fresh, key) != ODD_OK) {
        snprintf(server->problem, sizeof server->problem,
                 "cannot keep the secret key of the masks in %s: %s", settings->data,
                 odd_store_catalog_errmsg(server->store));
        return false;
    }
    for (size_t i = 0; i < count; i++)
        rules[i] = (odd_mask){.name = settings->mask_rules[i].name,
                              .expression = settings->mask_rules[i].expression};
    return odd_masks_open(rules, count, 1, key, server->problem, sizeof server->problem,
                          &server->masks) == ODD_OK;
}

/* One of chance, where none was set and the folder is new. */
static bool choose_seed(Server *server)
{
    const Settings *settings = server->settings;
    uint64_t fresh = settings->seed;
    server->seed = settings->seed;
    if (fresh == 0 && !random_bytes((unsigned char *)&fresh, sizeof fresh)) {
        snprintf(server->problem, sizeof server->problem, "/dev/urandom gives no seed");
        return false;
    }
    odd_rc rc = odd_store_seed(server->store, fresh, &server->seed);
    if (rc != ODD_OK && rc != ODD_NOTFOUND)
        snprintf(server->problem, sizeof server->problem, "cannot keep the seed in %s: %s",
                 settings->data, odd_store_catalog_errmsg(server->store));
    else if (settings->seed != 0 && settings->seed != server->seed)
        snprintf(server->problem, sizeof server->problem,
                 "%s was begun with another seed than %llu, and keeps it; leave seed out, or move "
                 "the folder away to begin anew",
                 settings->data, (unsigned long long)settings->seed);
    else
        return true;
    return false;
}

/* A restart learns again what is not learnt: it must not become endless. */
static bool is_behind(void *context)
{
    const Server *server = context;
    return server->live != NULL && live_is_behind(server->live);
}

static bool open_intake(Server *server)
{
    uint64_t memory = server->settings->memory_bytes;
    IntakeOptions options = {.queue_bytes_max = memory / QUEUE_SHARE,
                             .kept_bytes_max = memory / KEPT_SHARE,
                             .is_behind = is_behind,
                             .context = server};
    if (intake_open(server->store, server->masks, &options, &server->intake) == ODD_OK)
        return true;
    snprintf(server->problem, sizeof server->problem, "no memory to take anything in");
    return false;
}

static LiveOptions live_options(const Server *server, const Settings *settings)
{
    return (LiveOptions){.fold = fold_options(settings),
                         .threads = settings->threads,
                         .lake = server->lake,
                         .duckdb = settings->duckdb[0] != '\0' ? settings->duckdb : NULL,
                         .checkpoint_s = settings->checkpoint_s,
                         .hot_bytes_max = settings->memory_bytes / HOT_SHARE,
                         .journal_bytes = settings->journal_bytes,
                         .retention_days = settings->retention_days,
                         .retention_bytes = settings->retention_bytes,
                         .sql_rows = settings->sql_rows,
                         .sql_memory_bytes = settings->sql_memory_bytes};
}

/* Sources are closed and begun anew by a reload: whoever asks meanwhile waits. */
static void describe(void *context, ApiTell tell, void *tell_context)
{
    Server *server = context;
    pthread_mutex_lock(&server->reload_lock);
    if (server->keepers != NULL)
        keepers_describe(server->keepers, tell, tell_context);
    pthread_mutex_unlock(&server->reload_lock);
}

static bool describe_webhook(void *context, ApiWebhook *ret)
{
    Server *server = context;
    pthread_mutex_lock(&server->reload_lock);
    bool is_there = server->receivers != NULL;
    if (is_there) {
        WebhookCounts counts = receivers_counts(server->receivers);
        webhook_counts_add(&counts, &server->webhook_before);
        *ret = (ApiWebhook){.sent = counts.delivered,
                            .attempts_failed = counts.attempts_failed,
                            .retried = counts.retried,
                            .refused = counts.refused,
                            .dropped = counts.dropped,
                            .past = server->past,
                            .waiting = counts.waiting};
        snprintf(ret->trouble, sizeof ret->trouble, "%s", counts.trouble);
    }
    pthread_mutex_unlock(&server->reload_lock);
    return is_there;
}

static bool open_listeners(Server *server)
{
    ApiContext *api = &server->api;
    api->intake = server->intake;
    api->live = server->live;
    api->store = server->store;
    api->settings = server->settings;
    api->zone_s = clock_local_zone;
    api->describe = describe;
    api->webhook = describe_webhook;
    api->describe_context = server;
    api->started = clock_now();
    if (!api_open(api)) {
        snprintf(server->problem, sizeof server->problem, "no memory to tell of findings");
        return false;
    }
    server->listening = listening_open(server->settings, api, server->problem);
    return server->listening != NULL;
}

/* On the fold's thread: the receivers, if there are any now, only take it. */
static void give_receivers(void *context, const odd_rows *finding, odd_time known)
{
    Server *server = context;
    HttpResponse json = {0};
    bool resolved = strcmp(odd_text(finding, odd_column(finding, "state")), "resolved") == 0;
    odd_time last = odd_int(finding, odd_column(finding, "last_time"));
    bool is_news = news_has(&server->news, last, resolved, known);
    pthread_mutex_lock(&server->reload_lock);
    server->past += server->receivers != NULL && !is_news;
    if (server->receivers != NULL && is_news) {
        view_object(&view_findings, finding, &json);
        response_add(&json, "", 1);
        if (!json.broken)
            receivers_give(server->receivers, finding, json.body);
        response_clear(&json);
    }
    pthread_mutex_unlock(&server->reload_lock);
}

/* Incidents that were open when the server ended. */
static void know_restored(void *context, odd_rows *findings)
{
    Server *server = context;
    while (server->receivers != NULL && odd_next(findings) == ODD_ROW)
        if (news_has(&server->news, odd_int(findings, odd_column(findings, "last_time")), false,
                     ODD_TIME_NONE))
            receivers_know(server->receivers, findings);
}

static bool open_receivers(Server *server)
{
    server->news =
        (News){.started = clock_now(), .is_first = odd_store_position(server->store) == 0};
    return receivers_open(server->settings, &server->receivers, server->problem);
}

static bool open_live(Server *server)
{
    snprintf(server->lake, sizeof server->lake, "%s/lake", server->settings->data);
    LiveOptions options = live_options(server, server->settings);
    options.fold.seed = server->seed;
    options.listener = give_receivers;
    options.listener_context = server;
    options.restored = know_restored;
    bool good = live_open(server->intake, server->store, &options, &server->live, server->problem,
                          sizeof server->problem) == ODD_OK;
    tell_damages(server);
    return good;
}

static bool open_sources(Server *server)
{
    server->keepers = keepers_open(server->intake, server->settings);
    if (server->keepers == NULL)
        snprintf(server->problem, sizeof server->problem, "no memory for sources");
    return server->keepers != NULL;
}

static void say_sentence(void *context, const char *sentence)
{
    say(context, "%s", sentence);
}

static void open_definitions(Server *server, const Settings *settings)
{
    definitions_give(server->intake, server->live, settings, say_sentence, server);
}

/* Where it listens, for commands on the same folder.  A full disk is no reason not to serve: it is
 * tried again. */
static void write_file(Server *server)
{
    server->has_file =
        odd_store_holder(server->store, listening_address(server->listening)) == ODD_OK &&
        server_file_write(server->settings->data, server->listening);
}

static void open_file(Server *server)
{
    write_file(server);
    if (!server->has_file)
        say(server,
            "cannot write %s/server.json by now: %s; until then commands need --server http://%s",
            server->settings->data, strerror(errno), listening_address(server->listening));
}

static bool open_all(Server *server)
{
    return open_store(server) && choose_seed(server) && open_masks(server) && open_intake(server) &&
           open_receivers(server) && open_live(server) && open_listeners(server) &&
           open_sources(server);
}

/* Nobody new, then what is there becomes durable, then learnt, then saved. */
static void close_all(Server *server)
{
    double until = clock_seconds() + STOP_S;
    keepers_close(server->keepers);
    listening_close(server->listening, HTTP_CLOSE_S);
    if (server->intake != NULL)
        intake_stop(server->intake);
    double left = until - clock_seconds();
    live_close(server->live, left > LIVE_CLOSE_S ? left : LIVE_CLOSE_S);
    api_close(&server->api);
    receivers_close(server->receivers);
    intake_close(server->intake);
    odd_masks_close(server->masks);
    odd_store_close(server->store);
}

/* -- running ----------------------------------------------------------------------------------- */

typedef struct {
    const Server *server;
    int good, shown;
} Start;

#define SHOWN_MAX 12

static void tell_refused(void *context, const char *kind, const Watch *watch)
{
    Start *start = context;
    (void)kind;
    start->good += watch->state == WATCH_GOOD;
    if (watch->state == WATCH_GOOD || start->shown++ >= SHOWN_MAX)
        return;
    if (watch->cure != NULL)
        say(start->server, "cannot watch %s: %s; this would allow it: %s", watch->name,
            watch->cause, watch->cure);
    else
        say(start->server, "cannot watch %s: %s", watch->name, watch->cause);
}

/* When the sources have had a moment to look around. */
static void tell_watched(Server *server)
{
    Start start = {.server = server};
    keepers_describe(server->keepers, tell_refused, &start);
    if (start.shown > SHOWN_MAX)
        say(server, "and %d more cannot be watched; `oddball doctor` lists them",
            start.shown - SHOWN_MAX);
    say(server, "watching %d %s of this machine; what is learnt is kept in %s", start.good,
        start.good == 1 ? "place" : "places", server->settings->data);
}

static void tell_differs(void *context, const char *key, bool needs_restart)
{
    const Server *server = context;
    if (needs_restart)
        say(server, "%s is changed and needs a restart", key);
    else
        say(server, "%s is changed", key);
}

static void reloaded_free(Server *server)
{
    if (server->reloaded != NULL)
        settings_free(server->reloaded);
    free(server->reloaded);
    server->reloaded = NULL;
}

/* Takes the settings. */
static void apply(Server *server, Settings *fresh)
{
    LiveOptions options = live_options(server, fresh);
    char problem[SETTINGS_PROBLEM_SIZE];
    Receivers *receivers = NULL;
    settings_compare(server->reloaded != NULL ? server->reloaded : server->settings, fresh,
                     tell_differs, server);
    if (!receivers_open(fresh, &receivers, problem))
        say(server, "nothing is posted from now on: %s", problem);
    live_reconfigure(server->live, &options);
    open_definitions(server, fresh);
    pthread_mutex_lock(&server->reload_lock);
    Receivers *before = server->receivers;
    receivers_inherit(receivers, before);
    server->receivers = receivers;
    keepers_close(server->keepers);
    reloaded_free(server);
    server->reloaded = fresh;
    server->keepers = keepers_open(server->intake, fresh);
    if (server->keepers == NULL)
        say(server, "no memory for sources: nothing of this machine is watched until a restart");
    pthread_mutex_unlock(&server->reload_lock);
    WebhookCounts last = receivers_close(before);
    pthread_mutex_lock(&server->reload_lock);
    webhook_counts_add(&server->webhook_before, &last);
    pthread_mutex_unlock(&server->reload_lock);
}

/* Sources and receivers are begun anew; what needs a restart is said. */
static void reload(Server *server)
{
    Settings *fresh = calloc(1, sizeof *fresh);
    char problem[SETTINGS_PROBLEM_SIZE];
    notify_reloading(&server->notify);
    if (fresh == NULL || !server->options->load(server->options->context, fresh, problem)) {
        say(server, "the settings stay as they were: %s", fresh != NULL ? problem : "no memory");
        free(fresh);
    } else {
        apply(server, fresh);
    }
    notify_ready(&server->notify, NULL);
}

static void tell_status(Server *server)
{
    char status[512];
    LiveCounts live = live_counts(server->live);
    IntakeCounts intake = intake_counts(server->intake);
    snprintf(status, sizeof status, "%llu commits, %llu findings, %.1f s behind%s%s",
             (unsigned long long)intake.commits, (unsigned long long)live.findings, live.lag_s,
             live.trouble[0] != '\0' ? "; " : "", live.trouble);
    notify_status(&server->notify, status);
}

static void run_until_stopped(Server *server, const sigset_t *signals)
{
    double interval = notify_interval_s(&server->notify);
    struct timespec wait = {.tv_sec = interval > 0 && interval < 1 ? 0 : 1,
                            .tv_nsec = interval > 0 && interval < 1 ? (long)(interval * 1e9) : 0};
    for (unsigned rounds = 1;; rounds++) {
        int number = sigtimedwait(signals, NULL, &wait);
        if (number == SIGTERM || number == SIGINT)
            return;
        if (number == SIGHUP)
            reload(server);
        notify_alive(&server->notify);
        if (rounds == TOLD_ROUND && server->keepers != NULL)
            tell_watched(server);
        if (rounds % STATUS_EVERY_S == 0)
            tell_status(server);
        if (!server->has_file)
            write_file(server);
    }
}

bool serve(Settings *settings, const ServeOptions *options)
{
    static Server server; /* Large, and there is one. */
    server = (Server){.settings = settings, .options = options};
    pthread_mutex_init(&server.reload_lock, NULL);
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGINT);
    sigaddset(&signals, SIGHUP);
    pthread_sigmask(SIG_BLOCK, &signals, NULL); /* For the threads that are made from now on. */
    signal(SIGPIPE, SIG_IGN);
    prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0); /* Nor do its children; what refuses it is no worse. */
    mallopt(M_ARENA_MAX, ARENAS_MAX);
    notify_open(&server.notify);
    bool good = open_all(&server);
    if (good) {
        open_file(&server);
        open_definitions(&server, settings);
        listening_tell(server.listening, options->say);
        notify_ready(&server.notify, "watching");
        run_until_stopped(&server, &signals);
        notify_stopping(&server.notify, NULL);
        server_file_remove(settings->data);
    } else {
        say(&server, "cannot start: %s", server.problem);
    }
    close_all(&server);
    reloaded_free(&server);
    pthread_mutex_destroy(&server.reload_lock);
    notify_close(&server.notify);
    return good;
}
