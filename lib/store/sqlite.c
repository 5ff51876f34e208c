/* SPDX-License-Identifier: Apache-2.0 */
#include "store/sqlite.h"

#include <assert.h>
#include <errno.h>
#include <sqlite3.h>
#include <stdio.h>

#define BUSY_WAIT_MS 5000
#define CHECKPOINT_WAIT_MS 100 /* Nobody can commit meanwhile. */
#define URI_SIZE (3 * SQL_PATH_SIZE + 32)

/* -- errors ------------------------------------------------------------------------------------ */

static bool is_no_space(int system_error)
{
    return system_error == ENOSPC || system_error == EDQUOT;
}

/* A sync that finds no room has lost pages all the same: that is ODD_IO, never ODD_SPACE. */
static odd_rc rc_of_io(int extended, int system_error)
{
    switch (extended) {
    case SQLITE_IOERR_NOMEM:
        return ODD_NOMEM;
    case SQLITE_IOERR_CORRUPTFS:
    case SQLITE_IOERR_SHORT_READ:
        return ODD_CORRUPT;
    case SQLITE_IOERR_WRITE:
    case SQLITE_IOERR_SHMSIZE:
    case SQLITE_IOERR_SHMOPEN:
    case SQLITE_IOERR_SHMMAP:
        return is_no_space(system_error) ? ODD_SPACE : ODD_IO;
    default:
        return ODD_IO;
    }
}

static odd_rc rc_of(int code, int extended, int system_error)
{
    switch (code) {
    case SQLITE_OK:
        return ODD_OK;
    case SQLITE_ROW:
        return ODD_ROW;
    case SQLITE_DONE:
        return ODD_DONE;
    case SQLITE_NOMEM:
        return ODD_NOMEM;
    case SQLITE_FULL:
        return ODD_SPACE;
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return ODD_BUSY;
    case SQLITE_TOOBIG:
        return ODD_FULL;
    case SQLITE_IOERR:
        return rc_of_io(extended, system_error);
    case SQLITE_CANTOPEN:
        return is_no_space(system_error) ? ODD_SPACE : ODD_IO;
    case SQLITE_PERM:
    case SQLITE_READONLY:
    case SQLITE_AUTH:
    case SQLITE_PROTOCOL:
        return ODD_IO;
    default: /* Our statements are right, so a table or a row is not what we wrote. */
        return ODD_CORRUPT;
    }
}

static odd_rc sql_result(Sql *sql, int code, const char *what)
{
    sqlite3 *database = sql->database;
    odd_rc rc =
        rc_of(code & 0xff, sqlite3_extended_errcode(database), sqlite3_system_errno(database));
    if (rc == ODD_OK || rc == ODD_ROW || rc == ODD_DONE)
        return rc;
    return problem_say(sql->problem, rc, "%s %s: %s", what, sql->path, sqlite3_errmsg(database));
}

/* -- connections ------------------------------------------------------------------------------- */

/* A path as SQLite's URI reads it. */
static void write_uri(const char *path, char uri[URI_SIZE])
{
    size_t size = (size_t)snprintf(uri, URI_SIZE, "file:");
    for (const char *at = path; *at != '\0' && size + 24 < URI_SIZE; at++) {
        bool plain = *at != '%' && *at != '?' && *at != '#';
        size += (size_t)snprintf(uri + size, 4, plain ? "%c" : "%%%02x", (unsigned char)*at);
    }
    snprintf(uri + size, URI_SIZE - size, "?immutable=1");
}

static int note_wal_pages(void *context, sqlite3 *database, const char *name, int pages)
{
    (void)database; /* The hook's shape is SQLite's. */
    (void)name;
    ((Sql *)context)->wal_pages = pages;
    return SQLITE_OK;
}

static odd_rc set_up(Sql *sql, SqlMode mode)
{
    sqlite3 *database = sql->database;
    sqlite3_busy_timeout(database, BUSY_WAIT_MS);
    sqlite3_db_config(database, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
    sqlite3_db_config(database, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
    odd_rc rc = sql_run(sql, "PRAGMA cell_size_check=ON; PRAGMA mmap_size=0");
    if (rc != ODD_OK || mode == SQL_READ || mode == SQL_SEALED)
        return rc;
    sqlite3_wal_hook(database, note_wal_pages, sql); /* Instead of checkpoints that fail unheard. */
    rc = sql_run(sql, "PRAGMA synchronous=FULL");
    if (rc == ODD_OK && mode == SQL_CREATE)
        rc = sql_run(sql, "PRAGMA page_size=8192; PRAGMA journal_mode=WAL");
    if (rc != ODD_OK)
        return rc;
    int64_t is_wal = 0;
    rc = sql_ask(sql, "SELECT journal_mode='wal' FROM pragma_journal_mode", &is_wal);
    if (rc == ODD_OK && !is_wal && (mode == SQL_CREATE || !sql_is_unborn(sql)))
        rc = problem_say(sql->problem, ODD_CORRUPT, "opening %s: it is not in WAL mode", sql->path);
    return rc;
}

odd_rc sql_open(Sql *sql, const char *path, const char *vfs, SqlMode mode, Problem *problem)
{
    assert(sql->database == NULL);
    sql->problem = problem;
    sql->wal_pages = 0;
    if (strlen(path) >= sizeof sql->path)
        return problem_say(problem, ODD_RANGE, "the path %.100s... is too long", path);
    memcpy(sql->path, path, strlen(path) + 1);
    char uri[URI_SIZE];
    write_uri(path, uri);
    int flags = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
    if (mode == SQL_CREATE)
        flags |= SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
    else
        flags |= mode == SQL_WRITE ? SQLITE_OPEN_READWRITE : SQLITE_OPEN_READONLY;
    if (mode == SQL_SEALED)
        flags |= SQLITE_OPEN_URI;
    sqlite3 *database = NULL;
    int code = sqlite3_open_v2(mode == SQL_SEALED ? uri : path, &database, flags, vfs);
    if (database == NULL)
        return problem_say(problem, ODD_NOMEM, "opening %s: out of memory", path);
    sql->database = database;
    odd_rc rc = sql_result(sql, code, "opening");
    if (rc == ODD_OK)
        rc = set_up(sql, mode);
    if (rc != ODD_OK)
        sql_shut(sql);
    return rc;
}

void sql_shut(Sql *sql)
{
    if (sql->database == NULL)
        return;
    int code = sqlite3_close(sql->database);
    assert(code == SQLITE_OK); /* All queries were dropped. */
    sql->database = NULL;
}

odd_rc sql_run(Sql *sql, const char *statements)
{
    return sql_result(sql, sqlite3_exec(sql->database, statements, NULL, NULL, NULL), "changing");
}

odd_rc sql_checkpoint(Sql *sql, bool all)
{
    int mode = all ? SQLITE_CHECKPOINT_TRUNCATE : SQLITE_CHECKPOINT_PASSIVE;
    sqlite3_busy_timeout(sql->database, CHECKPOINT_WAIT_MS);
    int code = sqlite3_wal_checkpoint_v2(sql->database, NULL, mode, NULL, NULL);
    sqlite3_busy_timeout(sql->database, BUSY_WAIT_MS);
    return sql_result(sql, code, "syncing");
}

/* -- queries ----------------------------------------------------------------------------------- */

odd_rc sql_prepare(Sql *sql, const char *statement, SqlQuery *ret_query)
{
    sqlite3_stmt *made = NULL;
    int code =
        sqlite3_prepare_v3(sql->database, statement, -1, SQLITE_PREPARE_PERSISTENT, &made, NULL);
    odd_rc rc = sql_result(sql, code, "reading");
    if (rc == ODD_OK)
        *ret_query = (SqlQuery){.statement = made, .sql = sql};
    return rc;
}

/* Binding fails only for places that the statement does not have. */
static void assert_bound(int code)
{
    assert(code == SQLITE_OK);
}

void sql_bind_int(SqlQuery *query, int place, int64_t value)
{
    assert_bound(sqlite3_bind_int64(query->statement, place, value));
}

void sql_bind_bytes(SqlQuery *query, int place, Str bytes)
{
    assert_bound(sqlite3_bind_blob64(query->statement, place, bytes.size > 0 ? bytes.text : "",
                                     bytes.size, SQLITE_STATIC));
}

void sql_bind_text(SqlQuery *query, int place, Str text)
{
    assert_bound(sqlite3_bind_text64(query->statement, place, text.size > 0 ? text.text : "",
                                     text.size, SQLITE_STATIC, SQLITE_UTF8));
}

odd_rc sql_step(SqlQuery *query)
{
    int code = sqlite3_step(query->statement);
    const char *what = sqlite3_stmt_readonly(query->statement) ? "reading" : "writing";
    return sql_result(query->sql, code, what);
}

int64_t sql_int(const SqlQuery *query, int column)
{
    return sqlite3_column_int64(query->statement, column);
}

Str sql_bytes(const SqlQuery *query, int column)
{
    const char *bytes = sqlite3_column_blob(query->statement, column);
    int size = sqlite3_column_bytes(query->statement, column);
    return (Str){.text = bytes != NULL ? bytes : "", .size = bytes != NULL ? (size_t)size : 0};
}

void sql_reset(SqlQuery *query)
{
    sqlite3_reset(query->statement); /* Says again what the last step has said. */
}

void sql_drop(SqlQuery *query)
{
    sqlite3_finalize(query->statement); /* Likewise. */
    *query = (SqlQuery){0};
}

odd_rc sql_do(SqlQuery *query)
{
    odd_rc rc = sql_step(query);
    sql_reset(query);
    return rc == ODD_DONE || rc == ODD_ROW ? ODD_OK : rc;
}

odd_rc sql_do_with(Sql *sql, const char *statement, const SqlValue *values, size_t count)
{
    SqlQuery query;
    odd_rc rc = sql_prepare(sql, statement, &query);
    if (rc != ODD_OK)
        return rc;
    for (size_t i = 0; i < count; i++) {
        if (values[i].kind == SQL_BIND_INT)
            sql_bind_int(&query, (int)i + 1, values[i].number);
        else if (values[i].kind == SQL_BIND_TEXT)
            sql_bind_text(&query, (int)i + 1, values[i].bytes);
        else
            sql_bind_bytes(&query, (int)i + 1, values[i].bytes);
    }
    rc = sql_do(&query);
    sql_drop(&query);
    return rc;
}

odd_rc sql_ask(Sql *sql, const char *statement, int64_t *ret_value)
{
    SqlQuery query;
    odd_rc rc = sql_prepare(sql, statement, &query);
    if (rc != ODD_OK)
        return rc;
    rc = sql_step(&query);
    if (rc == ODD_ROW) {
        *ret_value = sql_int(&query, 0);
        rc = ODD_OK;
    }
    sql_drop(&query);
    return rc;
}

bool sql_is_unborn(Sql *sql)
{
    int64_t tables = 0, pages = 0;
    return sql_ask(sql, "SELECT count(*) FROM sqlite_master", &tables) == ODD_OK && tables == 0 &&
           sql_ask(sql, "SELECT page_count FROM pragma_page_count", &pages) == ODD_OK && pages <= 1;
}
