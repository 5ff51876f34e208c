/* SPDX-License-Identifier: Apache-2.0 */
#include "intake.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "room.h"

#define BATCH_BYTES_MAX (8u << 20) /* Of a commit, unless one request alone is larger. */
#define BATCH_COUNT_MAX 4096
#define RETRY_NS 1000000000        /* A disk that failed is tried again after so long. */
#define MS 1000000                 /* In ns. */
#define WAITING_BYTES 512          /* What a request costs beside its bytes, about. */

/* -- clocks ------------------------------------------------------------------------------------ */

int64_t intake_clock_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

struct timespec intake_until(int64_t ns)
{
    return (struct timespec){.tv_sec = ns / 1000000000, .tv_nsec = ns % 1000000000};
}

bool intake_cond_init(pthread_cond_t *condition)
{
    pthread_condattr_t attributes;
    if (pthread_condattr_init(&attributes) != 0)
        return false;
    bool good = pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC) == 0 &&
                pthread_cond_init(condition, &attributes) == 0;
    pthread_condattr_destroy(&attributes);
    return good;
}

static odd_time known_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return (odd_time)now.tv_sec * 1000000000 + now.tv_nsec;
}

/* -- giving ------------------------------------------------------------------------------------ */

static void answer(const Waiting *waiting, IntakeResult result)
{
    odd_events_close(waiting->events);
    waiting->done(waiting->context, result);
}

static void count_refusal(Intake *intake, IntakeStatus status)
{
    IntakeCounts *counts = &intake->counts;
    counts->known += status == INTAKE_KNOWN;
    counts->full += status == INTAKE_FULL;
    counts->no_space += status == INTAKE_NO_SPACE;
    counts->failed += status == INTAKE_FAILED;
    counts->stopped += status == INTAKE_STOPPED;
}

static bool is_full(const Intake *intake)
{
    const IntakeOptions *options = &intake->options;
    return atomic_load(&intake->queue_bytes) >= options->queue_bytes_max ||
           (options->is_behind != NULL && options->is_behind(options->context));
}

/* While a disk that failed is left in peace, requests are refused at once. */
static IntakeStatus status_now(const Intake *intake)
{
    if (intake->stopping)
        return INTAKE_STOPPED;
    IntakeStatus refusing = (IntakeStatus)atomic_load(&intake->refusing);
    if (refusing != INTAKE_STORED && intake_clock_ns() < intake->retry_ns)
        return refusing;
    return INTAKE_STORED;
}

void intake_give(Intake *intake, odd_events *events, IntakeDone done, void *context)
{
    Waiting refused = {.events = events, .done = done, .context = context};
    Waiting *waiting = malloc(sizeof *waiting);
    bool full = waiting == NULL || is_full(intake);
    pthread_mutex_lock(&intake->lock);
    IntakeStatus status = status_now(intake);
    if (status == INTAKE_STORED && full)
        status = INTAKE_FULL;
    if (status == INTAKE_STORED) {
        *waiting = refused;
        waiting->bytes = odd_events_count(events).encoded_bytes + WAITING_BYTES;
        atomic_fetch_add(&intake->queue_bytes, waiting->bytes);
        *intake->last = waiting;
        intake->last = &waiting->next;
        pthread_cond_signal(&intake->given);
        pthread_mutex_unlock(&intake->lock);
        return;
    }
    count_refusal(intake, status);
    pthread_mutex_unlock(&intake->lock);
    free(waiting);
    answer(&refused, (IntakeResult){status, intake->options.retry_after_s, 0});
}

IntakeStatus intake_outlook(const Intake *intake)
{
    IntakeStatus refusing = (IntakeStatus)atomic_load(&intake->refusing);
    return refusing == INTAKE_STORED && is_full(intake) ? INTAKE_FULL : refusing;
}

bool intake_has_room(const Intake *intake)
{
    return intake_outlook(intake) == INTAKE_STORED;
}

typedef struct {
    pthread_mutex_t lock;
    pthread_cond_t  answered;
    bool            is_answered;
    IntakeResult    result;
} Wait;

static void wake(void *context, IntakeResult result)
{
    Wait *wait = context;
    pthread_mutex_lock(&wait->lock);
    wait->result = result;
    wait->is_answered = true;
    pthread_cond_signal(&wait->answered);
    pthread_mutex_unlock(&wait->lock);
}

IntakeResult intake_wait(Intake *intake, odd_events *events)
{
    Wait wait = {.lock = PTHREAD_MUTEX_INITIALIZER, .answered = PTHREAD_COND_INITIALIZER};
    intake_give(intake, events, wake, &wait);
    pthread_mutex_lock(&wait.lock);
    while (!wait.is_answered)
        pthread_cond_wait(&wait.answered, &wait.lock);
    pthread_mutex_unlock(&wait.lock);
    pthread_cond_destroy(&wait.answered);
    pthread_mutex_destroy(&wait.lock);
    return wait.result;
}

const odd_masks *intake_masks(const Intake *intake)
{
    return intake->masks;
}

odd_store *intake_store_take(Intake *intake)
{
    pthread_mutex_lock(&intake->store_lock);
    return intake->store;
}

void intake_store_give_back(Intake *intake)
{
    pthread_mutex_unlock(&intake->store_lock);
}

uint64_t intake_position(Intake *intake)
{
    pthread_mutex_lock(&intake->lock);
    uint64_t position = intake->position;
    pthread_mutex_unlock(&intake->lock);
    return position;
}

uint64_t intake_stored_bytes(const Intake *intake)
{
    return atomic_load(&intake->stored_bytes);
}

char *intake_reader_position(Intake *intake, const char *source)
{
    pthread_mutex_lock(&intake->store_lock);
    char *position = strdup(odd_store_reader(intake->store, source));
    pthread_mutex_unlock(&intake->store_lock);
    return position;
}

/* -- the thread -------------------------------------------------------------------------------- */

struct Batch {
    Waiting    *items[BATCH_COUNT_MAX];
    odd_events *events[BATCH_COUNT_MAX + 1]; /* And the tick. */
    odd_rc      results[BATCH_COUNT_MAX + 1];
    size_t      count, bytes;
    odd_events *tick;     /* Kept for the next one. */
    bool        has_tick; /* It stands behind the last item. */
};

/* What waits, up to a commit's size; the lock is held. */
static void take_batch(Intake *intake, Batch *batch)
{
    batch->count = batch->bytes = 0;
    while (intake->first != NULL && batch->count < BATCH_COUNT_MAX) {
        Waiting *waiting = intake->first;
        if (batch->count > 0 && batch->bytes + waiting->bytes > BATCH_BYTES_MAX)
            break;
        intake->first = waiting->next;
        batch->items[batch->count] = waiting;
        batch->events[batch->count++] = waiting->events;
        batch->bytes += waiting->bytes;
    }
    if (intake->first == NULL)
        intake->last = &intake->first;
}

static int64_t tick_due_ns(const Intake *intake)
{
    if (atomic_load(&intake->refusing) != INTAKE_STORED)
        return intake->retry_ns;
    int ms = intake->has_data ? intake->options.tick_ms : intake->options.idle_tick_ms;
    return intake->tick_ns + (int64_t)ms * MS;
}

/* A tick ends the commit if it is time for one; without memory it comes with a later commit.  While
 * the disk refuses, it is what tries whether it still does. */
static void add_tick(Intake *intake, Batch *batch, int64_t now)
{
    if (batch->count > 0)
        intake->has_data = true;
    odd_events_clear(batch->tick, known_now());
    batch->has_tick = now >= tick_due_ns(intake) && odd_events_tick(batch->tick) == ODD_OK;
    if (batch->has_tick)
        batch->events[batch->count] = batch->tick;
}

static IntakeStatus status_of(odd_rc rc)
{
    switch (rc) {
    case ODD_OK:
        return INTAKE_STORED;
    case ODD_EXISTS:
        return INTAKE_KNOWN;
    case ODD_SPACE:
        return INTAKE_NO_SPACE;
    case ODD_NOMEM:
    case ODD_FULL:
        return INTAKE_FULL;
    default:
        return INTAKE_FAILED;
    }
}

/* One run of all that was stored, as the journal has it.  NULL: none, or no memory; then the
 * follower reads the journal. */
static odd_events *stored_events(const Batch *batch)
{
    odd_events *stored;
    if (odd_events_open(NULL, 0, &stored) != ODD_OK)
        return NULL;
    size_t count = batch->count + batch->has_tick;
    for (size_t i = 0; i < count; i++)
        if (batch->results[i] == ODD_OK && odd_events_append(stored, batch->events[i]) != ODD_OK) {
            odd_events_close(stored);
            return NULL;
        }
    return stored;
}

static void count_commit(Intake *intake, const Batch *batch, int64_t ns, odd_rc rc)
{
    IntakeCounts *counts = &intake->counts;
    for (size_t i = 0; i < batch->count; i++) {
        odd_rc result = rc == ODD_OK ? batch->results[i] : rc;
        count_refusal(intake, status_of(result));
        if (result == ODD_OK) {
            odd_event_counts stored = odd_events_count(batch->events[i]);
            counts->events += stored.events;
            counts->bytes += stored.encoded_bytes;
            atomic_fetch_add(&intake->stored_bytes, stored.encoded_bytes);
            for (int kind = 0; kind < ODD_MASK_KIND_COUNT; kind++)
                counts->masked[kind] += stored.masked_of[kind];
            counts->cut += stored.cut;
        }
    }
    if (rc != ODD_OK)
        return;
    counts->commits++;
    counts->ticks += batch->has_tick;
    delays_add(&intake->delays, ns);
}

/* After a failure the disk is left in peace for a while; the first success ends that. */
static void note_outcome(Intake *intake, const Batch *batch, odd_rc rc, const char *sentence,
                         int64_t now)
{
    bool is_trouble = rc != ODD_OK && rc != ODD_NOMEM && rc != ODD_FULL;
    atomic_store(&intake->refusing, is_trouble ? (int)status_of(rc) : (int)INTAKE_STORED);
    intake->retry_ns = is_trouble ? now + RETRY_NS : 0;
    snprintf(intake->counts.trouble, sizeof intake->counts.trouble, "%s",
             rc != ODD_OK ? sentence : "");
    if (rc == ODD_OK && batch->has_tick)
        intake->has_data = false;
    if (batch->has_tick)
        intake->tick_ns = now;
}

static void commit(Intake *intake, Batch *batch)
{
    size_t count = batch->count + batch->has_tick;
    char sentence[256] = "";
    uint64_t position = 0;
    int64_t begun = intake_clock_ns();
    pthread_mutex_lock(&intake->store_lock);
    uint64_t before = odd_store_position(intake->store);
    odd_rc rc = odd_store_commit(intake->store, batch->events, count, batch->results, &position);
    if (rc != ODD_OK)
        snprintf(sentence, sizeof sentence, "%s", odd_store_errmsg(intake->store));
    pthread_mutex_unlock(&intake->store_lock);
    int64_t ended = intake_clock_ns();
    odd_events *stored = NULL;
    if (rc == ODD_OK && position > before && atomic_load(&intake->followed))
        stored = stored_events(batch);
    pthread_mutex_lock(&intake->lock);
    count_commit(intake, batch, ended - begun, rc);
    note_outcome(intake, batch, rc, sentence, ended);
    kept_add(intake, stored, position);
    atomic_fetch_sub(&intake->queue_bytes, batch->bytes);
    pthread_mutex_unlock(&intake->lock);
    for (size_t i = 0; i < batch->count; i++) {
        IntakeStatus status = status_of(rc == ODD_OK ? batch->results[i] : rc);
        answer(batch->items[i], (IntakeResult){status, intake->options.retry_after_s, position});
        free(batch->items[i]);
    }
}

/* Waits for something to commit, or a tick that is due; the lock is held.  False: the end. */
static bool wait_for_work(Intake *intake)
{
    while (intake->first == NULL) {
        int64_t due = tick_due_ns(intake);
        if (intake->stopping)
            return false;
        if (intake_clock_ns() >= due)
            return true;
        struct timespec until = intake_until(due);
        pthread_cond_timedwait(&intake->given, &intake->lock, &until);
    }
    return true;
}

/* What came is learnt as far as a tick stands behind it, and saved only there. */
static void last_tick(Intake *intake, Batch *batch)
{
    if (!intake->has_data || atomic_load(&intake->refusing) != INTAKE_STORED)
        return;
    batch->count = batch->bytes = 0;
    add_tick(intake, batch, tick_due_ns(intake));
    if (batch->has_tick)
        commit(intake, batch);
}

static void *run(void *context)
{
    Intake *intake = context;
    Batch *batch = intake->batch;
    pthread_mutex_lock(&intake->lock);
    while (wait_for_work(intake)) {
        take_batch(intake, batch);
        pthread_mutex_unlock(&intake->lock);
        add_tick(intake, batch, intake_clock_ns());
        commit(intake, batch);
        pthread_mutex_lock(&intake->lock);
    }
    pthread_mutex_unlock(&intake->lock);
    last_tick(intake, batch);
    return NULL;
}

/* -- open and close ---------------------------------------------------------------------------- */

static IntakeOptions filled(const IntakeOptions *options)
{
    IntakeOptions all = options != NULL ? *options : (IntakeOptions){0};
    if (all.queue_bytes_max == 0)
        all.queue_bytes_max = 64u << 20;
    if (all.kept_bytes_max == 0)
        all.kept_bytes_max = 32u << 20;
    if (all.tick_ms == 0)
        all.tick_ms = 1000;
    if (all.idle_tick_ms == 0)
        all.idle_tick_ms = 10000;
    if (all.retry_after_s == 0)
        all.retry_after_s = 2;
    return all;
}

static void batch_free(Batch *batch)
{
    odd_events_close(batch->tick);
    free(batch);
}

odd_rc intake_open(odd_store *store, const odd_masks *masks, const IntakeOptions *options,
                   Intake **ret_intake)
{
    Intake *intake = calloc(1, sizeof *intake);
    Batch *batch = calloc(1, sizeof *batch);
    if (intake == NULL || batch == NULL || odd_events_open(NULL, 0, &batch->tick) != ODD_OK) {
        free(intake);
        free(batch);
        return ODD_NOMEM;
    }
    intake->batch = batch;
    intake->position = odd_store_position(store);
    intake->store = store;
    intake->masks = masks;
    intake->options = filled(options);
    intake->last = &intake->first;
    intake->kept_last = &intake->kept_first;
    intake->tick_ns = intake_clock_ns();
    pthread_mutex_init(&intake->lock, NULL);
    pthread_mutex_init(&intake->store_lock, NULL);
    if (!intake_cond_init(&intake->given) || !intake_cond_init(&intake->committed) ||
        pthread_create(&intake->thread, NULL, run, intake) != 0) {
        batch_free(batch);
        free(intake);
        return ODD_NOMEM;
    }
    *ret_intake = intake;
    return ODD_OK;
}

void intake_stop(Intake *intake)
{
    pthread_mutex_lock(&intake->lock);
    bool first = !intake->stopping;
    intake->stopping = true;
    pthread_cond_signal(&intake->given);
    pthread_mutex_unlock(&intake->lock);
    if (first)
        pthread_join(intake->thread, NULL);
}

void intake_close(Intake *intake)
{
    if (intake == NULL)
        return;
    intake_stop(intake);
    kept_drop_all(intake);
    batch_free(intake->batch);
    pthread_cond_destroy(&intake->given);
    pthread_cond_destroy(&intake->committed);
    pthread_mutex_destroy(&intake->lock);
    pthread_mutex_destroy(&intake->store_lock);
    free(intake);
}

IntakeCounts intake_counts(Intake *intake)
{
    pthread_mutex_lock(&intake->lock);
    IntakeCounts counts = intake->counts;
    counts.queue_bytes = atomic_load(&intake->queue_bytes);
    counts.kept_bytes = intake->kept_bytes;
    counts.commit_ms_median = delays_ms(&intake->delays, 0.5);
    counts.commit_ms_p99 = delays_ms(&intake->delays, 0.99);
    counts.commit_ms_max = (double)intake->delays.ns_max / MS;
    pthread_mutex_unlock(&intake->lock);
    return counts;
}
