/* SPDX-License-Identifier: Apache-2.0
 *
 * follower.c - commits in the order of the journal: out of memory, or out of the journal itself.
 *
 * What is kept in memory is the end of the journal without a gap.  When it grows too large all of
 * it goes, so that the follower reads the journal up to where memory begins again. */
#include <stdlib.h>

#include "room.h"

#define MS 1000000 /* In ns. */

struct IntakeFollower {
    Intake     *intake;
    uint64_t    at;      /* The last commit that was given.              */
    odd_cursor *cursor;  /* NULL: the journal is not being read.         */
    odd_events *events;  /* Taken from memory; the follower's.           */
};

/* -- memory ------------------------------------------------------------------------------------ */

void kept_drop_all(Intake *intake)
{
    while (intake->kept_first != NULL) {
        Kept *kept = intake->kept_first;
        intake->kept_first = kept->next;
        odd_events_close(kept->events);
        free(kept);
    }
    intake->kept_last = &intake->kept_first;
    intake->kept_bytes = 0;
}

void kept_add(Intake *intake, odd_events *events, uint64_t position)
{
    if (position > intake->position)
        intake->position = position;
    pthread_cond_broadcast(&intake->committed);
    if (events == NULL)
        return;
    size_t bytes = odd_events_count(events).encoded_bytes + sizeof(Kept);
    if (intake->kept_bytes + bytes > intake->options.kept_bytes_max)
        kept_drop_all(intake);
    Kept *kept = atomic_load(&intake->followed) && bytes <= intake->options.kept_bytes_max
                     ? malloc(sizeof *kept)
                     : NULL;
    if (kept == NULL) {
        odd_events_close(events);
        return;
    }
    *kept = (Kept){.events = events, .position = position, .bytes = bytes};
    *intake->kept_last = kept;
    intake->kept_last = &kept->next;
    intake->kept_bytes += bytes;
}

/* The first one that is kept, which leaves the list; the lock is held. */
static Kept *kept_take(Intake *intake)
{
    Kept *kept = intake->kept_first;
    intake->kept_first = kept->next;
    if (intake->kept_first == NULL)
        intake->kept_last = &intake->kept_first;
    intake->kept_bytes -= kept->bytes;
    return kept;
}

static void kept_free(Kept *kept)
{
    odd_events_close(kept->events);
    free(kept);
}

/* The commit behind `at`, if it is in memory; the lock is held. */
static bool next_from_memory(IntakeFollower *follower)
{
    Intake *intake = follower->intake;
    while (intake->kept_first != NULL && intake->kept_first->position <= follower->at)
        kept_free(kept_take(intake));
    if (intake->kept_first == NULL || intake->kept_first->position != follower->at + 1)
        return false;
    Kept *kept = kept_take(intake);
    follower->events = kept->events;
    follower->at = kept->position;
    free(kept);
    return true;
}

/* -- the journal ------------------------------------------------------------------------------- */

static void cursor_leave(IntakeFollower *follower)
{
    odd_cursor_close(follower->cursor);
    follower->cursor = NULL;
}

static odd_rc next_from_journal(IntakeFollower *follower, uint64_t durable, odd_events **ret_events)
{
    odd_rc rc = ODD_OK;
    if (follower->cursor == NULL)
        rc = odd_cursor_open(follower->intake->store, follower->at, &follower->cursor);
    uint64_t position;
    if (rc == ODD_OK)
        rc = odd_cursor_next(follower->cursor, ret_events, &position);
    if (rc == ODD_OK)
        follower->at = position;
    /* Numbers may be missing at the end; they are behind us too. */
    if (rc == ODD_DONE && follower->at < durable)
        follower->at = durable;
    return rc;
}

/* -- the follower ------------------------------------------------------------------------------ */

odd_rc intake_follow(Intake *intake, uint64_t after, IntakeFollower **ret_follower)
{
    IntakeFollower *follower = calloc(1, sizeof *follower);
    if (follower == NULL)
        return ODD_NOMEM;
    *follower = (IntakeFollower){.intake = intake, .at = after};
    pthread_mutex_lock(&intake->lock);
    bool taken = atomic_exchange(&intake->followed, true);
    pthread_mutex_unlock(&intake->lock);
    if (taken) {
        free(follower);
        return ODD_MISUSE;
    }
    *ret_follower = follower;
    return ODD_OK;
}

void intake_follower_close(IntakeFollower *follower)
{
    if (follower == NULL)
        return;
    Intake *intake = follower->intake;
    pthread_mutex_lock(&intake->lock);
    atomic_store(&intake->followed, false);
    kept_drop_all(intake);
    pthread_mutex_unlock(&intake->lock);
    cursor_leave(follower);
    odd_events_close(follower->events);
    free(follower);
}

const char *intake_follower_errmsg(const IntakeFollower *follower)
{
    return follower->cursor != NULL ? odd_cursor_errmsg(follower->cursor) : "";
}

odd_rc intake_next(IntakeFollower *follower, int timeout_ms, odd_events **ret_events,
                   uint64_t *ret_position)
{
    Intake *intake = follower->intake;
    int64_t until_ns = intake_clock_ns() + (int64_t)timeout_ms * MS;
    struct timespec until = intake_until(until_ns);
    odd_events_close(follower->events);
    follower->events = NULL;
    odd_rc rc = ODD_DONE;
    pthread_mutex_lock(&intake->lock);
    while (rc == ODD_DONE) {
        if (next_from_memory(follower)) {
            *ret_events = follower->events;
            rc = ODD_OK;
        } else if (intake->position > follower->at) {
            uint64_t durable = intake->position;
            pthread_mutex_unlock(&intake->lock);
            rc = next_from_journal(follower, durable, ret_events);
            pthread_mutex_lock(&intake->lock);
        } else if (intake_clock_ns() >= until_ns) {
            break;
        } else {
            pthread_cond_timedwait(&intake->committed, &intake->lock, &until);
        }
    }
    pthread_mutex_unlock(&intake->lock);
    if (rc == ODD_OK && follower->events != NULL)
        cursor_leave(follower);
    if (rc == ODD_OK)
        *ret_position = follower->at;
    return rc;
}
