/* SPDX-License-Identifier: Apache-2.0 */
#include "store/catalog.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/hash.h"

#define SUM_SEED 0x636174616c6f67ULL
#define COUNT_OF(array) (sizeof(array) / sizeof *(array))

static const char name[] = "catalog.db";

uint64_t catalog_sum(Str bytes)
{
    return hash_bytes(bytes.text, bytes.size, SUM_SEED);
}

uint64_t catalog_head_sum(uint64_t format)
{
    return hash_add(SUM_SEED, format);
}

/* -- open -------------------------------------------------------------------------------------- */

odd_rc catalog_make(Catalog *catalog, const char *file, Sql *sql)
{
    char full[FOLDER_FULL_SIZE];
    folder_full(catalog->folder, file, full);
    odd_rc rc = folder_touch(catalog->folder, file, &catalog->problem);
    if (rc == ODD_OK)
        rc = sql_open(sql, full, catalog->vfs, SQL_CREATE, &catalog->problem);
    if (rc == ODD_OK)
        rc = sql_run(
            sql, "BEGIN;"
                 "CREATE TABLE head(format INTEGER, sum INTEGER);"
                 "CREATE TABLE segments(n INTEGER PRIMARY KEY, first INTEGER, before INTEGER);"
                 "CREATE TABLE snapshots(id INTEGER PRIMARY KEY, position INTEGER,"
                 " sum INTEGER);"
                 "CREATE TABLE parts(snapshot INTEGER, number INTEGER, blob INTEGER,"
                 " PRIMARY KEY(snapshot, number)) WITHOUT ROWID;"
                 "CREATE TABLE blobs(id INTEGER PRIMARY KEY, size INTEGER, sum INTEGER,"
                 " bytes BLOB);"
                 "CREATE TABLE lake_files(name TEXT PRIMARY KEY) WITHOUT ROWID;"
                 "CREATE TABLE named(key TEXT PRIMARY KEY, sum INTEGER, value BLOB) WITHOUT ROWID");
    SqlValue head[] = {{.kind = SQL_BIND_INT, .number = CATALOG_FORMAT},
                       {.kind = SQL_BIND_INT, .number = (int64_t)catalog_head_sum(CATALOG_FORMAT)}};
    if (rc == ODD_OK)
        rc = sql_do_with(sql, "INSERT INTO head VALUES(?,?)", head, COUNT_OF(head));
    if (rc == ODD_OK)
        rc = sql_run(sql, "COMMIT");
    if (rc == ODD_OK)
        rc = sql_checkpoint(sql, true);
    if (rc != ODD_OK) {
        sql_shut(sql);
        folder_remove(catalog->folder, file);
    }
    return rc;
}

static odd_rc check_head(Sql *sql)
{
    int64_t format, sum;
    odd_rc rc = sql_ask(sql, "SELECT format FROM head", &format);
    if (rc == ODD_OK)
        rc = sql_ask(sql, "SELECT sum FROM head", &sum);
    if (rc == ODD_DONE || (rc == ODD_OK && (uint64_t)sum != catalog_head_sum((uint64_t)format)))
        return problem_say(sql->problem, ODD_CORRUPT, "reading %s: its head fails its checksum",
                           sql->path);
    if (rc == ODD_OK && format > CATALOG_FORMAT)
        return problem_say(sql->problem, ODD_VERSION,
                           "%s was written by a newer oddball (format "
                           "%" PRId64 ", this one reads up to %d): use that one",
                           sql->path, format, CATALOG_FORMAT);
    return rc;
}

odd_rc catalog_open_there(Catalog *catalog)
{
    char full[FOLDER_FULL_SIZE];
    folder_full(catalog->folder, name, full);
    SqlMode mode = catalog->read_only ? SQL_READ : SQL_WRITE;
    odd_rc rc = sql_open(&catalog->sql, full, catalog->vfs, mode, &catalog->problem);
    if (rc == ODD_OK)
        rc = check_head(&catalog->sql);
    if (rc == ODD_CORRUPT && catalog->sql.database != NULL && sql_is_unborn(&catalog->sql))
        rc = ODD_DONE;
    if (rc != ODD_OK)
        sql_shut(&catalog->sql);
    return rc;
}

odd_rc catalog_open(Catalog *catalog, const Folder *folder, const char *vfs, bool read_only,
                    Damages *found)
{
    *catalog = (Catalog){.folder = folder, .vfs = vfs, .read_only = read_only};
    if (!folder_has(folder, name))
        return read_only
                   ? problem_say(&catalog->problem, ODD_IO, "there is no store in %s", folder->path)
                   : catalog_make(catalog, name, &catalog->sql);
    odd_rc rc = catalog_open_there(catalog);
    if (read_only)
        return rc == ODD_DONE ? problem_say(&catalog->problem, ODD_IO,
                                            "there is no store in %s yet", folder->path)
                              : rc;
    if (rc != ODD_CORRUPT && rc != ODD_DONE)
        return rc;
    if (rc == ODD_DONE) {
        folder_remove(folder, name); /* It was being made when the machine stopped. */
        rc = ODD_OK;
    } else {
        Damage damage = {.kind = DAMAGE_CATALOG};
        snprintf(damage.was, sizeof damage.was, "%s", name);
        snprintf(damage.cause, sizeof damage.cause, "%.*s", DAMAGE_CAUSE_SIZE - 1,
                 catalog->problem.text);
        rc = folder_set_aside(folder, name, damage.file, &catalog->problem);
        if (rc == ODD_OK)
            damages_add(found, &damage);
    }
    return rc == ODD_OK ? catalog_make(catalog, name, &catalog->sql) : rc;
}

void catalog_close(Catalog *catalog)
{
    /* The log is synced already; it goes into the file now so that a backup is one file. */
    if (catalog->sql.database != NULL && !catalog->read_only)
        sql_checkpoint(&catalog->sql, true);
    sql_shut(&catalog->sql);
    squeeze_close(&catalog->squeeze);
    mem_free(&catalog->mem, catalog->room, catalog->room_capacity);
    catalog->room = NULL;
    catalog->room_capacity = 0;
}

/* -- transactions ------------------------------------------------------------------------------ */

odd_rc catalog_begin(Catalog *catalog)
{
    return sql_run(&catalog->sql, "BEGIN IMMEDIATE");
}

odd_rc catalog_end(Catalog *catalog, odd_rc rc)
{
    if (rc == ODD_OK)
        rc = sql_run(&catalog->sql, "COMMIT");
    if (rc != ODD_OK) {
        Problem first = catalog->problem;
        sql_run(&catalog->sql, "ROLLBACK"); /* Fails where SQLite has rolled back by itself. */
        catalog->problem = first;
        return rc;
    }
    return ODD_OK;
}

/* -- small things ------------------------------------------------------------------------------ */

odd_rc catalog_floor(Catalog *catalog, uint64_t *ret_position)
{
    int64_t learnt = 0, begun = 0;
    odd_rc rc = sql_ask(&catalog->sql, "SELECT ifnull(max(position), 0) FROM snapshots", &learnt);
    if (rc == ODD_OK)
        rc = sql_ask(&catalog->sql, "SELECT ifnull(max(first) - 1, 0) FROM segments", &begun);
    if (rc == ODD_OK)
        *ret_position = (uint64_t)(learnt > begun ? learnt : begun);
    return rc;
}

odd_rc catalog_learnt(Catalog *catalog, uint64_t *ret_position)
{
    int64_t learnt;
    odd_rc rc = sql_ask(&catalog->sql, "SELECT ifnull(max(position), 0) FROM snapshots", &learnt);
    if (rc == ODD_OK)
        *ret_position = (uint64_t)learnt;
    return rc;
}

uint64_t catalog_segment_first(Catalog *catalog, uint64_t n)
{
    SqlQuery query;
    uint64_t first = 0;
    if (sql_prepare(&catalog->sql, "SELECT first FROM segments WHERE n=?", &query) != ODD_OK)
        return 0;
    sql_bind_int(&query, 1, (int64_t)n);
    if (sql_step(&query) == ODD_ROW)
        first = (uint64_t)sql_int(&query, 0);
    sql_drop(&query);
    return first;
}

odd_rc catalog_note_segment(Catalog *catalog, const SegmentHead *head)
{
    SqlValue values[] = {{.kind = SQL_BIND_INT, .number = (int64_t)head->n},
                         {.kind = SQL_BIND_INT, .number = (int64_t)head->first},
                         {.kind = SQL_BIND_INT, .number = (int64_t)head->before}};
    return sql_do_with(&catalog->sql, "INSERT OR REPLACE INTO segments VALUES(?,?,?)", values,
                       COUNT_OF(values));
}

odd_rc catalog_put(Catalog *catalog, Str key, Str value)
{
    SqlValue values[] = {{.kind = SQL_BIND_TEXT, .bytes = key},
                         {.kind = SQL_BIND_INT, .number = (int64_t)catalog_sum(value)},
                         {.kind = SQL_BIND_BYTES, .bytes = value}};
    return sql_do_with(&catalog->sql, "INSERT OR REPLACE INTO named VALUES(?,?,?)", values,
                       COUNT_OF(values));
}

odd_rc catalog_get(Catalog *catalog, Str key, odd_rc (*take)(void *context, Str value),
                   void *context)
{
    SqlQuery query;
    odd_rc rc = sql_prepare(&catalog->sql, "SELECT sum, value FROM named WHERE key=?", &query);
    if (rc != ODD_OK)
        return rc;
    sql_bind_text(&query, 1, key);
    rc = sql_step(&query);
    if (rc == ODD_DONE) {
        rc = problem_say(&catalog->problem, ODD_NOTFOUND, "the catalog has no value \"%.*s\"",
                         (int)key.size, key.text);
    } else if (rc == ODD_ROW) {
        Str value = sql_bytes(&query, 1);
        rc = (uint64_t)sql_int(&query, 0) == catalog_sum(value)
                 ? take(context, value)
                 : problem_say(&catalog->problem, ODD_CORRUPT,
                               "reading %s: the value \"%.*s\" fails its checksum",
                               catalog->sql.path, (int)key.size, key.text);
    }
    sql_drop(&query);
    return rc;
}

/* -- the lake's files -------------------------------------------------------------------------- */

static odd_rc each_file(Catalog *catalog, const char *statement, const char *const *files,
                        size_t count)
{
    odd_rc rc = ODD_OK;
    for (size_t i = 0; i < count && rc == ODD_OK; i++) {
        SqlValue value = {.kind = SQL_BIND_TEXT, .bytes = str_of(files[i])};
        rc = sql_do_with(&catalog->sql, statement, &value, 1);
    }
    return rc;
}

odd_rc catalog_lake_add(Catalog *catalog, const char *const *files, size_t count)
{
    return each_file(catalog, "INSERT OR IGNORE INTO lake_files VALUES(?)", files, count);
}

odd_rc catalog_lake_remove(Catalog *catalog, const char *const *files, size_t count)
{
    return each_file(catalog, "DELETE FROM lake_files WHERE name=?", files, count);
}

odd_rc catalog_lake_files(Catalog *catalog, void (*tell)(void *context, const char *file),
                          void *context)
{
    SqlQuery query;
    odd_rc rc =
        sql_prepare(&catalog->sql, "SELECT name || char(0) FROM lake_files ORDER BY name", &query);
    if (rc != ODD_OK)
        return rc;
    while ((rc = sql_step(&query)) == ODD_ROW)
        tell(context, sql_bytes(&query, 0).text);
    sql_drop(&query);
    return rc == ODD_DONE ? ODD_OK : rc;
}
