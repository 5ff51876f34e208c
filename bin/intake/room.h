/* SPDX-License-Identifier: Apache-2.0
 *
 * room.h - what the intake's thread and its followers share.
 *
 * THREADS    `lock` guards all that is not said to be otherwise; store_lock is held while the store
 *            commits.
 */
#ifndef INTAKE_ROOM_H
#define INTAKE_ROOM_H
#include <pthread.h>
#include <stdatomic.h>

#include "delays.h"
#include "intake.h"

typedef struct Waiting {
    struct Waiting *next;
    odd_events     *events;
    IntakeDone      done;
    void           *context;
    size_t          bytes;
} Waiting;

typedef struct Kept { /* A commit that the follower has not taken yet. */
    struct Kept *next;
    odd_events  *events;
    uint64_t     position;
    size_t       bytes;
} Kept;

typedef struct Batch Batch; /* What is being committed. */

struct Intake {
    odd_store       *store;
    const odd_masks *masks;
    IntakeOptions    options;    /* With the defaults filled in. */
    Batch           *batch;      /* The thread's own.                      */
    pthread_t        thread;
    pthread_mutex_t  lock, store_lock;
    pthread_cond_t   given;      /* There is something to commit, or the end has come. */
    pthread_cond_t   committed;  /* There is something to follow.                      */
    Waiting         *first, **last;
    _Atomic size_t   queue_bytes;
    _Atomic uint64_t stored_bytes; /* counts.bytes, to be asked without the lock.       */
    _Atomic int      refusing;   /* IntakeStatus; STORED: it takes.                    */
    int64_t          retry_ns;   /* When a failed disk is tried again; 0: now.         */
    bool             stopping;
    atomic_bool      followed;
    Kept            *kept_first, **kept_last;
    size_t           kept_bytes;
    uint64_t         position;   /* Of the last commit that was told here. */
    IntakeCounts     counts;
    Delays           delays;
    int64_t          tick_ns;    /* When the last tick was committed: the thread's own. */
    bool             has_data;   /* Something came since: likewise.                     */
};

int64_t         intake_clock_ns(void); /* Never goes back. */
struct timespec intake_until(int64_t ns); /* For pthread_cond_timedwait here. */
bool            intake_cond_init(pthread_cond_t *condition);

/* A commit for the follower; events become the room's. */
void kept_add(Intake *intake, odd_events *events, uint64_t position);
void kept_drop_all(Intake *intake);

#endif
