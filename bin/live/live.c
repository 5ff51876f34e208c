/* SPDX-License-Identifier: Apache-2.0 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "input/clock.h"
#include "live/live_inside.h"

#define WAIT_MS 200
#define HOT_HELD 2       /* Times hot_bytes_max.                                           */
#define TICKS_ALONE 10   /* Times checkpoint_s, where nothing came but time.               */
#define LEARN_SHARE 0.25 /* Of the time to end in; the rest is for what is written at the end. */

/* Why learning stopped is not covered by what comes later. */
void live_trouble(Live *live, const char *format, ...)
{
    if (atomic_load(&live->failed))
        return;
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(live->counts.trouble, sizeof live->counts.trouble, format, arguments);
    va_end(arguments);
}

/* -- learning ---------------------------------------------------------------------------------- */

static bool hot_take(Live *live, odd_table table)
{
    const void *bytes;
    size_t size;
    if (odd_fold_table(live->fold, table, &bytes, &size) != ODD_OK)
        return false;
    return hot_add(&live->hot.of[table], HOT_ROWS_NAME, bytes, size);
}

void live_lose_rows(Live *live)
{
    live->counts.lake_failures++;
    live_trouble(live, "no memory for rows of the lake: they will be written when the journal is "
                       "read again at the next start");
    live->rows_lost = true;
    hot_rows_clear(&live->hot);
}

/* New rows become hot. */
static void take_rows(Live *live)
{
    if (live->rows_lost)
        return;
    bool good = true;
    for (int table = 0; good && table < ODD_TABLE_GROWING; table++)
        good = hot_take(live, (odd_table)table);
    if (!good)
        live_lose_rows(live);
    keeper_count(live);
}

/* Findings that are new or have changed their state since the last tick. */
static void tell_listeners(Live *live, odd_time known)
{
    odd_rows *rows;
    odd_question question = {.view = ODD_FINDINGS, .changed = 1};
    if (live->listener_count == 0 || odd_fold_query(live->fold, &question, &rows) != ODD_OK)
        return;
    while (odd_next(rows) == ODD_ROW)
        for (int i = 0; i < live->listener_count; i++)
            live->listeners[i](live->listener_contexts[i], rows, known);
    odd_rows_close(rows);
}

static odd_rc tell_restored(Live *live)
{
    odd_rows *rows;
    odd_question question = {.view = ODD_FINDINGS, .earliest_first = 1};
    if (live->options.restored == NULL)
        return ODD_OK;
    odd_rc rc = odd_fold_query(live->fold, &question, &rows);
    if (rc != ODD_OK)
        return rc;
    live->options.restored(live->options.listener_context, rows);
    odd_rows_close(rows);
    return ODD_OK;
}

static void learning_stops(Live *live)
{
    live_trouble(live,
                 "learning has stopped: %s; what comes is kept in the journal, and learnt "
                 "after a restart",
                 odd_fold_errmsg(live->fold));
    atomic_store(&live->failed, true);
}

static void merged(Live *live, odd_time known)
{
    live->merged = true;
    live->counts.ticks++;
    live->counts.fold_position = odd_fold_position(live->fold);
    tell_listeners(live, known);
}

static void learn(Live *live, odd_events *events, uint64_t position)
{
    bool stepped;
    live->merged = false;
    odd_rc rc = drive_feed(&live->drive, events, position, &stepped);
    if (rc != ODD_OK && rc != ODD_ROW) {
        learning_stops(live);
        return;
    }
    if (stepped)
        take_rows(live);
    if (rc == ODD_ROW)
        merged(live, odd_events_known(events));
    if (position > live->run_position)
        atomic_fetch_add(&live->learnt_bytes, odd_events_count(events).encoded_bytes);
}

static bool checkpoint_is_due(const Live *live)
{
    if (live->frozen.there || live->counts.fold_position == live->checkpoint_position ||
        !live->merged || live->rows_lost || clock_seconds() < live->rest_until)
        return false;
    const Hot *of = live->hot.of;
    bool something = of[ODD_TABLE_LOGS].size + of[ODD_TABLE_SAMPLES].size +
                         of[ODD_TABLE_PREDICTIONS].size + of[ODD_TABLE_OUTCOMES].size >
                     0;
    return clock_seconds() - live->checkpoint_at >=
               live->options.checkpoint_s * (something ? 1 : TICKS_ALONE) ||
           hot_rows_size(&live->hot) >= live->options.hot_bytes_max;
}

/* The lake is written more slowly than rows come, or cannot be written, and there is no room for
 * more that waits: the journal keeps it. */
static bool is_held(const Live *live)
{
    return live->merged && !live->rows_lost &&
           live->counts.hot_bytes > HOT_HELD * live->options.hot_bytes_max;
}

/* Whether there is room to learn on, or will be when it is asked again. */
static bool make_room(Live *live)
{
    pthread_mutex_lock(&live->lock);
    if (checkpoint_is_due(live))
        keeper_freeze(live);
    bool held = is_held(live);
    if (held)
        keeper_wait(live, WAIT_MS / 1000.0);
    pthread_mutex_unlock(&live->lock);
    return !held;
}

/* Told to end, and all is learnt or time is up: at a tick, if one comes, for a last checkpoint. */
static bool is_over(const Live *live)
{
    double now = clock_seconds();
    return atomic_load(&live->stop) &&
           (live->idle || (live->merged && now > live->learn_end_at) || now > live->end_at);
}

/* From when its events came to now, as far as they say. */
static double lag_of(const odd_events *events, odd_rc rc)
{
    odd_time known = rc == ODD_OK ? odd_events_known(events) : ODD_TIME_NONE;
    double lag = known != ODD_TIME_NONE ? (double)(clock_now() - known) / 1e9 : 0;
    return lag > 0 ? lag : 0;
}

/* What came and waits for more, or for a tick, is learnt now: features are read at once. */
static void settle(Live *live)
{
    bool stepped;
    pthread_mutex_lock(&live->lock);
    if (drive_settle(&live->drive, &stepped) != ODD_OK)
        learning_stops(live);
    else if (stepped)
        take_rows(live);
    pthread_mutex_unlock(&live->lock);
}

static odd_rc next(Live *live, odd_events **ret_events, uint64_t *ret_position)
{
    bool waits = live->drive.fed_bytes > 0 && odd_feature_count(live->fold).features > 0;
    if (!waits)
        return intake_next(live->follower, WAIT_MS, ret_events, ret_position);
    odd_rc rc = intake_next(live->follower, 0, ret_events, ret_position);
    if (rc != ODD_DONE)
        return rc;
    settle(live);
    return intake_next(live->follower, WAIT_MS, ret_events, ret_position);
}

static void *run(void *context)
{
    Live *live = context;
    while (!atomic_load(&live->failed) && !is_over(live)) {
        if (!make_room(live))
            continue;
        odd_events *events;
        uint64_t position, stored = intake_stored_bytes(live->intake);
        odd_rc rc = next(live, &events, &position);
        pthread_mutex_lock(&live->lock);
        if (rc == ODD_OK)
            learn(live, events, position);
        else if (rc == ODD_CORRUPT)
            live_trouble(live, "%s", intake_follower_errmsg(live->follower));
        live->idle = rc == ODD_DONE;
        if (live->idle) /* Ticks and damaged commits make the two differ. */
            atomic_store(&live->learnt_bytes, stored);
        live->counts.caught_up |= live->idle || (rc == ODD_OK && position >= live->run_position);
        live->counts.lag_s = live->idle ? 0 : lag_of(events, rc);
        pthread_mutex_unlock(&live->lock);
    }
    return NULL;
}

/* -- open, close ------------------------------------------------------------------------------- */

static void options_fill(LiveOptions *options)
{
    if (options->threads <= 0)
        options->threads = (int)sysconf(_SC_NPROCESSORS_ONLN);
    if (options->checkpoint_s <= 0)
        options->checkpoint_s = 60;
    if (options->hot_bytes_max == 0)
        options->hot_bytes_max = 64ull << 20;
    if (options->lag_bytes_max == 0)
        options->lag_bytes_max = 1ull << 30;
    if (options->journal_bytes == 0)
        options->journal_bytes = 256ull << 20;
}

static odd_rc open_fold(Live *live, odd_store *store, char *problem, size_t problem_size)
{
    odd_rc rc = odd_fold_open(&live->options.fold, &live->fold);
    if (rc != ODD_OK) {
        snprintf(problem, problem_size, "cannot make room for what is learnt: %s",
                 odd_strerror(rc));
        return rc;
    }
    rc = odd_restore(live->fold, store, 0);
    if (rc != ODD_OK && rc != ODD_DONE) {
        snprintf(problem, problem_size, "%s", odd_fold_errmsg(live->fold));
        return rc;
    }
    live->checkpoint_position = odd_fold_position(live->fold);
    return keeper_back(live, problem, problem_size);
}

static void live_free(Live *live)
{
    crew_close(live->crew);
    intake_follower_close(live->follower);
    frozen_close(&live->frozen);
    odd_fold_close(live->fold);
    hot_rows_clear(&live->hot);
    pthread_cond_destroy(&live->turn);
    pthread_mutex_destroy(&live->features_lock);
    pthread_mutex_destroy(&live->lock);
    free(live->lake);
    free(live->duckdb);
    free(live);
}

bool live_listen(Live *live, LiveListener listener, void *context)
{
    pthread_mutex_lock(&live->lock);
    bool room = live->listener_count < LIVE_LISTENERS_MAX;
    if (room) {
        live->listeners[live->listener_count] = listener;
        live->listener_contexts[live->listener_count++] = context;
    }
    pthread_mutex_unlock(&live->lock);
    return room;
}

odd_rc live_open(Intake *intake, odd_store *store, const LiveOptions *options, Live **ret_live,
                 char *problem, size_t problem_size)
{
    Live *live = calloc(1, sizeof *live);
    if (live == NULL)
        return ODD_NOMEM;
    *live = (Live){.intake = intake,
                   .options = *options,
                   .hot = hot_rows_none(),
                   .lake = strdup(options->lake),
                   .duckdb = options->duckdb != NULL ? strdup(options->duckdb) : NULL,
                   .run_position = intake_position(intake),
                   .checkpoint_at = clock_seconds()};
    options_fill(&live->options);
    pthread_mutex_init(&live->lock, NULL);
    pthread_mutex_init(&live->features_lock, NULL);
    pthread_cond_init(&live->turn, NULL);
    odd_rc rc = open_fold(live, store, problem, problem_size);
    if (rc == ODD_OK)
        rc = tell_restored(live);
    if (rc == ODD_OK)
        rc = intake_follow(intake, odd_fold_position(live->fold), &live->follower);
    if (options->listener != NULL)
        live_listen(live, options->listener, options->listener_context);
    live->crew = rc == ODD_OK ? crew_open(live->options.threads) : NULL;
    if (rc == ODD_OK && live->crew == NULL)
        rc = ODD_NOMEM;
    live->drive = (Drive){.fold = live->fold,
                          .crew = live->crew,
                          .features_lock = &live->features_lock};
    if (rc == ODD_OK && !keeper_open(live))
        rc = ODD_NOMEM;
    if (rc == ODD_OK && pthread_create(&live->thread, NULL, run, live) != 0)
        rc = ODD_NOMEM;
    if (rc != ODD_OK) {
        keeper_close(live);
        live_free(live);
        return rc;
    }
    *ret_live = live;
    return ODD_OK;
}

void live_reconfigure(Live *live, const LiveOptions *options)
{
    LiveOptions fresh = *options;
    options_fill(&fresh);
    pthread_mutex_lock(&live->lock);
    live->options.checkpoint_s = fresh.checkpoint_s;
    live->options.journal_bytes = fresh.journal_bytes;
    live->options.retention_days = fresh.retention_days;
    live->options.retention_bytes = fresh.retention_bytes;
    live->options.sql_rows = fresh.sql_rows;
    live->options.sql_memory_bytes = fresh.sql_memory_bytes;
    pthread_mutex_unlock(&live->lock);
}

/* What is durable is learnt at the next start as well; a last checkpoint only makes that short. */
void live_close(Live *live, double seconds)
{
    if (live == NULL)
        return;
    live->learn_end_at = clock_seconds() + seconds * LEARN_SHARE;
    live->end_at = clock_seconds() + seconds;
    atomic_store(&live->stop, true);
    pthread_join(live->thread, NULL);
    keeper_close(live);
    live_free(live);
}

/* -- answers ----------------------------------------------------------------------------------- */

odd_rc live_query(Live *live, const odd_question *question, odd_rows **ret)
{
    pthread_mutex_lock(&live->lock);
    odd_rc rc = odd_fold_query(live->fold, question, ret);
    pthread_mutex_unlock(&live->lock);
    return rc;
}

odd_rc live_explain(Live *live, const char *finding, odd_rows **ret)
{
    pthread_mutex_lock(&live->lock);
    odd_rc rc = odd_fold_explain(live->fold, finding, ret);
    pthread_mutex_unlock(&live->lock);
    return rc;
}

odd_rc live_incident(Live *live, const char *incident, odd_rows **ret)
{
    pthread_mutex_lock(&live->lock);
    odd_rc rc = odd_fold_incident(live->fold, incident, ret);
    pthread_mutex_unlock(&live->lock);
    return rc;
}

odd_rc live_try(Live *live, const odd_events *events, odd_time since, odd_rows **ret)
{
    pthread_mutex_lock(&live->lock);
    odd_rc rc = odd_fold_try(live->fold, events, since, ret);
    pthread_mutex_unlock(&live->lock);
    return rc;
}

bool live_is_behind(const Live *live)
{
    uint64_t learnt = atomic_load(&live->learnt_bytes), stored = intake_stored_bytes(live->intake);
    return stored > learnt && stored - learnt > live->options.lag_bytes_max;
}

bool live_has_failed(const Live *live)
{
    return atomic_load(&live->failed);
}

LiveCounts live_counts(Live *live)
{
    pthread_mutex_lock(&live->lock);
    LiveCounts counts = live->counts;
    counts.fold_bytes = odd_fold_bytes(live->fold);
    counts.findings = odd_fold_findings(live->fold);
    pthread_mutex_unlock(&live->lock);
    counts.journal_position = intake_position(live->intake);
    return counts;
}
