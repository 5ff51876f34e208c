/* SPDX-License-Identifier: Apache-2.0
 *
 * parquet.c - a Parquet file as CSV, so that tables are read by one code, whatever they lie in. */
#include <assert.h>
#include <stdio.h>

#include "base/problem.h"
#include "store/draft.h"
#include "store/duckdb.h"

#define MEMORY_BYTES_DEFAULT (512u << 20)

typedef enum { COLUMN_PLAIN, COLUMN_TEXT, COLUMN_LEFT_OUT } ColumnUse;

struct odd_parquet {
    Mem mem;
    Duck *duck;
    Draft columns; /* Of the SELECT. */
    Draft left_out;
    Problem problem;
};

const char *odd_parquet_errmsg(const odd_parquet *parquet)
{
    return parquet->problem.text;
}

odd_rc odd_parquet_open(const char *library, uint64_t memory_bytes_max, odd_parquet **ret,
                        char *problem, size_t problem_size)
{
    assert(library != NULL);
    Mem mem = {0};
    odd_parquet *parquet = mem_take(&mem, sizeof *parquet);
    if (parquet == NULL)
        return ODD_NOMEM;
    parquet->mem = mem;
    parquet->columns.mem = parquet->left_out.mem = &parquet->mem;
    DuckOptions options = {.library = library,
                           .memory_bytes_max =
                               memory_bytes_max > 0 ? memory_bytes_max : MEMORY_BYTES_DEFAULT,
                           .threads = 1};
    odd_rc rc = duck_open(&options, &parquet->duck, problem, problem_size);
    if (rc != ODD_OK)
        odd_parquet_close(parquet);
    else
        *ret = parquet;
    return rc;
}

void odd_parquet_close(odd_parquet *parquet)
{
    if (parquet == NULL)
        return;
    duck_close(parquet->duck);
    draft_close(&parquet->columns);
    draft_close(&parquet->left_out);
    Mem mem = parquet->mem;
    mem_free(&mem, parquet, sizeof *parquet);
}

static bool begins(Str text, const char *with)
{
    size_t size = strlen(with);
    return text.size >= size && memcmp(text.text, with, size) == 0;
}

/* By the name of its type, as DESCRIBE gives it. */
static ColumnUse use_of(Str type)
{
    static const char *const plain[] = {"TINYINT",  "SMALLINT",  "INTEGER",  "BIGINT",  "HUGEINT",
                                        "UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT", "UHUGEINT",
                                        "FLOAT",    "DOUBLE",    "DECIMAL",  "BOOLEAN", "DATE",
                                        "TIME",     "TIMESTAMP"};
    static const char *const text[] = {"VARCHAR", "ENUM", "UUID", "INTERVAL"};
    if (type.size > 0 && type.text[type.size - 1] == ']') /* A list of them. */
        return COLUMN_LEFT_OUT;
    for (size_t i = 0; i < sizeof plain / sizeof plain[0]; i++)
        if (begins(type, plain[i]))
            return COLUMN_PLAIN;
    for (size_t i = 0; i < sizeof text / sizeof text[0]; i++)
        if (begins(type, text[i]))
            return COLUMN_TEXT;
    return COLUMN_LEFT_OUT;
}

/* A line end in a text would end the row. */
static void add_column(odd_parquet *parquet, Str name, Str type)
{
    ColumnUse use = use_of(type);
    Draft *to = use == COLUMN_LEFT_OUT ? &parquet->left_out : &parquet->columns;
    if (to->size > 0)
        draft_format(to, ", ");
    if (use == COLUMN_TEXT) {
        draft_format(to, "translate(CAST(");
        draft_quote(to, '"', name);
        draft_format(to, " AS VARCHAR), chr(10) || chr(13), '  ') AS ");
    }
    if (use == COLUMN_LEFT_OUT)
        draft_add(to, name);
    else
        draft_quote(to, '"', name);
}

/* One line, without what DuckDB says of its own statement. */
static odd_rc duck_failed(odd_parquet *parquet, odd_rc rc)
{
    const char *story = duck_problem(parquet->duck);
    return problem_say(&parquet->problem, rc, "%.*s", (int)strcspn(story, "\n"), story);
}

static odd_rc take_columns(odd_parquet *parquet, const char *path)
{
    Draft sql = {.mem = &parquet->mem};
    DuckAnswer *answer = NULL;
    draft_format(&sql, "DESCRIBE SELECT * FROM read_parquet(");
    draft_quote(&sql, '\'', str_of(path));
    draft_format(&sql, ")");
    const char *text = draft_text(&sql);
    odd_rc rc = text != NULL ? duck_ask(parquet->duck, text, DUCK_ANYTHING, &answer) : ODD_NOMEM;
    draft_close(&sql);
    if (rc != ODD_OK)
        return rc == ODD_NOMEM ? rc : duck_failed(parquet, rc);
    draft_clear(&parquet->columns);
    draft_clear(&parquet->left_out);
    while ((rc = duck_answer_next(answer)) == ODD_ROW)
        add_column(parquet, duck_answer_cell(answer, 0).text, duck_answer_cell(answer, 1).text);
    duck_answer_close(answer);
    return rc == ODD_DONE ? ODD_OK : duck_failed(parquet, rc);
}

static odd_rc copy(odd_parquet *parquet, const char *path, const char *to)
{
    Draft sql = {.mem = &parquet->mem};
    const char *columns = draft_text(&parquet->columns);
    if (columns == NULL)
        return ODD_NOMEM;
    draft_format(&sql, "COPY (SELECT ");
    draft_add(&sql, str_of(columns));
    draft_format(&sql, " FROM read_parquet(");
    draft_quote(&sql, '\'', str_of(path));
    draft_format(&sql, ")) TO ");
    draft_quote(&sql, '\'', str_of(to));
    draft_format(&sql, " (FORMAT csv, HEADER, DELIMITER ',', QUOTE '\"', ESCAPE '\"')");
    const char *text = draft_text(&sql);
    odd_rc rc = text != NULL ? duck_run(parquet->duck, text) : ODD_NOMEM;
    draft_close(&sql);
    return rc == ODD_OK || rc == ODD_NOMEM ? rc : duck_failed(parquet, rc);
}

/* The file is written; the draft is closed. */
static odd_rc finish(odd_parquet *parquet, Draft *sql)
{
    draft_format(sql, " (FORMAT parquet, COMPRESSION zstd)");
    const char *text = draft_text(sql);
    odd_rc rc = text != NULL ? duck_run(parquet->duck, text) : ODD_NOMEM;
    draft_close(sql);
    return rc == ODD_OK || rc == ODD_NOMEM ? rc : duck_failed(parquet, rc);
}

static void put_types(Draft *sql, const odd_parquet_column *columns, size_t count)
{
    bool any = false;
    for (size_t i = 0; i < count; i++) {
        if (columns[i].type == NULL)
            continue;
        draft_format(sql, any ? ", " : ", types = {");
        draft_quote(sql, '\'', str_of(columns[i].name));
        draft_format(sql, ": ");
        draft_quote(sql, '\'', str_of(columns[i].type));
        any = true;
    }
    if (any)
        draft_format(sql, "}");
}

odd_rc odd_parquet_write(odd_parquet *parquet, const char *csv, const char *to,
                         const odd_parquet_column *columns, size_t column_count)
{
    Draft sql = {.mem = &parquet->mem};
    draft_format(&sql, "COPY (SELECT * FROM read_csv(");
    draft_quote(&sql, '\'', str_of(csv));
    draft_format(&sql, ", header = true, sample_size = -1, delim = ',', quote = '\"', "
                       "escape = '\"'");
    put_types(&sql, columns, column_count);
    draft_format(&sql, ")) TO ");
    draft_quote(&sql, '\'', str_of(to));
    return finish(parquet, &sql);
}

odd_rc odd_parquet_csv(odd_parquet *parquet, const char *path, const char *to,
                       const char **left_out)
{
    assert(path != NULL && to != NULL);
    odd_rc rc = take_columns(parquet, path);
    if (rc != ODD_OK)
        return rc;
    if (parquet->columns.size == 0)
        return problem_say(&parquet->problem, ODD_NOTFOUND,
                           "no column holds numbers, times or text");
    rc = copy(parquet, path, to);
    if (rc == ODD_OK)
        *left_out = parquet->left_out.size > 0 ? draft_text(&parquet->left_out) : "";
    return rc;
}

static void add_source(Draft *sql, const char *csv)
{
    draft_format(sql, " FROM read_csv(");
    draft_quote(sql, '\'', str_of(csv));
    draft_format(sql, ", header = true, all_varchar = true, delim = ',', quote = '\"', "
                      "escape = '\"', nullstr = '')");
}

/* The name of the column as what its kind says. */
static void add_cast(Draft *columns, Str name, char kind)
{
    draft_format(columns, columns->size > 0 ? ", " : "");
    draft_format(columns, kind == 'n' ? "CAST(" : kind == 't' ? "CAST(rtrim(" : "");
    draft_quote(columns, '"', name);
    draft_format(columns, kind == 'n'   ? " AS DOUBLE) AS "
                          : kind == 't' ? ", 'Z') AS TIMESTAMP_NS) AS "
                                        : " AS ");
    draft_quote(columns, '"', name);
}

static odd_rc take_csv_columns(odd_parquet *parquet, const char *csv, const char *kinds)
{
    Draft sql = {.mem = &parquet->mem};
    DuckAnswer *answer = NULL;
    draft_format(&sql, "DESCRIBE SELECT *");
    add_source(&sql, csv);
    const char *text = draft_text(&sql);
    odd_rc rc = text != NULL ? duck_ask(parquet->duck, text, DUCK_ANYTHING, &answer) : ODD_NOMEM;
    draft_close(&sql);
    if (rc != ODD_OK)
        return rc == ODD_NOMEM ? rc : duck_failed(parquet, rc);
    draft_clear(&parquet->columns);
    while ((rc = duck_answer_next(answer)) == ODD_ROW && *kinds != '\0')
        add_cast(&parquet->columns, duck_answer_cell(answer, 0).text, *kinds++);
    duck_answer_close(answer);
    if (rc == ODD_ROW || *kinds != '\0')
        return problem_say(&parquet->problem, ODD_RANGE, "the table has another number of columns");
    return rc == ODD_DONE ? ODD_OK : duck_failed(parquet, rc);
}

odd_rc odd_parquet_write_kinds(odd_parquet *parquet, const char *csv, const char *kinds,
                               const char *to)
{
    assert(csv != NULL && kinds != NULL && to != NULL);
    Draft sql = {.mem = &parquet->mem};
    odd_rc rc = take_csv_columns(parquet, csv, kinds);
    const char *columns = rc == ODD_OK ? draft_text(&parquet->columns) : NULL;
    if (columns == NULL)
        return rc != ODD_OK ? rc : ODD_NOMEM;
    draft_format(&sql, "COPY (SELECT ");
    draft_add(&sql, str_of(columns));
    add_source(&sql, csv);
    draft_format(&sql, ") TO ");
    draft_quote(&sql, '\'', str_of(to));
    return finish(parquet, &sql);
}
