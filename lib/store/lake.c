/* SPDX-License-Identifier: Apache-2.0 */
#include "store/lake.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>

#include "event/tables.h"
#include "store/disk.h"

#define MEMORY_BYTES_DEFAULT (256u << 20)
#define ROW_COUNT_DEFAULT 10000
#define PATH_BYTES_MAX (DISK_PATH_MAX - LAKE_FILE_NAME_MAX - 16)

odd_rc lake_duck_failed(odd_lake *lake, odd_rc rc, const char *attempted)
{
    return problem_say(&lake->problem, rc, "%s: %s", attempted, duck_problem(lake->duck));
}

odd_rc lake_refused(odd_lake *lake, odd_rc rc, const char *attempted, const char *path)
{
    return problem_say(&lake->problem, rc, "%s %s: %s", attempted, path, strerror(errno));
}

const char *odd_lake_errmsg(const odd_lake *lake)
{
    return lake->problem.text;
}

void lake_path_of(const odd_lake *lake, const char *name, char path[])
{
    snprintf(path, DISK_PATH_MAX, "%s/%s", lake->path, name);
}

/* -- open, close -- */

odd_rc odd_lake_open(const odd_lake_options *options, odd_lake **ret_lake, char *problem,
                     size_t problem_size)
{
    assert(options != NULL && options->path != NULL && options->library != NULL);
    size_t size = strlen(options->path);
    if (size == 0 || size > PATH_BYTES_MAX) {
        snprintf(problem, problem_size, "the path of the lake has %zu bytes, 1 to %d are fine",
                 size, PATH_BYTES_MAX);
        return ODD_RANGE;
    }
    Mem mem = {0};
    odd_lake *lake = mem_take(&mem, sizeof *lake);
    if (lake == NULL)
        return ODD_NOMEM;
    lake->mem = mem;
    lake->manifest.mem = lake->templates.mem = lake->answer.mem = &lake->mem;
    lake->position_given = options->position_given != 0;
    lake->position = options->position;
    lake->row_count_max = options->row_count_max > 0 ? options->row_count_max : ROW_COUNT_DEFAULT;
    lake->path_size = size + 1;
    lake->path = mem_take(&lake->mem, lake->path_size);
    odd_rc rc = ODD_NOMEM;
    if (lake->path != NULL) {
        memcpy(lake->path, options->path, size + 1);
        DuckOptions duck = {
            .library = options->library,
            .memory_bytes_max =
                options->memory_bytes_max > 0 ? options->memory_bytes_max : MEMORY_BYTES_DEFAULT,
            .threads = options->threads > 0 ? options->threads : 1,
        };
        rc = duck_open(&duck, &lake->duck, problem, problem_size);
    }
    if (rc != ODD_OK)
        odd_lake_close(lake);
    else
        *ret_lake = lake;
    return rc;
}

void odd_lake_close(odd_lake *lake)
{
    if (lake == NULL)
        return;
    duck_close(lake->duck);
    templates_close(&lake->templates);
    manifest_close(&lake->manifest);
    draft_close(&lake->answer);
    for (int table = 0; table < ODD_TABLE_COUNT; table++)
        lake_hot_drop(lake, (odd_table)table);
    mem_free(&lake->mem, lake->path, lake->path_size);
    Mem mem = lake->mem;
    mem_free(&mem, lake, sizeof *lake);
}

void lake_hot_drop(odd_lake *lake, odd_table table)
{
    for (int piece = 0; piece < LAKE_HOT_PIECES; piece++) {
        disk_unmap(lake->hot_mapped[table][piece]);
        lake->hot_mapped[table][piece] = lake->hot[table][piece] = (Str){0};
    }
}

odd_rc odd_lake_hot(odd_lake *lake, odd_table table, const char *file)
{
    assert(table >= 0 && table < ODD_TABLE_COUNT);
    bool is_whole = table >= ODD_TABLE_GROWING;
    int piece_max = is_whole ? 1 : LAKE_HOT_PIECES;
    if (lake->is_ready)
        return problem_say(&lake->problem, ODD_MISUSE, "hot rows come before the first question");
    if (lake->hot_given[table] == piece_max)
        return problem_say(&lake->problem, ODD_MISUSE, "hot rows of %s come in %d files at most",
                           table_shapes[table].name, piece_max);
    Str bytes;
    odd_rc rc = disk_map(file, &bytes);
    if (rc != ODD_OK)
        return lake_refused(lake, rc, "reading", file);
    int piece = lake->hot_given[table]++;
    lake->hot_mapped[table][piece] = bytes;
    lake->hot[table][piece] = str_part(bytes, 0, table_whole(bytes));
    return ODD_OK;
}

odd_rc lake_select(odd_lake *lake, Draft *sql, const char *attempted, DuckAnswer **ret_answer)
{
    const char *statement = draft_text(sql);
    odd_rc rc =
        statement != NULL ? duck_ask(lake->duck, statement, DUCK_ANYTHING, ret_answer) : ODD_NOMEM;
    draft_close(sql);
    return rc == ODD_OK ? rc : lake_duck_failed(lake, rc, attempted);
}

odd_rc lake_run(odd_lake *lake, Draft *sql, const char *attempted)
{
    const char *statement = draft_text(sql);
    odd_rc rc = statement != NULL ? duck_run(lake->duck, statement) : ODD_NOMEM;
    draft_clear(sql);
    if (rc == ODD_NOMEM)
        return problem_say(&lake->problem, rc, "%s: out of memory", attempted);
    return rc == ODD_OK ? rc : lake_duck_failed(lake, rc, attempted);
}

/* Whether a file is part of the answers: not what was written behind the hot rows. */
static bool lake_sees(const odd_lake *lake, const LakeFile *file)
{
    bool is_whole = file->day == LAKE_DAY_NONE;
    return !file->damaged && (is_whole || !lake->position_given || file->to <= lake->position);
}

/* -- tables and functions -- */

static odd_rc add_table(odd_lake *lake, const char *name, int table, const Str *pieces,
                        size_t piece_count)
{
    DuckTable added = {.name = name,
                       .columns = table_shapes[table].columns,
                       .column_count = table_shapes[table].column_count,
                       .pieces = pieces,
                       .piece_count = piece_count};
    odd_rc rc = duck_add_table(lake->duck, &added);
    return rc == ODD_OK ? rc : lake_duck_failed(lake, rc, name);
}

static odd_rc add_tables(odd_lake *lake)
{
    static const char *const days[] = {"day_logs", "day_samples", "day_commits",
                                       "day_rates", "day_predictions", "day_outcomes"};
    static const char *const names[ODD_TABLE_COUNT] = {"hot_logs",     "hot_samples",
                                                       "hot_commits",   "hot_rates",
                                                       "hot_predictions", "hot_outcomes",
                                                       "hot_templates", "hot_patterns",
                                                       "hot_findings", "hot_incidents",
                                                       "hot_sources"};
    odd_rc rc = ODD_OK;
    for (int table = 0; rc == ODD_OK && table < ODD_TABLE_GROWING; table++)
        rc = add_table(lake, days[table], table, &lake->day[table], 1);
    for (int table = 0; rc == ODD_OK && table < ODD_TABLE_COUNT; table++)
        rc = add_table(lake, names[table], table, lake->hot[table], LAKE_HOT_PIECES);
    return rc;
}

static odd_rc add_functions(odd_lake *lake)
{
    const DuckFunction functions[] = {
        {.name = "odd_line",
         .arguments = {CELL_BLOB, CELL_TEXT, CELL_TEXT, CELL_TEXTS},
         .argument_count = 4,
         .result = CELL_BLOB,
         .context = &lake->templates,
         .work = templates_line},
        {.name = "odd_text",
         .arguments = {CELL_BLOB, CELL_TEXT, CELL_TEXT, CELL_TEXTS},
         .argument_count = 4,
         .result = CELL_TEXT,
         .context = &lake->templates,
         .work = templates_text},
        {.name = "odd_pattern",
         .arguments = {CELL_TEXT, CELL_TEXT},
         .argument_count = 2,
         .result = CELL_TEXT,
         .context = &lake->templates,
         .work = templates_pattern},
        {.name = "odd_id",
         .arguments = {CELL_HASH},
         .argument_count = 1,
         .result = CELL_TEXT,
         .work = templates_id},
    };
    for (size_t i = 0; i < sizeof functions / sizeof *functions; i++) {
        odd_rc rc = duck_add_function(lake->duck, &functions[i]);
        if (rc != ODD_OK)
            return lake_duck_failed(lake, rc, functions[i].name);
    }
    return ODD_OK;
}

/* -- views -- */

/* Columns as the files have them: ids as text.  From the hot rows, or from the files. */
void lake_add_columns(Draft *sql, odd_table table, bool hot)
{
    const TableShape *shape = &table_shapes[table];
    for (size_t i = 0; i < shape->column_count; i++) {
        const TableColumn *column = &shape->columns[i];
        bool is_id = hot && column->kind == CELL_HASH;
        draft_format(sql, is_id ? "%sodd_id(%s) AS %s" : "%s%s", i > 0 ? ", " : "", column->name,
                     column->name);
    }
}

/* The rows of a table, hot and in files: those of tables that grow are put together, of the others
 * the hot ones are newer and whole. */
static odd_rc add_stored_view(odd_lake *lake, Draft *sql, odd_table table)
{
    const char *name = table_shapes[table].name;
    bool is_whole = table >= ODD_TABLE_GROWING;
    draft_format(sql, "CREATE OR REPLACE VIEW stored_%s AS SELECT ", name);
    lake_add_columns(sql, table, true);
    draft_format(sql, " FROM hot_%s()", name);
    bool any = false;
    for (size_t i = 0; i < lake->manifest.count; i++) {
        const LakeFile *file = &lake->manifest.files[i];
        if (file->table != table || !lake_sees(lake, file) ||
            (is_whole && lake->hot_given[table] > 0))
            continue;
        char file_name[LAKE_FILE_NAME_MAX], path[DISK_PATH_MAX];
        if (!any) {
            draft_format(sql, " UNION ALL SELECT ");
            lake_add_columns(sql, table, false);
            draft_format(sql, " FROM read_parquet([");
        }
        lake_file_name(file, file_name);
        lake_path_of(lake, file_name, path);
        draft_format(sql, any ? ", " : "");
        draft_quote(sql, '\'', str_of(path));
        any = true;
    }
    if (any)
        draft_format(sql, "], hive_partitioning = false)");
    return lake_run(lake, sql, name);
}

odd_rc lake_views(odd_lake *lake)
{
    Draft sql = {.mem = &lake->mem};
    odd_rc rc = ODD_OK;
    for (int table = 0; rc == ODD_OK && table < ODD_TABLE_COUNT; table++)
        rc = add_stored_view(lake, &sql, (odd_table)table);
    static const char *const views[] = {
        "CREATE OR REPLACE VIEW logs AS SELECT time, known, source, seq, level, "
        "odd_pattern(template, pattern) AS pattern, odd_text(raw, head, template, vars) AS text, "
        "attributes FROM stored_logs",
        ("CREATE OR REPLACE VIEW samples AS SELECT time, source, series, value, expected, lower, "
         "upper, surprise, class FROM stored_samples"),
        ("CREATE OR REPLACE VIEW rates AS SELECT time, source, pattern, lines, expected, lower, "
         "upper, surprise FROM stored_rates"),
        ("CREATE OR REPLACE VIEW predictions AS SELECT time, known, model, version, id, "
         "prediction, probability, features, reference = 1 AS reference FROM stored_predictions"),
        ("CREATE OR REPLACE VIEW outcomes AS SELECT time, known, model, version, id, outcome "
         "FROM stored_outcomes"),
        "CREATE OR REPLACE VIEW patterns AS FROM stored_patterns",
        "CREATE OR REPLACE VIEW findings AS FROM stored_findings",
        "CREATE OR REPLACE VIEW incidents AS FROM stored_incidents",
        "CREATE OR REPLACE VIEW sources AS FROM stored_sources",
    };
    for (size_t i = 0; rc == ODD_OK && i < sizeof views / sizeof *views; i++) {
        draft_format(&sql, "%s", views[i]);
        rc = lake_run(lake, &sql, "setting up the views");
    }
    draft_close(&sql);
    return rc;
}

/* Those of the file, then those that the engine has given, which are newer.  It may have begun anew
 * and not know the older ones. */
static odd_rc load_templates(odd_lake *lake)
{
    templates_close(&lake->templates);
    for (size_t i = 0; i < lake->manifest.count; i++) {
        const LakeFile *file = &lake->manifest.files[i];
        if (file->table != ODD_TABLE_TEMPLATES || !lake_sees(lake, file))
            continue;
        char name[LAKE_FILE_NAME_MAX], path[DISK_PATH_MAX];
        lake_file_name(file, name);
        lake_path_of(lake, name, path);
        odd_rc rc = templates_of_file(&lake->templates, lake->duck, path);
        if (rc != ODD_OK)
            return lake_duck_failed(lake, rc, name);
    }
    odd_rc rc = templates_of_rows(&lake->templates, lake->hot[ODD_TABLE_TEMPLATES][0]);
    return rc == ODD_OK ? rc
                        : problem_say(&lake->problem, rc, "the templates of the lines are torn");
}

/* A file with rows on both sides of the position was merged after the hot rows were given. */
static bool lake_went_on(const odd_lake *lake)
{
    for (size_t i = 0; lake->position_given && i < lake->manifest.count; i++) {
        const LakeFile *file = &lake->manifest.files[i];
        if (file->day != LAKE_DAY_NONE && file->from <= lake->position && lake->position < file->to)
            return true;
    }
    return false;
}

static odd_rc read_files(odd_lake *lake)
{
    odd_rc rc = manifest_read(&lake->manifest, lake->path);
    if (rc != ODD_OK)
        return lake_refused(lake, rc, "reading the list of files in", lake->path);
    if (lake_went_on(lake))
        return problem_say(&lake->problem, ODD_BUSY,
                           "the lake has been written since; please ask again");
    return ODD_OK;
}

static odd_rc lake_set_up(odd_lake *lake)
{
    odd_rc rc = load_templates(lake);
    return rc == ODD_OK ? lake_views(lake) : rc;
}

static odd_rc lake_build(odd_lake *lake)
{
    odd_rc rc = add_functions(lake);
    if (rc == ODD_OK)
        rc = add_tables(lake);
    lake->is_built = rc == ODD_OK;
    return rc;
}

odd_rc lake_ready(odd_lake *lake)
{
    lake->problem.text[0] = '\0';
    if (lake->is_ready)
        return ODD_OK;
    odd_rc rc = read_files(lake);
    if (rc == ODD_OK && !lake->is_built)
        rc = lake_build(lake);
    if (rc != ODD_OK)
        return rc;
    rc = lake_set_up(lake);
    if (rc == ODD_IO)
        rc = lake_repair(lake, rc);
    lake->is_ready = rc == ODD_OK;
    return rc;
}

/* -- damage -- */

bool lake_file_is_whole(const odd_lake *lake, const LakeFile *file)
{
    char name[LAKE_FILE_NAME_MAX], path[DISK_PATH_MAX];
    lake_file_name(file, name);
    lake_path_of(lake, name, path);
    Str bytes;
    if (disk_map(path, &bytes) != ODD_OK)
        return false;
    bool whole = bytes.size == file->bytes && disk_checksum(bytes) == file->checksum;
    disk_unmap(bytes);
    return whole;
}

size_t lake_verify(odd_lake *lake, uint64_t start, uint64_t bytes_max, Draft *sentences)
{
    size_t damaged = 0, count = lake->manifest.count;
    uint64_t bytes = 0;
    for (size_t i = 0; i < count && bytes <= bytes_max; i++) {
        LakeFile *file = &lake->manifest.files[(start + i) % count];
        char name[LAKE_FILE_NAME_MAX];
        lake_file_name(file, name);
        if (file->damaged)
            continue;
        bytes += file->bytes;
        if (lake_file_is_whole(lake, file))
            continue;
        file->damaged = true;
        damaged++;
        if (sentences != NULL)
            draft_format(sentences, "%s is damaged: its %llu rows are left out of all answers\n",
                         name, (unsigned long long)file->rows);
    }
    return damaged;
}

/* Files that were replaced meanwhile explain all; only else it is asked what they hold. */
odd_rc lake_repair(odd_lake *lake, odd_rc failure)
{
    Problem story = lake->problem;
    size_t before = lake->manifest.count;
    uint64_t sum_before = manifest_sum(&lake->manifest);
    odd_rc rc = read_files(lake);
    if (rc == ODD_BUSY)
        return rc;
    bool changed = rc == ODD_OK &&
                   (before != lake->manifest.count || sum_before != manifest_sum(&lake->manifest));
    if (changed && lake_set_up(lake) == ODD_OK)
        return ODD_OK;
    if (failure == ODD_IO && lake_verify(lake, 0, UINT64_MAX, NULL) > 0 &&
        lake_set_up(lake) == ODD_OK)
        return ODD_OK;
    lake->problem = story;
    return failure;
}

void lake_note(odd_lake *lake)
{
    Draft note = {.mem = &lake->mem};
    size_t damaged = 0;
    for (size_t i = 0; i < lake->manifest.count; i++) {
        char name[LAKE_FILE_NAME_MAX];
        if (!lake->manifest.files[i].damaged)
            continue;
        lake_file_name(&lake->manifest.files[i], name);
        draft_format(&note, "%s%s", damaged++ > 0 ? ", " : "", name);
    }
    const char *names = damaged > 0 ? draft_text(&note) : "";
    if (damaged > 0 && names != NULL)
        problem_say(&lake->problem, ODD_OK, "damaged, and left out of this answer: %s", names);
    else
        lake->problem.text[0] = '\0';
    draft_close(&note);
}
