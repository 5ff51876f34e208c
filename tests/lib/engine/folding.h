/* SPDX-License-Identifier: Apache-2.0
 *
 * folding.h - a fold that learns events up to a tick, and what it tells of them.
 *
 * OWNERSHIP  The caller closes folds and events.
 */
#ifndef FOLDING_H
#define FOLDING_H
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* Above: what cmocka needs first. */
#include <cmocka.h>
#include <pthread.h>
#include <stdlib.h>

#include "base/time.h"
#include "engine/fold.h"

#define NOW (1764547200LL * NS_PER_S) /* 2025-12-01 00:00:00 UTC */

static inline odd_fold *fold_opened(uint64_t memory_bytes_max)
{
    odd_fold *fold;
    odd_options options = {.memory_bytes_max = memory_bytes_max};
    assert_int_equal(odd_fold_open(&options, &fold), ODD_OK);
    return fold;
}

static inline odd_events *events_opened(odd_time known)
{
    odd_events *events = events_open(NULL, known);
    assert_non_null(events);
    return events;
}

/* Learns the events, behind which time is `known`; they are empty then. */
static inline void fold_learn(odd_fold *fold, odd_events *events, odd_time known)
{
    events->known = known;
    assert_true(events_tick(events));
    assert_int_equal(odd_fold_feed(fold, events, odd_fold_position(fold) + 1), ODD_ROW);
    for (int i = 0; i < ODD_SHARD_COUNT; i++)
        assert_int_equal(odd_fold_step(fold, i), ODD_OK);
    assert_int_equal(odd_fold_merge(fold), ODD_OK);
    events_clear(events);
}

typedef struct {
    odd_fold *fold;
    int       first, step;
} FoldWorker;

static inline void *fold_work(void *context)
{
    FoldWorker *worker = context;
    for (int i = worker->first; i < ODD_SHARD_COUNT; i += worker->step)
        if (odd_fold_step(worker->fold, i) != ODD_OK)
            return worker;
    return NULL;
}

/* Steps all shards, by so many threads (at most 8). */
static inline void fold_step_all(odd_fold *fold, int threads)
{
    pthread_t ids[8];
    FoldWorker workers[8];
    for (int i = 0; i < threads; i++) {
        workers[i] = (FoldWorker){.fold = fold, .first = i, .step = threads};
        assert_int_equal(pthread_create(&ids[i], NULL, fold_work, &workers[i]), 0);
    }
    for (int i = 0; i < threads; i++) {
        void *failed;
        pthread_join(ids[i], &failed);
        assert_null(failed);
    }
}

/* The sum of a column of a view. */
static inline int64_t fold_sum(odd_fold *fold, odd_view view, const char *column)
{
    odd_rows *rows;
    odd_question question = {.view = view};
    int64_t sum = 0;
    assert_int_equal(odd_fold_query(fold, &question, &rows), ODD_OK);
    while (odd_next(rows) == ODD_ROW)
        sum += odd_int(rows, odd_column(rows, column));
    odd_rows_close(rows);
    return sum;
}

static inline size_t fold_row_count(odd_fold *fold, odd_view view)
{
    odd_rows *rows;
    odd_question question = {.view = view};
    size_t count = 0;
    assert_int_equal(odd_fold_query(fold, &question, &rows), ODD_OK);
    while (odd_next(rows) == ODD_ROW)
        count++;
    odd_rows_close(rows);
    return count;
}

#endif
