/* SPDX-License-Identifier: Apache-2.0
 *
 * segment.h - one file of the journal: journal-N.db, a SQLite database in WAL mode.
 *
 *     head      format, first (number of its first commit), before (checksum of the commit before
 *               that, 0: not known), sum (checksum of these three)
 *     base      bytes: all keys and positions as they were before its first commit (notes.h)
 *     commits   number, size (unpacked), before (the predecessor's sum), sum, notes, bytes
 *
 * bytes is the run of all events of the commit (event/events.h), packed by zstd; notes is the run
 * of its keys and positions once more (notes.h), so that opening need not unpack everything.  sum
 * is the checksum of all that stands in the row: SQLite alone would not notice a flipped bit.
 *
 * The head stays as it is in every later format, so that an older program can say what it found.
 *
 * OWNERSHIP  A Segment must not move while it is open.
 * ERRORS     ODD_VERSION: a newer format, and nothing was changed.  Others as sqlite.h.
 */
#ifndef STORE_SEGMENT_H
#define STORE_SEGMENT_H
#include "store/folder.h"
#include "store/sqlite.h"

#define SEGMENT_FORMAT 1

typedef struct {
    uint64_t n;      /* Of its name.                         */
    uint64_t first;  /* Number of its first commit.          */
    uint64_t before; /* Checksum of the commit before it.    */
} SegmentHead;

typedef struct {
    SegmentHead head;
    Sql         sql;
    SqlQuery    put, get, above, noted;
    uint64_t    bytes;            /* On disk, about. */
    int         checkpoint_pages; /* Of the log, when it was last tried to move them. */
} Segment;

typedef struct {
    uint64_t number, size, before, sum;
    Str      notes, bytes; /* Valid until segment_release. */
} SegmentRow;

void segment_name(uint64_t n, char name[FOLDER_NAME_SIZE]);

/* head, base: what it shall say.  On failure its files are gone again, if the disk allows. */
odd_rc segment_create(Segment *segment, const Folder *folder, const char *vfs, SegmentHead head,
                      Str base, Problem *problem);
/* ODD_DONE: it was being made when the machine stopped, and holds nothing. */
odd_rc segment_open(Segment *segment, const Folder *folder, const char *vfs, SqlMode mode,
                    uint64_t n, Problem *problem);
void   segment_close(Segment *segment);

/* Handed to `take`, whose answer comes back. */
odd_rc segment_base(Segment *segment, odd_rc (*take)(void *context, Str base), void *context);

uint64_t segment_head_sum(uint64_t format, const SegmentHead *head);
uint64_t segment_sum(const SegmentRow *row); /* What its sum should be. */

odd_rc segment_put(Segment *segment, const SegmentRow *row); /* Durable on ODD_OK. */
/* ODD_NOTFOUND; ODD_CORRUPT: what is there is not what was written (with what can be told). */
odd_rc segment_get(Segment *segment, uint64_t number, SegmentRow *ret_row);
void   segment_release(Segment *segment); /* Readers that hold a row keep the log from shrinking. */
odd_rc segment_last(Segment *segment, uint64_t *ret_number); /* ODD_DONE: it has no commit.     */
/* The lowest number from `from` on; ODD_DONE: none. */
odd_rc segment_above(Segment *segment, uint64_t from, uint64_t *ret_number);

/* Said of commits from `from` on, one a call: from = number + 1 for the next; ODD_DONE. */
odd_rc segment_noted(Segment *segment, uint64_t from, uint64_t *ret_number, Str *ret_notes);

/* The log goes into the file when it has grown enough. */
odd_rc segment_checkpoint_if_due(Segment *segment);

#endif
