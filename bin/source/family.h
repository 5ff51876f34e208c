/* SPDX-License-Identifier: Apache-2.0
 *
 * family.h - one log as one source: its live file, and the rotated ones that are still to be read.
 *
 * Files are read in the order in which they were written, so that history is in order.  A file
 * that was rotated is followed on until it rests for a while, as its writer may still have it open.
 *
 * OWNERSHIP  A Family owns its tails; family_free.
 * THREADS    One family, one thread at a time.
 */
#ifndef SOURCE_FAMILY_H
#define SOURCE_FAMILY_H
#include "source/find.h"
#include "source/tail.h"

#define FAMILY_TAILS_MAX 1024 /* Rotated files of one log; older ones are left out. */

typedef struct {
    char   *name;         /* Path of the live file: the source. */
    Tail  **tails;        /* Oldest first. */
    size_t  tail_count, tail_capacity;
    bool    known;        /* It has a history: a place was kept, or something was read. */
    bool    dirty;        /* There may be something to read. */
    bool    blind;        /* Nobody tells us when it grows. */
    bool    moved;        /* Its place has to be kept anew. */
    int64_t changed_ns;   /* Of its newest file, when it was last read. */
    int     problem;      /* Of the file that is read: an errno. */
    char   *problem_path;
    uint64_t lines, bytes, dropped; /* Given; lost. */
    int64_t ended_ns;     /* When all was read last, on the wall's clock. */
    bool    seen;         /* In this search. */
} Family;

Family *family_new(const char *name); /* NULL: no memory. */
void    family_free(Family *family);

bool family_load(Family *family, const char *position); /* What was kept; false: no memory. */
void family_places(const Family *family, Places *ret);

/* The tail goes behind all others; false: no memory, or too many: it was freed. */
bool  family_add(Family *family, Tail *tail);
Tail *family_take(Family *family, size_t number); /* It is the caller's then. */

/* files: those with its name, oldest first.  Those that are newer than what is followed are
 * followed from their beginning, or, of a family without a history, those that are not older
 * than oldest_ns; an old live file is then followed from its end. */
bool family_grow(Family *family, FoundFile *const *files, size_t count, int64_t oldest_ns);

#endif
