/* SPDX-License-Identifier: Apache-2.0 */
#include "input/lanes.h"

#include <assert.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#define BATCHES_A_BLOCK 2 /* At most: the first block is parted behind its first rows. */

struct Lane {
    Stream    *stream;
    int        source;
    uint64_t   start_rows;
    bool       reading; /* Somebody reads its next block. */
    bool       ended;
    bool       bound;   /* Only the caller may read it.   */
    uint64_t   read;    /* Batches that got a place in the queue, */
    uint64_t   used;    /* and those that are gone again.         */
    uint64_t   bytes_read;
    odd_batch *queue[]; /* Ring of `depth`; NULL: not yet prepared. */
};

typedef struct {
    const char *bytes;
    size_t      size;
    uint64_t    row;
} Part;

struct Lanes {
    const odd_db   *db;
    pthread_mutex_t lock;
    pthread_cond_t  work;  /* There may be a lane to work on.         */
    pthread_cond_t  ready; /* A batch is ready, a lane ended, a fault. */
    pthread_t       threads[LANES_THREADS_MAX];
    int             thread_count; /* Besides the caller. */
    bool            closing;
    odd_rc          rc; /* The first fault. */
    Lane          **lanes;
    size_t          count, capacity;
    uint64_t        depth;       /* Of a lane's queue.                       */
    uint64_t        ahead_max;   /* Batches waiting in all lanes, but one each. */
    uint64_t        waiting;     /* Batches that have a place in a queue.    */
    uint64_t        bytes_read;
    Block           block; /* The caller's. */
};

/* -- one piece of work ---------------------------------------------------------------------- */

static bool lane_wants_work(const Lanes *lanes, const Lane *lane, bool caller)
{
    uint64_t waiting = lane->read - lane->used;
    if (lane->reading || lane->ended || (lane->bound && !caller))
        return false;
    if (waiting == 0)
        return true;
    return waiting + BATCHES_A_BLOCK <= lanes->depth &&
           lanes->waiting < lanes->count + lanes->ahead_max;
}

/* The lane with the fewest batches waiting; of equals the first. */
static Lane *lane_to_work_on(const Lanes *lanes, bool caller)
{
    Lane *best = NULL;
    for (size_t i = 0; i < lanes->count; i++) {
        Lane *lane = lanes->lanes[i];
        if (!lane_wants_work(lanes, lane, caller))
            continue;
        if (best == NULL || lane->read - lane->used < best->read - best->used)
            best = lane;
    }
    return best;
}

/* Where the first `rows` lines of a block end. */
static size_t rows_end(const Block *block, uint64_t rows)
{
    const char *at = block->bytes, *end = block->bytes + block->size;
    for (; rows > 0 && at < end; rows--) {
        const char *line_end = memchr(at, '\n', (size_t)(end - at));
        at = line_end != NULL ? line_end + 1 : end;
    }
    return (size_t)(at - block->bytes);
}

static size_t block_part(const Block *block, uint64_t start_rows, Part *parts)
{
    parts[0] = (Part){block->bytes, block->size, block->row};
    if (block->row != 1 || start_rows == 0)
        return 1;
    size_t start = rows_end(block, start_rows);
    if (start == block->size)
        return 1;
    parts[0].size = start;
    parts[1] = (Part){block->bytes + start, block->size - start, block->row + start_rows};
    return 2;
}

static void lanes_fail(Lanes *lanes, odd_rc rc)
{
    if (lanes->rc == ODD_OK)
        lanes->rc = rc;
}

/* Reads a block of the lane and prepares its batches.  Called and left with the lock held. */
static void lane_work(Lanes *lanes, Lane *lane, Block *block)
{
    lane->reading = true;
    pthread_mutex_unlock(&lanes->lock);
    Part     parts[BATCHES_A_BLOCK];
    bool     any = stream_next(lane->stream, block);
    size_t   part_count = any ? block_part(block, lane->start_rows, parts) : 0;
    uint64_t bytes_read = stream_counts(lane->stream).bytes_read;
    pthread_mutex_lock(&lanes->lock);
    uint64_t at = lane->read;
    lane->read += part_count;
    lanes->waiting += part_count;
    lanes->bytes_read += bytes_read - lane->bytes_read;
    lane->bytes_read = bytes_read;
    lane->ended = !any;
    lane->reading = false;
    pthread_cond_signal(&lanes->work); /* It may be read on by another. */
    pthread_cond_signal(&lanes->ready);
    for (size_t i = 0; i < part_count; i++) {
        odd_batch *batch = NULL;
        pthread_mutex_unlock(&lanes->lock);
        odd_rc rc = odd_prepare(lanes->db, lane->source, parts[i].row, parts[i].bytes,
                                parts[i].size, &batch);
        pthread_mutex_lock(&lanes->lock);
        if (rc != ODD_OK)
            lanes_fail(lanes, rc);
        lane->queue[(at + i) % lanes->depth] = batch;
    }
    pthread_cond_signal(&lanes->ready);
}

static void *thread_main(void *argument)
{
    Lanes *lanes = argument;
    Block  block = {0};
    pthread_mutex_lock(&lanes->lock);
    while (!lanes->closing) {
        Lane *lane = lanes->rc == ODD_OK ? lane_to_work_on(lanes, false) : NULL;
        if (lane != NULL)
            lane_work(lanes, lane, &block);
        else
            pthread_cond_wait(&lanes->work, &lanes->lock);
    }
    pthread_mutex_unlock(&lanes->lock);
    block_free(&block);
    return NULL;
}

/* -- for the caller ------------------------------------------------------------------------- */

odd_rc lane_head(Lanes *lanes, Lane *lane, odd_batch **ret)
{
    odd_batch *head = NULL;
    pthread_mutex_lock(&lanes->lock);
    while (lanes->rc == ODD_OK) {
        bool any = lane->read > lane->used;
        head = any ? lane->queue[lane->used % lanes->depth] : NULL;
        if (head != NULL || (!any && lane->ended))
            break;
        Lane *next = lane_wants_work(lanes, lane, true) ? lane : lane_to_work_on(lanes, true);
        if (next != NULL)
            lane_work(lanes, next, &lanes->block);
        else
            pthread_cond_wait(&lanes->ready, &lanes->lock);
    }
    odd_rc rc = lanes->rc;
    pthread_mutex_unlock(&lanes->lock);
    if (rc == ODD_OK)
        *ret = head;
    return rc;
}

void lane_step(Lanes *lanes, Lane *lane)
{
    pthread_mutex_lock(&lanes->lock);
    assert(lane->read > lane->used);
    odd_batch **head = &lane->queue[lane->used % lanes->depth];
    odd_batch  *batch = *head;
    *head = NULL;
    lane->used++;
    lanes->waiting--;
    pthread_cond_signal(&lanes->work);
    pthread_mutex_unlock(&lanes->lock);
    odd_batch_free(batch);
}

uint64_t lanes_bytes_read(Lanes *lanes)
{
    pthread_mutex_lock(&lanes->lock);
    uint64_t bytes_read = lanes->bytes_read;
    pthread_mutex_unlock(&lanes->lock);
    return bytes_read;
}

static bool lanes_grow(Lanes *lanes)
{
    size_t capacity = lanes->capacity == 0 ? 16 : lanes->capacity * 2;
    Lane **grown = realloc(lanes->lanes, capacity * sizeof *grown);
    if (grown == NULL)
        return false;
    lanes->lanes = grown;
    lanes->capacity = capacity;
    return true;
}

Lane *lane_open(Lanes *lanes, Stream *stream, int source, uint64_t start_rows)
{
    Lane *lane = calloc(1, sizeof *lane + lanes->depth * sizeof(odd_batch *));
    if (lane == NULL)
        return NULL;
    lane->stream = stream;
    lane->source = source;
    lane->start_rows = start_rows;
    lane->bound = stream_is_bound(stream);
    pthread_mutex_lock(&lanes->lock);
    bool room = lanes->count < lanes->capacity || lanes_grow(lanes);
    if (room)
        lanes->lanes[lanes->count++] = lane;
    pthread_cond_signal(&lanes->work);
    pthread_mutex_unlock(&lanes->lock);
    if (room)
        return lane;
    free(lane);
    return NULL;
}

void lane_close(Lanes *lanes, Lane *lane)
{
    pthread_mutex_lock(&lanes->lock);
    assert(lane->ended);
    assert(lane->read == lane->used);
    size_t at = 0;
    while (lanes->lanes[at] != lane)
        at++;
    lanes->count--;
    memmove(&lanes->lanes[at], &lanes->lanes[at + 1],
            (lanes->count - at) * sizeof *lanes->lanes);
    pthread_mutex_unlock(&lanes->lock);
    free(lane);
}

/* Signals are for the caller's thread: its waits are the ones to be interrupted. */
static void threads_start(Lanes *lanes, int wanted)
{
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    while (lanes->thread_count < wanted &&
           pthread_create(&lanes->threads[lanes->thread_count], NULL, thread_main, lanes) == 0)
        lanes->thread_count++;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
}

Lanes *lanes_open(const odd_db *db, int threads)
{
    assert(threads >= 1);
    Lanes *lanes = calloc(1, sizeof *lanes);
    if (lanes == NULL)
        return NULL;
    if (threads > LANES_THREADS_MAX)
        threads = LANES_THREADS_MAX;
    lanes->db = db;
    lanes->depth = (uint64_t)threads * LANE_AHEAD + BATCHES_A_BLOCK;
    lanes->ahead_max = (uint64_t)threads * LANES_AHEAD;
    pthread_mutex_init(&lanes->lock, NULL);
    pthread_cond_init(&lanes->work, NULL);
    pthread_cond_init(&lanes->ready, NULL);
    threads_start(lanes, threads - 1);
    return lanes;
}

static void lane_drop(Lanes *lanes, Lane *lane)
{
    for (uint64_t i = 0; i < lanes->depth; i++)
        odd_batch_free(lane->queue[i]);
    free(lane);
}

void lanes_close(Lanes *lanes)
{
    if (lanes == NULL)
        return;
    pthread_mutex_lock(&lanes->lock);
    lanes->closing = true;
    pthread_cond_broadcast(&lanes->work);
    pthread_mutex_unlock(&lanes->lock);
    for (int i = 0; i < lanes->thread_count; i++)
        pthread_join(lanes->threads[i], NULL);
    for (size_t i = 0; i < lanes->count; i++)
        lane_drop(lanes, lanes->lanes[i]);
    pthread_cond_destroy(&lanes->work);
    pthread_cond_destroy(&lanes->ready);
    pthread_mutex_destroy(&lanes->lock);
    block_free(&lanes->block);
    free(lanes->lanes);
    free(lanes);
}
