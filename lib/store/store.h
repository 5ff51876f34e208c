/* SPDX-License-Identifier: Apache-2.0
 *
 * store.h - the directory of a server as one handle; what the engine needs of it beyond oddball.h.
 *
 * ERRORS     The sentence is in odd_store_errmsg, and for what is below in
 *            odd_store_catalog_errmsg.
 */
#ifndef STORE_STORE_H
#define STORE_STORE_H
#include "store/catalog.h"
#include "store/journal.h"
#include "store/said.h"

#define STORE_COMMIT_BYTES_MAX EVENTS_BYTES_MAX /* Of all events of a commit together. */

struct odd_store {
    Mem      mem;
    Folder   folder;
    char     vfs_name[FOLDER_NAME_SIZE];
    const char *vfs;         /* NULL: SQLite's default. */
    bool     read_only;
    Problem  problem;
    Damages  damages;
    Journal  journal;
    Catalog  catalog;
    Said    notes;
    Squeeze  squeeze;
    char    *gathered;       /* Runs of a commit, when there are several. */
    size_t   gathered_capacity;
};

/* The first commit that the journal can give; where it has none, the one that will be next.  1 of a
 * store that is only read: its journal is not looked at. */
uint64_t store_first(const odd_store *store);

/* -- checkpoints (snapshot.c) --------------------------------------------------------------------
 * The state of an engine as numbered parts.  A checkpoint is one transaction; the last three are
 * kept. */

typedef struct {
    int      number; /* From 0. */
    Str      bytes;
    uint64_t packed_size; /* Not 0: they are packed (squeeze.h), and were so many. */
} StorePart;

/* A part that is not given stays as it was in the checkpoint before: the last one that was made or
 * restored (with at_most 0) through this handle; without such a one, all parts must be given.
 * lake_files are added to the live ones.  ODD_CORRUPT: the catalog was damaged and begun anew; call
 * again, with all parts. */
odd_rc store_checkpoint(odd_store *store, uint64_t position, const StorePart *parts,
                        size_t part_count, const char *const *lake_files, size_t lake_file_count);

/* The newest checkpoint whose parts are all whole, at or before a position (0: any), part by part.
 * ODD_DONE: there is none.  What `take` refuses with is given back. */
odd_rc store_restore(odd_store *store, uint64_t at_most,
                     odd_rc (*take)(void *context, int number, Str bytes), void *context,
                     uint64_t *ret_position);

/* -- values (keep.c): small things by name ----------------------------------------------------- */
odd_rc store_put(odd_store *store, const char *key, Str value);
/* Valid until the next call on the store.  ODD_NOTFOUND; ODD_CORRUPT. */
odd_rc store_get(odd_store *store, const char *key, Str *ret_value);
odd_rc store_seed_read(odd_store *store, uint64_t *ret_seed); /* ODD_NOTFOUND. */

/* -- files of the lake (keep.c) ---------------------------------------------------------------- */
odd_rc store_lake_files(odd_store *store, void (*tell)(void *context, const char *file),
                        void *context);

#endif
