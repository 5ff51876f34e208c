/* SPDX-License-Identifier: Apache-2.0 */
#include <assert.h>
#include <inttypes.h>
#include <stdio.h>

#include "base/time.h"
#include "event/tables.h"
#include "store/disk.h"
#include "store/lake_write.h"

#define NS_PER_DAY (S_PER_DAY * NS_PER_S)
#define NS_PER_HOUR (3600 * NS_PER_S)

#define MERGED_BYTES_MAX (128u << 20) /* A file of at most this comes out.             */
#define SMALL_BYTES (1u << 20)        /* Such files are merged whatever the others are. */
#define MERGED_FILES_MIN 8            /* Of a day that goes on; fewer are left alone.   */
#define MERGED_GROWTH 4               /* Nor with a file of so many times the others.   */
#define VERIFIED_BYTES (256u << 20)   /* Each time; the next time goes on elsewhere.    */

static void tell(odd_lake *lake, const char *format, const char *name, size_t files,
                 uint64_t bytes_before, uint64_t bytes_after)
{
    draft_format(&lake->answer, format, name, files, (double)bytes_before / 1e6,
                 (double)bytes_after / 1e6);
}

/* -- merging -- */

typedef struct {
    size_t   first, count; /* In the manifest. */
    uint64_t bytes;
} Run;

static bool same_day(const LakeFile *a, const LakeFile *b)
{
    return a->table == b->table && a->day == b->day;
}

/* The files before `end`, one behind the other, that are worth being one.  A day that is over: as
 * many as fit; one that goes on: by size, so that no row is written again and again. */
static Run run_before(const Manifest *manifest, size_t end, uint64_t position, bool is_over)
{
    Run run = {.first = end};
    const LakeFile *last = &manifest->files[end - 1];
    while (run.first > 0) {
        const LakeFile *file = &manifest->files[run.first - 1];
        if (!same_day(file, last) || file->damaged || file->to > position ||
            run.bytes + file->bytes > MERGED_BYTES_MAX)
            break;
        if (!is_over && file->bytes > SMALL_BYTES && file->bytes > MERGED_GROWTH * run.bytes)
            break;
        run.first--;
        run.count++;
        run.bytes += file->bytes;
    }
    if (run.count < (is_over ? 2 : MERGED_FILES_MIN))
        run.count = 0;
    return run;
}

static void add_files(odd_lake *lake, Draft *rows, odd_table table, const LakeFile *files,
                      size_t count)
{
    draft_format(rows, "(SELECT ");
    lake_add_columns(rows, table, false);
    draft_format(rows, " FROM read_parquet([");
    for (size_t i = 0; i < count; i++) {
        char name[LAKE_FILE_NAME_MAX], path[DISK_PATH_MAX];
        lake_file_name(&files[i], name);
        lake_path_of(lake, name, path);
        draft_format(rows, i > 0 ? ", " : "");
        draft_quote(rows, '\'', str_of(path));
    }
    draft_format(rows, "], hive_partitioning = false)");
}

/* Files become one, of the rows up to a commit. */
static odd_rc rewrite(odd_lake *lake, const LakeFile *files, size_t count, uint64_t position,
                      LakeFile *ret_file)
{
    const LakeFile *last = &files[count - 1];
    LakeFile merged = {.table = files->table,
                       .day = files->day,
                       .from = files->from,
                       .to = last->to < position ? last->to : position};
    Draft rows = {.mem = &lake->mem};
    add_files(lake, &rows, merged.table, files, count);
    draft_format(&rows, last->to > position ? " WHERE position <= %" PRIu64 ")" : ")", position);
    Change change = lake_change(lake);
    odd_rc rc = lake_write_file(lake, &merged, (LakeRows){.from = draft_text(&rows)});
    if (rc == ODD_OK)
        rc = manifest_add(&change.added, &merged);
    for (size_t i = 0; rc == ODD_OK && i < count; i++)
        rc = manifest_add(&change.gone, &files[i]);
    draft_close(&rows);
    if (rc == ODD_OK)
        rc = lake_publish(lake, &change);
    else
        lake_undo(lake, &change);
    lake_change_close(&change);
    if (rc == ODD_OK)
        *ret_file = merged;
    return rc;
}

static odd_rc merge_run(odd_lake *lake, Run run)
{
    LakeFile merged;
    odd_rc rc = rewrite(lake, &lake->manifest.files[run.first], run.count, UINT64_MAX, &merged);
    if (rc != ODD_OK)
        return rc;
    char name[LAKE_FILE_NAME_MAX];
    lake_file_name(&merged, name);
    tell(lake, "%s was made of %zu files, %.1f MB became %.1f MB\n", name, run.count, run.bytes,
         merged.bytes);
    return ODD_OK;
}

static odd_rc merge_all(odd_lake *lake, uint64_t position, odd_time now)
{
    for (size_t end = lake->manifest.count; end > 0;) {
        const LakeFile *last = &lake->manifest.files[end - 1];
        if (last->day == LAKE_DAY_NONE || last->damaged || last->to > position) {
            end--;
            continue;
        }
        bool is_over = (last->day + 1) * NS_PER_DAY + NS_PER_HOUR <= now;
        Run run = run_before(&lake->manifest, end, position, is_over);
        if (run.count > 0) {
            odd_rc rc = merge_run(lake, run);
            if (rc != ODD_OK)
                return rc;
        }
        end = run.count > 0 ? run.first : end - 1;
    }
    return ODD_OK;
}

/* -- what is too old, or too much -- */

/* LAKE_DAY_NONE: no day is stored. */
static int32_t oldest_day(const Manifest *manifest, uint64_t *ret_bytes)
{
    int32_t oldest = LAKE_DAY_NONE;
    *ret_bytes = 0;
    for (size_t i = 0; i < manifest->count; i++) {
        const LakeFile *file = &manifest->files[i];
        *ret_bytes += file->bytes;
        if (file->day != LAKE_DAY_NONE && (oldest == LAKE_DAY_NONE || file->day < oldest))
            oldest = file->day;
    }
    return oldest;
}

static odd_rc drop_day(odd_lake *lake, int32_t day)
{
    Change change = lake_change(lake);
    uint64_t bytes = 0;
    odd_rc rc = ODD_OK;
    char name[LAKE_FILE_NAME_MAX] = "";
    for (size_t i = 0; rc == ODD_OK && i < lake->manifest.count; i++) {
        const LakeFile *file = &lake->manifest.files[i];
        if (file->day != day)
            continue;
        bytes += file->bytes;
        lake_file_name(file, name);
        rc = manifest_add(&change.gone, file);
    }
    size_t count = change.gone.count;
    if (rc == ODD_OK)
        rc = lake_publish(lake, &change);
    lake_change_close(&change);
    const char *day_text = strstr(name, "day=");
    if (rc == ODD_OK && day_text != NULL) {
        char shown[16];
        snprintf(shown, sizeof shown, "%.10s", day_text + 4);
        tell(lake, "the day %s was removed: %zu files, %.1f MB\n", shown, count, bytes, 0);
    }
    return rc;
}

/* The newest day stays, whatever its size. */
static odd_rc drop_old(odd_lake *lake, odd_time now, odd_time oldest, uint64_t bytes_max)
{
    for (;;) {
        uint64_t bytes;
        int32_t day = oldest_day(&lake->manifest, &bytes);
        bool too_old = oldest != 0 && day != LAKE_DAY_NONE &&
                       day + 1 <= oldest / NS_PER_DAY - (oldest % NS_PER_DAY < 0);
        bool too_much = bytes_max > 0 && bytes > bytes_max && day < now / NS_PER_DAY;
        if (day == LAKE_DAY_NONE || !(too_old || too_much))
            return ODD_OK;
        odd_rc rc = drop_day(lake, day);
        if (rc != ODD_OK)
            return rc;
    }
}

odd_rc odd_lake_tidy(odd_lake *lake, uint64_t position, odd_time now, odd_time oldest,
                     uint64_t bytes_max, const char **sentences)
{
    if (lake->is_locked)
        return problem_say(&lake->problem, ODD_MISUSE,
                           "a lake that was asked is not tidied: open it again");
    odd_rc rc = lake_ready(lake);
    if (rc != ODD_OK)
        return rc;
    draft_clear(&lake->answer);
    bool damaged = lake_verify(lake, (uint64_t)now, VERIFIED_BYTES, &lake->answer) > 0;
    if (damaged && (rc = manifest_write(&lake->manifest, lake->path)) != ODD_OK)
        return lake_refused(lake, rc, "writing the list of files in", lake->path);
    rc = drop_old(lake, now, oldest, bytes_max);
    if (rc == ODD_OK && (rc = lake_spill_begin(lake)) == ODD_OK) {
        rc = merge_all(lake, position, now);
        lake_spill_end(lake);
    }
    if (rc != ODD_OK)
        return rc;
    *sentences = draft_text(&lake->answer);
    return *sentences != NULL ? lake_views(lake)
                              : problem_say(&lake->problem, ODD_NOMEM, "out of memory");
}

/* -- back to a checkpoint -- */

typedef struct {
    odd_lake *lake;
    char      below[LAKE_FILE_NAME_MAX];
} Sweep;

/* Files that are in no list: what was being written when the process ended. */
static bool sweep_entry(void *context, const char *name)
{
    const Sweep *sweep = context;
    char whole[2 * LAKE_FILE_NAME_MAX], path[DISK_PATH_MAX];
    if (strlen(name) >= LAKE_FILE_NAME_MAX)
        return false;
    snprintf(whole, sizeof whole, "%s%s", sweep->below, name);
    lake_path_of(sweep->lake, whole, path);
    LakeFile file;
    bool is_part = strlen(name) > 4 && strcmp(name + strlen(name) - 4, ".tmp") == 0;
    if (is_part || (lake_file_of_name(str_of(whole), &file) &&
                    manifest_find(&sweep->lake->manifest, &file) == NULL)) {
        disk_remove(path);
    } else if (strncmp(name, "day=", 4) == 0 && strlen(whole) + 2 < sizeof sweep->below) {
        Sweep deeper = {.lake = sweep->lake};
        snprintf(deeper.below, sizeof deeper.below, "%.*s/", (int)sizeof deeper.below - 2, whole);
        disk_list(path, sweep_entry, &deeper);
        disk_remove_folder(path);
    }
    return false;
}

static void sweep_all(odd_lake *lake)
{
    manifest_sweep(lake->path);
    for (int table = 0; table < ODD_TABLE_COUNT; table++) {
        char path[DISK_PATH_MAX];
        Sweep sweep = {.lake = lake};
        snprintf(sweep.below, sizeof sweep.below, "%s/", table_shapes[table].name);
        lake_path_of(lake, table_shapes[table].name, path);
        disk_list(path, sweep_entry, &sweep);
    }
}

/* A file of rows on both sides of the position is written again without the later ones: so it is
 * where the newest checkpoint was damaged and an older one counts. */
odd_rc odd_lake_back_to(odd_lake *lake, uint64_t position)
{
    if (lake->is_locked)
        return problem_say(&lake->problem, ODD_MISUSE,
                           "a lake that was asked is not changed: open it again");
    odd_rc rc = lake_ready(lake);
    if (rc != ODD_OK)
        return rc;
    for (size_t i = lake->manifest.count; rc == ODD_OK && i-- > 0;) {
        LakeFile file = lake->manifest.files[i], kept;
        if (file.day != LAKE_DAY_NONE && file.from <= position && position < file.to &&
            !file.damaged)
            rc = rewrite(lake, &file, 1, position, &kept);
    }
    Change change = lake_change(lake);
    for (size_t i = 0; rc == ODD_OK && i < lake->manifest.count; i++)
        if (lake->manifest.files[i].day != LAKE_DAY_NONE && lake->manifest.files[i].from > position)
            rc = manifest_add(&change.gone, &lake->manifest.files[i]);
    if (rc == ODD_OK && (change.gone.count > 0 || lake->manifest.made_again))
        rc = lake_publish(lake, &change);
    lake_change_close(&change);
    if (rc != ODD_OK)
        return rc;
    sweep_all(lake);
    return lake_views(lake);
}
