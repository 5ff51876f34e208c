/* SPDX-License-Identifier: Apache-2.0
 *
 * lanes.h - streams that are read ahead at once, their blocks made into batches by a pool of threads.
 *
 * A lane is one open stream and the queue of its batches, in order.  The threads, and the caller
 * while it waits, take the lane with the fewest batches ready, read its next block and prepare it.
 * With one thread it is the caller alone who works, and no thread is started.
 *
 * SHAPE      Memory is bounded: a lane holds at most LANE_AHEAD batches a thread, all lanes together
 *            one each and LANES_AHEAD a thread.
 * OWNERSHIP  The lanes own their batches; the caller owns the streams and may touch one again when
 *            lane_head has said that it is at its end.
 * EXACTNESS  The batches of a lane are the same whatever the number of threads.
 * THREADS    All functions from one thread, the one that opened the streams.
 */
#ifndef INPUT_LANES_H
#define INPUT_LANES_H
#include <oddball.h>

#include "input/stream.h"

#define LANE_AHEAD 2
#define LANES_AHEAD 3
#define LANES_THREADS_MAX 64

typedef struct Lanes Lanes;
typedef struct Lane  Lane;

Lanes *lanes_open(const odd_db *db, int threads); /* NULL: no memory. */
void   lanes_close(Lanes *lanes);                 /* All lanes too.   */

/* The first batch has the first start_rows rows alone.  NULL: no memory. */
Lane *lane_open(Lanes *lanes, Stream *stream, int source, uint64_t start_rows);
void  lane_close(Lanes *lanes, Lane *lane);

/* Waits for the batch at the head of the lane; *ret NULL: it is at its end. */
odd_rc   lane_head(Lanes *lanes, Lane *lane, odd_batch **ret);
void     lane_step(Lanes *lanes, Lane *lane); /* The head is used up: frees it. */
uint64_t lanes_bytes_read(Lanes *lanes);      /* Of all streams, as on the disk. */

#endif
