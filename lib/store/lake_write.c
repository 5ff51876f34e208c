/* SPDX-License-Identifier: Apache-2.0 */
#include "store/lake_write.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>

#include "base/time.h"
#include "event/tables.h"
#include "store/disk.h"

#define DAYS_MAX \
    366 /* Of one write; rows of the rarest days beyond go with those of the main one. */
#define LEVEL_QUICK 3 /* Of zstd: for a file that will soon be merged, */
#define LEVEL_SMALL 9 /* and for one that stays.                       */
#define NS_PER_DAY (S_PER_DAY * NS_PER_S)

/* -- one file -- */

/* Blocks of 65,536 lines are sorted by template, so that what is alike lies together; from block to
 * block time goes on, so that a reader who wants an hour skips the others. */
static const char *order_of(odd_table table)
{
    switch (table) {
    case ODD_TABLE_LOGS:
        return "source, seq // 65536, template, seq";
    case ODD_TABLE_SAMPLES:
        return "source, series, time";
    case ODD_TABLE_TEMPLATES:
        return "template";
    case ODD_TABLE_PATTERNS:
        return "pattern, source";
    case ODD_TABLE_FINDINGS:
    case ODD_TABLE_INCIDENTS:
        return "time, id";
    case ODD_TABLE_SOURCES:
    case ODD_TABLE_COUNT:
        break;
    }
    return "source";
}

static odd_rc copy_rows(odd_lake *lake, const LakeFile *file, const char *rows_from,
                        const char *path, uint64_t *ret_rows)
{
    Draft sql = {.mem = &lake->mem};
    draft_format(&sql, "COPY (SELECT * FROM %s ORDER BY %s) TO ", rows_from, order_of(file->table));
    draft_quote(&sql, '\'', str_of(path));
    draft_format(&sql,
                 " (FORMAT parquet, PARQUET_VERSION v2, COMPRESSION zstd, "
                 "COMPRESSION_LEVEL %d, ROW_GROUP_SIZE 131072)",
                 file->from == file->to ? LEVEL_QUICK : LEVEL_SMALL);
    DuckAnswer *answer;
    odd_rc rc = lake_select(lake, &sql, path, &answer);
    if (rc != ODD_OK)
        return rc;
    rc = duck_answer_next(answer);
    if (rc == ODD_ROW)
        *ret_rows = (uint64_t)duck_answer_cell(answer, 0).integer;
    else
        lake_duck_failed(lake, rc, path);
    duck_answer_close(answer);
    return rc == ODD_ROW ? ODD_OK : ODD_IO;
}

static odd_rc measure(const char *path, LakeFile *file)
{
    Str bytes;
    odd_rc rc = disk_map(path, &bytes);
    if (rc != ODD_OK)
        return rc;
    file->bytes = bytes.size;
    file->checksum = disk_checksum(bytes);
    disk_unmap(bytes);
    return ODD_OK;
}

/* Unless it is in the list. */
static void lake_unlink(odd_lake *lake, const LakeFile *file)
{
    char name[LAKE_FILE_NAME_MAX], path[DISK_PATH_MAX];
    if (manifest_find(&lake->manifest, file) != NULL)
        return;
    lake_file_name(file, name);
    lake_path_of(lake, name, path);
    disk_remove(path);
    *strrchr(path, '/') = '\0';
    disk_remove_folder(path);
}

odd_rc lake_write_file(odd_lake *lake, LakeFile *file, const char *rows_from)
{
    char name[LAKE_FILE_NAME_MAX], path[DISK_PATH_MAX], part[DISK_PATH_MAX];
    lake_file_name(file, name);
    lake_path_of(lake, name, path);
    snprintf(part, sizeof part, "%.*s.tmp", (int)sizeof part - 5, path);
    char *slash = strrchr(path, '/');
    *slash = '\0';
    odd_rc rc = disk_make(path, file->day == LAKE_DAY_NONE ? 1 : 2);
    *slash = '/';
    if (rc != ODD_OK)
        return lake_refused(lake, rc, "making the folder of", path);
    rc = copy_rows(lake, file, rows_from, part, &file->rows);
    if (rc == ODD_OK) {
        rc = measure(part, file);
        if (rc == ODD_OK)
            rc = disk_publish(part, path);
        if (rc != ODD_OK)
            lake_refused(lake, rc, "writing", path);
    }
    if (rc != ODD_OK) {
        disk_remove(part);
        lake_unlink(lake, file); /* It had its name, and that was not synced. */
    }
    return rc;
}

/* -- changes -- */

Change lake_change(odd_lake *lake)
{
    return (Change){.added = {.mem = &lake->mem}, .gone = {.mem = &lake->mem}};
}

void lake_change_close(Change *change)
{
    manifest_close(&change->added);
    manifest_close(&change->gone);
}

void lake_undo(odd_lake *lake, const Change *change)
{
    for (size_t i = 0; i < change->added.count; i++)
        lake_unlink(lake, &change->added.files[i]);
}

/* The new list may have its name already, and that was not synced. */
static void take_back(odd_lake *lake, const Change *change)
{
    Manifest stored = {.mem = &lake->mem};
    bool as_it_was = manifest_read(&stored, lake->path) == ODD_OK &&
                     manifest_sum(&stored) == manifest_sum(&lake->manifest);
    manifest_close(&stored);
    if (as_it_was || manifest_write(&lake->manifest, lake->path) == ODD_OK)
        lake_undo(lake, change);
    else
        lake->is_ready = false; /* What is in memory may differ from what is stored. */
}

static odd_rc change_list(Manifest *manifest, const Change *change)
{
    odd_rc rc = ODD_OK;
    for (size_t i = 0; rc == ODD_OK && i < change->added.count; i++)
        rc = manifest_add(manifest, &change->added.files[i]);
    for (size_t i = 0; i < change->gone.count; i++) {
        const LakeFile *gone = manifest_find(manifest, &change->gone.files[i]);
        if (gone != NULL)
            manifest_remove(manifest, (size_t)(gone - manifest->files));
    }
    return rc;
}

odd_rc lake_publish(odd_lake *lake, const Change *change)
{
    Manifest changed = {.mem = &lake->mem};
    odd_rc rc = manifest_copy(&changed, &lake->manifest);
    if (rc == ODD_OK)
        rc = change_list(&changed, change);
    if (rc == ODD_OK)
        rc = manifest_write(&changed, lake->path);
    if (rc != ODD_OK) {
        lake_refused(lake, rc, "writing the list of files in", lake->path);
        manifest_close(&changed);
        take_back(lake, change);
        return rc;
    }
    manifest_close(&lake->manifest);
    lake->manifest = changed;
    for (size_t i = 0; i < change->gone.count; i++)
        lake_unlink(lake, &change->gone.files[i]); /* Where it refuses: it is in no list. */
    return ODD_OK;
}

odd_rc lake_spill_begin(odd_lake *lake)
{
    char path[DISK_PATH_MAX];
    lake_path_of(lake, "tmp", path);
    Draft sql = {.mem = &lake->mem};
    draft_format(&sql, "SET temp_directory = ");
    draft_quote(&sql, '\'', str_of(path));
    odd_rc rc = lake_run(lake, &sql, "choosing a folder for sorting");
    draft_close(&sql);
    return rc;
}

static bool remove_entry(void *context, const char *name)
{
    char path[DISK_PATH_MAX];
    const char *folder = context;
    if (snprintf(path, sizeof path, "%s/%s", folder, name) < (int)sizeof path)
        disk_remove(path);
    return false;
}

/* What a killed child has left goes too. */
void lake_spill_end(odd_lake *lake)
{
    char path[DISK_PATH_MAX];
    lake_path_of(lake, "tmp", path);
    duck_run(lake->duck, "SET temp_directory = ''");
    disk_list(path, remove_entry, path);
    disk_remove_folder(path);
}

/* -- hot rows -- */

typedef struct {
    int32_t days[DAYS_MAX];
    size_t  count;
    bool    more;
} Days;

/* The days of the hot rows of a table, that of the most rows first. */
static odd_rc days_of(odd_lake *lake, odd_table table, Days *ret_days)
{
    Draft sql = {.mem = &lake->mem};
    draft_format(&sql,
                 "SELECT epoch_us(coalesce(time, %s TIMESTAMP 'epoch')) // 86400000000 - "
                 "(epoch_us(coalesce(time, %s TIMESTAMP 'epoch')) %% 86400000000 < 0)::INT AS day, "
                 "count(*) AS n FROM hot_%s() GROUP BY day ORDER BY n DESC, day LIMIT %d",
                 table == ODD_TABLE_LOGS ? "known," : "", table == ODD_TABLE_LOGS ? "known," : "",
                 table_shapes[table].name, DAYS_MAX + 1);
    DuckAnswer *answer;
    odd_rc rc = lake_select(lake, &sql, "looking at the rows", &answer);
    if (rc != ODD_OK)
        return rc;
    ret_days->count = 0;
    while ((rc = duck_answer_next(answer)) == ODD_ROW && ret_days->count < DAYS_MAX)
        ret_days->days[ret_days->count++] = (int32_t)duck_answer_cell(answer, 0).integer;
    ret_days->more = rc == ODD_ROW;
    if (rc != ODD_ROW && rc != ODD_DONE)
        lake_duck_failed(lake, rc, "looking at the rows");
    duck_answer_close(answer);
    return rc == ODD_ROW || rc == ODD_DONE ? ODD_OK : rc;
}

/* The first and the last day that ns reach are no whole days. */
static int64_t day_begin(int32_t day)
{
    int64_t begin;
    if (__builtin_mul_overflow((int64_t)day, NS_PER_DAY, &begin))
        return day < 0 ? INT64_MIN : INT64_MAX;
    return begin;
}

/* (SELECT ... FROM hot_TABLE(...)) of one day; where there are more days than files may be, the
 * first file takes the others in. */
static void add_rows_of_day(Draft *sql, odd_table table, const Days *days, size_t number)
{
    const char *name = table_shapes[table].name;
    draft_format(sql, "(SELECT ");
    lake_add_columns(sql, table, true);
    int32_t day = days->days[number];
    if (number > 0 || !days->more) {
        draft_format(sql, " FROM hot_%s(since := %" PRId64 ", until := %" PRId64 "))", name,
                     day_begin(day), day_begin(day + 1));
        return;
    }
    draft_format(sql, " FROM hot_%s()", name);
    for (size_t i = 1; i < days->count; i++)
        draft_format(sql,
                     "%s NOT epoch_us(coalesce(time, %s TIMESTAMP 'epoch')) BETWEEN %" PRId64
                     " AND %" PRId64,
                     i == 1 ? " WHERE" : " AND", table == ODD_TABLE_LOGS ? "known," : "",
                     day_begin(days->days[i]) / 1000, day_begin(days->days[i] + 1) / 1000 - 1);
    draft_format(sql, ")");
}

static odd_rc write_days(odd_lake *lake, odd_table table, uint64_t position, Change *change)
{
    Days days = {.count = 0};
    odd_rc rc = days_of(lake, table, &days);
    Draft rows = {.mem = &lake->mem};
    for (size_t i = 0; rc == ODD_OK && i < days.count; i++) {
        LakeFile file = {.table = table, .day = days.days[i], .from = position, .to = position};
        draft_clear(&rows);
        add_rows_of_day(&rows, table, &days, i);
        const char *rows_from = draft_text(&rows);
        rc = rows_from != NULL ? lake_write_file(lake, &file, rows_from) : ODD_NOMEM;
        if (rc == ODD_OK)
            rc = manifest_add(&change->added, &file);
    }
    draft_close(&rows);
    return rc;
}

/* (SELECT ...) of a table that is written whole.  Templates that the engine does not know stay: it
 * may have begun anew, and lines of the lake refer to them. */
static void add_whole_rows(odd_lake *lake, Draft *rows, odd_table table, LakeFile *old)
{
    draft_format(rows, "(SELECT ");
    lake_add_columns(rows, table, true);
    draft_format(rows, " FROM hot_%s()", table_shapes[table].name);
    if (old != NULL && !old->damaged && table == ODD_TABLE_TEMPLATES) {
        old->damaged = !lake_file_is_whole(lake, old);
        if (!old->damaged) {
            char name[LAKE_FILE_NAME_MAX], path[DISK_PATH_MAX];
            lake_file_name(old, name);
            lake_path_of(lake, name, path);
            draft_format(rows, " UNION ALL SELECT ");
            lake_add_columns(rows, table, false);
            draft_format(rows, " FROM read_parquet(");
            draft_quote(rows, '\'', str_of(path));
            draft_format(rows, ") WHERE template NOT IN (SELECT odd_id(template) FROM hot_%s())",
                         table_shapes[table].name);
        }
    }
    draft_format(rows, ")");
}

/* A table that is whole is written again when it has changed; under a name of its own also when
 * that position was written before, so that no file of the list ever changes. */
static odd_rc write_whole(odd_lake *lake, odd_table table, uint64_t position, Change *change)
{
    LakeFile file = {.table = table, .day = LAKE_DAY_NONE, .from = position, .to = position};
    LakeFile *last = NULL;
    file.content = disk_checksum(lake->hot[table]);
    for (size_t i = 0; i < lake->manifest.count; i++) {
        LakeFile *old = &lake->manifest.files[i];
        if (old->table != table)
            continue;
        if (old->content == file.content && !old->damaged)
            return ODD_OK;
        if (old->to == position && old->from <= file.from && old->from > 0)
            file.from = old->from - 1;
        bool same_name = old->from == file.from && old->to == position;
        odd_rc rc = same_name ? ODD_OK : manifest_add(&change->gone, old);
        if (rc != ODD_OK)
            return rc;
        last = old;
    }
    Draft rows = {.mem = &lake->mem};
    add_whole_rows(lake, &rows, table, last);
    const char *rows_from = draft_text(&rows);
    odd_rc rc = rows_from != NULL ? lake_write_file(lake, &file, rows_from) : ODD_NOMEM;
    draft_close(&rows);
    return rc == ODD_OK ? manifest_add(&change->added, &file) : rc;
}

/* Files behind the last write that the caller knows of are left from one that failed late. */
static odd_rc drop_left_overs(odd_lake *lake, Change *change)
{
    odd_rc rc = ODD_OK;
    for (size_t i = 0; lake->position_given && rc == ODD_OK && i < lake->manifest.count; i++) {
        const LakeFile *file = &lake->manifest.files[i];
        if (file->day != LAKE_DAY_NONE && file->from > lake->position &&
            manifest_find(&change->added, file) == NULL)
            rc = manifest_add(&change->gone, file);
    }
    return rc;
}

static odd_rc write_tables(odd_lake *lake, uint64_t position, Change *change)
{
    odd_rc rc = ODD_OK;
    for (int table = 0; rc == ODD_OK && table < ODD_TABLE_COUNT; table++) {
        bool by_day = table == ODD_TABLE_LOGS || table == ODD_TABLE_SAMPLES;
        if (lake->hot_given[table])
            rc = by_day ? write_days(lake, (odd_table)table, position, change)
                        : write_whole(lake, (odd_table)table, position, change);
    }
    return rc == ODD_OK ? drop_left_overs(lake, change) : rc;
}

/* The hot rows are in files now; the names of these come back. */
static odd_rc written(odd_lake *lake, uint64_t position, const Change *change, const char **files)
{
    for (int table = ODD_TABLE_LOGS; table <= ODD_TABLE_SAMPLES; table++) {
        disk_unmap(lake->hot_mapped[table]);
        lake->hot_mapped[table] = lake->hot[table] = (Str){0};
    }
    lake->position = position;
    draft_clear(&lake->answer);
    for (size_t i = 0; i < change->added.count; i++) {
        char name[LAKE_FILE_NAME_MAX];
        lake_file_name(&change->added.files[i], name);
        draft_format(&lake->answer, "%s\n", name);
    }
    *files = draft_text(&lake->answer);
    if (*files == NULL)
        return problem_say(&lake->problem, ODD_NOMEM, "out of memory");
    return lake_views(lake);
}

odd_rc odd_lake_write(odd_lake *lake, uint64_t position, const char **files)
{
    if (lake->is_locked)
        return problem_say(&lake->problem, ODD_MISUSE,
                           "a lake that was asked is not written: open it again");
    odd_rc rc = lake_ready(lake);
    if (rc != ODD_OK)
        return rc;
    if ((rc = disk_make(lake->path, 1)) != ODD_OK)
        return lake_refused(lake, rc, "making the folder", lake->path);
    if (lake->manifest.count == 0 && (rc = manifest_write(&lake->manifest, lake->path)) != ODD_OK)
        return lake_refused(lake, rc, "writing the list of files in", lake->path);
    if ((rc = lake_spill_begin(lake)) != ODD_OK)
        return rc;
    Change change = lake_change(lake);
    rc = write_tables(lake, position, &change);
    lake_spill_end(lake);
    if (rc == ODD_OK)
        rc = lake_publish(lake, &change);
    else
        lake_undo(lake, &change);
    if (rc == ODD_OK)
        rc = written(lake, position, &change, files);
    lake_change_close(&change);
    return rc;
}
