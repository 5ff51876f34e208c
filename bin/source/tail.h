/* SPDX-License-Identifier: Apache-2.0
 *
 * tail.h - one log file that is read to its end, and on as it grows.
 *
 * Whole lines are given; what stands behind the last line end waits for its rest.  A line beyond
 * TAIL_SLICE_BYTES is cut and its rest dropped.  NUL bytes at the beginning (a hole: the file was
 * cut under its writer) are passed over; the first bytes behind them tell whether it is text.
 * What is compressed is unpacked; it does not grow, so it is read once.
 *
 * OWNERSHIP  A Tail owns its descriptor and path; tail_free.
 * ERRORS     Each slice says what became of the file; `problem` keeps an errno.
 * THREADS    One tail, one thread at a time.
 */
#ifndef SOURCE_TAIL_H
#define SOURCE_TAIL_H
#include "input/stream.h"
#include "source/print.h"

#define TAIL_SLICE_BYTES (1u << 20)
#define TAIL_ROOM_BYTES (TAIL_SLICE_BYTES + PRINT_TRAIL_BYTES + 4096) /* Of a slice's buffer. */
#define TAIL_LINE_BYTES ((64u << 10) + 1) /* Kept of a line that is cut: the engine sees it. */

typedef struct {
    char    *path;       /* NULL: it has no name that is looked at (deleted, moved away). */
    Place    place;
    int      descriptor; /* -1: closed. */
    Stream  *stream;     /* While a packed one is read. */
    Input    input;      /* Of the stream. */
    uint64_t size;       /* As last seen. */
    int64_t  changed_ns; /* Likewise: its time of last writing. */
    int64_t  grown_ns;   /* When we last saw it grow, on the clock that never jumps. */
    bool     packed;
    bool     started;    /* Its place is to be kept: something of it was given, or passed over. */
    bool     from_end;   /* What it holds at first is passed over. */
    bool     looked;     /* Its first bytes are text. */
    bool     ended;      /* Read as far as it goes now. */
    bool     finished;   /* Packed, and read whole. */
    int64_t  torn_ns;    /* Packed and found torn: changed_ns as it was then. */
    bool     binary;
    bool     cut;        /* What its inode held is gone; a copy may be elsewhere. */
    bool     lost;       /* The name leads to another file now: find ours again. */
    bool     placed;     /* While files are found: it has one. */
    bool     foreign;    /* It moved to a name that is not of its family. */
    int64_t  unseen_ns;  /* Since when path is NULL, on the clock that never jumps. */
    int      problem;    /* Why it could not be opened or read: an errno. */
    uint64_t passed;     /* Bytes dropped: of holes and of lines too long. */
} Tail;

typedef enum {
    TAIL_LINES,   /* bytes hold whole lines.                                    */
    TAIL_NOTHING, /* Read to its end; a part of a line may wait.                */
    TAIL_MOVED,   /* It is not the file that it was: cut, replaced, or gone.    */
    TAIL_REFUSED, /* problem says why.                                          */
    TAIL_NO_TEXT
} TailAnswer;

typedef struct {
    const char *bytes; /* In the room that was given. */
    size_t      size;
} TailSlice;

/* The path is copied.  NULL: no memory. */
Tail *tail_new(const char *path, uint64_t device, uint64_t inode, bool packed);
void  tail_free(Tail *tail); /* NULL is a no-op. */

/* The next lines, at most TAIL_SLICE_BYTES of them.  room holds TAIL_ROOM_BYTES.  all: what waits
 * for its line end is given as it is.  monotonic_ns: now. */
TailAnswer tail_slice(Tail *tail, bool all, int64_t monotonic_ns, char *room, TailSlice *ret);

void tail_shut(Tail *tail); /* Closes its descriptor; the next slice opens it again. */

/* Whether a path holds what the place tells of, as far as that was read. */
bool tail_is_at(const Place *place, const char *path, bool packed);

/* Bytes behind its place, as far as known. */
uint64_t tail_waiting(const Tail *tail);

#endif
