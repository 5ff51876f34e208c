/* SPDX-License-Identifier: Apache-2.0
 *
 * follow.h - follows all log files that names lead to: finds them, knows them again, reads them in
 * turn, and gives their lines with the place that was reached.
 *
 * A round gives at most FOLLOW_BATCH_BYTES in one hand-over, of each log at most
 * TAIL_SLICE_BYTES, so that one that grows fast starves no other.
 *
 * OWNERSHIP  The context and the lists of names outlive it; follow_close.
 * THREADS    follow_round on one thread; follow_describe on any, meanwhile.
 */
#ifndef SOURCE_FOLLOW_H
#define SOURCE_FOLLOW_H
#include "source/source.h"

#define FOLLOW_BATCH_BYTES (4u << 20)
#define FOLLOW_OPEN_MAX 512 /* Files open at once; beyond, those at rest are closed. */

typedef struct {
    TextList names, exclude; /* See find.h. */
    int64_t  backfill_ns;    /* Older logs are not learnt from.                              */
    int64_t  torn_wait_ns;   /* So long a part of a line waits for its end.                  */
    int64_t  rest_ns;        /* A rotated log that rests so long is done.                    */
    size_t   open_max;       /* 0: FOLLOW_OPEN_MAX.                                          */
} FollowOptions;

typedef struct Follow Follow;

Follow *follow_open(const SourceContext *context, const FollowOptions *options);
void    follow_close(Follow *follow); /* NULL is a no-op. */

typedef struct {
    odd_time wall;
    int64_t  monotonic_ns;
} FollowNow;

typedef enum { FOLLOW_MORE, FOLLOW_REST, FOLLOW_STOPPED } FollowAnswer;

/* Finds what is due to be found, reads, gives, waits until it is durable. */
FollowAnswer follow_round(Follow *follow, FollowNow now);

int  follow_descriptor(const Follow *follow); /* Readable when files change; -1: never. */
void follow_look(Follow *follow); /* All is found and looked at anew in the next round. */

void follow_describe(Follow *follow, void (*tell)(void *context, const Watch *watch),
                     void *context);

#endif
