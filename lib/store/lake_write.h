/* SPDX-License-Identifier: Apache-2.0
 *
 * lake_write.h - Parquet files of the lake, written whole or not at all.
 *
 * SHAPE      Rows lie in the order that makes them small and lets a reader skip: logs by source,
 *            then blocks of lines, then template; samples by series and time.
 * ERRORS     The sentence is in odd_lake_errmsg; a file that failed is not there.
 */
#ifndef STORE_LAKE_WRITE_H
#define STORE_LAKE_WRITE_H
#include "store/lake.h"

typedef struct {
    const char *from;     /* What stands behind FROM, with the columns of stored_TABLE; NULL: there
                             was no memory for it. */
    bool        in_order; /* As they come, else they are sorted.                           */
} LakeRows;

/* The file is synced and has its name; it is not in the manifest yet.  *file gets bytes, checksum
 * and rows. */
odd_rc lake_write_file(odd_lake *lake, LakeFile *file, LakeRows rows);

typedef struct { /* Files that were written, and those that they make superfluous. */
    Manifest added, gone;
} Change;
Change lake_change(odd_lake *lake);
void   lake_change_close(Change *change);

/* All of it at once: by the manifest; then those that are gone are unlinked.  When it fails, the
 * lake is as it was, or (when that cannot be stored either) is read again before the next use. */
odd_rc lake_publish(odd_lake *lake, const Change *change);

/* The change will not be made: what was written for it is unlinked. */
void lake_undo(odd_lake *lake, const Change *change);

/* Sorting what does not fit into memory may use LAKE/tmp until the end. */
odd_rc lake_spill_begin(odd_lake *lake);
void   lake_spill_end(odd_lake *lake);

#endif
