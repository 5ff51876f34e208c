/* SPDX-License-Identifier: Apache-2.0
 *
 * ask.c - questions in SQL: the hot rows of a moment, and the files of the lake that its checkpoint
 * knows.
 *
 * Nothing waits for a question.  Files that are written meanwhile are behind its checkpoint, and
 * the child passes them over; only where tidying has put older and newer rows into one file, the
 * question is asked anew, with newer hot rows. */
#include <stdlib.h>
#include <unistd.h>

#include "input/clock.h"
#include "live/live_inside.h"

#define ASKED_MAX 3

static void hot_close(const LakeJob *job)
{
    for (int i = 0; i < ODD_TABLE_COUNT; i++) {
        if (job->hot[i] >= 0)
            close(job->hot[i]);
        if (job->more[i] >= 0)
            close(job->more[i]);
    }
}

/* A descriptor of one's own; none is fine. */
static bool another(const Hot *hot, int *ret_descriptor)
{
    if (hot->size == 0)
        return true;
    *ret_descriptor = dup(hot->descriptor);
    return *ret_descriptor >= 0;
}

/* All tables as they are now. */
static odd_rc job_open(Live *live, LakeJob *ret_job)
{
    pthread_mutex_lock(&live->lock);
    LakeJob job = live_job(live);
    odd_rc rc = whole_open(live->fold, job.hot);
    bool good = rc == ODD_OK;
    for (int table = 0; good && table < ODD_TABLE_GROWING; table++)
        good = another(&live->frozen.rows.of[table], &job.hot[table]) &&
               another(&live->hot.of[table], &job.more[table]);
    if (rc == ODD_OK && !good) {
        hot_close(&job);
        rc = ODD_NOMEM;
    }
    pthread_mutex_unlock(&live->lock);
    if (rc == ODD_OK)
        *ret_job = job;
    return rc;
}

static odd_rc ask(Live *live, const char *sql, double seconds, const atomic_bool *cancel,
                  SqlAnswer **ret_answer, char **ret_problem)
{
    LakeJob job;
    odd_rc rc = job_open(live, &job);
    if (rc != ODD_OK)
        return rc;
    rc = lake_child_query(&job, sql, seconds, cancel, ret_answer, ret_problem);
    hot_close(&job);
    return rc;
}

odd_rc live_sql(Live *live, const char *sql, double seconds, const atomic_bool *cancel,
                SqlAnswer **ret_answer, char **ret_problem)
{
    double begun = clock_seconds(), left = seconds;
    odd_rc rc = ODD_BUSY;
    *ret_problem = NULL;
    for (int i = 0; rc == ODD_BUSY && left > 0 && i < ASKED_MAX; i++) {
        free(*ret_problem);
        *ret_problem = NULL;
        rc = ask(live, sql, left, cancel, ret_answer, ret_problem);
        left = seconds - (clock_seconds() - begun);
    }
    return rc;
}
