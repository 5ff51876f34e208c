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

/* Whether there is room now; a receiver asks before it reads a large body. */
bool intake_has_room(const Intake *intake);

const odd_masks *intake_masks(const Intake *intake); /* For odd_events_open; NULL: none. */

/* What the reader of a source said last (odd_events_position), or "".  Free it. */
char *intake_reader_position(Intake *intake, const char *source);

#endif
