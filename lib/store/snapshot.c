/* SPDX-License-Identifier: Apache-2.0
 *
 * snapshot.c - checkpoints: the state of an engine, part by part, in one transaction. */
#include <stdio.h>

#include "base/hash.h"
#include "store/store.h"

#define SNAPSHOTS_KEPT 3
#define COUNT_OF(array) (sizeof(array) / sizeof *(array))

typedef struct {
    int64_t  id;
    uint64_t position, sum;
} Snapshot;

static odd_rc prepare_parts(odd_store *store, int64_t snapshot, SqlQuery *ret_query)
{
    odd_rc rc = sql_prepare(&store->catalog.sql,
                            "SELECT number, size, sum, bytes FROM parts LEFT JOIN blobs ON "
                            "blobs.id=blob WHERE snapshot=? ORDER BY number", ret_query);
    if (rc == ODD_OK)
        sql_bind_int(ret_query, 1, snapshot);
    return rc;
}

/* -- make -------------------------------------------------------------------------------------- */

static odd_rc put_blob(odd_store *store, int64_t snapshot, const StorePart *given)
{
    Str packed = given->bytes;
    uint64_t size = given->packed_size;
    odd_rc rc = ODD_OK;
    if (size == 0) {
        size = given->bytes.size;
        rc = squeeze_pack(&store->catalog.squeeze, given->bytes, &packed);
    }
    if (rc != ODD_OK)
        return problem_say(&store->catalog.problem, rc,
                           "writing a checkpoint: part %d is too large, or "
                           "memory is short",
                           given->number);
    Sql *sql = &store->catalog.sql;
    SqlValue blob[] = {{.kind = SQL_BIND_INT, .number = (int64_t)size},
                       {.kind = SQL_BIND_INT, .number = (int64_t)catalog_sum(packed)},
                       {.kind = SQL_BIND_BYTES, .bytes = packed}};
    rc =
        sql_do_with(sql, "INSERT INTO blobs(size, sum, bytes) VALUES(?,?,?)", blob, COUNT_OF(blob));
    SqlValue part[] = {{.kind = SQL_BIND_INT, .number = snapshot},
                       {.kind = SQL_BIND_INT, .number = given->number}};
    if (rc == ODD_OK)
        rc = sql_do_with(sql, "INSERT OR REPLACE INTO parts VALUES(?,?,last_insert_rowid())", part,
                         COUNT_OF(part));
    return rc;
}

/* Parts that are not given refer to what the checkpoint before has. */
static odd_rc put_parts(odd_store *store, int64_t snapshot, const StorePart *parts, size_t count)
{
    SqlValue copied[] = {{.kind = SQL_BIND_INT, .number = snapshot},
                         {.kind = SQL_BIND_INT, .number = store->catalog.base}};
    odd_rc rc = sql_do_with(&store->catalog.sql,
                            "INSERT INTO parts SELECT ?, number, blob FROM "
                            "parts WHERE snapshot=?",
                            copied, COUNT_OF(copied));
    for (size_t i = 0; i < count && rc == ODD_OK; i++)
        rc = put_blob(store, snapshot, &parts[i]);
    return rc;
}

/* Of a snapshot as a whole, so that no part can be missing and no position be another. */
static odd_rc sum_of(odd_store *store, int64_t snapshot, uint64_t position, uint64_t *ret_sum)
{
    SqlQuery query;
    odd_rc rc = prepare_parts(store, snapshot, &query);
    if (rc != ODD_OK)
        return rc;
    uint64_t sum = position;
    while ((rc = sql_step(&query)) == ODD_ROW)
        sum = hash_add(hash_add(sum, (uint64_t)sql_int(&query, 0)), (uint64_t)sql_int(&query, 2));
    sql_drop(&query);
    if (rc == ODD_DONE)
        *ret_sum = sum;
    return rc == ODD_DONE ? ODD_OK : rc;
}

static odd_rc drop_older(odd_store *store, int64_t snapshot)
{
    SqlValue oldest = {.kind = SQL_BIND_INT, .number = snapshot - SNAPSHOTS_KEPT};
    Sql *sql = &store->catalog.sql;
    odd_rc rc = sql_do_with(sql, "DELETE FROM snapshots WHERE id<=?", &oldest, 1);
    if (rc == ODD_OK)
        rc = sql_do_with(sql, "DELETE FROM parts WHERE snapshot<=?", &oldest, 1);
    return rc == ODD_OK ? sql_run(sql, "DELETE FROM blobs WHERE id NOT IN (SELECT blob FROM parts)")
                        : rc;
}

static odd_rc write_snapshot(odd_store *store, int64_t snapshot, uint64_t position,
                             const StorePart *parts, size_t count)
{
    uint64_t sum;
    odd_rc rc = put_parts(store, snapshot, parts, count);
    if (rc == ODD_OK)
        rc = sum_of(store, snapshot, position, &sum);
    if (rc != ODD_OK)
        return rc;
    SqlValue made[] = {{.kind = SQL_BIND_INT, .number = snapshot},
                       {.kind = SQL_BIND_INT, .number = (int64_t)position},
                       {.kind = SQL_BIND_INT, .number = (int64_t)sum}};
    rc = sql_do_with(&store->catalog.sql, "INSERT INTO snapshots VALUES(?,?,?)", made,
                     COUNT_OF(made));
    return rc == ODD_OK ? drop_older(store, snapshot) : rc;
}

/* A catalog that failed is not written again: what can be read of it goes into a new one. */
static odd_rc after_failure(odd_store *store, odd_rc rc)
{
    if (rc != ODD_IO && rc != ODD_CORRUPT)
        return rc;
    Problem first = store->catalog.problem;
    odd_rc renewed = catalog_renew(&store->catalog, NULL);
    if (renewed == ODD_OK)
        return problem_say(&store->catalog.problem, ODD_CORRUPT, "%.300s; a new catalog was begun",
                           first.text);
    return renewed;
}

/* A help for the day when files are missing. */
static odd_rc note_segments(odd_store *store)
{
    Journal *journal = &store->journal;
    odd_rc rc = heads_refresh(&journal->heads, journal->folder, journal->vfs,
                              atomic_load(&journal->newest), &store->catalog.problem);
    for (size_t i = 0; i < journal->heads.count && rc == ODD_OK; i++)
        if (journal->heads.items[i].state == ODD_OK)
            rc = catalog_note_segment(&store->catalog, &journal->heads.items[i].head);
    return rc;
}

odd_rc store_checkpoint(odd_store *store, uint64_t position, const StorePart *parts,
                        size_t part_count, const char *const *lake_files, size_t lake_file_count)
{
    Catalog *catalog = &store->catalog;
    if (store->read_only)
        return problem_say(&store->catalog.problem, ODD_MISUSE,
                           "the store was opened to be read only");
    int64_t last;
    odd_rc rc = catalog_begin(catalog);
    if (rc == ODD_OK) {
        rc = sql_ask(&catalog->sql, "SELECT ifnull(max(id), 0) FROM snapshots", &last);
        if (rc == ODD_OK)
            rc = write_snapshot(store, last + 1, position, parts, part_count);
        if (rc == ODD_OK)
            rc = catalog_lake_add(catalog, lake_files, lake_file_count);
        if (rc == ODD_OK)
            rc = note_segments(store);
        rc = catalog_end(catalog, rc);
    }
    if (rc == ODD_OK) {
        catalog->base = last + 1;
        rc = sql_checkpoint(&catalog->sql, false);
        if (rc == ODD_SPACE || rc == ODD_BUSY)
            rc = ODD_OK; /* It is durable in the log; the log goes into the file another time. */
    }
    return after_failure(store, rc);
}

/* -- read -------------------------------------------------------------------------------------- */

/* All is checked before anything is handed over. */
static odd_rc check_parts(odd_store *store, const Snapshot *snapshot)
{
    SqlQuery query;
    uint64_t sum = 0;
    odd_rc rc = sum_of(store, snapshot->id, snapshot->position, &sum);
    if (rc == ODD_OK && sum != snapshot->sum)
        rc = problem_say(&store->catalog.problem, ODD_CORRUPT,
                         "reading %s: a checkpoint fails its checksum", store->catalog.sql.path);
    if (rc == ODD_OK)
        rc = prepare_parts(store, snapshot->id, &query);
    if (rc != ODD_OK)
        return rc;
    while ((rc = sql_step(&query)) == ODD_ROW) {
        if ((uint64_t)sql_int(&query, 2) == catalog_sum(sql_bytes(&query, 3)))
            continue;
        rc = problem_say(&store->catalog.problem, ODD_CORRUPT,
                         "reading %s: part %d of a checkpoint fails "
                         "its checksum",
                         store->catalog.sql.path, (int)sql_int(&query, 0));
        break;
    }
    sql_drop(&query);
    return rc == ODD_DONE ? ODD_OK : rc;
}

typedef odd_rc (*Take)(void *context, int number, Str bytes);

static odd_rc hand_over(odd_store *store, const SqlQuery *query, Take take, void *context)
{
    uint64_t size = (uint64_t)sql_int(query, 1);
    if (size > SQUEEZE_BYTES_MAX)
        return problem_say(&store->catalog.problem, ODD_CORRUPT,
                           "a checkpoint has a part that is too large");
    char *room = mem_grow(&store->catalog.mem, store->catalog.room, &store->catalog.room_capacity,
                          (size_t)size + 1, 1);
    if (room == NULL)
        return problem_say(&store->catalog.problem, ODD_NOMEM,
                           "reading a checkpoint: out of memory");
    store->catalog.room = room;
    odd_rc rc = squeeze_unpack(&store->catalog.squeeze, sql_bytes(query, 3), room, size);
    if (rc != ODD_OK)
        return problem_say(&store->catalog.problem, rc,
                           "a part of a checkpoint cannot be unpacked");
    int number = (int)sql_int(query, 0);
    rc = take(context, number, (Str){.text = room, .size = (size_t)size});
    return rc != ODD_CORRUPT ? rc
                             : problem_say(&store->catalog.problem, rc,
                                           "part %d of it is whole, but holds nothing that was "
                                           "learnt",
                                           number);
}

static odd_rc take_parts(odd_store *store, int64_t snapshot, Take take, void *context)
{
    SqlQuery query;
    odd_rc rc = prepare_parts(store, snapshot, &query);
    if (rc != ODD_OK)
        return rc;
    odd_rc taken = ODD_OK;
    while (taken == ODD_OK && (rc = sql_step(&query)) == ODD_ROW)
        taken = hand_over(store, &query, take, context);
    sql_drop(&query);
    if (taken != ODD_OK)
        return taken;
    return rc == ODD_DONE ? ODD_OK : rc;
}

/* Newest first.  A list that cannot be read to its end is used as far as it goes. */
static size_t list_snapshots(odd_store *store, uint64_t at_most, Snapshot *snapshots, size_t max)
{
    SqlQuery query;
    size_t count = 0;
    if (sql_prepare(&store->catalog.sql, "SELECT id, position, sum FROM snapshots ORDER BY id DESC",
                    &query) != ODD_OK)
        return 0;
    while (count < max && sql_step(&query) == ODD_ROW) {
        Snapshot found = {.id = sql_int(&query, 0), .position = (uint64_t)sql_int(&query, 1),
                          .sum = (uint64_t)sql_int(&query, 2)};
        if (at_most == 0 || found.position <= at_most)
            snapshots[count++] = found;
    }
    sql_drop(&query);
    return count;
}

static void note_damaged(odd_store *store, const Snapshot *snapshot)
{
    Damage damage = {.kind = DAMAGE_CHECKPOINT, .file = "catalog.db", .last = snapshot->position};
    snprintf(damage.cause, sizeof damage.cause, "%.*s", DAMAGE_CAUSE_SIZE - 1,
             store->catalog.problem.text);
    damages_add(&store->damages, &damage);
}

odd_rc store_restore(odd_store *store, uint64_t at_most,
                     odd_rc (*take)(void *context, int number, Str bytes), void *context,
                     uint64_t *ret_position)
{
    Snapshot snapshots[SNAPSHOTS_KEPT];
    size_t count = list_snapshots(store, at_most, snapshots, SNAPSHOTS_KEPT);
    for (size_t i = 0; i < count; i++) {
        odd_rc rc = check_parts(store, &snapshots[i]);
        if (rc == ODD_OK)
            rc = take_parts(store, snapshots[i].id, take, context);
        if (rc == ODD_CORRUPT || rc == ODD_IO) {
            note_damaged(store, &snapshots[i]);
            continue; /* An older one is as good, with more of the journal behind it. */
        }
        damages_tell(&store->damages, snapshots[i].position, store_first(store));
        if (rc == ODD_OK) {
            if (at_most == 0)
                store->catalog.base = snapshots[i].id;
            *ret_position = snapshots[i].position;
        }
        return rc;
    }
    damages_tell(&store->damages, 0, store_first(store));
    return ODD_DONE;
}
