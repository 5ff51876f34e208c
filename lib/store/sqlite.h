/* SPDX-License-Identifier: Apache-2.0
 *
 * sqlite.h - SQLite as the store needs it: one connection, prepared statements, our errors.
 *
 * OWNERSHIP  A connection belongs to who opened it and is closed after its queries.  Bytes that a
 *            query gives live until its next step or reset.  What is bound must live until then.
 * THREADS    A connection and its queries: one thread at a time.
 * ERRORS     ODD_SPACE: no room, and nothing has changed.  ODD_IO: a read, write or sync failed; of
 *            a sync nobody knows what reached the disk.  ODD_CORRUPT: the file is not what was
 *            written.  ODD_BUSY: somebody else holds it.  ODD_NOMEM, ODD_FULL (a value too large).
 *            The sentence goes into the problem that the connection was opened with.
 */
#ifndef STORE_SQLITE_H
#define STORE_SQLITE_H
#include <oddball.h>
#include <stdbool.h>

#include "base/problem.h"
#include "base/str.h"

#define SQL_PATH_SIZE 4096

typedef enum {
    SQL_CREATE = 1, /* Made if it is not there; in WAL mode, every commit synced.     */
    SQL_WRITE,      /* It must be there.                                               */
    SQL_READ,       /* Beside a writer.                                                */
    SQL_SEALED      /* Nobody writes it any more: read without locks and without -wal. */
} SqlMode;

typedef struct {
    void       *database;
    Problem    *problem;
    int         wal_pages; /* In the write-ahead log, as of the last commit. */
    char        path[SQL_PATH_SIZE];
} Sql; /* All zero is closed. */

typedef struct {
    void *statement;
    Sql  *sql;
} SqlQuery; /* All zero is none. */

/* vfs: SQLite's name of a file layer; NULL: its default.  An open Sql must not move. */
odd_rc sql_open(Sql *sql, const char *path, const char *vfs, SqlMode mode, Problem *problem);

/* Never moves the write-ahead log into the file: that is for sql_checkpoint, which can fail. */
void sql_shut(Sql *sql);

odd_rc sql_run(Sql *sql, const char *statements);

/* The write-ahead log, synced, goes into the file as far as readers allow; `all` waits for them and
 * cuts the log. */
odd_rc sql_checkpoint(Sql *sql, bool all);

odd_rc  sql_prepare(Sql *sql, const char *statement, SqlQuery *ret_query);
void    sql_bind_int(SqlQuery *query, int place, int64_t value); /* Places count from 1. */
void    sql_bind_bytes(SqlQuery *query, int place, Str bytes);
void    sql_bind_text(SqlQuery *query, int place, Str text);
odd_rc  sql_step(SqlQuery *query); /* ODD_ROW or ODD_DONE. */
int64_t sql_int(const SqlQuery *query, int column);  /* Columns count from 0. */
Str     sql_bytes(const SqlQuery *query, int column);
void    sql_reset(SqlQuery *query);
void    sql_drop(SqlQuery *query);

/* One step of a statement that gives no rows, then reset: ODD_OK. */
odd_rc sql_do(SqlQuery *query);

/* The same for a statement that is needed once in a while: its values by place. */
typedef struct {
    enum { SQL_BIND_INT, SQL_BIND_TEXT, SQL_BIND_BYTES } kind;
    int64_t number;
    Str     bytes;
} SqlValue;
odd_rc sql_do_with(Sql *sql, const char *statement, const SqlValue *values, size_t count);

/* Whether SQLite was still making the file: no table, at most one page. */
bool sql_is_unborn(Sql *sql);

/* One number out of a statement without places; ODD_DONE: there is no row. */
odd_rc sql_ask(Sql *sql, const char *statement, int64_t *ret_value);

#endif
