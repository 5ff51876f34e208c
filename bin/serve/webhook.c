/* SPDX-License-Identifier: Apache-2.0 */
#include "serve/webhook.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "http/client.h"
#include "http/json_tree.h"
#include "serve/hmac.h"
#include "serve/standing.h"

#define RETRY_FIRST_S 1.0
#define RETRY_MOST_S 300.0
#define RETRY_AFTER_MOST_S 3600.0
#define FAREWELL_S 0.6  /* For what waits when it is closed. */
#define ANSWER_BYTES_MAX 65536
#define SECRET_SIZE 4096
#define KEY_TEXT_SIZE 160
#define HEADERS_MAX 8
#define HEADER_SIZE 224

struct Webhook {
    char           *url, *secret;
    char           *mail_from, *mail_to; /* NULL: no mail. */
    Reach           reach;
    double          retry_first_s, retry_most_s;
    bool            is_plain;
    double          again_s;
    double          again_at; /* On the monotonic clock. */
    Standing        standing;
    Client         *client;
    pthread_t       thread;
    pthread_mutex_t lock;
    pthread_cond_t  changed;
    atomic_bool     stop;     /* Ends an attempt and a wait.    */
    bool            closing;  /* No attempt is made again ...   */
    double          leave_at; /* ... and none behind this.       */
    bool            idle;     /* Nothing waits, nothing is sent. */
    char           *waiting[WEBHOOK_WAITING_MAX];
    size_t          first, count;
    WebhookCounts   counts;
};

typedef enum { TAKEN, REFUSED, AGAIN } Verdict;

static double seconds_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static struct timespec moment_at(double seconds)
{
    struct timespec moment = {.tv_sec = (time_t)seconds};
    moment.tv_nsec = (long)((seconds - (double)moment.tv_sec) * 1e9);
    return moment;
}

static struct timespec moment_after(double seconds)
{
    return moment_at(seconds_now() + seconds);
}

/* -- one attempt ------------------------------------------------------------------------------ */

/* "ID-STATE", of letters that may stand in a header. */
static void key_write(const char *json, char *to)
{
    char        problem[128];
    const char *id = "", *state = "";
    JsonTree   *tree = json_tree_read(json, strlen(json), problem, sizeof problem);
    json_tree_text(json_tree_member(tree, "id"), &id, NULL);
    json_tree_text(json_tree_member(tree, "state"), &state, NULL);
    snprintf(to, KEY_TEXT_SIZE, "%.100s-%.40s", id, state);
    for (char *c = to; *c; c++)
        *c = *c > ' ' && *c < 0x7f ? *c : '_';
    json_tree_free(tree);
}

static size_t headers_write(const Webhook *webhook, const char *json, char (*lines)[HEADER_SIZE],
                            const char **headers)
{
    char   key[KEY_TEXT_SIZE], signature[HMAC_TEXT_SIZE];
    size_t count = 0;
    snprintf(lines[count++], HEADER_SIZE, "Content-Type: application/json");
    headers[0] = lines[0];
    if (webhook->is_plain)
        return count;
    key_write(json, key);
    snprintf(lines[count++], HEADER_SIZE, "Idempotency-Key: %s", key);
    snprintf(lines[count++], HEADER_SIZE, "X-Oddball-Timestamp: %lld", (long long)time(NULL));
    snprintf(lines[count++], HEADER_SIZE, "ce-specversion: 1.0");
    snprintf(lines[count++], HEADER_SIZE, "ce-type: oddball.finding");
    snprintf(lines[count++], HEADER_SIZE, "ce-source: /oddball");
    snprintf(lines[count++], HEADER_SIZE, "ce-id: %s", key);
    if (webhook->secret[0] &&
        hmac_sha256(webhook->secret, strlen(webhook->secret), json, strlen(json), signature))
        snprintf(lines[count++], HEADER_SIZE, "X-Oddball-Signature: sha256=%s", signature);
    for (size_t i = 0; i < count; i++)
        headers[i] = lines[i];
    return count;
}

static bool may_come_again(const Webhook *webhook, int status)
{
    if (webhook->mail_from != NULL)
        return status < 500; /* RFC 5321: 4yz is for now, 5yz for ever. */
    return status == 0 || status == 408 || status == 425 || status == 429 || status >= 500;
}

static void trouble_note(Webhook *webhook, const ClientAnswer *answer, int status)
{
    char origin[160] = "the webhook", *trouble = webhook->counts.trouble;
    client_origin(webhook->url, origin, sizeof origin);
    if (status == 0)
        snprintf(trouble, sizeof webhook->counts.trouble, "%s", answer->problem);
    else
        snprintf(trouble, sizeof webhook->counts.trouble, "%s answered %d to a finding%s", origin,
                 status,
                 may_come_again(webhook, status) ? ", which is sent again"
                                                 : ", which is not sent again");
}

static Verdict attempt(Webhook *webhook, const char *json, bool is_first, double *ret_retry_after_s)
{
    char         lines[HEADERS_MAX][HEADER_SIZE];
    const char  *headers[HEADERS_MAX];
    ClientAnswer answer;
    ClientRequest request = {.url = webhook->url,
                             .headers = headers,
                             .header_count = headers_write(webhook, json, lines, headers),
                             .body = json,
                             .body_size = strlen(json),
                             .mail_from = webhook->mail_from,
                             .mail_to = webhook->mail_to,
                             .total_s = 15,
                             .answer_bytes = ANSWER_BYTES_MAX,
                             .reach = webhook->reach,
                             .stop = &webhook->stop};
    client_ask(webhook->client, &request, &answer);
    int     status = answer.head_status; /* Whatever its body is. */
    Verdict verdict = status >= 200 && status < 300 ? TAKEN
                      : may_come_again(webhook, status) ? AGAIN
                                                        : REFUSED;
    *ret_retry_after_s = answer.retry_after_s;
    pthread_mutex_lock(&webhook->lock);
    webhook->counts.delivered += verdict == TAKEN;
    webhook->counts.refused += verdict == REFUSED;
    webhook->counts.attempts_failed += verdict != TAKEN;
    webhook->counts.retried += !is_first;
    if (verdict == TAKEN)
        webhook->counts.trouble[0] = '\0';
    else if (!answer.stopped)
        trouble_note(webhook, &answer, status);
    pthread_mutex_unlock(&webhook->lock);
    client_answer_free(&answer);
    return verdict;
}

/* -- the thread ------------------------------------------------------------------------------- */

/* Between half of it and all of it, so that those who failed together do not come back together:
 * the low digits of a clock are as good as dice for that. */
static double with_jitter(double seconds)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return seconds * (0.5 + (double)(now.tv_nsec / 1000 % 1000) / 2000);
}

/* Waits, if it is not closed first. */
static bool wait_before_next(Webhook *webhook, double seconds)
{
    struct timespec until = moment_after(seconds);
    int             rc = 0;
    pthread_mutex_lock(&webhook->lock);
    while (rc == 0 && !webhook->closing)
        rc = pthread_cond_timedwait(&webhook->changed, &webhook->lock, &until);
    bool goes_on = !webhook->closing;
    pthread_mutex_unlock(&webhook->lock);
    return goes_on;
}

/* Until it is taken, refused, or all is closed; false: closed. */
static bool deliver(Webhook *webhook, const char *json)
{
    double pause_s = webhook->retry_first_s;
    for (bool is_first = true; !atomic_load(&webhook->stop); is_first = false) {
        double retry_after_s = 0;
        if (attempt(webhook, json, is_first, &retry_after_s) != AGAIN)
            return true;
        if (retry_after_s > RETRY_AFTER_MOST_S)
            retry_after_s = RETRY_AFTER_MOST_S;
        double wait_s = with_jitter(pause_s);
        if (!wait_before_next(webhook, wait_s > retry_after_s ? wait_s : retry_after_s))
            return false;
        pause_s = pause_s * 2 < webhook->retry_most_s ? pause_s * 2 : webhook->retry_most_s;
    }
    return false;
}

/* Behind what waits.  With the lock. */
static void put_waiting(Webhook *webhook, const char *json)
{
    char *copy = strdup(json);
    webhook->counts.dropped += copy == NULL;
    if (copy == NULL)
        return;
    if (webhook->count == WEBHOOK_WAITING_MAX) {
        free(webhook->waiting[webhook->first]);
        webhook->first = (webhook->first + 1) % WEBHOOK_WAITING_MAX;
        webhook->count--;
        webhook->counts.dropped++;
    }
    webhook->waiting[(webhook->first + webhook->count++) % WEBHOOK_WAITING_MAX] = copy;
}

/* Until there is something, or what stands is due.  With the lock. */
static void wait_for_some(Webhook *webhook)
{
    webhook->idle = true;
    if (webhook->standing.count == 0) {
        pthread_cond_wait(&webhook->changed, &webhook->lock);
        return;
    }
    struct timespec until = moment_at(webhook->again_at);
    pthread_cond_timedwait(&webhook->changed, &webhook->lock, &until);
    if (webhook->count > 0 || webhook->closing || seconds_now() < webhook->again_at)
        return;
    for (size_t i = 0; i < webhook->standing.count; i++)
        put_waiting(webhook, webhook->standing.texts[i]);
    webhook->again_at = seconds_now() + webhook->again_s;
}

/* The oldest that waits, to be freed; NULL: closed, and nothing waits. */
static char *take(Webhook *webhook)
{
    char *json = NULL;
    pthread_mutex_lock(&webhook->lock);
    while (webhook->count == 0 && !webhook->closing)
        wait_for_some(webhook);
    webhook->idle = false;
    if (webhook->count > 0) {
        json = webhook->waiting[webhook->first];
        webhook->first = (webhook->first + 1) % WEBHOOK_WAITING_MAX;
        webhook->count--;
    }
    pthread_mutex_unlock(&webhook->lock);
    return json;
}

static void *work(void *context)
{
    Webhook *webhook = context;
    char    *json;
    bool     goes_on = true;
    while (goes_on && (json = take(webhook)) != NULL) {
        goes_on = deliver(webhook, json);
        free(json);
    }
    pthread_mutex_lock(&webhook->lock);
    webhook->counts.dropped += !goes_on;
    webhook->idle = true;
    pthread_cond_broadcast(&webhook->changed);
    pthread_mutex_unlock(&webhook->lock);
    return NULL;
}

/* -- from outside ----------------------------------------------------------------------------- */

void webhook_give(Webhook *webhook, const char *json)
{
    pthread_mutex_lock(&webhook->lock);
    put_waiting(webhook, json);
    pthread_cond_broadcast(&webhook->changed);
    pthread_mutex_unlock(&webhook->lock);
}

void webhook_stand(Webhook *webhook, const char *key, const char *json, bool over)
{
    pthread_mutex_lock(&webhook->lock);
    if (webhook->again_s > 0) {
        if (webhook->standing.count == 0)
            webhook->again_at = seconds_now() + webhook->again_s;
        standing_set(&webhook->standing, key, over ? NULL : json);
    }
    put_waiting(webhook, json);
    pthread_cond_broadcast(&webhook->changed);
    pthread_mutex_unlock(&webhook->lock);
}

WebhookCounts webhook_counts(Webhook *webhook)
{
    pthread_mutex_lock(&webhook->lock);
    WebhookCounts counts = webhook->counts;
    counts.waiting = webhook->count;
    pthread_mutex_unlock(&webhook->lock);
    return counts;
}

static void release(Webhook *webhook)
{
    for (; webhook->count > 0; webhook->count--) {
        free(webhook->waiting[webhook->first]);
        webhook->first = (webhook->first + 1) % WEBHOOK_WAITING_MAX;
    }
    standing_clear(&webhook->standing);
    client_close(webhook->client);
    pthread_cond_destroy(&webhook->changed);
    pthread_mutex_destroy(&webhook->lock);
    if (webhook->secret != NULL)
        memset(webhook->secret, 0, strlen(webhook->secret));
    free(webhook->secret);
    free(webhook->mail_from);
    free(webhook->mail_to);
    free(webhook->url);
    free(webhook);
}

Webhook *webhook_open(const WebhookOptions *options, char *problem)
{
    char     origin[160];
    Webhook *webhook = NULL;
    bool is_mail = options->mail_from != NULL;
    if (client_is_mail(options->url) != is_mail ||
        !client_origin(options->url, origin, sizeof origin)) {
        snprintf(problem, SETTINGS_PROBLEM_SIZE, "%s",
                 is_mail ? "mail is given to no address of smtp or smtps; a good one is "
                           "smtps://mail.example.com"
                         : "webhook is no address of http or https; a good one is "
                           "https://hooks.example.com/oddball");
        return NULL;
    }
    webhook = calloc(1, sizeof *webhook);
    if (webhook == NULL) {
        snprintf(problem, SETTINGS_PROBLEM_SIZE, "there is no memory for the webhook");
        return NULL;
    }
    pthread_condattr_t attributes;
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(&webhook->changed, &attributes);
    pthread_condattr_destroy(&attributes);
    pthread_mutex_init(&webhook->lock, NULL);
    webhook->url = strdup(options->url);
    webhook->secret = strdup(options->secret ? options->secret : "");
    webhook->mail_from = is_mail ? strdup(options->mail_from) : NULL;
    webhook->mail_to = is_mail ? strdup(options->mail_to) : NULL;
    webhook->reach = options->public_only ? REACH_PUBLIC : REACH_ALL;
    webhook->retry_first_s = options->retry_first_s > 0 ? options->retry_first_s : RETRY_FIRST_S;
    webhook->retry_most_s = options->retry_most_s > 0 ? options->retry_most_s : RETRY_MOST_S;
    webhook->is_plain = options->is_plain;
    webhook->again_s = options->again_s;
    webhook->client = client_open();
    if (webhook->url == NULL || webhook->secret == NULL || webhook->client == NULL ||
        (is_mail && (webhook->mail_from == NULL || webhook->mail_to == NULL)) ||
        pthread_create(&webhook->thread, NULL, work, webhook) != 0) {
        snprintf(problem, SETTINGS_PROBLEM_SIZE,
                 "there is no memory for the webhook, or no thread");
        release(webhook);
        return NULL;
    }
    return webhook;
}

bool webhook_is_allowed(const Settings *settings, const char *url)
{
    char host[256] = "";
    client_host(url, host, sizeof host); /* webhook_open says if it has none. */
    if (reach_host_is_plain(host))
        return true;
    for (size_t i = 0; i < settings->webhook_allow.count; i++)
        if (strcasecmp(settings->webhook_allow.items[i], host) == 0)
            return true;
    return false;
}

bool webhook_open_settings(const Settings *settings, Webhook **ret, char *problem)
{
    char secret[SECRET_SIZE];
    *ret = NULL;
    if (settings->webhook[0] == '\0')
        return true;
    if (!settings_secret(settings->webhook_secret_file, secret, sizeof secret, problem))
        return false;
    bool allowed = webhook_is_allowed(settings, settings->webhook);
    const WebhookOptions options = {
        .url = settings->webhook, .secret = secret, .public_only = !allowed};
    *ret = webhook_open(&options, problem);
    memset(secret, 0, sizeof secret);
    return *ret != NULL;
}

void webhook_leave(Webhook *webhook)
{
    if (webhook == NULL)
        return;
    pthread_mutex_lock(&webhook->lock);
    if (!webhook->closing)
        webhook->leave_at = seconds_now() + FAREWELL_S;
    webhook->closing = true;
    pthread_cond_broadcast(&webhook->changed);
    pthread_mutex_unlock(&webhook->lock);
}

WebhookCounts webhook_close(Webhook *webhook)
{
    if (webhook == NULL)
        return (WebhookCounts){0};
    webhook_leave(webhook);
    struct timespec until = moment_at(webhook->leave_at);
    int             rc = 0;
    pthread_mutex_lock(&webhook->lock);
    while (rc == 0 && !(webhook->idle && webhook->count == 0))
        rc = pthread_cond_timedwait(&webhook->changed, &webhook->lock, &until);
    pthread_mutex_unlock(&webhook->lock);
    atomic_store(&webhook->stop, true);
    pthread_join(webhook->thread, NULL);
    WebhookCounts counts = webhook->counts;
    counts.dropped += webhook->count;
    release(webhook);
    return counts;
}

void webhook_inherit(Webhook *webhook, Webhook *from)
{
    pthread_mutex_lock(&from->lock);
    Standing standing = from->standing;
    from->standing = (Standing){0};
    pthread_mutex_unlock(&from->lock);
    pthread_mutex_lock(&webhook->lock);
    standing_clear(&webhook->standing);
    webhook->standing = standing;
    webhook->again_at = seconds_now() + webhook->again_s;
    pthread_cond_broadcast(&webhook->changed);
    pthread_mutex_unlock(&webhook->lock);
}

void webhook_counts_add(WebhookCounts *counts, const WebhookCounts *more)
{
    counts->delivered += more->delivered;
    counts->refused += more->refused;
    counts->dropped += more->dropped;
    counts->attempts_failed += more->attempts_failed;
    counts->retried += more->retried;
    counts->waiting += more->waiting;
    if (counts->trouble[0] == '\0')
        memcpy(counts->trouble, more->trouble, sizeof counts->trouble);
}
