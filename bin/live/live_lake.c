/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "input/clock.h"
#include "live/live_inside.h"

#define WRITE_SECONDS_MAX 600.0
#define REST_S 10.0 /* After a checkpoint that failed. */
#define TIDY_SECONDS_MAX 600.0
#define TIDY_EVERY_S 600
#define NS_PER_S 1000000000LL
#define S_PER_DAY 86400.0

/* The lock is held: a reload may change the options. */
static LakeJob job_of(const Live *live)
{
    LakeJob job = lake_job(live->lake);
    job.library = live->duckdb;
    job.memory_bytes = live->options.sql_memory_bytes;
    job.row_count_max = live->options.sql_rows;
    return job;
}

odd_rc live_lake_back(Live *live, char *problem, size_t problem_size)
{
    LakeJob job = job_of(live);
    char *story = NULL;
    odd_rc rc = lake_child_back_to(&job, live->checkpoint_position, &story);
    if (rc != ODD_OK)
        snprintf(problem, problem_size, "%s", story != NULL ? story : odd_strerror(rc));
    free(story);
    return rc;
}

/* -- checkpoints ------------------------------------------------------------------------------- */

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

static LakeJob job_now(Live *live)
{
    pthread_mutex_lock(&live->lock);
    LakeJob job = job_of(live);
    pthread_mutex_unlock(&live->lock);
    return job;
}

static void lake_failed(Live *live, const char *what, const char *why)
{
    pthread_mutex_lock(&live->lock);
    live->counts.lake_failures++;
    live_trouble(live, "the lake could not be %s: %s", what, why);
    pthread_mutex_unlock(&live->lock);
}

/* Small tables, each as a whole. */
static const odd_table whole_tables[] = {ODD_TABLE_TEMPLATES, ODD_TABLE_PATTERNS,
                                         ODD_TABLE_FINDINGS, ODD_TABLE_INCIDENTS,
                                         ODD_TABLE_SOURCES};
#define WHOLE_COUNT (sizeof whole_tables / sizeof whole_tables[0])

static odd_rc whole_open(Live *live, LakeJob *job)
{
    odd_rc rc = ODD_OK;
    for (size_t i = 0; rc == ODD_OK && i < WHOLE_COUNT; i++) {
        odd_table table = whole_tables[i];
        const void *bytes;
        size_t size;
        rc = odd_fold_table(live->fold, table, &bytes, &size);
        if (rc == ODD_OK)
            job->hot[table] = hot_whole("oddball-table", bytes, size);
        if (rc == ODD_OK && job->hot[table] < 0)
            rc = ODD_NOMEM;
    }
    return rc;
}

static void whole_close(LakeJob *job)
{
    for (size_t i = 0; i < WHOLE_COUNT; i++)
        if (job->hot[whole_tables[i]] >= 0)
            close(job->hot[whole_tables[i]]);
}

static odd_rc write_hot(Live *live, char **ret_files)
{
    LakeJob job = job_now(live);
    char *story = NULL;
    *ret_files = NULL;
    if (live->logs.size + live->samples.size == 0)
        return ODD_OK;
    pthread_mutex_lock(&live->lock); /* Whoever asks for patterns meanwhile names them too. */
    odd_rc rc = whole_open(live, &job);
    pthread_mutex_unlock(&live->lock);
    if (rc != ODD_OK) {
        lake_failed(live, "written", "no memory left for its small tables");
        whole_close(&job);
        return ODD_NOMEM;
    }
    job.hot[ODD_TABLE_LOGS] = live->logs.descriptor;
    job.hot[ODD_TABLE_SAMPLES] = live->samples.descriptor;
    rc = lake_child_write(&job, odd_fold_position(live->fold), WRITE_SECONDS_MAX, NULL, ret_files,
                          &story);
    if (rc != ODD_OK)
        lake_failed(live, "written", story != NULL ? story : odd_strerror(rc));
    free(story);
    whole_close(&job);
    return rc;
}

static odd_rc save_fold(Live *live, char *files)
{
    size_t count = 0;
    const char **lines = files != NULL ? lines_of(files, &count) : NULL;
    if (files != NULL && lines == NULL)
        return ODD_NOMEM;
    odd_store *store = intake_store_take(live->intake);
    odd_rc rc = odd_checkpoint(live->fold, store, lines, count);
    if (rc == ODD_OK)
        odd_store_forget(store, live->options.journal_bytes); /* What cannot go now goes later. */
    intake_store_give_back(live->intake);
    free(lines);
    return rc;
}

static void checkpoint_made(Live *live)
{
    live->checkpoint_position = odd_fold_position(live->fold);
    live->counts.checkpoints++;
    live->counts.last_checkpoint = clock_now();
    live->counts.trouble[0] = '\0';
    hot_clear(&live->logs);
    hot_clear(&live->samples);
    live->counts.hot_bytes = 0;
}

/* The files are of no checkpoint, and their rows are still hot. */
static void checkpoint_failed(Live *live, odd_rc rc)
{
    live->counts.checkpoint_failures++;
    live_trouble(live, "what was learnt could not be saved: %s",
                 rc == ODD_OK ? "" : odd_fold_errmsg(live->fold));
    char problem[256];
    if (live_lake_back(live, problem, sizeof problem) != ODD_OK)
        live_trouble(live, "%s", problem);
}

void live_checkpoint(Live *live)
{
    pthread_rwlock_wrlock(&live->lake_lock);
    char *files;
    odd_rc rc = write_hot(live, &files);
    bool written = rc == ODD_OK;
    pthread_mutex_lock(&live->lock);
    if (written)
        rc = save_fold(live, files);
    if (rc == ODD_OK)
        checkpoint_made(live);
    else if (written)
        checkpoint_failed(live, rc);
    live->checkpoint_at = live_seconds();
    live->rest_until = rc == ODD_OK ? 0 : live->checkpoint_at + REST_S;
    pthread_mutex_unlock(&live->lock);
    pthread_rwlock_unlock(&live->lake_lock);
    free(files);
}

/* -- tidying ----------------------------------------------------------------------------------- */

static void tidy(Live *live)
{
    char *sentences = NULL, *story = NULL;
    pthread_rwlock_wrlock(&live->lake_lock);
    pthread_mutex_lock(&live->lock);
    LakeJob job = job_of(live);
    odd_time now = clock_now();
    double kept_ns = live->options.retention_days * S_PER_DAY * (double)NS_PER_S;
    odd_time oldest = kept_ns > 0 ? now - (odd_time)kept_ns : 0;
    uint64_t position = live->checkpoint_position, bytes = live->options.retention_bytes;
    pthread_mutex_unlock(&live->lock);
    odd_rc rc = lake_child_tidy(&job, position, now, oldest, bytes, TIDY_SECONDS_MAX, &live->stop,
                                &sentences, &story);
    pthread_rwlock_unlock(&live->lake_lock);
    if (rc != ODD_OK && rc != ODD_LATE)
        lake_failed(live, "tidied", story != NULL ? story : odd_strerror(rc));
    free(sentences);
    free(story);
}

void *live_tidy(void *context)
{
    Live *live = context;
    struct timespec until;
    pthread_mutex_lock(&live->lock);
    while (!atomic_load(&live->stop)) {
        clock_gettime(CLOCK_REALTIME, &until);
        until.tv_sec += TIDY_EVERY_S;
        int error = 0;
        while (error == 0 && !atomic_load(&live->stop))
            error = pthread_cond_timedwait(&live->tidy_wake, &live->lock, &until);
        if (atomic_load(&live->stop))
            break;
        pthread_mutex_unlock(&live->lock);
        tidy(live);
        pthread_mutex_lock(&live->lock);
    }
    pthread_mutex_unlock(&live->lock);
    return NULL;
}

/* -- questions --------------------------------------------------------------------------------- */

static void hot_close(LakeJob *job)
{
    for (int i = 0; i < ODD_TABLE_COUNT; i++)
        if (job->hot[i] >= 0)
            close(job->hot[i]);
}

static int another(int descriptor)
{
    return descriptor >= 0 ? dup(descriptor) : -1;
}

/* All tables as they are now. */
static odd_rc hot_open(Live *live, LakeJob *job)
{
    pthread_mutex_lock(&live->lock);
    job->hot[ODD_TABLE_LOGS] = another(live->logs.descriptor);
    job->hot[ODD_TABLE_SAMPLES] = another(live->samples.descriptor);
    odd_rc rc = whole_open(live, job);
    pthread_mutex_unlock(&live->lock);
    return rc;
}

odd_rc live_sql(Live *live, const char *sql, double seconds, const atomic_bool *cancel,
                SqlAnswer **ret_answer, char **ret_problem)
{
    LakeJob job = job_now(live);
    *ret_problem = NULL;
    pthread_rwlock_rdlock(&live->lake_lock);
    odd_rc rc = hot_open(live, &job);
    if (rc == ODD_OK)
        rc = lake_child_query(&job, sql, seconds, cancel, ret_answer, ret_problem);
    pthread_rwlock_unlock(&live->lake_lock);
    hot_close(&job);
    return rc;
}
