/* SPDX-License-Identifier: Apache-2.0
 *
 * timeline.h - a span of unknown length in at most 256 equal buckets: when it grows too long,
 * neighbours are added up and the buckets are twice as wide.
 *
 * SHAPE      A Timeline is the ruler; a History is one count per bucket, laid along it.  Histories
 *            follow the ruler's doublings when they are next touched.
 * OWNERSHIP  Plain values.
 * UNITS      Moments are ns, or row numbers where there is no time; width in the same unit.
 * EXACTNESS  Counts are never lost: what lies before the start counts in the first bucket, and what
 *            jumps far ahead alone counts in the last one (see timeline_bucket).
 */
#ifndef ENGINE_TIMELINE_H
#define ENGINE_TIMELINE_H
#include <stdbool.h>
#include <stdint.h>

#include "event/spot.h"

#define TIMELINE_BUCKETS 256

typedef struct {
    int64_t  start, width; /* width 0: nothing seen yet. */
    int64_t  jump_max;     /* A longer step ahead has to be confirmed by the next moment. */
    int64_t  newest, jumped_to;
    bool     jumping;
    uint8_t  unused[7];    /* It is saved: none of its bytes is left open. */
    uint32_t doublings;
    uint32_t bucket_count; /* Used so far. */
} Timeline;

typedef struct {
    uint32_t doublings;
    uint32_t counts[TIMELINE_BUCKETS];
} History;

#define MARK_COUNT 32 /* Each of so many buckets: */
#define MARK_BUCKETS (TIMELINE_BUCKETS / MARK_COUNT)

typedef struct {
    Spot     spot; /* sequence 0: none. */
    uint32_t text_from, text_size; /* Its line, kept by the caller. */
} Mark;

typedef struct { /* The first line of every few buckets, to point at. */
    uint32_t doublings;
    Mark     marks[MARK_COUNT];
} Marks;

Timeline timeline_make(int64_t width, int64_t jump_max);

/* The bucket of a moment; makes room for it first. */
uint32_t timeline_bucket(Timeline *timeline, int64_t moment);
int64_t  timeline_moment(const Timeline *timeline, uint32_t bucket); /* Where a bucket begins. */

void history_follow(History *history, const Timeline *timeline);
void history_add(History *history, const Timeline *timeline, uint32_t bucket);
void history_merge(History *history, const History *other, const Timeline *timeline);

void marks_follow(Marks *marks, const Timeline *timeline);

/* The mark that the line makes, if it is the first there; else NULL. */
Mark *marks_add(Marks *marks, const Timeline *timeline, uint32_t bucket, Spot spot);

/* The first and the last mark whose lines are in buckets [first, last]; where there is none, both
 * are the last one before them; NULL: none at all. */
typedef struct {
    const Mark *first, *last;
} MarkSpan;
MarkSpan marks_find(Marks *marks, const Timeline *timeline, uint32_t first, uint32_t last);

#endif
