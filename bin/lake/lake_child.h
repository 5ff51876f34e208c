/* SPDX-License-Identifier: Apache-2.0
 *
 * lake_child.h - asks, writes and tidies the lake in a child process: DuckDB is loaded only there,
 * and whatever a question does, it ends with the child.
 *
 * The child is this program again, as `oddball lake-child`; it is given the job on its standard
 * input and the hot tables as descriptors, and dies with the thread that waits for it.
 *
 * THREADS    Any number of them at once; the caller sees to it that one child at a time writes or
 *            tidies a lake.
 * OWNERSHIP  Descriptors stay the caller's; what comes back is the caller's to free.
 * ERRORS     On failure *ret_problem is a sentence, to be freed (NULL: no memory).  ODD_LATE: the
 *            time was over or *cancel was set, and the child is gone.
 */
#ifndef LAKE_LAKE_CHILD_H
#define LAKE_LAKE_CHILD_H
#include <oddball.h>
#include <stdatomic.h>
#include <stdbool.h>

#include "lake/sql_answer.h"

typedef struct {
    const char *lake;                 /* Its folder. */
    const char *library;              /* libduckdb.so; NULL: where it is installed. */
    const char *program;              /* NULL: this one. */
    int         hot[ODD_TABLE_COUNT]; /* Of each odd_table: a file of its bytes, or -1.     */
    int         more[ODD_TABLE_COUNT]; /* Of tables that grow: another one, or -1.           */
    uint64_t    memory_bytes;         /* 0: 256 MiB. */
    uint64_t    row_count_max;        /* Of an answer; 0: 10,000. */
    int         threads;              /* 0: 1. */
    bool        position_given;       /* See odd_lake_options: the last write that succeeded. */
    uint64_t    position;
} LakeJob;

LakeJob lake_job(const char *path); /* Without hot tables. */

odd_rc lake_child_query(const LakeJob *job, const char *sql, double seconds,
                        const atomic_bool *cancel, SqlAnswer **ret_answer, char **ret_problem);

/* Hot rows of tables that grow, which are of commits up to `position`, become files of the lake;
 * *ret_files: their names, relative to the lake, one a line.  When it fails nothing was added. */
odd_rc lake_child_write(const LakeJob *job, uint64_t position, double seconds,
                        const atomic_bool *cancel, char **ret_files, char **ret_problem);

/* Once, before anything else of a start: files behind the position of the newest checkpoint (0:
 * there is none) go, since their rows are in the journal still and will be written again. */
odd_rc lake_child_back_to(const LakeJob *job, uint64_t position, char **ret_problem);

/* As odd_lake_tidy; position: of the newest checkpoint.  *ret_sentences: what was done, one a
 * line. */
odd_rc lake_child_tidy(const LakeJob *job, uint64_t position, odd_time now, odd_time oldest,
                       uint64_t bytes_max, double seconds, const atomic_bool *cancel,
                       char **ret_sentences, char **ret_problem);

/* The exact lines of a source, each with a line end behind it, to a descriptor. */
odd_rc lake_child_cat(const LakeJob *job, const char *source, odd_time since, odd_time until,
                      int descriptor, char **ret_problem);

#endif
