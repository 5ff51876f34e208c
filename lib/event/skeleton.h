/* SPDX-License-Identifier: Apache-2.0
 *
 * skeleton.h - a commit without its texts and values: what the lake keeps beside its rows, so that
 * both together are the events once more.
 *
 * Rows of the lake have no order among sources, moments only to the microsecond, and no ticks.  The
 * skeleton has the events in their order, when they came, and how many rows each of them became.
 *
 *     event    kind and flags (1 byte), known (if it is another one: its difference), source (if it
 *              is another one), then by kind
 *     LINES    zone (if there is one), count of lines; of a line that was cut: its last byte
 *     RECORD   level and form of its time (1 byte), then what of the time is not in the row
 *     SAMPLES  hash of the series, count; the first time, in us before known, of a series that has
 *              come in this commit; the ns beyond us of each, by time, if there are any; or series
 *              and samples whole, where rows would not give them back
 *     CHANGE   time, text
 *     POSTED   time, text; under the number of no kind, as the next one, told apart by flags
 *     FEATURES text
 *     TICK     nothing
 *     VERDICT  text, under the number of a kind that is left out
 *     ALERT    text, under the number of no kind
 *     BATCH    all of it: rows of predictions are nowhere else in the lake; of a commit that has
 *              more of them than SKELETON_BATCH_BYTES_MAX, those beyond are left out
 *
 * Numbers are varints, those with a sign in zigzag.  Keys and positions of readers are left out:
 * nobody learns from them.
 *
 * OWNERSHIP  A Skeleton owns its bytes; what skeleton_next gives points into the bytes it reads.
 * ERRORS     Adding gives false when memory is short.  skeleton_next tells torn bytes from the end.
 * EXACTNESS  Attributes of records are left out.  A sample that came before is not in the rows; its
 *            event says that something came, and no more.
 */
#ifndef EVENT_SKELETON_H
#define EVENT_SKELETON_H
#include "event/events.h"

#define SKELETON_BATCH_BYTES_MAX (256u << 10)
#define SKELETON_US_NS 1000 /* Rows have no more of a time. */

typedef struct {
    uint64_t series; /* Hash of source and series; 0: free. */
    odd_time last;   /* Of its samples, so far; in us.      */
    bool     whole;
} SkeletonSeries;

typedef struct {
    Mem   *mem;
    char  *bytes;
    size_t size, capacity;
    size_t source_from, source_size; /* Of the last event, in bytes. */
    odd_time known;
    bool   begun;
    SkeletonSeries *series; /* Of this commit: a table of hashes. */
    size_t series_count, series_capacity;
    size_t batch_bytes;       /* Of batches, in this commit.  */
    uint64_t batches_left_out; /* Of all commits.              */
} Skeleton; /* All zero but for `mem` is the empty one. */

bool skeleton_add(Skeleton *skeleton, const Event *event);
void skeleton_clear(Skeleton *skeleton); /* For the next commit; keeps its memory. */
void skeleton_close(Skeleton *skeleton);

typedef enum {
    BONE_TIME_NONE,  /* The record says none.                          */
    BONE_TIME_ROW,   /* As the row has it.                             */
    BONE_TIME_FINER, /* That and so many ns.                           */
    BONE_TIME_OWN    /* Another one than the row's.                    */
} BoneTime;

typedef struct {
    Event    event;  /* Of texts and samples only what the skeleton has. */
    uint64_t rows;   /* LINES, SAMPLES: of this event.                   */
    bool     is_cut; /* LINES: one line, and `last` comes behind its row. */
    char     last;
    BoneTime moment; /* RECORD */
    bool     whole;  /* SAMPLES: all is here.                            */
    uint64_t series; /* SAMPLES: skeleton_series of it.                  */
    odd_time begins; /* SAMPLES: the first one's time, in us, if its series has come in this commit
                        before; or ODD_TIME_NONE.                        */
    Str      finer;  /* SAMPLES: varints, or empty.                      */
} Bone;

typedef struct {
    Str      bytes;
    size_t   at;
    Str      source;
    odd_time known;
} SkeletonReader; /* {.bytes = ...} stands before the first event. */

EventRead skeleton_next(SkeletonReader *reader, Bone *ret);

/* The same for names as they come, and as rows show them (utf8.h). */
uint64_t skeleton_series(Str source, Str series);

#endif
