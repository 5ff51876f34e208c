/* SPDX-License-Identifier: Apache-2.0
 *
 * live_inside.h - the inside of a Live, shared by the files of this room alone.
 *
 * `lock` guards the fold, the rows that are not in the lake yet, and all counts.  Only the fold's
 * own thread changes the fold, so that thread may read it without the lock.  What is frozen is
 * written and recorded by the keeper without the lock.  The moment in which rows go from hot to
 * stored is one under the lock: checkpoint_position goes on, and what is frozen is closed.  A
 * question takes both under the lock, and sees no file behind its position: so it sees no row
 * twice, whatever is written while it runs.
 */
#ifndef LIVE_LIVE_INSIDE_H
#define LIVE_LIVE_INSIDE_H
#include <pthread.h>

#include "lake/lake_child.h"
#include "live/drive.h"
#include "live/frozen.h"
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
    pthread_t        thread, keeper;
    bool             has_keeper, keeper_ends;
    pthread_mutex_t  lock;
    pthread_cond_t   turn;      /* There is something frozen, or not any more; or the end. */
    atomic_bool      stop;
    atomic_bool      abandon;   /* What is being written is not needed. */
    double           learn_end_at, end_at; /* Then it ends whatever is not learnt, or written. */
    bool             idle;      /* There was no more to follow. */
    atomic_bool      failed;    /* It learns no more; what is sent is kept in the journal. */
    uint64_t         run_position; /* Commits behind it are of this run ... */
    _Atomic uint64_t learnt_bytes; /* ... and so much of them is learnt.    */
    bool             rows_lost; /* Of the lake: no checkpoint until the next start. */
    bool             merged;    /* The last commit ended with a tick: nothing is half learnt. */
    HotRows          hot;       /* Since the last freezing. */
    Frozen           frozen;
    uint64_t         checkpoint_position;
    double           checkpoint_at, rest_until; /* Last begun; not begun before. */
    LiveListener     listeners[LIVE_LISTENERS_MAX];
    void            *listener_contexts[LIVE_LISTENERS_MAX];
    int              listener_count;
    LiveCounts       counts;
    pthread_mutex_t  features_lock; /* Of values of features: held while they change, or are read,
                                       and within `lock` if both are.                           */
};

void     live_trouble(Live *live, const char *format, ...) __attribute__((format(printf, 2, 3)));

void     live_lose_rows(Live *live); /* There is no memory for hot rows.  The lock is held. */

/* -- the lake (keeper.c) ----------------------------------------------------------------------- */

/* Files that no checkpoint knows go; before anything is learnt. */
odd_rc keeper_back(const Live *live, char *problem, size_t problem_size);

bool keeper_open(Live *live);  /* Its thread. */
void keeper_close(Live *live); /* When nothing is learnt any more: a last checkpoint, by end_at. */

/* For all of these the lock is held. */
LakeJob live_job(const Live *live); /* Without hot rows; a reload may change the options. */
void    keeper_freeze(Live *live);  /* Right behind a merge, when nothing is frozen. */
void    keeper_count(Live *live);   /* counts.hot_bytes */
void    keeper_wait(Live *live, double seconds); /* At most, for `turn`. */

#endif
