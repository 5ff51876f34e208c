/* SPDX-License-Identifier: Apache-2.0 */
#include "store/manifest.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>

#include "base/hash.h"
#include "base/time.h"
#include "event/tables.h"
#include "store/disk.h"
#include "store/draft.h"

/* A day is told by its noon: of the first and the last day, ns do not reach both ends. */
#define NS_PER_HALF_DAY (S_PER_DAY / 2 * NS_PER_S)

#define FIRST_LINE "oddball lake 1\n"

/* -- names -- */

void lake_file_name(const LakeFile *file, char name[LAKE_FILE_NAME_MAX])
{
    const char *table = table_shapes[file->table].name;
    if (file->day == LAKE_DAY_NONE) {
        snprintf(name, LAKE_FILE_NAME_MAX, "%s/%012" PRIu64 "-%012" PRIu64 ".parquet", table,
                 file->from, file->to);
        return;
    }
    Civil day = time_to_civil((2 * (int64_t)file->day + 1) * NS_PER_HALF_DAY);
    snprintf(name, LAKE_FILE_NAME_MAX,
             "%s/day=%04d-%02d-%02d/%012" PRIu64 "-%012" PRIu64 ".parquet", table, day.year,
             day.month, day.day, file->from, file->to);
}

static bool table_of_name(Str name, odd_table *ret_table)
{
    for (int table = 0; table < ODD_TABLE_COUNT; table++)
        if (str_equal(name, str_of(table_shapes[table].name))) {
            *ret_table = (odd_table)table;
            return true;
        }
    return false;
}

/* Read loosely, then compared with the name that it would have. */
bool lake_file_of_name(Str name, LakeFile *ret_file)
{
    char text[LAKE_FILE_NAME_MAX], again[LAKE_FILE_NAME_MAX];
    if (name.size >= sizeof text || memchr(name.text, '\0', name.size) != NULL)
        return false;
    memcpy(text, name.text, name.size);
    text[name.size] = '\0';
    char *slash = strchr(text, '/');
    LakeFile file = {.day = LAKE_DAY_NONE};
    if (slash == NULL ||
        !table_of_name((Str){.text = text, .size = (size_t)(slash - text)}, &file.table))
        return false;
    Civil day = {0};
    if (sscanf(slash, "/day=%4d-%2d-%2d/%" SCNu64 "-%" SCNu64, &day.year, &day.month, &day.day,
               &file.from, &file.to) == 5) {
        day.hour = 12;
        odd_time noon = time_from_civil(day);
        if (noon == ODD_TIME_NONE)
            return false;
        file.day = (int32_t)(noon / NS_PER_HALF_DAY / 2 - (noon < 0));
    } else if (sscanf(slash, "/%" SCNu64 "-%" SCNu64, &file.from, &file.to) != 2) {
        return false;
    }
    lake_file_name(&file, again);
    if (strcmp(text, again) != 0 || file.from > file.to)
        return false;
    *ret_file = file;
    return true;
}

/* -- the list in memory -- */

static int compare(uint64_t a, uint64_t b)
{
    return (a > b) - (a < b);
}

static int file_compare(const LakeFile *a, const LakeFile *b)
{
    if (a->table != b->table)
        return a->table < b->table ? -1 : 1;
    if (a->day != b->day)
        return a->day < b->day ? -1 : 1;
    return a->from != b->from ? compare(a->from, b->from) : compare(a->to, b->to);
}

/* Where a file stands, or would. */
static size_t manifest_place(const Manifest *manifest, const LakeFile *file)
{
    size_t low = 0, high = manifest->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (file_compare(&manifest->files[middle], file) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

LakeFile *manifest_find(const Manifest *manifest, const LakeFile *like)
{
    size_t at = manifest_place(manifest, like);
    bool found = at < manifest->count && file_compare(&manifest->files[at], like) == 0;
    return found ? &manifest->files[at] : NULL;
}

odd_rc manifest_add(Manifest *manifest, const LakeFile *file)
{
    LakeFile *known = manifest_find(manifest, file);
    if (known != NULL) {
        *known = *file;
        return ODD_OK;
    }
    LakeFile *files = mem_grow(manifest->mem, manifest->files, &manifest->capacity,
                               manifest->count + 1, sizeof *files);
    if (files == NULL)
        return ODD_NOMEM;
    manifest->files = files;
    size_t at = manifest_place(manifest, file);
    memmove(&files[at + 1], &files[at], (manifest->count - at) * sizeof *files);
    files[at] = *file;
    manifest->count++;
    return ODD_OK;
}

odd_rc manifest_copy(Manifest *manifest, const Manifest *from)
{
    assert(manifest->count == 0);
    LakeFile *files = mem_grow(manifest->mem, manifest->files, &manifest->capacity, from->count + 1,
                               sizeof *files);
    if (files == NULL)
        return ODD_NOMEM;
    if (from->count > 0)
        memcpy(files, from->files, from->count * sizeof *files);
    manifest->files = files;
    manifest->count = from->count;
    return ODD_OK;
}

void manifest_remove(Manifest *manifest, size_t index)
{
    assert(index < manifest->count);
    memmove(&manifest->files[index], &manifest->files[index + 1],
            (manifest->count - index - 1) * sizeof *manifest->files);
    manifest->count--;
}

uint64_t manifest_sum(const Manifest *manifest)
{
    uint64_t sum = manifest->count;
    for (size_t i = 0; i < manifest->count; i++) {
        const LakeFile *file = &manifest->files[i];
        sum = hash_add(sum, file->checksum);
        sum = hash_add(sum, file->from);
        sum = hash_add(sum, file->to);
    }
    return sum;
}

void manifest_close(Manifest *manifest)
{
    mem_free(manifest->mem, manifest->files, manifest->capacity * sizeof *manifest->files);
    *manifest = (Manifest){.mem = manifest->mem};
}

/* -- the list as a file -- */

static void manifest_path(const char *lake, char path[DISK_PATH_MAX])
{
    snprintf(path, DISK_PATH_MAX, "%s/manifest", lake);
}

odd_rc manifest_write(const Manifest *manifest, const char *lake)
{
    char path[DISK_PATH_MAX], name[LAKE_FILE_NAME_MAX];
    Draft text = {.mem = manifest->mem};
    draft_add(&text, STR(FIRST_LINE));
    for (size_t i = 0; i < manifest->count; i++) {
        const LakeFile *file = &manifest->files[i];
        lake_file_name(file, name);
        draft_format(&text, "%s %" PRIu64 " %016" PRIx64 " %" PRIu64 " %016" PRIx64 " %s\n",
                     file->damaged ? "damaged" : "live", file->bytes, file->checksum, file->rows,
                     file->content, name);
    }
    uint64_t checksum = disk_checksum((Str){.text = text.bytes, .size = text.size});
    draft_format(&text, "end %016" PRIx64 "\n", checksum);
    odd_rc rc = ODD_NOMEM;
    if (draft_text(&text) != NULL) {
        manifest_path(lake, path);
        rc = disk_write(path, (Str){.text = text.bytes, .size = text.size});
    }
    draft_close(&text);
    return rc;
}

void manifest_sweep(const char *lake)
{
    char path[DISK_PATH_MAX];
    manifest_path(lake, path);
    disk_sweep(path);
}

static bool line_read(Str line, LakeFile *ret_file)
{
    char text[2 * LAKE_FILE_NAME_MAX], state[8];
    if (line.size >= sizeof text)
        return false;
    memcpy(text, line.text, line.size);
    text[line.size] = '\0';
    LakeFile numbers;
    int name_at = 0;
    if (sscanf(text, "%7s %" SCNu64 " %" SCNx64 " %" SCNu64 " %" SCNx64 " %n", state,
               &numbers.bytes, &numbers.checksum, &numbers.rows, &numbers.content, &name_at) != 5)
        return false;
    if (name_at == 0 || !lake_file_of_name(str_of(text + name_at), ret_file))
        return false;
    ret_file->bytes = numbers.bytes;
    ret_file->checksum = numbers.checksum;
    ret_file->rows = numbers.rows;
    ret_file->content = numbers.content;
    ret_file->damaged = strcmp(state, "damaged") == 0;
    return true;
}

odd_rc manifest_lines(Manifest *manifest, Str lines)
{
    while (lines.size > 0) {
        const char *end = memchr(lines.text, '\n', lines.size);
        size_t size = end != NULL ? (size_t)(end - lines.text) : 0;
        LakeFile file;
        if (end == NULL || !line_read(str_part(lines, 0, size), &file))
            return ODD_CORRUPT;
        odd_rc rc = manifest_add(manifest, &file);
        if (rc != ODD_OK)
            return rc;
        lines = str_part(lines, size + 1, lines.size);
    }
    return ODD_OK;
}

/* ODD_CORRUPT: it is no manifest, or not as it was written. */
static odd_rc bytes_read(Manifest *manifest, Str bytes)
{
    Str first = STR(FIRST_LINE);
    size_t last_size = strlen("end 0123456789abcdef\n");
    if (bytes.size < first.size + last_size || memcmp(bytes.text, first.text, first.size) != 0)
        return ODD_CORRUPT;
    size_t end = bytes.size - last_size;
    char last[32];
    snprintf(last, sizeof last, "end %016" PRIx64 "\n", disk_checksum(str_part(bytes, 0, end)));
    if (memcmp(bytes.text + end, last, last_size) != 0)
        return ODD_CORRUPT;
    return manifest_lines(manifest, str_part(bytes, first.size, end));
}

/* -- the list made again -- */

typedef struct {
    Manifest   *manifest;
    const char *lake;
    odd_rc      rc;
    char        below[LAKE_FILE_NAME_MAX]; /* Of the folder that is walked, with a slash. */
} Finding;

static bool found_entry(void *context, const char *name)
{
    Finding *finding = context;
    char path[DISK_PATH_MAX], whole[2 * LAKE_FILE_NAME_MAX];
    if (strlen(name) >= LAKE_FILE_NAME_MAX)
        return false;
    snprintf(whole, sizeof whole, "%s%s", finding->below, name);
    snprintf(path, sizeof path, "%s/%s", finding->lake, whole);
    LakeFile file;
    if (lake_file_of_name(str_of(whole), &file)) {
        Str bytes;
        finding->rc = disk_map(path, &bytes);
        if (finding->rc != ODD_OK)
            return true;
        file.bytes = bytes.size;
        file.checksum = disk_checksum(bytes);
        disk_unmap(bytes);
        finding->rc = manifest_add(finding->manifest, &file);
    } else if (strncmp(name, "day=", 4) == 0 && strlen(whole) + 2 < sizeof finding->below) {
        Finding deeper = {.manifest = finding->manifest, .lake = finding->lake};
        snprintf(deeper.below, sizeof deeper.below, "%.*s/", (int)sizeof deeper.below - 2, whole);
        odd_rc rc = disk_list(path, found_entry, &deeper);
        finding->rc = rc != ODD_OK ? rc : deeper.rc;
    }
    return finding->rc != ODD_OK;
}

/* A file whose rows are in another one too. */
static bool is_taken_up(const Manifest *manifest, const LakeFile *file)
{
    for (size_t i = 0; i < manifest->count; i++) {
        const LakeFile *other = &manifest->files[i];
        bool whole_table = file->day == LAKE_DAY_NONE;
        if (other == file || other->table != file->table || other->day != file->day)
            continue;
        bool is_newer = other->to > file->to || (other->to == file->to && other->from < file->from);
        bool has_all = other->from <= file->from && file->to <= other->to;
        if (whole_table ? is_newer : has_all)
            return true;
    }
    return false;
}

static odd_rc manifest_make_again(Manifest *manifest, const char *lake)
{
    manifest->count = 0;
    for (int table = 0; table < ODD_TABLE_COUNT; table++) {
        char path[DISK_PATH_MAX];
        Finding finding = {.manifest = manifest, .lake = lake};
        snprintf(finding.below, sizeof finding.below, "%s/", table_shapes[table].name);
        snprintf(path, sizeof path, "%s/%s", lake, table_shapes[table].name);
        odd_rc rc = disk_list(path, found_entry, &finding);
        if (rc != ODD_OK || finding.rc != ODD_OK)
            return rc != ODD_OK ? rc : finding.rc;
    }
    for (size_t i = manifest->count; i-- > 0;)
        if (is_taken_up(manifest, &manifest->files[i]))
            manifest_remove(manifest, i);
    manifest->made_again = manifest->count > 0;
    return ODD_OK;
}

odd_rc manifest_read(Manifest *manifest, const char *lake)
{
    char path[DISK_PATH_MAX];
    manifest_path(lake, path);
    manifest->count = 0;
    manifest->made_again = false;
    Str bytes;
    odd_rc rc = disk_map(path, &bytes);
    if (rc == ODD_NOTFOUND)
        return manifest_make_again(manifest, lake);
    if (rc != ODD_OK)
        return rc;
    rc = bytes_read(manifest, bytes);
    disk_unmap(bytes);
    return rc == ODD_CORRUPT ? manifest_make_again(manifest, lake) : rc;
}
