/* SPDX-License-Identifier: Apache-2.0
 *
 * lake.h - the handle of a lake, shared by what asks it, writes it and tidies it.
 *
 * <oddball.h> is the manual; doc/lake.md describes the files.
 * OWNERSHIP  The handle owns all that it points to.
 */
#ifndef STORE_LAKE_H
#define STORE_LAKE_H
#include <oddball.h>

#include "base/mem.h"
#include "base/problem.h"
#include "store/draft.h"
#include "store/duckdb.h"
#include "store/manifest.h"
#include "store/templates.h"

#define LAKE_HOT_PIECES 2 /* Files that the hot rows of a table may come in. */

struct odd_lake {
    Mem       mem;
    char     *path;
    size_t    path_size;
    uint64_t  row_count_max, position;
    bool      position_given;
    Duck     *duck;
    Manifest  manifest;
    Templates templates;
    Str       hot_mapped[ODD_TABLE_COUNT][LAKE_HOT_PIECES];
    Str       hot[ODD_TABLE_COUNT][LAKE_HOT_PIECES]; /* Their whole chunks: more may be on their
                                                        way. */
    int       hot_given[ODD_TABLE_COUNT]; /* Pieces of it. */
    Str       day[ODD_TABLE_COUNT];       /* Rows that are being written. */
    bool      is_built;  /* Functions and tables are there.              */
    bool      is_ready;  /* Views too, of the files as the manifest is.  */
    bool      is_locked; /* Only the lake can be read from now on.       */
    Draft   answer;              /* What the last call gave back as text. */
    Problem   problem;
};

odd_rc lake_duck_failed(odd_lake *lake, odd_rc rc, const char *attempted);
odd_rc lake_refused(odd_lake *lake, odd_rc rc, const char *attempted, const char *path);

void lake_path_of(const odd_lake *lake, const char *name, char path[]); /* DISK_PATH_MAX */

void lake_hot_drop(odd_lake *lake, odd_table table); /* No rows of it are hot any more. */

/* Makes tables, functions and views, at the first need. */
odd_rc lake_ready(odd_lake *lake);
odd_rc lake_views(odd_lake *lake); /* Again, when the files have changed. */

/* Runs what was put together in `sql`, and empties it. */
odd_rc lake_run(odd_lake *lake, Draft *sql, const char *attempted);

/* Asks it, and closes `sql`. */
odd_rc lake_select(odd_lake *lake, Draft *sql, const char *attempted, DuckAnswer **ret_answer);

/* As odd_lake_query, but for the form of the answer. */
odd_rc lake_ask(odd_lake *lake, const char *sql, DuckAnswer **ret_answer);

bool lake_file_is_whole(const odd_lake *lake, const LakeFile *file); /* There, and as written. */

/* Compares files with their checksums, from one of them on (start modulo their number) up to so
 * many bytes; those that differ are marked as damaged, in memory.  Gives how many are new among
 * them; a sentence of each goes to `sentences`, which may be NULL. */
size_t lake_verify(odd_lake *lake, uint64_t start, uint64_t bytes_max, Draft *sentences);

/* A question failed (ODD_IO; ODD_SYNTAX: before it ran): were files replaced meanwhile, or damaged?
 * ODD_OK: it may be asked again.  Else `failure`, with its story as it was, or ODD_BUSY. */
odd_rc lake_repair(odd_lake *lake, odd_rc failure);
void lake_note(odd_lake *lake); /* odd_lake_errmsg tells what is left out, or "". */

/* From hot_TABLE(...) or read_parquet(...): the columns as they are stored. */
void lake_add_columns(Draft *sql, odd_table table, bool hot);

#endif
