/* SPDX-License-Identifier: Apache-2.0
 *
 * keeper.c - the thread that keeps what was learnt: frozen rows become files of the lake, then the
 * checkpoint is recorded; between two of them it tidies the lake.
 *
 * Since one thread does all that changes the lake, no two of its children ever meet. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "input/clock.h"
#include "live/live_inside.h"

#define WRITE_SECONDS_MAX 600.0
#define REST_S 10.0 /* After a checkpoint that failed. */
#define TIDY_SECONDS_MAX 600.0
#define TIDY_EVERY_S 600.0
#define NS_PER_S 1000000000LL
#define S_PER_DAY 86400.0

LakeJob live_job(const Live *live)
{
    LakeJob job = lake_job(live->lake);
    job.library = live->duckdb;
    job.memory_bytes = live->options.sql_memory_bytes;
    job.row_count_max = live->options.sql_rows;
    job.position_given = true;
    job.position = live->checkpoint_position;
    return job;
}

odd_rc keeper_back(const Live *live, char *problem, size_t problem_size)
{
    LakeJob job = live_job(live);
    job.position_given = false;
    char *story = NULL;
    odd_rc rc = lake_child_back_to(&job, live->checkpoint_position, &story);
    if (rc != ODD_OK)
        snprintf(problem, problem_size, "%s", story != NULL ? story : odd_strerror(rc));
    free(story);
    return rc;
}

void keeper_count(Live *live)
{
    live->counts.hot_bytes = hot_rows_size(&live->hot) + hot_rows_size(&live->frozen.rows);
}

void keeper_wait(Live *live, double seconds)
{
    struct timespec until;
    double at = clock_seconds() + (seconds > 0 ? seconds : 0);
    until.tv_sec = (time_t)at;
    until.tv_nsec = (long)((at - (double)until.tv_sec) * 1e9);
    pthread_cond_clockwait(&live->turn, &live->lock, CLOCK_MONOTONIC, &until);
}

/* -- a checkpoint ------------------------------------------------------------------------------ */

void keeper_freeze(Live *live)
{
    live->checkpoint_at = clock_seconds();
    odd_rc rc = frozen_take(&live->frozen, live->fold, &live->hot);
    if (rc == ODD_OK) {
        pthread_cond_broadcast(&live->turn);
        return;
    }
    live->rest_until = live->checkpoint_at + REST_S;
    live->counts.checkpoint_failures++;
    live_trouble(live, "what was learnt could not be saved: %s", odd_fold_errmsg(live->fold));
}

typedef struct {
    LakeJob  job;
    uint64_t journal_bytes;
    char    *files;        /* What was written, a name a line; NULL: nothing. */
    bool     written;      /* All rows are in files. */
    char     problem[256]; /* Of what failed. */
} Keeping;

/* What is frozen is the keeper's alone until it has been kept. */
static odd_rc write_files(Live *live, Keeping *keeping)
{
    const Frozen *frozen = &live->frozen;
    char *story = NULL;
    odd_rc rc = ODD_OK;
    if (hot_rows_size(&frozen->rows) > 0) {
        memcpy(keeping->job.hot, frozen->whole, sizeof keeping->job.hot);
        for (int table = 0; table < ODD_TABLE_GROWING; table++)
            keeping->job.hot[table] = frozen->rows.of[table].descriptor;
        rc = lake_child_write(&keeping->job, frozen->position, WRITE_SECONDS_MAX, &live->abandon,
                              &keeping->files, &story);
    }
    if (rc != ODD_OK)
        snprintf(keeping->problem, sizeof keeping->problem, "%s",
                 story != NULL ? story : odd_strerror(rc));
    free(story);
    return rc;
}

/* Cuts the text at its line ends.  NULL: no memory. */
static const char **lines_of(char *text, size_t *ret_count)
{
    size_t count = 1;
    for (const char *at = text; (at = strchr(at, '\n')) != NULL; at++)
        count++;
    const char **lines = calloc(count, sizeof *lines);
    count = 0;
    for (char *at = text, *end; lines != NULL && at != NULL && *at != '\0'; at = end) {
        lines[count++] = at;
        end = strchr(at, '\n');
        if (end != NULL)
            *end++ = '\0';
    }
    *ret_count = count;
    return lines;
}

static odd_rc record(Live *live, Keeping *keeping)
{
    size_t count = 0;
    const char **lines = keeping->files != NULL ? lines_of(keeping->files, &count) : NULL;
    odd_rc rc = keeping->files != NULL && lines == NULL ? ODD_NOMEM : ODD_OK;
    odd_store *store = intake_store_take(live->intake);
    if (rc == ODD_OK)
        rc = odd_snapshot_record(live->frozen.snapshot, store, lines, count);
    if (rc == ODD_OK)
        odd_store_forget(store, keeping->journal_bytes); /* What cannot go now goes later. */
    else
        snprintf(keeping->problem, sizeof keeping->problem, "%s",
                 rc == ODD_NOMEM ? odd_strerror(rc) : odd_store_catalog_errmsg(store));
    intake_store_give_back(live->intake);
    free(lines);
    return rc;
}

static void kept(Live *live)
{
    live->checkpoint_position = live->frozen.position;
    live->rest_until = 0;
    live->counts.checkpoints++;
    live->counts.last_checkpoint = clock_now();
    live->counts.trouble[0] = '\0';
    frozen_close(&live->frozen);
}

/* The rows are hot again; files that were written stand behind the checkpoint: nobody sees them,
 * and the next write drops them. */
static void not_kept(Live *live, const Keeping *keeping)
{
    live->rest_until = clock_seconds() + REST_S;
    live->counts.lake_failures += !keeping->written;
    live->counts.checkpoint_failures += keeping->written;
    live_trouble(live,
                 keeping->written ? "what was learnt could not be saved: %s"
                                  : "the lake could not be written: %s",
                 keeping->problem);
    if (!frozen_give_back(&live->frozen, &live->hot))
        live_lose_rows(live);
}

static void keep(Live *live)
{
    pthread_mutex_lock(&live->lock);
    Keeping keeping = {.job = live_job(live), .journal_bytes = live->options.journal_bytes};
    pthread_mutex_unlock(&live->lock);
    odd_rc rc = write_files(live, &keeping);
    keeping.written = rc == ODD_OK;
    if (rc == ODD_OK)
        rc = record(live, &keeping);
    pthread_mutex_lock(&live->lock);
    if (rc == ODD_OK)
        kept(live);
    else if (atomic_load(&live->abandon))
        frozen_close(&live->frozen); /* The journal has the rows. */
    else
        not_kept(live, &keeping);
    keeper_count(live);
    pthread_cond_broadcast(&live->turn);
    pthread_mutex_unlock(&live->lock);
    free(keeping.files);
}

/* -- tidying ----------------------------------------------------------------------------------- */

static void tidy(Live *live)
{
    char *sentences = NULL, *story = NULL;
    pthread_mutex_lock(&live->lock);
    LakeJob job = live_job(live);
    double kept_ns = live->options.retention_days * S_PER_DAY * (double)NS_PER_S;
    uint64_t bytes = live->options.retention_bytes;
    pthread_mutex_unlock(&live->lock);
    job.position_given = false;
    odd_time now = clock_now(), oldest = kept_ns > 0 ? now - (odd_time)kept_ns : 0;
    odd_rc rc = lake_child_tidy(&job, job.position, now, oldest, bytes, TIDY_SECONDS_MAX,
                                &live->stop, &sentences, &story);
    if (rc != ODD_OK && rc != ODD_LATE) {
        pthread_mutex_lock(&live->lock);
        live->counts.lake_failures++;
        live_trouble(live, "the lake could not be tidied: %s",
                     story != NULL ? story : odd_strerror(rc));
        pthread_mutex_unlock(&live->lock);
    }
    free(sentences);
    free(story);
}

/* -- the thread -------------------------------------------------------------------------------- */

static void *run(void *context)
{
    Live *live = context;
    double tidy_at = clock_seconds() + TIDY_EVERY_S;
    pthread_mutex_lock(&live->lock);
    while (live->frozen.there || !live->keeper_ends) {
        bool there = live->frozen.there;
        if (!there && clock_seconds() < tidy_at) {
            keeper_wait(live, tidy_at - clock_seconds());
            continue;
        }
        pthread_mutex_unlock(&live->lock);
        if (there) {
            keep(live);
        } else {
            tidy(live);
            tidy_at = clock_seconds() + TIDY_EVERY_S;
        }
        pthread_mutex_lock(&live->lock);
    }
    pthread_mutex_unlock(&live->lock);
    return NULL;
}

bool keeper_open(Live *live)
{
    live->has_keeper = pthread_create(&live->keeper, NULL, run, live) == 0;
    return live->has_keeper;
}

static void wait_until_kept(Live *live)
{
    while (live->frozen.there && clock_seconds() < live->end_at)
        keeper_wait(live, live->end_at - clock_seconds());
}

void keeper_close(Live *live)
{
    if (!live->has_keeper)
        return;
    pthread_mutex_lock(&live->lock);
    wait_until_kept(live);
    bool changed = live->counts.fold_position != live->checkpoint_position;
    if (!live->frozen.there && live->merged && changed && !atomic_load(&live->failed) &&
        !live->rows_lost)
        keeper_freeze(live);
    wait_until_kept(live);
    atomic_store(&live->abandon, true);
    live->keeper_ends = true;
    pthread_cond_broadcast(&live->turn);
    pthread_mutex_unlock(&live->lock);
    pthread_join(live->keeper, NULL);
}
