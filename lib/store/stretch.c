/* SPDX-License-Identifier: Apache-2.0 */
#include "store/stretch.h"

#include <inttypes.h>
#include <math.h>

#include "base/hash.h"
#include "event/tables.h"
#include "event/utf8.h"
#include "store/disk.h"

#define ROWS_WANTED 200000
#define BYTES_WANTED (32u << 20) /* Of skeletons and texts. */
#define WIDTH_FIRST 64
#define WIDTH_MAX 65536
#define GROUPS_MIN 64
#define KEY_LINES 1 /* Seeds, so that a source and a series never are one. */
#define KEY_SAMPLES 2

/* -- groups of rows ---------------------------------------------------------------------------- */

static uint64_t lines_key(Str source)
{
    char room[UTF8_SHOWN_BYTES * EVENT_NAME_BYTES_MAX];
    source = utf8_shown(source, room);
    return hash_bytes(source.text, source.size, KEY_LINES) | 1;
}

static uint64_t samples_key(uint64_t series, uint64_t position)
{
    return hash_add(hash_add(KEY_SAMPLES, series), position) | 1;
}

static RowGroup *group_slot(const Stretch *s, uint64_t key)
{
    size_t slot = (size_t)(key >> 1) & (s->group_capacity - 1);
    while (s->groups[slot].key != 0 && s->groups[slot].key != key)
        slot = (slot + 1) & (s->group_capacity - 1);
    return &s->groups[slot];
}

static RowGroup *group_find(const Stretch *s, uint64_t key)
{
    RowGroup *group = s->group_capacity > 0 ? group_slot(s, key) : NULL;
    return group != NULL && group->key != 0 ? group : NULL;
}

static bool groups_more(Stretch *s)
{
    if (2 * (s->group_count + 1) <= s->group_capacity)
        return true;
    Stretch grown = {.group_capacity = s->group_capacity > 0 ? 2 * s->group_capacity : GROUPS_MIN};
    grown.groups = mem_take(s->mem, grown.group_capacity * sizeof *grown.groups);
    if (grown.groups == NULL)
        return false;
    for (size_t i = 0; i < s->group_capacity; i++)
        if (s->groups[i].key != 0)
            *group_slot(&grown, s->groups[i].key) = s->groups[i];
    mem_free(s->mem, s->groups, s->group_capacity * sizeof *s->groups);
    s->groups = grown.groups;
    s->group_capacity = grown.group_capacity;
    return true;
}

/* One more row of a group whose rows follow each other; NULL: no memory. */
static RowGroup *group_row(Stretch *s, uint64_t key, size_t row)
{
    if (!groups_more(s))
        return NULL;
    RowGroup *group = group_slot(s, key);
    if (group->key == 0) {
        *group = (RowGroup){.key = key, .first = row};
        s->group_count++;
    }
    group->count++;
    return group;
}

RowGroup *stretch_lines(const Stretch *stretch, Str source)
{
    return group_find(stretch, lines_key(source));
}

RowGroup *stretch_samples(const Stretch *stretch, uint64_t series, uint64_t position)
{
    return group_find(stretch, samples_key(series, position));
}

/* -- which files ------------------------------------------------------------------------------- */

/* The commit of the last write before the first one whose rows are in the file. */
static uint64_t written_before(const odd_lake *lake, const LakeFile *file)
{
    uint64_t before = 0;
    for (size_t i = 0; i < lake->manifest.count; i++) {
        const LakeFile *other = &lake->manifest.files[i];
        if (other->day == LAKE_DAY_NONE)
            continue;
        if (other->to < file->from && other->to > before)
            before = other->to;
        if (other->from < file->from && other->from > before)
            before = other->from;
    }
    return before;
}

/* False: no file has rows of these commits. */
static bool add_files(odd_lake *lake, Draft *sql, odd_table table, uint64_t after, uint64_t last)
{
    bool any = false;
    draft_format(sql, " FROM read_parquet([");
    for (size_t i = 0; i < lake->manifest.count; i++) {
        const LakeFile *file = &lake->manifest.files[i];
        if (file->table != table || file->damaged || file->to <= after ||
            written_before(lake, file) >= last)
            continue;
        char name[LAKE_FILE_NAME_MAX], path[DISK_PATH_MAX];
        lake_file_name(file, name);
        lake_path_of(lake, name, path);
        draft_format(sql, any ? ", " : "");
        draft_quote(sql, '\'', str_of(path));
        any = true;
    }
    draft_format(
        sql, "], hive_partitioning = false) WHERE position > %" PRIu64 " AND position <= %" PRIu64,
        after, last);
    return any;
}

/* The last commit that is in a file of them. */
static uint64_t written_last(const odd_lake *lake)
{
    uint64_t last = 0;
    for (size_t i = 0; i < lake->manifest.count; i++) {
        const LakeFile *file = &lake->manifest.files[i];
        if (file->table == ODD_TABLE_COMMITS && file->to > last)
            last = file->to;
    }
    return last;
}

static odd_rc no_memory(odd_lake *lake)
{
    return problem_say(&lake->problem, ODD_NOMEM, "no memory for the rows of a replay");
}

typedef odd_rc (*TakeRow)(Stretch *stretch, const DuckAnswer *answer);

static odd_rc read_rows(Stretch *s, odd_lake *lake, odd_table table, const char *columns,
                        const char *order, uint64_t after, uint64_t last, TakeRow take)
{
    Draft sql = {.mem = &lake->mem};
    draft_format(&sql, "SELECT %s", columns);
    if (!add_files(lake, &sql, table, after, last)) {
        draft_close(&sql);
        return ODD_OK;
    }
    draft_format(&sql, " ORDER BY %s", order);
    DuckAnswer *answer;
    odd_rc rc = lake_select(lake, &sql, "reading the rows of commits", &answer);
    if (rc != ODD_OK)
        return rc;
    while ((rc = duck_answer_next(answer)) == ODD_ROW)
        if (take(s, answer) != ODD_OK) {
            duck_answer_close(answer);
            return no_memory(lake);
        }
    duck_answer_close(answer);
    return rc == ODD_DONE ? ODD_OK : lake_duck_failed(lake, rc, "reading the rows of commits");
}

/* -- rows -------------------------------------------------------------------------------------- */

static bool pool_add(Stretch *s, Str text, size_t *ret_at)
{
    char *grown = mem_grow(s->mem, s->pool, &s->pool_capacity, s->pool_size + text.size + 1, 1);
    if (grown == NULL)
        return false;
    s->pool = grown;
    if (text.size > 0)
        memcpy(grown + s->pool_size, text.text, text.size);
    *ret_at = s->pool_size;
    s->pool_size += text.size;
    return true;
}

Str stretch_text(const Stretch *stretch, size_t at, size_t size)
{
    return (Str){.text = stretch->pool + at, .size = size};
}

static odd_rc take_commit(Stretch *s, const DuckAnswer *answer)
{
    Str skeleton = duck_answer_cell(answer, 1).text;
    StretchCommit *grown =
        mem_grow(s->mem, s->commits, &s->commit_capacity, s->commit_count + 1, sizeof *grown);
    if (grown == NULL)
        return ODD_NOMEM;
    s->commits = grown;
    StretchCommit *commit = &grown[s->commit_count];
    *commit = (StretchCommit){.position = (uint64_t)duck_answer_cell(answer, 0).integer,
                              .size = skeleton.size};
    SkeletonReader reader = {.bytes = skeleton};
    for (Bone bone; skeleton_next(&reader, &bone) == EVENT_READ;) {
        commit->rows += bone.rows;
        commit->ticks |= bone.event.kind == EVENT_TICK;
    }
    if (!pool_add(s, skeleton, &commit->at))
        return ODD_NOMEM;
    s->commit_count++;
    return ODD_OK;
}

static odd_rc take_line(Stretch *s, const DuckAnswer *answer)
{
    DuckCell text = duck_answer_cell(answer, 1), time = duck_answer_cell(answer, 2);
    StretchLine *grown =
        mem_grow(s->mem, s->lines, &s->line_capacity, s->line_count + 1, sizeof *grown);
    if (grown == NULL)
        return ODD_NOMEM;
    s->lines = grown;
    StretchLine *line = &grown[s->line_count];
    *line = (StretchLine){.size = text.text.size,
                          .is_lost = text.kind != DUCK_BLOB,
                          .time = time.kind == DUCK_TIME ? time.integer : ODD_TIME_NONE};
    if (!pool_add(s, text.text, &line->at) ||
        group_row(s, lines_key(duck_answer_cell(answer, 0).text), s->line_count) == NULL)
        return ODD_NOMEM;
    s->line_count++;
    return ODD_OK;
}

static odd_rc take_sample(Stretch *s, const DuckAnswer *answer)
{
    Str source = duck_answer_cell(answer, 1).text, series = duck_answer_cell(answer, 2).text;
    DuckCell value = duck_answer_cell(answer, 4);
    Sample *grown =
        mem_grow(s->mem, s->samples, &s->sample_capacity, s->sample_count + 1, sizeof *grown);
    if (grown == NULL)
        return ODD_NOMEM;
    s->samples = grown;
    grown[s->sample_count] = (Sample){.time = duck_answer_cell(answer, 3).integer,
                                      .value = value.kind == DUCK_REAL ? value.real : (double)NAN};
    uint64_t key =
        samples_key(skeleton_series(source, series), (uint64_t)duck_answer_cell(answer, 0).integer);
    RowGroup *group = group_row(s, key, s->sample_count++);
    if (group == NULL)
        return ODD_NOMEM;
    if (group->count > 1)
        return ODD_OK;
    group->size = series.size;
    return pool_add(s, series, &group->at) ? ODD_OK : ODD_NOMEM;
}

/* -- one stretch ------------------------------------------------------------------------------- */

static void forget(Stretch *s)
{
    if (s->group_count > 0)
        memset(s->groups, 0, s->group_capacity * sizeof *s->groups);
    s->pool_size = s->commit_count = s->line_count = s->sample_count = s->group_count = 0;
}

/* Up to a tick, as far as there are not too many rows, and no further than needed; all, if there is
 * no tick. */
static size_t commits_kept(const Stretch *s, uint64_t last, bool *ret_ticks)
{
    uint64_t rows = 0;
    size_t kept = 0;
    *ret_ticks = false;
    for (size_t i = 0; i < s->commit_count; i++) {
        rows += s->commits[i].rows;
        if (*ret_ticks && rows > ROWS_WANTED)
            break;
        if (s->commits[i].ticks) {
            kept = i + 1;
            *ret_ticks = true;
            if (s->commits[i].position >= last)
                break;
        }
    }
    return *ret_ticks ? kept : s->commit_count;
}

/* Commits up to a tick: more of them are looked at until there is one. */
static odd_rc load_commits(Stretch *s, odd_lake *lake, uint64_t after, uint64_t last)
{
    uint64_t width = s->width > 0 ? s->width : WIDTH_FIRST;
    for (;;) {
        uint64_t to = width < UINT64_MAX - after ? after + width : UINT64_MAX;
        bool ticks, ends = to >= written_last(lake);
        forget(s);
        odd_rc rc = read_rows(s, lake, ODD_TABLE_COMMITS, "position, skeleton", "position", after,
                              to, take_commit);
        if (rc != ODD_OK)
            return rc;
        size_t found = s->commit_count;
        s->commit_count = commits_kept(s, last, &ticks);
        if (ticks || ends) {
            bool few = s->commit_count == found && s->pool_size < BYTES_WANTED / 4;
            s->width = few && width < WIDTH_MAX                   ? 2 * width
                       : s->pool_size > BYTES_WANTED && width > 1 ? width / 2
                                                                  : width;
            return ODD_OK;
        }
        width *= 2;
    }
}

odd_rc stretch_load(Stretch *s, odd_lake *lake, uint64_t after, uint64_t last)
{
    odd_rc rc = load_commits(s, lake, after, last);
    if (rc != ODD_OK || s->commit_count == 0)
        return rc;
    uint64_t end = s->commits[s->commit_count - 1].position;
    rc = read_rows(s, lake, ODD_TABLE_LOGS, "source, odd_line(raw, head, template, vars), time",
                   "source, position, seq", after, end, take_line);
    if (rc == ODD_OK)
        rc = read_rows(s, lake, ODD_TABLE_SAMPLES, "position, source, series, time, value",
                       "position, source, series, time", after, end, take_sample);
    return rc;
}

void stretch_close(Stretch *s)
{
    mem_free(s->mem, s->pool, s->pool_capacity);
    mem_free(s->mem, s->commits, s->commit_capacity * sizeof *s->commits);
    mem_free(s->mem, s->lines, s->line_capacity * sizeof *s->lines);
    mem_free(s->mem, s->samples, s->sample_capacity * sizeof *s->samples);
    mem_free(s->mem, s->groups, s->group_capacity * sizeof *s->groups);
    *s = (Stretch){.mem = s->mem};
}
