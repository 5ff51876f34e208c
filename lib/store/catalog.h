/* SPDX-License-Identifier: Apache-2.0
 *
 * catalog.h - what the store knows beside the journal: catalog.db, one SQLite database.
 *
 *     head        format, and its checksum
 *     segments    n, first, before: the heads of the journal's files
 *     snapshots   id, position, sum (of its parts' sums and the position)
 *     parts       snapshot, number, blob
 *     blobs       id, size (unpacked), sum, bytes (packed by zstd)
 *     lake_files  name: which files of the lake count
 *     named       key, sum, value
 *
 * OWNERSHIP  The catalog must not move while it is open.
 * THREADS    One at a time, which need not be the one that commits: the catalog shares nothing with
 *            the journal.
 * ERRORS     ODD_VERSION: a newer format, and nothing was changed.  ODD_CORRUPT where it is
 *            damaged: catalog_renew then.
 */
#ifndef STORE_CATALOG_H
#define STORE_CATALOG_H
#include "store/damage.h"
#include "store/segment.h"
#include "store/squeeze.h"

#define CATALOG_FORMAT 1

typedef struct {
    const Folder *folder;
    const char   *vfs;
    Problem       problem;
    bool          read_only;
    Sql           sql;
    Mem           mem;
    Squeeze       squeeze;
    char         *room;          /* For a part that is unpacked, or a value. */
    size_t        room_capacity;
    int64_t       base; /* The snapshot that parts which are not given are taken from; 0: none. */
} Catalog;

/* Made if it is not there.  A catalog that cannot be read is put aside, added to *found, and a new
 * one begun. */
odd_rc catalog_open(Catalog *catalog, const Folder *folder, const char *vfs, bool read_only,
                    Damages *found);
void   catalog_close(Catalog *catalog);

/* An empty catalog in a file of its own, open; and the one that is in its place is opened. */
odd_rc catalog_make(Catalog *catalog, const char *file, Sql *sql);
odd_rc catalog_open_there(Catalog *catalog); /* ODD_DONE: it was never finished. */

/* A new catalog with all that can be read of this one, which is put aside; found: NULL: it is not
 * added there. */
odd_rc catalog_renew(Catalog *catalog, Damages *found);

/* The last commit that the catalog knows of. */
odd_rc catalog_floor(Catalog *catalog, uint64_t *ret_position);
odd_rc catalog_learnt(Catalog *catalog, uint64_t *ret_position); /* Of the newest checkpoint. */
odd_rc catalog_note_segment(Catalog *catalog, const SegmentHead *head);
/* The first commit of a file of the journal, as it was noted; 0: it was not. */
uint64_t catalog_segment_first(Catalog *catalog, uint64_t n);

uint64_t catalog_sum(Str bytes);
uint64_t catalog_head_sum(uint64_t format);

odd_rc catalog_put(Catalog *catalog, Str key, Str value);
/* The value is handed to `take`. */
odd_rc catalog_get(Catalog *catalog, Str key, odd_rc (*take)(void *context, Str value),
                   void *context);

odd_rc catalog_lake_add(Catalog *catalog, const char *const *files, size_t count);
odd_rc catalog_lake_remove(Catalog *catalog, const char *const *files, size_t count);
odd_rc catalog_lake_files(Catalog *catalog, void (*tell)(void *context, const char *file),
                          void *context);

/* rc of what stands between BEGIN and here decides; gives rc, or why COMMIT failed. */
odd_rc catalog_begin(Catalog *catalog);
odd_rc catalog_end(Catalog *catalog, odd_rc rc);

#endif
