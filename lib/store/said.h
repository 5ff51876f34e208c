/* SPDX-License-Identifier: Apache-2.0
 *
 * said.h - what the store itself must know of the events: keys of requests, positions of readers.
 *
 * Beside the events of a commit stands a short run of these alone, with a checksum behind it, so
 * that what was known is known again at the next start without unpacking the journal.
 *
 * OWNERSHIP  Said own keys, readers and the run that is being gathered.
 * ERRORS     ODD_NOMEM: nothing was added.
 */
#ifndef STORE_SAID_H
#define STORE_SAID_H
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
    NotesRoom   base;      /* Of said_write. */
    Mem         mem;
} Said;

odd_rc said_open(Said *said);
void   said_close(Said *said);

/* A commit is put together from runs.  ODD_EXISTS: a key of this run is known, leave it out. */
void   said_begin(Said *said);
odd_rc said_add(Said *said, Str run);
odd_rc said_end(Said *said, Str *ret_bytes); /* What is to be stored; empty: nothing. */
void   said_keep(Said *said);                /* The commit is durable.      */
void   said_take_back(Said *said);           /* It failed.                  */

/* Said of an earlier commit, as stored.  ODD_CORRUPT. */
odd_rc said_learn(Said *said, Str bytes);

/* All that is known, before the commit that is being put together; and back, into empty notes:
 * ODD_CORRUPT.  What was written is valid until the next such call. */
odd_rc said_write(Said *said, Str *ret_bytes);
odd_rc said_read(Said *said, Str bytes);

#endif
