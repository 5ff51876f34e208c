/* SPDX-License-Identifier: Apache-2.0
 *
 * live_inside.h - the inside of a Live, shared by the files of this room alone.
 *
 * `lock` guards the fold and all counts.  Only the fold's own thread changes the fold, so that
 * thread may read it without the lock.  `lake_lock` keeps questions (readers) and what changes the
 * files of the lake (a writer) apart, so that no question sees a row twice.
 */
#ifndef LIVE_LIVE_INSIDE_H
#define LIVE_LIVE_INSIDE_H
#include <pthread.h>

#include "lake/lake_child.h"
#include "live/drive.h"
#include "live/hot.h"
#include "live/live.h"

struct Live {
    Intake          *intake;
    IntakeFollower  *follower;
    LiveOptions      options; /* Defaults filled in; its texts are below. */
    char            *lake, *duckdb;
    odd_fold        *fold;
    Crew            *crew;
    Drive            drive;
    pthread_t        thread, tidy_thread;
    bool             has_tidy_thread;
    pthread_mutex_t  lock;
    pthread_rwlock_t lake_lock;
    pthread_cond_t   tidy_wake;
    atomic_bool      stop;
    double           end_at;    /* Then it ends whatever is not learnt. */
    bool             idle;      /* There was no more to follow. */
    atomic_bool      failed;    /* It learns no more; what is sent is kept in the journal. */
    uint64_t         run_position; /* Commits behind it are of this run ... */
    _Atomic uint64_t learnt_bytes; /* ... and so much of them is learnt.    */
    bool             rows_lost; /* Of the lake: no checkpoint until the next start. */
    bool             merged;    /* The last commit ended with a tick: nothing is half learnt. */
    Hot              logs, samples;
    uint64_t         checkpoint_position;
    double           checkpoint_at, rest_until; /* Made, or tried; not tried before. */
    LiveListener     listeners[LIVE_LISTENERS_MAX];
    void            *listener_contexts[LIVE_LISTENERS_MAX];
    int              listener_count;
    LiveCounts       counts;
};

double   live_seconds(void);
void     live_trouble(Live *live, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* -- the lake (live_lake.c) -------------------------------------------------------------------- */

/* Files that no checkpoint knows go; before anything is learnt. */
odd_rc live_lake_back(Live *live, char *problem, size_t problem_size);

/* Hot rows become files, then the fold is saved.  On the fold's thread, right behind a merge. */
void live_checkpoint(Live *live);

void *live_tidy(void *context); /* A thread: small files become large ones, old ones go. */

#endif
