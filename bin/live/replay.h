/* SPDX-License-Identifier: Apache-2.0
 *
 * replay.h - history once more: the lake, then the journal of a directory, through a fold of its
 * own.
 *
 * Beside a running server too, which is not disturbed.  What the journal has no more comes from the
 * lake.  Where the lake does not reach back to the first commit either, what was learnt of those
 * before comes from the newest checkpoint; or all is learnt anew from what is there.
 *
 * OWNERSHIP  The caller closes *ret_fold with odd_fold_close.
 * ERRORS     A sentence in `problem`.  *stop true ends it early, with what is known so far.
 * EXACTNESS  The fold finds, byte for byte, what that of the server found that took the events; but
 *            not where commits are missing, or where it is learnt anew.
 */
#ifndef LIVE_REPLAY_H
#define LIVE_REPLAY_H
#include <oddball.h>
#include <stdatomic.h>
#include <stdbool.h>

typedef struct {
    odd_options fold;    /* As the server's. */
    int         threads; /* 0: as many as there are processors. */
    odd_time    until;   /* Commits that came later are left out; 0: none is. */
    const char *lake;    /* Its folder. */
    const char *duckdb;  /* libduckdb.so; NULL: where it is installed. */
    uint64_t    memory_bytes; /* For reading the lake; 0: its default. */
    bool        anew;    /* Rather than from a checkpoint. */
    bool        newest;  /* From the newest checkpoint, if there is one. */
    const odd_events *features; /* Definitions that count instead of all that was said. */
    uint64_t    at_most; /* The last commit; 0: all. */
    bool        settles; /* What was fed behind the last tick is learnt too. */
    /* Behind each step of the fold; false ends it.  NULL: nobody looks. */
    bool      (*stepped)(void *context, odd_fold *fold);
    void       *context;
    const odd_events *rules; /* That count instead of all that was said; NULL: that does. */
} ReplayOptions;

typedef struct {
    uint64_t first, last;     /* Commits. */
    uint64_t from_lake;       /* Of them. */
    uint64_t damaged;         /* Passed over. */
    uint64_t from_checkpoint; /* Position that it began at; 0: none. */
    uint64_t lines_missing, samples_missing; /* Of commits of the lake. */
} ReplayCounts;

odd_rc replay(const char *data, const ReplayOptions *options, const atomic_bool *stop,
              odd_fold **ret_fold, ReplayCounts *ret_counts, char *problem, size_t problem_size);

#endif
