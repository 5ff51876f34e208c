/* SPDX-License-Identifier: Apache-2.0
 *
 * replay.h - history once more: the journal of a directory through a fold of its own.
 *
 * Beside a running server too, which is not disturbed.  If the journal's beginning is gone, what
 * was learnt of it comes from the newest checkpoint.
 *
 * OWNERSHIP  The caller closes *ret_fold with odd_fold_close.
 * ERRORS     A sentence in `problem`.  *stop true ends it early, with what is known so far.
 * EXACTNESS  The fold is, byte for byte, that of the server that took the events.
 */
#ifndef LIVE_REPLAY_H
#define LIVE_REPLAY_H
#include <oddball.h>
#include <stdatomic.h>

typedef struct {
    odd_options fold;    /* As the server's. */
    int         threads; /* 0: as many as there are processors. */
    odd_time    until;   /* Commits that came later are left out; 0: none is. */
} ReplayOptions;

typedef struct {
    uint64_t first, last; /* Commits. */
    uint64_t damaged;     /* Of them, passed over. */
    uint64_t from_checkpoint; /* Position that it began at; 0: the beginning. */
} ReplayCounts;

odd_rc replay(const char *data, const ReplayOptions *options, const atomic_bool *stop,
              odd_fold **ret_fold, ReplayCounts *ret_counts, char *problem, size_t problem_size);

#endif
