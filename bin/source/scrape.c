/* SPDX-License-Identifier: Apache-2.0
 *
 * scrape.c - the source that asks exporters for their metrics, as Prometheus does: those that the
 * settings name, and well-known ones that listen on this machine.
 *
 * A few threads share the targets, so that one that does not answer delays no other.
 */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "source/give.h"
#include "source/listening.h"
#include "source/target.h"

#define TARGETS_MAX 256
#define WORKER_COUNT 3
#define WAIT_MS 250
#define LOOK_EVERY_NS (30 * NS_PER_S)    /* Around on this machine. */
#define PROVE_AGAIN_NS (300 * NS_PER_S)  /* What listens but is no exporter. */
#define FORGET_NS (300 * NS_PER_S)       /* What does not listen any more. */
#define INTERVAL_S_MIN 0.1
#define URL_SIZE 64

typedef struct {
    const SourceContext *context;
    double               interval_s;
    const char          *proc;
    pthread_mutex_t      lock; /* Of the targets. */
    Target              *targets[TARGETS_MAX];
    size_t               count;
    ProcText             text;
    int64_t              looked_ns;
    atomic_uint_fast64_t refusals;
} Scrape;

static void scrape_close(void *self)
{
    Scrape *scrape = self;
    for (size_t i = 0; i < scrape->count; i++)
        target_free(scrape->targets[i]);
    proc_free(&scrape->text);
    pthread_mutex_destroy(&scrape->lock);
    free(scrape);
}

static Target *target_add(Scrape *scrape, const char *url, const char *job)
{
    Target *target = scrape->count < TARGETS_MAX ? target_new(url, job) : NULL;
    if (target != NULL)
        scrape->targets[scrape->count++] = target;
    return target;
}

static void *scrape_open(const SourceContext *context)
{
    const Settings *settings = context->settings;
    if (!settings->discovery && settings->scrape.count == 0)
        return NULL;
    Scrape *scrape = calloc(1, sizeof *scrape);
    if (scrape == NULL)
        return NULL;
    pthread_mutex_init(&scrape->lock, NULL);
    scrape->context = context;
    scrape->proc = "/proc";
    scrape->interval_s =
        settings->scrape_interval_s > INTERVAL_S_MIN ? settings->scrape_interval_s : INTERVAL_S_MIN;
    scrape->looked_ns = -LOOK_EVERY_NS;
    for (size_t i = 0; i < settings->scrape.count; i++)
        target_add(scrape, settings->scrape.items[i], NULL);
    return scrape;
}

/* -- looking around ---------------------------------------------------------------------------- */

/* Found before, or named, by whatever name of this machine; else it is new. */
static Target *target_of(Scrape *scrape, const Listening *listening)
{
    char url[URL_SIZE];
    for (size_t i = 0; i < scrape->count; i++)
        if (scrape->targets[i]->local_port == listening->port)
            return scrape->targets[i];
    snprintf(url, sizeof url, "http://%s:%d/metrics", listening->six ? "[::1]" : "127.0.0.1",
             listening->port);
    Target *target = target_add(scrape, url, listening->job);
    if (target != NULL)
        target->found = true;
    return target;
}

static bool is_gone(Target *target, int64_t now_ns)
{
    if (!target->found || target->busy || target->seen) {
        target->unseen_ns = 0;
        return false;
    }
    if (target->unseen_ns == 0)
        target->unseen_ns = now_ns;
    return !target->proven || now_ns - target->unseen_ns > FORGET_NS;
}

static void look_around(Scrape *scrape, int64_t now_ns)
{
    Listening listening[LISTENING_MAX];
    if (!scrape->context->settings->discovery || now_ns - scrape->looked_ns < LOOK_EVERY_NS)
        return;
    scrape->looked_ns = now_ns;
    size_t found = listening_find(&scrape->text, scrape->proc, listening), kept = 0;
    pthread_mutex_lock(&scrape->lock);
    for (size_t i = 0; i < scrape->count; i++)
        scrape->targets[i]->seen = false;
    for (size_t i = 0; i < found; i++) {
        Target *target = target_of(scrape, &listening[i]);
        if (target != NULL)
            target->seen = true;
    }
    for (size_t i = 0; i < scrape->count; i++) {
        if (is_gone(scrape->targets[i], now_ns))
            target_free(scrape->targets[i]);
        else
            scrape->targets[kept++] = scrape->targets[i];
    }
    scrape->count = kept;
    pthread_mutex_unlock(&scrape->lock);
}

/* -- scraping ---------------------------------------------------------------------------------- */

static Target *take_due(Scrape *scrape, int64_t now_ns)
{
    Target *first = NULL;
    pthread_mutex_lock(&scrape->lock);
    for (size_t i = 0; i < scrape->count; i++) {
        Target *target = scrape->targets[i];
        if (!target->busy && target->due_ns <= now_ns &&
            (first == NULL || target->due_ns < first->due_ns))
            first = target;
    }
    if (first != NULL)
        first->busy = true;
    pthread_mutex_unlock(&scrape->lock);
    return first;
}

/* Moments that were missed are left out. */
static int64_t next_due(const Scrape *scrape, const Target *target, int64_t now_ns)
{
    int64_t interval_ns = (int64_t)(scrape->interval_s * (double)NS_PER_S);
    if (target->found && !target->proven)
        return now_ns + PROVE_AGAIN_NS;
    int64_t due_ns = target->due_ns + interval_ns;
    return due_ns > now_ns ? due_ns : now_ns + interval_ns;
}

static void put_back(Scrape *scrape, Target *target, const TargetResult *result)
{
    pthread_mutex_lock(&scrape->lock);
    target->busy = false;
    target->proven |= result->good;
    target->samples += result->samples;
    target->bytes += result->bytes;
    memcpy(target->problem, result->problem, sizeof target->problem);
    target->due_ns = next_due(scrape, target, monotonic_now());
    pthread_mutex_unlock(&scrape->lock);
}

static void *work(void *what)
{
    Scrape      *scrape = what;
    TargetScrape how = {.context = scrape->context,
                        .client = client_open(),
                        .interval_s = scrape->interval_s,
                        .refusals = &scrape->refusals};
    while (how.client != NULL && !give_stopped(scrape->context)) {
        Target *target = take_due(scrape, monotonic_now());
        if (target == NULL) {
            give_pause(scrape->context, WAIT_MS * NS_PER_MS);
            continue;
        }
        TargetResult result = target_scrape(target, &how);
        put_back(scrape, target, &result);
    }
    client_close(how.client);
    return NULL;
}

static void scrape_run(void *self)
{
    Scrape   *scrape = self;
    pthread_t workers[WORKER_COUNT];
    size_t    count = 0;
    look_around(scrape, monotonic_now());
    while (count < WORKER_COUNT && pthread_create(&workers[count], NULL, work, scrape) == 0)
        count++;
    if (count == 0)
        work(
            scrape); /* There is no room for threads: then it is this one, and no looking around. */
    while (!give_pause(scrape->context, NS_PER_S))
        look_around(scrape, monotonic_now());
    for (size_t i = 0; i < count; i++)
        pthread_join(workers[i], NULL);
}

static void scrape_describe(void *self, void (*tell)(void *context, const Watch *watch),
                            void *context)
{
    Scrape *scrape = self;
    pthread_mutex_lock(&scrape->lock);
    for (size_t i = 0; i < scrape->count; i++) {
        const Target *target = scrape->targets[i];
        if (target->found && !target->proven)
            continue;
        bool good = target->problem[0] == '\0';
        tell(context, &(Watch){.name = target->name,
                               .source = target->source,
                               .state = good ? WATCH_GOOD : WATCH_BROKEN,
                               .cause = good ? NULL : target->problem,
                               .events = target->samples,
                               .bytes = target->bytes});
    }
    pthread_mutex_unlock(&scrape->lock);
}

const SourceKind source_scrape = {.name = "scrape",
                                  .summary = "exporters of Prometheus, named or found listening",
                                  .open = scrape_open,
                                  .run = scrape_run,
                                  .describe = scrape_describe,
                                  .close = scrape_close};
