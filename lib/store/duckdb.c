/* SPDX-License-Identifier: Apache-2.0 */
#include "store/duckdb.h"

#include <assert.h>
#include <dlfcn.h>
#include <duckdb.h>
#include <stdio.h>

#include "store/draft.h"

#define NS_PER_US 1000

/* What is used of the library, by name without the prefix. */
#define DUCKDB_FUNCTIONS(X)                         \
    X(create_config);                               \
    X(set_config);                                  \
    X(destroy_config);                              \
    X(open_ext);                                    \
    X(close);                                       \
    X(connect);                                     \
    X(disconnect);                                  \
    X(free);                                        \
    X(query);                                       \
    X(destroy_result);                              \
    X(result_error);                                \
    X(column_name);                                 \
    X(column_type);                                 \
    X(column_count);                                \
    X(column_logical_type);                         \
    X(prepare_error);                               \
    X(destroy_prepare);                             \
    X(prepared_statement_type);                     \
    X(pending_prepared_streaming);                  \
    X(destroy_pending);                             \
    X(pending_error);                               \
    X(execute_pending);                             \
    X(extract_statements);                          \
    X(extract_statements_error);                    \
    X(prepare_extracted_statement);                 \
    X(destroy_extracted);                           \
    X(fetch_chunk);                                 \
    X(destroy_data_chunk);                          \
    X(data_chunk_get_size);                         \
    X(data_chunk_set_size);                         \
    X(data_chunk_get_vector);                       \
    X(vector_size);                                 \
    X(vector_get_data);                             \
    X(vector_get_validity);                         \
    X(vector_ensure_validity_writable);             \
    X(vector_assign_string_element_len);            \
    X(list_vector_get_child);                       \
    X(list_vector_get_size);                        \
    X(list_vector_set_size);                        \
    X(list_vector_reserve);                         \
    X(validity_set_row_invalid);                    \
    X(create_logical_type);                         \
    X(create_list_type);                            \
    X(destroy_logical_type);                        \
    X(decimal_scale);                               \
    X(decimal_internal_type);                       \
    X(prepared_statement_column_count);             \
    X(prepared_statement_column_type);              \
    X(prepared_statement_column_name);              \
    X(hugeint_to_double);                           \
    X(decimal_to_double);                           \
    X(create_table_function);                       \
    X(destroy_table_function);                      \
    X(table_function_set_name);                     \
    X(table_function_set_extra_info);               \
    X(table_function_set_bind);                     \
    X(table_function_set_init);                     \
    X(table_function_set_function);                 \
    X(table_function_supports_projection_pushdown); \
    X(register_table_function);                     \
    X(bind_get_extra_info);                         \
    X(bind_add_result_column);                      \
    X(init_get_extra_info);                         \
    X(init_set_init_data);                          \
    X(init_get_column_count);                       \
    X(init_get_column_index);                       \
    X(init_set_error);                              \
    X(init_set_max_threads);                        \
    X(function_get_init_data);                      \
    X(function_set_error);                          \
    X(create_scalar_function);                      \
    X(destroy_scalar_function);                     \
    X(scalar_function_set_name);                    \
    X(scalar_function_add_parameter);               \
    X(scalar_function_set_return_type);             \
    X(scalar_function_set_extra_info);              \
    X(scalar_function_set_special_handling);        \
    X(scalar_function_set_function);                \
    X(register_scalar_function);                    \
    X(scalar_function_get_extra_info);              \
    X(scalar_function_set_error);

typedef struct {
#define X(name) __typeof__(duckdb_##name) *name
    DUCKDB_FUNCTIONS(X)
#undef X
} Api;

/* One for the process, since DuckDB's callbacks are given nothing before they have asked it: the
 * library that is loaded first stays. */
static Api  api;
static bool api_is_loaded;

typedef struct Addition { /* A table or a function: what its callbacks are given. */
    struct Addition *next;
    DuckTable        table;
    DuckFunction     function;
} Addition;

struct Duck {
    Mem                mem;
    duckdb_database    database;
    duckdb_connection  connection;
    Addition          *additions;
    char               problem[2048];
};

static odd_rc duck_fail(Duck *duck, odd_rc rc, const char *sentence)
{
    snprintf(duck->problem, sizeof duck->problem, "%s", sentence);
    return rc;
}

const char *duck_problem(const Duck *duck)
{
    return duck->problem;
}

/* -- open, close -- */

static bool api_load(const char *library, char *problem, size_t problem_size)
{
    if (api_is_loaded)
        return true;
    void *handle = dlopen(library, RTLD_NOW | RTLD_LOCAL);
    if (handle == NULL) {
        snprintf(problem, problem_size, "DuckDB cannot be loaded: %s", dlerror());
        return false;
    }
    void *symbol;
#define X(name)                                                                                    \
    symbol = dlsym(handle, "duckdb_" #name);                                                       \
    if (symbol == NULL) {                                                                          \
        snprintf(problem, problem_size, "%s has no duckdb_" #name ": is it DuckDB 1.4 or newer?",  \
                 library);                                                                         \
        return false;                                                                              \
    }                                                                                              \
    memcpy(&api.name, &symbol, sizeof symbol)
    DUCKDB_FUNCTIONS(X)
#undef X
    api_is_loaded = true;
    return true;
}

static bool database_open(Duck *duck, const DuckOptions *options, char *problem, size_t size)
{
    char memory[32], threads[32];
    snprintf(memory, sizeof memory, "%llu B", (unsigned long long)options->memory_bytes_max);
    snprintf(threads, sizeof threads, "%d", options->threads);
    const char *const settings[][2] = {
        {"memory_limit", memory},
        {"threads", threads},
        {"temp_directory", ""},
        {"autoinstall_known_extensions", "false"},
        {"autoload_known_extensions", "false"},
        {"allow_community_extensions", "false"},
        {"allow_unsigned_extensions", "false"},
    };
    duckdb_config config;
    bool good = api.create_config(&config) == DuckDBSuccess;
    for (size_t i = 0; good && i < sizeof settings / sizeof *settings; i++)
        good = api.set_config(config, settings[i][0], settings[i][1]) == DuckDBSuccess;
    char *story = NULL;
    good = good && api.open_ext(NULL, &duck->database, config, &story) == DuckDBSuccess &&
           api.connect(duck->database, &duck->connection) == DuckDBSuccess;
    if (!good)
        snprintf(problem, size, "DuckDB does not open: %s",
                 story != NULL ? story : "no reason given");
    api.free(story);
    api.destroy_config(&config);
    return good;
}

odd_rc duck_open(const DuckOptions *options, Duck **ret_duck, char *problem, size_t problem_size)
{
    Mem own = {0};
    Duck *duck = mem_take(&own, sizeof *duck);
    if (duck == NULL)
        return ODD_NOMEM;
    duck->mem = own;
    if (!api_load(options->library, problem, problem_size)) {
        duck_close(duck);
        return ODD_NOTFOUND;
    }
    if (!database_open(duck, options, problem, problem_size)) {
        duck_close(duck);
        return ODD_IO;
    }
    odd_rc rc = duck_run(duck, "SET TimeZone = 'UTC'");
    if (rc != ODD_OK) {
        snprintf(problem, problem_size, "%s", duck->problem);
        duck_close(duck);
        return rc;
    }
    *ret_duck = duck;
    return ODD_OK;
}

/* The library stays loaded: its threads and its memory would not survive that. */
void duck_close(Duck *duck)
{
    if (duck == NULL)
        return;
    if (duck->connection != NULL)
        api.disconnect(&duck->connection);
    if (duck->database != NULL)
        api.close(&duck->database);
    while (duck->additions != NULL) {
        Addition *next = duck->additions->next;
        mem_free(&duck->mem, duck->additions, sizeof *next);
        duck->additions = next;
    }
    Mem mem = duck->mem;
    mem_free(&mem, duck, sizeof *duck);
}

odd_rc duck_run(Duck *duck, const char *sql)
{
    duckdb_result result;
    odd_rc rc = ODD_OK;
    if (api.query(duck->connection, sql, &result) != DuckDBSuccess)
        rc = duck_fail(duck, ODD_IO, api.result_error(&result));
    api.destroy_result(&result);
    return rc;
}

static Addition *addition(Duck *duck)
{
    Addition *added = mem_take(&duck->mem, sizeof *added);
    if (added == NULL)
        return NULL;
    added->next = duck->additions;
    duck->additions = added;
    return added;
}

static duckdb_logical_type type_of(CellKind kind)
{
    static const duckdb_type types[] = {
        [CELL_INT] = DUCKDB_TYPE_BIGINT,    [CELL_REAL] = DUCKDB_TYPE_DOUBLE,
        [CELL_TIME] = DUCKDB_TYPE_TIMESTAMP, [CELL_HASH] = DUCKDB_TYPE_UBIGINT,
        [CELL_TEXT] = DUCKDB_TYPE_VARCHAR,  [CELL_BLOB] = DUCKDB_TYPE_BLOB,
        [CELL_TEXTS] = DUCKDB_TYPE_VARCHAR,
    };
    duckdb_logical_type type = api.create_logical_type(types[kind]);
    if (kind != CELL_TEXTS)
        return type;
    duckdb_logical_type list = api.create_list_type(type);
    api.destroy_logical_type(&type);
    return list;
}

/* -- tables -- */

typedef struct { /* One use of a table in a statement. */
    Mem             mem;
    const Addition *addition;
    size_t          piece;       /* That is being read.                */
    TableReader     reader;
    size_t          wanted[TABLE_COLUMNS_MAX]; /* Columns, in the order of the output. */
    size_t          wanted_count;
} Scan;

static Scan *scan_open(const Addition *added)
{
    Mem mem = {0};
    Scan *scan = mem_take(&mem, sizeof *scan);
    if (scan == NULL)
        return NULL;
    scan->mem = mem;
    scan->addition = added;
    return scan;
}

static void scan_close(void *data)
{
    Scan *scan = data;
    Mem mem = scan->mem;
    mem_free(&mem, scan, sizeof *scan);
}

static void table_bind(duckdb_bind_info info)
{
    const Addition *added = api.bind_get_extra_info(info);
    const DuckTable *table = &added->table;
    for (size_t i = 0; i < table->column_count; i++) {
        duckdb_logical_type type = type_of(table->columns[i].kind);
        api.bind_add_result_column(info, table->columns[i].name, type);
        api.destroy_logical_type(&type);
    }
}

/* A scan of its own for each time that the statement runs. */
static void table_init(duckdb_init_info info)
{
    const Addition *added = api.init_get_extra_info(info);
    const DuckTable *table = &added->table;
    Scan *scan = scan_open(added);
    if (scan == NULL) {
        api.init_set_error(info, "out of memory");
        return;
    }
    scan->reader = (TableReader){.bytes = table->piece_count > 0 ? table->pieces[0] : (Str){0}};
    scan->wanted_count = api.init_get_column_count(info);
    assert(scan->wanted_count <= TABLE_COLUMNS_MAX);
    for (size_t i = 0; i < scan->wanted_count; i++)
        scan->wanted[i] = api.init_get_column_index(info, i);
    api.init_set_max_threads(info, 1);
    api.init_set_init_data(info, scan, scan_close);
}

static int64_t microseconds(odd_time time)
{
    return time / NS_PER_US - (time % NS_PER_US < 0);
}

static void texts_put(duckdb_vector vector, size_t row, Cell *cell)
{
    size_t from = api.list_vector_get_size(vector);
    duckdb_list_entry *entries = api.vector_get_data(vector);
    entries[row] = (duckdb_list_entry){.offset = from, .length = cell->text_count};
    api.list_vector_reserve(vector, from + cell->text_count);
    api.list_vector_set_size(vector, from + cell->text_count);
    duckdb_vector child = api.list_vector_get_child(vector);
    Str text;
    for (size_t i = from; table_text_next(cell, &text); i++)
        api.vector_assign_string_element_len(child, i, text.text, text.size);
}

static void cell_put(duckdb_vector vector, size_t row, Cell *cell)
{
    if (cell->missing) {
        api.vector_ensure_validity_writable(vector);
        api.validity_set_row_invalid(api.vector_get_validity(vector), row);
        if (cell->kind == CELL_TEXTS)
            ((duckdb_list_entry *)api.vector_get_data(vector))[row] = (duckdb_list_entry){0};
        return;
    }
    switch (cell->kind) {
    case CELL_INT:
        ((int64_t *)api.vector_get_data(vector))[row] = cell->integer;
        break;
    case CELL_TIME:
        ((int64_t *)api.vector_get_data(vector))[row] = microseconds(cell->integer);
        break;
    case CELL_HASH:
        ((uint64_t *)api.vector_get_data(vector))[row] = cell->hash;
        break;
    case CELL_REAL:
        ((double *)api.vector_get_data(vector))[row] = cell->real;
        break;
    case CELL_TEXT:
    case CELL_BLOB:
        api.vector_assign_string_element_len(vector, row, cell->text.text, cell->text.size);
        break;
    case CELL_TEXTS:
        texts_put(vector, row, cell);
        break;
    }
}

/* The bytes must be of the columns that the table was added with. */
static odd_rc piece_begin(Scan *scan)
{
    const DuckTable *table = &scan->addition->table;
    odd_rc rc = table_columns(&scan->reader);
    if (rc == ODD_OK && !table_has(&scan->reader, table->columns, table->column_count))
        return ODD_CORRUPT;
    return rc;
}

/* As table_next, through all pieces. */
static odd_rc scan_next(Scan *scan, Cell cells[TABLE_COLUMNS_MAX])
{
    const DuckTable *table = &scan->addition->table;
    odd_rc rc = table_next(&scan->reader, cells);
    while (rc == ODD_DONE && scan->piece + 1 < table->piece_count) {
        scan->reader = (TableReader){.bytes = table->pieces[++scan->piece]};
        rc = piece_begin(scan);
        if (rc == ODD_OK)
            rc = table_next(&scan->reader, cells);
    }
    return rc;
}

static void table_scan(duckdb_function_info info, duckdb_data_chunk output)
{
    Scan *scan = api.function_get_init_data(info);
    const DuckTable *table = &scan->addition->table;
    odd_rc rc = piece_begin(scan);
    size_t row = 0, row_max = api.vector_size();
    Cell cells[TABLE_COLUMNS_MAX];
    duckdb_vector vectors[TABLE_COLUMNS_MAX] = {NULL};
    for (size_t i = 0; i < scan->wanted_count; i++)
        vectors[i] = api.data_chunk_get_vector(output, i);
    while (rc != ODD_CORRUPT && row < row_max && (rc = scan_next(scan, cells)) == ODD_ROW) {
        for (size_t i = 0; i < scan->wanted_count; i++)
            if (scan->wanted[i] < table->column_count)
                cell_put(vectors[i], row, &cells[scan->wanted[i]]);
        row++;
    }
    if (rc == ODD_CORRUPT) {
        api.function_set_error(info, "the rows that are not in the lake yet are torn");
        return;
    }
    api.data_chunk_set_size(output, row);
}

odd_rc duck_add_table(Duck *duck, const DuckTable *table)
{
    Addition *added = addition(duck);
    if (added == NULL)
        return duck_fail(duck, ODD_NOMEM, "out of memory");
    added->table = *table;
    duckdb_table_function function = api.create_table_function();
    api.table_function_set_name(function, table->name);
    api.table_function_set_extra_info(function, added, NULL);
    api.table_function_set_bind(function, table_bind);
    api.table_function_set_init(function, table_init);
    api.table_function_set_function(function, table_scan);
    api.table_function_supports_projection_pushdown(function, true);
    bool good = api.register_table_function(duck->connection, function) == DuckDBSuccess;
    api.destroy_table_function(&function);
    return good ? ODD_OK : duck_fail(duck, ODD_MISUSE, "a table of that name is there");
}

/* -- functions -- */

static Str text_at(duckdb_string_t *texts, size_t row)
{
    duckdb_string_t *text = &texts[row];
    uint32_t size = text->value.inlined.length;
    return (Str){.text = size <= sizeof text->value.inlined.inlined ? text->value.inlined.inlined
                                                                    : text->value.pointer.ptr,
                 .size = size};
}

static bool is_valid(const uint64_t *validity, size_t row)
{
    return validity == NULL || (validity[row / 64] >> row % 64 & 1) != 0;
}

typedef struct { /* A column of arguments, for many rows. */
    CellKind         kind;
    const void      *data;
    const uint64_t  *validity;
    duckdb_string_t *children; /* TEXTS */
} Arguments;

typedef struct { /* Of the lists of a row. */
    Mem    mem;
    Str   *texts;
    size_t capacity;
} TextRoom;

/* A row has one list at most.  False: no memory. */
static bool texts_of(const Arguments *column, size_t row, TextRoom *room, DuckArgument *argument)
{
    duckdb_list_entry entry = ((const duckdb_list_entry *)column->data)[row];
    Str *texts = mem_grow(&room->mem, room->texts, &room->capacity, entry.length, sizeof *texts);
    if (texts == NULL)
        return false;
    room->texts = texts;
    for (size_t i = 0; i < entry.length; i++)
        texts[i] = text_at(column->children, entry.offset + i);
    argument->texts = texts;
    argument->text_count = entry.length;
    return true;
}

static bool argument_of(const Arguments *column, size_t row, TextRoom *room, DuckArgument *argument)
{
    *argument = (DuckArgument){.kind = column->kind, .missing = !is_valid(column->validity, row)};
    if (argument->missing)
        return true;
    switch (column->kind) {
    case CELL_INT:
    case CELL_TIME:
    case CELL_REAL:
        argument->integer = ((const int64_t *)column->data)[row];
        return true;
    case CELL_HASH:
        argument->hash = ((const uint64_t *)column->data)[row];
        return true;
    case CELL_TEXT:
    case CELL_BLOB:
        argument->text = text_at((duckdb_string_t *)column->data, row);
        return true;
    case CELL_TEXTS:
        return texts_of(column, row, room, argument);
    }
    return false;
}

/* False: no memory. */
static bool row_work(const DuckFunction *function, const Arguments *columns, size_t row,
                     DuckRoom *room, TextRoom *texts, duckdb_vector output)
{
    DuckArgument arguments[DUCK_ARGUMENTS_MAX];
    for (size_t i = 0; i < function->argument_count; i++)
        if (!argument_of(&columns[i], row, texts, &arguments[i]))
            return false;
    Str result;
    if (function->work(function->context, arguments, room, &result)) {
        api.vector_assign_string_element_len(output, row, result.text, result.size);
    } else {
        api.vector_ensure_validity_writable(output);
        api.validity_set_row_invalid(api.vector_get_validity(output), row);
    }
    return true;
}

static void function_work(duckdb_function_info info, duckdb_data_chunk input, duckdb_vector output)
{
    const DuckFunction *function =
        &((Addition *)api.scalar_function_get_extra_info(info))->function;
    Arguments columns[DUCK_ARGUMENTS_MAX];
    for (size_t i = 0; i < function->argument_count; i++) {
        duckdb_vector vector = api.data_chunk_get_vector(input, i);
        columns[i] = (Arguments){.kind = function->arguments[i],
                                 .data = api.vector_get_data(vector),
                                 .validity = api.vector_get_validity(vector)};
        if (columns[i].kind == CELL_TEXTS)
            columns[i].children = api.vector_get_data(api.list_vector_get_child(vector));
    }
    DuckRoom room = {0};
    TextRoom texts = {0};
    size_t row_count = api.data_chunk_get_size(input);
    size_t row = 0;
    while (row < row_count && row_work(function, columns, row, &room, &texts, output))
        row++;
    if (row < row_count)
        api.scalar_function_set_error(info, "out of memory");
    mem_free(&room.mem, room.bytes, room.capacity);
    mem_free(&texts.mem, texts.texts, texts.capacity * sizeof *texts.texts);
}

odd_rc duck_add_function(Duck *duck, const DuckFunction *function)
{
    Addition *added = addition(duck);
    if (added == NULL)
        return duck_fail(duck, ODD_NOMEM, "out of memory");
    added->function = *function;
    duckdb_scalar_function scalar = api.create_scalar_function();
    api.scalar_function_set_name(scalar, function->name);
    for (size_t i = 0; i < function->argument_count; i++) {
        duckdb_logical_type type = type_of(function->arguments[i]);
        api.scalar_function_add_parameter(scalar, type);
        api.destroy_logical_type(&type);
    }
    duckdb_logical_type result = type_of(function->result);
    api.scalar_function_set_return_type(scalar, result);
    api.destroy_logical_type(&result);
    api.scalar_function_set_special_handling(scalar);
    api.scalar_function_set_extra_info(scalar, added, NULL);
    api.scalar_function_set_function(scalar, function_work);
    bool good = api.register_scalar_function(duck->connection, scalar) == DuckDBSuccess;
    api.destroy_scalar_function(&scalar);
    return good ? ODD_OK : duck_fail(duck, ODD_MISUSE, "a function of that name is there");
}

/* -- answers -- */

typedef struct {
    duckdb_type     type;
    uint8_t         scale; /* DECIMAL, and what its numbers are kept in. */
    duckdb_type     kept_as;
    const void     *data; /* Of the chunk. */
    const uint64_t *validity;
} AnswerColumn;

struct DuckAnswer {
    Duck                      *duck;
    duckdb_prepared_statement  prepared;
    duckdb_result              result;
    duckdb_data_chunk          chunk;
    size_t                     row, row_count; /* Of the chunk; row counts from 1. */
    size_t                     column_count;
    AnswerColumn               columns[];
};

static size_t answer_bytes(size_t column_count)
{
    return sizeof(DuckAnswer) + column_count * sizeof(AnswerColumn);
}

/* A sentence of DuckDB, its kind left out ("Parser Error: ..."), and what stands behind it too. */
static odd_rc statement_fail(Duck *duck, const char *story)
{
    return duck_fail(duck, ODD_SYNTAX, story != NULL ? story : "the statement cannot be read");
}

/* The one statement of `sql`, prepared. */
static odd_rc prepare(Duck *duck, const char *sql, duckdb_prepared_statement *ret_prepared)
{
    duckdb_extracted_statements statements;
    idx_t count = api.extract_statements(duck->connection, sql, &statements);
    odd_rc rc = ODD_OK;
    duckdb_prepared_statement prepared = NULL;
    if (count == 0) {
        const char *story = api.extract_statements_error(statements);
        rc = statement_fail(duck, story != NULL ? story : "there is no statement");
    } else if (count > 1) {
        rc = statement_fail(duck, "only one statement at a time");
    } else if (api.prepare_extracted_statement(duck->connection, statements, 0, &prepared) !=
               DuckDBSuccess) {
        rc = statement_fail(duck, api.prepare_error(prepared));
        api.destroy_prepare(&prepared);
    }
    api.destroy_extracted(&statements);
    if (rc == ODD_OK)
        *ret_prepared = prepared;
    return rc;
}

static odd_rc check(Duck *duck, duckdb_prepared_statement prepared, DuckLeave leave)
{
    duckdb_statement_type type = api.prepared_statement_type(prepared);
    if (leave == DUCK_ANYTHING || (leave == DUCK_SELECT && type == DUCKDB_STATEMENT_TYPE_SELECT) ||
        (leave == DUCK_EXPLAIN && type == DUCKDB_STATEMENT_TYPE_EXPLAIN))
        return ODD_OK;
    return statement_fail(duck, "only what reads may be asked here: SELECT, WITH, DESCRIBE, "
                                "SUMMARIZE, EXPLAIN");
}

odd_rc duck_check(Duck *duck, const char *sql, DuckLeave leave)
{
    duckdb_prepared_statement prepared;
    odd_rc rc = prepare(duck, sql, &prepared);
    if (rc != ODD_OK)
        return rc;
    rc = check(duck, prepared, leave);
    api.destroy_prepare(&prepared);
    return rc;
}

/* What duck_answer_cell reads by itself. */
static bool type_is_plain(duckdb_type type)
{
    switch (type) {
    case DUCKDB_TYPE_LIST:
    case DUCKDB_TYPE_STRUCT:
    case DUCKDB_TYPE_MAP:
    case DUCKDB_TYPE_ARRAY:
    case DUCKDB_TYPE_UNION:
    case DUCKDB_TYPE_ENUM:
    case DUCKDB_TYPE_UUID:
    case DUCKDB_TYPE_BIT:
    case DUCKDB_TYPE_BIGNUM:
    case DUCKDB_TYPE_UHUGEINT:
    case DUCKDB_TYPE_DATE:
    case DUCKDB_TYPE_TIME:
    case DUCKDB_TYPE_TIME_TZ:
    case DUCKDB_TYPE_INTERVAL:
        return false;
    default:
        return true;
    }
}

/* Columns of other types as text: the statement becomes a view, which also understands what stands
 * behind it (a semicolon, a comment). */
static odd_rc prepare_as_text(Duck *duck, const char *sql, duckdb_prepared_statement *prepared)
{
    Draft text = {.mem = &duck->mem};
    draft_format(&text, "CREATE OR REPLACE TEMP VIEW asked AS %s", sql);
    const char *statement = draft_text(&text);
    odd_rc rc = statement != NULL ? duck_run(duck, statement) : ODD_NOMEM;
    draft_clear(&text);
    draft_format(&text, "SELECT ");
    idx_t count = api.prepared_statement_column_count(*prepared);
    for (idx_t i = 0; i < count; i++) {
        bool plain = type_is_plain(api.prepared_statement_column_type(*prepared, i));
        draft_format(&text, plain ? "%s#%zu AS " : "%sCAST(#%zu AS VARCHAR) AS ", i > 0 ? ", " : "",
                     (size_t)i + 1);
        const char *name = api.prepared_statement_column_name(*prepared, i);
        draft_quote(&text, '"', str_of(name != NULL ? name : ""));
        api.free((void *)name);
    }
    draft_format(&text, " FROM asked");
    api.destroy_prepare(prepared);
    statement = draft_text(&text);
    if (rc == ODD_OK)
        rc = statement != NULL ? prepare(duck, statement, prepared) : ODD_NOMEM;
    draft_close(&text);
    return rc;
}

static odd_rc prepare_readable(Duck *duck, const char *sql, DuckLeave leave,
                               duckdb_prepared_statement *ret_prepared)
{
    duckdb_prepared_statement prepared;
    odd_rc rc = prepare(duck, sql, &prepared);
    if (rc != ODD_OK)
        return rc;
    rc = check(duck, prepared, leave);
    bool plain = true;
    for (idx_t i = 0; i < api.prepared_statement_column_count(prepared); i++)
        plain = plain && type_is_plain(api.prepared_statement_column_type(prepared, i));
    if (rc == ODD_OK && leave == DUCK_SELECT && !plain)
        rc = prepare_as_text(duck, sql, &prepared);
    if (rc != ODD_OK)
        api.destroy_prepare(&prepared);
    else
        *ret_prepared = prepared;
    return rc;
}

static odd_rc execute(Duck *duck, duckdb_prepared_statement prepared, duckdb_result *result)
{
    duckdb_pending_result pending;
    odd_rc rc = ODD_OK;
    if (api.pending_prepared_streaming(prepared, &pending) != DuckDBSuccess)
        rc = duck_fail(duck, ODD_IO, api.pending_error(pending));
    else if (api.execute_pending(pending, result) != DuckDBSuccess) {
        rc = duck_fail(duck, ODD_IO, api.result_error(result));
        api.destroy_result(result);
    }
    api.destroy_pending(&pending);
    return rc;
}

odd_rc duck_ask(Duck *duck, const char *sql, DuckLeave leave, DuckAnswer **ret_answer)
{
    duckdb_prepared_statement prepared;
    odd_rc rc = prepare_readable(duck, sql, leave, &prepared);
    if (rc != ODD_OK)
        return rc;
    duckdb_result result;
    rc = execute(duck, prepared, &result);
    if (rc != ODD_OK) {
        api.destroy_prepare(&prepared);
        return rc;
    }
    size_t column_count = api.column_count(&result);
    DuckAnswer *answer = mem_take(&duck->mem, answer_bytes(column_count));
    if (answer == NULL) {
        api.destroy_result(&result);
        api.destroy_prepare(&prepared);
        return duck_fail(duck, ODD_NOMEM, "out of memory");
    }
    answer->duck = duck;
    answer->prepared = prepared;
    answer->result = result;
    answer->column_count = column_count;
    for (size_t i = 0; i < column_count; i++) {
        AnswerColumn *column = &answer->columns[i];
        column->type = api.column_type(&answer->result, i);
        duckdb_logical_type type = api.column_logical_type(&answer->result, i);
        if (column->type == DUCKDB_TYPE_DECIMAL) {
            column->scale = api.decimal_scale(type);
            column->kept_as = api.decimal_internal_type(type);
        }
        api.destroy_logical_type(&type);
    }
    *ret_answer = answer;
    return ODD_OK;
}

void duck_answer_close(DuckAnswer *answer)
{
    if (answer == NULL)
        return;
    if (answer->chunk != NULL)
        api.destroy_data_chunk(&answer->chunk);
    api.destroy_result(&answer->result);
    api.destroy_prepare(&answer->prepared);
    mem_free(&answer->duck->mem, answer, answer_bytes(answer->column_count));
}

size_t duck_answer_columns(const DuckAnswer *answer)
{
    return answer->column_count;
}

const char *duck_answer_column(DuckAnswer *answer, size_t column)
{
    return api.column_name(&answer->result, column);
}

odd_rc duck_answer_next(DuckAnswer *answer)
{
    while (answer->row == answer->row_count) {
        if (answer->chunk != NULL)
            api.destroy_data_chunk(&answer->chunk);
        answer->chunk = api.fetch_chunk(answer->result);
        if (answer->chunk == NULL) {
            const char *story = api.result_error(&answer->result);
            return story == NULL ? ODD_DONE : duck_fail(answer->duck, ODD_IO, story);
        }
        answer->row = 0;
        answer->row_count = api.data_chunk_get_size(answer->chunk);
        for (size_t i = 0; i < answer->column_count; i++) {
            duckdb_vector vector = api.data_chunk_get_vector(answer->chunk, i);
            answer->columns[i].data = api.vector_get_data(vector);
            answer->columns[i].validity = api.vector_get_validity(vector);
        }
    }
    answer->row++;
    return ODD_ROW;
}

static DuckCell cell_of_int(int64_t value)
{
    return (DuckCell){.kind = DUCK_INT, .integer = value};
}

static DuckCell cell_of_real(double value)
{
    return (DuckCell){.kind = DUCK_REAL, .real = value};
}

/* Sums of integers are of 128 bits. */
static DuckCell cell_of_huge(duckdb_hugeint value)
{
    bool small = value.upper == ((int64_t)value.lower < 0 ? -1 : 0);
    return small ? cell_of_int((int64_t)value.lower) : cell_of_real(api.hugeint_to_double(value));
}

/* Times that are no time (infinity), and those that ns do not reach, are missing. */
static DuckCell cell_of_time(int64_t value, int64_t ns)
{
    if (value > INT64_MAX / ns || value < -(INT64_MAX / ns))
        return (DuckCell){.kind = DUCK_MISSING};
    return (DuckCell){.kind = DUCK_TIME, .integer = value * ns};
}

static int64_t integer_at(duckdb_type type, const void *data, size_t row)
{
    switch (type) {
    case DUCKDB_TYPE_TINYINT:
        return ((const int8_t *)data)[row];
    case DUCKDB_TYPE_SMALLINT:
        return ((const int16_t *)data)[row];
    case DUCKDB_TYPE_INTEGER:
        return ((const int32_t *)data)[row];
    case DUCKDB_TYPE_UTINYINT:
        return ((const uint8_t *)data)[row];
    case DUCKDB_TYPE_USMALLINT:
        return ((const uint16_t *)data)[row];
    case DUCKDB_TYPE_UINTEGER:
        return ((const uint32_t *)data)[row];
    default:
        return ((const int64_t *)data)[row];
    }
}

static DuckCell cell_of_decimal(const AnswerColumn *column, size_t row)
{
    duckdb_decimal decimal = {.width = 38, .scale = column->scale};
    if (column->kept_as == DUCKDB_TYPE_HUGEINT) {
        decimal.value = ((const duckdb_hugeint *)column->data)[row];
    } else {
        int64_t value = integer_at(column->kept_as, column->data, row);
        decimal.value = (duckdb_hugeint){.lower = (uint64_t)value, .upper = value < 0 ? -1 : 0};
    }
    return cell_of_real(api.decimal_to_double(decimal));
}

DuckCell duck_answer_cell(const DuckAnswer *answer, size_t column_number)
{
    const AnswerColumn *column = &answer->columns[column_number];
    size_t row = answer->row - 1;
    const void *data = column->data;
    if (!is_valid(column->validity, row))
        return (DuckCell){.kind = DUCK_MISSING};
    switch (column->type) {
    case DUCKDB_TYPE_BOOLEAN:
        return (DuckCell){.kind = DUCK_BOOL, .integer = ((const bool *)data)[row]};
    case DUCKDB_TYPE_TINYINT:
    case DUCKDB_TYPE_SMALLINT:
    case DUCKDB_TYPE_INTEGER:
    case DUCKDB_TYPE_BIGINT:
    case DUCKDB_TYPE_UTINYINT:
    case DUCKDB_TYPE_USMALLINT:
    case DUCKDB_TYPE_UINTEGER:
        return cell_of_int(integer_at(column->type, data, row));
    case DUCKDB_TYPE_UBIGINT:
        return cell_of_huge((duckdb_hugeint){.lower = ((const uint64_t *)data)[row]});
    case DUCKDB_TYPE_HUGEINT:
        return cell_of_huge(((const duckdb_hugeint *)data)[row]);
    case DUCKDB_TYPE_FLOAT:
        return cell_of_real((double)((const float *)data)[row]);
    case DUCKDB_TYPE_DOUBLE:
        return cell_of_real(((const double *)data)[row]);
    case DUCKDB_TYPE_DECIMAL:
        return cell_of_decimal(column, row);
    case DUCKDB_TYPE_TIMESTAMP:
    case DUCKDB_TYPE_TIMESTAMP_TZ:
        return cell_of_time(integer_at(column->type, data, row), NS_PER_US);
    case DUCKDB_TYPE_TIMESTAMP_S:
        return cell_of_time(integer_at(column->type, data, row), 1000 * 1000 * 1000);
    case DUCKDB_TYPE_TIMESTAMP_MS:
        return cell_of_time(integer_at(column->type, data, row), 1000 * 1000);
    case DUCKDB_TYPE_TIMESTAMP_NS:
        return cell_of_time(integer_at(column->type, data, row), 1);
    case DUCKDB_TYPE_VARCHAR:
        return (DuckCell){.kind = DUCK_TEXT, .text = text_at((duckdb_string_t *)data, row)};
    case DUCKDB_TYPE_BLOB:
        return (DuckCell){.kind = DUCK_BLOB, .text = text_at((duckdb_string_t *)data, row)};
    default: /* NULL has a type of its own. */
        return (DuckCell){.kind = DUCK_MISSING};
    }
}
