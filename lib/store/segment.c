/* SPDX-License-Identifier: Apache-2.0 */
#include "store/segment.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/hash.h"

#define SUM_SEED 0x6f6464626a6f7572ULL
#define CHECKPOINT_PAGES 2048 /* 16 MiB */
#define ROW_BYTES 64          /* Of a row beside its blobs, about. */

void segment_name(uint64_t n, char name[FOLDER_NAME_SIZE])
{
    snprintf(name, FOLDER_NAME_SIZE, "journal-%" PRIu64 ".db", n);
}

uint64_t segment_head_sum(uint64_t format, const SegmentHead *head)
{
    return hash_add(hash_add(hash_add(SUM_SEED, format), head->first), head->before);
}

uint64_t segment_sum(const SegmentRow *row)
{
    uint64_t sum = hash_add(hash_add(hash_add(SUM_SEED, row->number), row->size), row->before);
    sum = hash_bytes(row->notes.text, row->notes.size, sum);
    return hash_bytes(row->bytes.text, row->bytes.size, sum);
}

/* -- open and close ---------------------------------------------------------------------------- */

static odd_rc prepare(Segment *segment, SqlMode mode)
{
    Sql *sql = &segment->sql;
    odd_rc rc = sql_prepare(
        sql, "SELECT size, before, sum, notes, bytes FROM commits WHERE number=?", &segment->get);
    if (rc == ODD_OK)
        rc = sql_prepare(sql, "SELECT min(number) FROM commits WHERE number>=?", &segment->above);
    if (rc == ODD_OK)
        rc = sql_prepare(sql,
                         "SELECT number, notes FROM commits WHERE number>=? AND "
                         "length(notes)>0 ORDER BY number LIMIT 1",
                         &segment->noted);
    if (rc == ODD_OK && (mode == SQL_CREATE || mode == SQL_WRITE))
        rc = sql_prepare(sql,
                         "INSERT INTO commits(number, size, before, sum, notes, bytes) "
                         "VALUES(?,?,?,?,?,?)",
                         &segment->put);
    return rc;
}

void segment_close(Segment *segment)
{
    sql_drop(&segment->put);
    sql_drop(&segment->get);
    sql_drop(&segment->above);
    sql_drop(&segment->noted);
    sql_shut(&segment->sql);
}

static odd_rc write_head(Segment *segment, Str base)
{
    Sql *sql = &segment->sql;
    odd_rc rc = sql_run(sql, "BEGIN; CREATE TABLE head(format INTEGER, first INTEGER, before "
                             "INTEGER, sum INTEGER); CREATE TABLE base(bytes BLOB); CREATE TABLE "
                             "commits(number INTEGER PRIMARY KEY, size INTEGER, before INTEGER, "
                             "sum INTEGER, notes BLOB, bytes BLOB)");
    if (rc != ODD_OK)
        return rc;
    SqlValue head[] = {
        {.kind = SQL_BIND_INT, .number = SEGMENT_FORMAT},
        {.kind = SQL_BIND_INT, .number = (int64_t)segment->head.first},
        {.kind = SQL_BIND_INT, .number = (int64_t)segment->head.before},
        {.kind = SQL_BIND_INT,
         .number = (int64_t)segment_head_sum(SEGMENT_FORMAT, &segment->head)}};
    rc = sql_do_with(sql, "INSERT INTO head VALUES(?,?,?,?)", head, sizeof head / sizeof *head);
    SqlValue bytes = {.kind = SQL_BIND_BYTES, .bytes = base};
    if (rc == ODD_OK)
        rc = sql_do_with(sql, "INSERT INTO base VALUES(?)", &bytes, 1);
    return rc == ODD_OK ? sql_run(sql, "COMMIT") : rc;
}

/* The head is moved into the file at once, so that a damaged log can never hide a whole segment. */
odd_rc segment_create(Segment *segment, const Folder *folder, const char *vfs, SegmentHead head,
                      Str base, Problem *problem)
{
    char name[FOLDER_NAME_SIZE], full[FOLDER_FULL_SIZE];
    segment_name(head.n, name);
    folder_full(folder, name, full);
    segment->head = head;
    segment->checkpoint_pages = 0;
    segment->bytes = 0;
    odd_rc rc = folder_touch(folder, name, problem);
    if (rc == ODD_OK)
        rc = sql_open(&segment->sql, full, vfs, SQL_CREATE, problem);
    if (rc == ODD_OK)
        rc = write_head(segment, base);
    if (rc == ODD_OK)
        rc = sql_checkpoint(&segment->sql, true);
    if (rc == ODD_OK)
        rc = prepare(segment, SQL_CREATE);
    if (rc != ODD_OK) {
        segment_close(segment);
        folder_remove(folder, name);
    }
    return rc;
}

static odd_rc read_head(Segment *segment)
{
    Sql *sql = &segment->sql;
    SqlQuery query;
    odd_rc rc = sql_prepare(sql, "SELECT format, first, before, sum FROM head", &query);
    if (rc != ODD_OK)
        return rc == ODD_CORRUPT && sql_is_unborn(sql) ? ODD_DONE : rc;
    rc = sql_step(&query);
    uint64_t format = 0, sum = 0;
    if (rc == ODD_ROW) {
        format = (uint64_t)sql_int(&query, 0);
        segment->head.first = (uint64_t)sql_int(&query, 1);
        segment->head.before = (uint64_t)sql_int(&query, 2);
        sum = (uint64_t)sql_int(&query, 3);
        rc = ODD_OK;
    }
    sql_drop(&query);
    if (rc == ODD_DONE || (rc == ODD_OK && sum != segment_head_sum(format, &segment->head)))
        return problem_say(sql->problem, ODD_CORRUPT, "reading %s: its head fails its checksum",
                           sql->path);
    if (rc == ODD_OK && format > SEGMENT_FORMAT)
        return problem_say(sql->problem, ODD_VERSION,
                           "%s was written by a newer oddball (format "
                           "%" PRIu64 ", this one reads up to %d): use that one",
                           sql->path, format, SEGMENT_FORMAT);
    return rc;
}

odd_rc segment_open(Segment *segment, const Folder *folder, const char *vfs, SqlMode mode,
                    uint64_t n, Problem *problem)
{
    char name[FOLDER_NAME_SIZE], full[FOLDER_FULL_SIZE];
    segment_name(n, name);
    folder_full(folder, name, full);
    segment->head = (SegmentHead){.n = n};
    segment->checkpoint_pages = 0;
    segment->bytes = folder_bytes(folder, name);
    odd_rc rc = sql_open(&segment->sql, full, vfs, mode, problem);
    if (rc == ODD_OK)
        rc = read_head(segment);
    if (rc == ODD_OK)
        rc = prepare(segment, mode);
    if (rc != ODD_OK)
        segment_close(segment);
    return rc;
}

/* -- rows -------------------------------------------------------------------------------------- */

odd_rc segment_put(Segment *segment, const SegmentRow *row)
{
    SqlQuery *put = &segment->put;
    sql_bind_int(put, 1, (int64_t)row->number);
    sql_bind_int(put, 2, (int64_t)row->size);
    sql_bind_int(put, 3, (int64_t)row->before);
    sql_bind_int(put, 4, (int64_t)row->sum);
    sql_bind_bytes(put, 5, row->notes);
    sql_bind_bytes(put, 6, row->bytes);
    odd_rc rc = sql_do(put);
    if (rc == ODD_OK)
        segment->bytes += row->notes.size + row->bytes.size + ROW_BYTES;
    return rc;
}

odd_rc segment_get(Segment *segment, uint64_t number, SegmentRow *ret_row)
{
    SqlQuery *get = &segment->get;
    sql_reset(get);
    sql_bind_int(get, 1, (int64_t)number);
    odd_rc rc = sql_step(get);
    if (rc == ODD_DONE)
        return ODD_NOTFOUND;
    if (rc != ODD_ROW)
        return rc;
    *ret_row = (SegmentRow){.number = number,
                            .size = (uint64_t)sql_int(get, 0),
                            .before = (uint64_t)sql_int(get, 1),
                            .sum = (uint64_t)sql_int(get, 2),
                            .notes = sql_bytes(get, 3),
                            .bytes = sql_bytes(get, 4)};
    if (segment_sum(ret_row) == ret_row->sum)
        return ODD_OK;
    return problem_say(segment->sql.problem, ODD_CORRUPT,
                       "reading %s: commit %" PRIu64 " fails its checksum", segment->sql.path,
                       number);
}

void segment_release(Segment *segment)
{
    sql_reset(&segment->get);
    sql_reset(&segment->noted);
}

odd_rc segment_last(Segment *segment, uint64_t *ret_number)
{
    int64_t number;
    odd_rc rc =
        sql_ask(&segment->sql, "SELECT number FROM commits ORDER BY number DESC LIMIT 1", &number);
    if (rc == ODD_OK)
        *ret_number = (uint64_t)number;
    return rc;
}

odd_rc segment_above(Segment *segment, uint64_t from, uint64_t *ret_number)
{
    SqlQuery *above = &segment->above;
    sql_bind_int(above, 1, (int64_t)from);
    odd_rc rc = sql_step(above);
    if (rc == ODD_ROW) {
        *ret_number = (uint64_t)sql_int(above, 0); /* min() of nothing is a row of NULL. */
        rc = *ret_number == 0 ? ODD_DONE : ODD_OK;
    }
    sql_reset(above);
    return rc;
}

odd_rc segment_base(Segment *segment, odd_rc (*take)(void *context, Str base), void *context)
{
    SqlQuery query;
    odd_rc rc = sql_prepare(&segment->sql, "SELECT bytes FROM base", &query);
    if (rc != ODD_OK)
        return rc;
    rc = sql_step(&query);
    if (rc == ODD_ROW)
        rc = take(context, sql_bytes(&query, 0));
    sql_drop(&query);
    return rc;
}

odd_rc segment_noted(Segment *segment, uint64_t from, uint64_t *ret_number, Str *ret_notes)
{
    SqlQuery *noted = &segment->noted;
    sql_reset(noted);
    sql_bind_int(noted, 1, (int64_t)from);
    odd_rc rc = sql_step(noted);
    if (rc != ODD_ROW)
        return rc;
    *ret_number = (uint64_t)sql_int(noted, 0);
    *ret_notes = sql_bytes(noted, 1);
    return ODD_OK;
}

odd_rc segment_checkpoint_if_due(Segment *segment)
{
    int pages = segment->sql.wal_pages;
    if (pages < segment->checkpoint_pages)
        segment->checkpoint_pages = 0; /* The log began anew. */
    if (pages - segment->checkpoint_pages < CHECKPOINT_PAGES)
        return ODD_OK;
    segment->checkpoint_pages = pages;
    return sql_checkpoint(&segment->sql, false);
}
