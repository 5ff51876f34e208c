/* SPDX-License-Identifier: Apache-2.0
 *
 * drive.h - commits into a fold, in their order: fed, stepped on all threads, merged at each tick.
 *
 * The one way from the journal to the findings: of what comes now, of a restart, of a replay.
 *
 * OWNERSHIP  A Drive borrows fold and crew.
 * ERRORS     What odd_fold_feed or odd_fold_merge refuses with; the sentence is in odd_fold_errmsg.
 */
#ifndef LIVE_DRIVE_H
#define LIVE_DRIVE_H
#include <oddball.h>
#include <pthread.h>
#include <stdbool.h>

#include "live/crew.h"

typedef struct {
    odd_fold *fold;
    Crew     *crew;
    uint64_t  fed_bytes; /* Since the shards stepped. */
    pthread_mutex_t *features_lock; /* Held while values of features change; NULL: nobody reads. */
} Drive;

/* ODD_ROW: the commit ended with a tick, and all is merged.  *ret_stepped: there are new rows for
 * the lake. */
odd_rc drive_feed(Drive *drive, const odd_events *events, uint64_t position, bool *ret_stepped);

/* What was fed is learnt, tick or not, so that it can be read of features; *ret_stepped: there was
 * something. */
odd_rc drive_settle(Drive *drive, bool *ret_stepped);

#endif
