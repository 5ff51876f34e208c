/* SPDX-License-Identifier: Apache-2.0
 *
 * rate.h - how many of a pattern came in each window: a series of counts, once there are enough.
 *
 * Most patterns come a few times and never again.  As long as that is so, a rate is the few bytes
 * from which a series of counts can begin (detect/count_model.h); then it is one like those of
 * metrics, in a table of such (watch_table.h).
 *
 * SHAPE      Flat, 280 bytes, without the series.
 * OWNERSHIP  The series is the table's; the rate holds its number.
 * ERRORS     Where no memory is left for a series, the few bytes go on.
 * EXACTNESS  rate_merge: the longer past stays, the other is dropped (a rate has one past).
 */
#ifndef ENGINE_RATE_H
#define ENGINE_RATE_H
#include "detect/band.h"
#include "detect/count_model.h"
#include "detect/pause.h"
#include "engine/watch_table.h"

#define RATE_WINDOW_S 60
#define RATE_MORE_MIN 4.0 /* Lines of one window above what was to be expected. */
#define RATE_LINES_MIN \
    32 /* Of a pattern, from which on it is worth a series.  In a file that ... */
#define RATE_LEVEL_MIN 0.25 /* ... is read as fast as can be, only if so many come a window. */

typedef struct {
    int64_t    window; /* The number of the one that is open; `count` is of it. */
    uint32_t   count;
    uint32_t   watch;  /* Of a table; WATCH_NONE: no series yet. */
    CountStart start;  /* What the series begins with. */

    /* Of a shard alone. */
    Pause    pause;    /* Between its lines. */
    Band     band;     /* What was expected of the last window. */
    uint64_t opened;   /* Not 0: the first window is begun. */
} Rate; /* All zero but watch, which is WATCH_NONE, is the empty state. */

/* reason: more, less or silent; alarm: only of a window that is off to that side itself. */
void rate_score(const Rate *rate, const WatchTable *watches, odd_time time, double count,
                Judgement *ret_judgement);
/* may_grow: it is worth a series, and there is memory for one. */
void rate_learn(Rate *rate, WatchTable *watches, odd_time time, double count, bool may_grow);
void rate_merge(Rate *into, Rate *from, WatchTable *watches);

#endif
