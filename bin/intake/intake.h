/* SPDX-License-Identifier: Apache-2.0
 *
 * intake.h - the one door of the server: events go in, and come back as durable or refused.
 *
 * A thread of its own commits what has come since its last commit in one transaction (group
 * commit), so that a thousand senders share one fsync.  Behind the commit, batches go on to the
 * fold in the order of the journal.
 *
 * OWNERSHIP  odd_events that are handed over belong to the intake, also when it refuses.
 * THREADS    Any thread may hand over.  `done` is called once for each, on the intake's thread:
 *            it must be quick.
 */
#ifndef INTAKE_INTAKE_H
#define INTAKE_INTAKE_H
#include <oddball.h>
#include <stdbool.h>
#include <stddef.h>

typedef struct Intake Intake;

typedef enum {
    INTAKE_STORED = 0, /* Durable.                                                     */
    INTAKE_KNOWN,      /* It was durable before: the request's key is known.           */
    INTAKE_FULL,       /* Over capacity: try again after retry_after_s.                */
    INTAKE_NO_SPACE,   /* The disk is full: likewise.                                  */
    INTAKE_FAILED,     /* The disk refuses: likewise.                                  */
    INTAKE_STOPPED     /* The server is stopping.                                      */
} IntakeStatus;

typedef struct {
    IntakeStatus status;
    int          retry_after_s;
    uint64_t     position; /* Of the commit. */
} IntakeResult;

typedef void (*IntakeDone)(void *context, IntakeResult result);

/* done may be called before this returns.  events: not NULL. */
void intake_give(Intake *intake, odd_events *events, IntakeDone done, void *context);

/* The same, and waits for the result. */
IntakeResult intake_wait(Intake *intake, odd_events *events);

/* Whether there is room now; a receiver asks before it reads a large body.  Outlook: what would
 * come of it, as far as known: INTAKE_STORED, _FULL, _NO_SPACE or _FAILED.  Both never wait. */
bool         intake_has_room(const Intake *intake);
IntakeStatus intake_outlook(const Intake *intake);

const odd_masks *intake_masks(const Intake *intake); /* For odd_events_open; NULL: none. */

/* What the reader of a source said last (odd_events_position), or "".  Free it. */
char *intake_reader_position(Intake *intake, const char *source);

/* -- for those who put the server together ----------------------------------------------------- */

typedef struct {             /* Zero is the default in every field.                               */
    size_t queue_bytes_max;  /* Of what waits to be committed; more is INTAKE_FULL.  0: 64 MiB.   */
    size_t kept_bytes_max;   /* Of commits that wait in memory for the follower.  0: 32 MiB.      */
    int    tick_ms;          /* A tick so long behind data; 0: 1,000.                             */
    int    idle_tick_ms;     /* And so long behind the last one when nothing came; 0: 10,000.     */
    int    retry_after_s;    /* What a refused sender is told; 0: 2.                              */
    bool (*is_behind)(void *context); /* The fold lags too far: INTAKE_FULL.  NULL: never.  Called
                                         on any thread.                                           */
    void  *context;
} IntakeOptions;

/* From now on the intake alone commits to the store.  ODD_NOMEM. */
odd_rc intake_open(odd_store *store, const odd_masks *masks, const IntakeOptions *options,
                   Intake **ret_intake);
/* Takes nothing more, commits what is there, behind the last data a tick, so that it can be learnt
 * and saved, and answers everybody; followers may read on. */
void intake_stop(Intake *intake);
void intake_close(Intake *intake); /* Stops first.  NULL is a no-op.  Followers first. */

typedef struct {
    uint64_t commits, events, bytes; /* Stored; bytes as encoded.                              */
    uint64_t masked[ODD_MASK_KIND_COUNT]; /* Secrets that were replaced.                       */
    uint64_t cut;                    /* Texts that were too long.                               */
    uint64_t known;                  /* Requests that were durable before.                      */
    uint64_t full, no_space, failed, stopped; /* Requests that were refused, by IntakeStatus.   */
    uint64_t ticks;
    uint64_t queue_bytes, kept_bytes; /* Now.                                                   */
    double   commit_ms_median, commit_ms_p99, commit_ms_max; /* From handing to the disk until it
                                                                is there; all since the start.  */
    char     trouble[256];           /* Why the last commit failed; "": it did not.             */
} IntakeCounts;
IntakeCounts intake_counts(Intake *intake);

/* The store, for something else than events; commits wait meanwhile. */
odd_store *intake_store_take(Intake *intake);
void       intake_store_give_back(Intake *intake);

uint64_t intake_position(Intake *intake); /* Of the last commit. */
uint64_t intake_stored_bytes(const Intake *intake); /* As IntakeCounts.bytes; never waits. */

/* -- what was committed, in the order of the journal --------------------------------------------
 * From memory where the follower keeps up, else from the journal: no gap, nothing twice.  One
 * follower at a time; any one thread. */
typedef struct IntakeFollower IntakeFollower;

odd_rc intake_follow(Intake *intake, uint64_t after, IntakeFollower **ret_follower);
void   intake_follower_close(IntakeFollower *follower); /* NULL is a no-op. */

/* The next commit, its events valid until the next call.  ODD_DONE: none came in timeout_ms.
 * ODD_CORRUPT: a damaged one was passed over, and intake_follower_errmsg says which.  Others: the
 * journal cannot be read now; try again later. */
odd_rc intake_next(IntakeFollower *follower, int timeout_ms, odd_events **events,
                   uint64_t *position);
const char *intake_follower_errmsg(const IntakeFollower *follower);

#endif
