/* SPDX-License-Identifier: Apache-2.0 */
#include "store/lake_write.h"

#include <assert.h>
#include <stdio.h>

#include "event/tables.h"
#include "store/arrange.h"
#include "store/disk.h"

#define DAYS_MAX \
    366 /* Of one write; rows of the rarest days beyond go with those of the main one. */
#define LEVEL_QUICK 3 /* Of zstd: for a file that will soon be merged, */
#define LEVEL_SMALL 9 /* and for one that stays.                       */

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
    case ODD_TABLE_COMMITS:
        return "position";
    case ODD_TABLE_RATES:
        return "source, pattern, time";
    case ODD_TABLE_PREDICTIONS:
    case ODD_TABLE_OUTCOMES:
        return "model, version, time";
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

static odd_rc copy_rows(odd_lake *lake, const LakeFile *file, const LakeRows *rows,
                        const char *path, uint64_t *ret_rows)
{
    Draft sql = {.mem = &lake->mem};
    draft_format(&sql, "COPY (SELECT * FROM %s", rows->from);
    if (!rows->in_order)
        draft_format(&sql, " ORDER BY %s", order_of(file->table));
    draft_format(&sql, ") TO ");
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

odd_rc lake_write_file(odd_lake *lake, LakeFile *file, LakeRows rows)
{
    if (rows.from == NULL)
        return ODD_NOMEM;
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
    rc = copy_rows(lake, file, &rows, part, &file->rows);
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

/* One file for each day; its rows lie in order already. */
static odd_rc write_days(odd_lake *lake, odd_table table, uint64_t position, Change *change)
{
    Arranged arranged;
    Draft rows = {.mem = &lake->mem};
    draft_format(&rows, "(SELECT ");
    lake_add_columns(&rows, table, true);
    draft_format(&rows, " FROM day_%s())", table_shapes[table].name);
    const char *rows_from = draft_text(&rows);
    odd_rc rc =
        arrange_open(&arranged, &lake->mem, table, lake->hot[table], LAKE_HOT_PIECES, DAYS_MAX);
    for (size_t i = 0; rc == ODD_OK && i < arranged.day_count; i++) {
        LakeFile file = {
            .table = table, .day = arranged.days[i].day, .from = position, .to = position};
        rc = arrange_day(&arranged, i, &lake->day[table]);
        if (rc == ODD_OK)
            rc = lake_write_file(lake, &file, (LakeRows){.from = rows_from, .in_order = true});
        if (rc == ODD_OK)
            rc = manifest_add(&change->added, &file);
    }
    lake->day[table] = (Str){0};
    arrange_close(&arranged);
    draft_close(&rows);
    if (rc == ODD_CORRUPT)
        return problem_say(&lake->problem, rc, "the rows that are not in the lake yet are torn");
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
    file.content = disk_checksum(lake->hot[table][0]);
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
    odd_rc rc = lake_write_file(lake, &file, (LakeRows){.from = draft_text(&rows)});
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
        bool by_day = table < ODD_TABLE_GROWING;
        if (lake->hot_given[table] > 0)
            rc = by_day ? write_days(lake, (odd_table)table, position, change)
                        : write_whole(lake, (odd_table)table, position, change);
    }
    return rc == ODD_OK ? drop_left_overs(lake, change) : rc;
}

/* The hot rows are in files now; the names of these come back. */
static odd_rc written(odd_lake *lake, uint64_t position, const Change *change, const char **files)
{
    for (int table = 0; table < ODD_TABLE_GROWING; table++)
        lake_hot_drop(lake, (odd_table)table);
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
