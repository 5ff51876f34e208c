/* SPDX-License-Identifier: Apache-2.0
 *
 * notes.h - what the store itself must know of the events: keys of requests, positions of readers.
 *
 * Beside the events of a commit stands a short run of these alone, with a checksum behind it, so
 * that what was known is known again at the next start without unpacking the journal.
 *
 * OWNERSHIP  Notes own keys, readers and the run that is being gathered.
 * ERRORS     ODD_NOMEM: nothing was added.
 */
#ifndef STORE_NOTES_H
#define STORE_NOTES_H
#include "event/events.h"
#include "store/readers.h"
#include "store/requests.h"

typedef struct {
    char  *bytes;
    size_t capacity;
} NotesRoom;

typedef struct {
    Requests    requests;
    Readers     readers;
    odd_events *run;       /* Of the commit that is being put together.      */
    uint64_t    keys_added; /* By it.                                        */
    NotesRoom   stored;    /* The run and its checksum.                      */
    NotesRoom   base;      /* Of notes_write. */
    Mem         mem;
} Notes;

odd_rc notes_open(Notes *notes);
void   notes_close(Notes *notes);

/* A commit is put together from runs.  ODD_EXISTS: a key of this run is known, leave it out. */
void   notes_begin(Notes *notes);
odd_rc notes_add(Notes *notes, Str run);
odd_rc notes_end(Notes *notes, Str *ret_bytes); /* What is to be stored; empty: nothing. */
void   notes_keep(Notes *notes);                /* The commit is durable.      */
void   notes_take_back(Notes *notes);           /* It failed.                  */

/* Notes of an earlier commit, as stored.  ODD_CORRUPT. */
odd_rc notes_learn(Notes *notes, Str bytes);

/* All that is known, before the commit that is being put together; and back, into empty notes:
 * ODD_CORRUPT.  What was written is valid until the next such call. */
odd_rc notes_write(Notes *notes, Str *ret_bytes);
odd_rc notes_read(Notes *notes, Str bytes);

#endif
