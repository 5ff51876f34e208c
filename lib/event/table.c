/* SPDX-License-Identifier: Apache-2.0 */
#include "event/table.h"

#include <assert.h>

#include "base/bytes.h"

#define CHUNK_MAGIC "oddtab1\n"
#define CHUNK_MAGIC_BYTES 8
#define CHUNK_HEAD_BYTES (CHUNK_MAGIC_BYTES + 8 + 8 + 1)
#define CHUNK_REST_AT CHUNK_MAGIC_BYTES
#define CHUNK_ROWS_AT (CHUNK_MAGIC_BYTES + 8)

/* -- writing -- */

void table_open(Table *table, Mem *mem, const TableColumn *columns, size_t column_count)
{
    assert(column_count > 0 && column_count <= TABLE_COLUMNS_MAX);
    *table = (Table){.mem = mem, .columns = columns, .column_count = column_count};
}

/* Where `more` bytes may be put, or NULL: from then on nothing is written. */
static char *table_room(Table *table, size_t more)
{
    if (table->failed)
        return NULL;
    char *bytes = mem_grow(table->mem, table->bytes, &table->capacity, table->size + more, 1);
    if (bytes == NULL) {
        table->failed = true;
        return NULL;
    }
    table->bytes = bytes;
    return bytes + table->size;
}

static void table_put(Table *table, const void *bytes, size_t size)
{
    char *to = table_room(table, size);
    if (to == NULL)
        return;
    if (size > 0)
        memcpy(to, bytes, size);
    table->size += size;
}

static void table_put_varint(Table *table, uint64_t value)
{
    char *to = table_room(table, VARINT_BYTES_MAX);
    if (to != NULL)
        table->size += varint_put(to, value);
}

static void table_put_u64(Table *table, uint64_t value)
{
    char bytes[8];
    bytes_put_u64(bytes, value);
    table_put(table, bytes, sizeof bytes);
}

static bool chunk_is_open(const Table *table)
{
    return table->row_count > 0;
}

/* Bytes of the rest and rows are filled in by table_finish. */
static void chunk_begin(Table *table)
{
    table->chunk_at = table->size;
    char head[CHUNK_HEAD_BYTES] = CHUNK_MAGIC;
    head[CHUNK_HEAD_BYTES - 1] = (char)table->column_count;
    table_put(table, head, sizeof head);
    for (size_t i = 0; i < table->column_count; i++) {
        size_t size = strlen(table->columns[i].name);
        assert(size < 256);
        char of_column[2] = {(char)table->columns[i].kind, (char)size};
        table_put(table, of_column, sizeof of_column);
        table_put(table, table->columns[i].name, size);
    }
}

static size_t missing_bytes(size_t column_count)
{
    return (column_count + 7) / 8;
}

/* The next cell is of one of two kinds, and begins a row if it is the first one. */
static void cell_begin(Table *table)
{
    if (table->column > 0)
        return;
    if (!chunk_is_open(table))
        chunk_begin(table);
    table->row_count++;
    table->row_at = table->size;
    static const char none[TABLE_COLUMNS_MAX / 8];
    table_put(table, none, missing_bytes(table->column_count));
}

static CellKind cell_kind(const Table *table)
{
    return table->columns[table->column].kind;
}

static void cell_end(Table *table)
{
    table->column = (table->column + 1) % table->column_count;
}

void table_missing(Table *table)
{
    cell_begin(table);
    if (!table->failed)
        table->bytes[table->row_at + table->column / 8] |= (char)(1 << table->column % 8);
    cell_end(table);
}

void table_int(Table *table, int64_t value)
{
    assert(cell_kind(table) == CELL_INT);
    cell_begin(table);
    table_put_u64(table, (uint64_t)value);
    cell_end(table);
}

void table_real(Table *table, double value)
{
    assert(cell_kind(table) == CELL_REAL);
    if (value != value) {
        table_missing(table);
        return;
    }
    cell_begin(table);
    char bytes[8];
    bytes_put_double(bytes, value);
    table_put(table, bytes, sizeof bytes);
    cell_end(table);
}

void table_time(Table *table, odd_time time)
{
    assert(cell_kind(table) == CELL_TIME);
    if (time == ODD_TIME_NONE) {
        table_missing(table);
        return;
    }
    cell_begin(table);
    table_put_u64(table, (uint64_t)time);
    cell_end(table);
}

void table_hash(Table *table, uint64_t hash)
{
    assert(cell_kind(table) == CELL_HASH);
    cell_begin(table);
    table_put_u64(table, hash);
    cell_end(table);
}

static void put_text(Table *table, Str text)
{
    table_put_varint(table, text.size);
    table_put(table, text.text, text.size);
}

void table_text(Table *table, Str text)
{
    assert(cell_kind(table) == CELL_TEXT || cell_kind(table) == CELL_BLOB);
    cell_begin(table);
    put_text(table, text);
    cell_end(table);
}

void table_texts_begin(Table *table, size_t count)
{
    assert(cell_kind(table) == CELL_TEXTS);
    cell_begin(table);
    table_put_varint(table, count);
}

void table_texts_add(Table *table, Str text)
{
    assert(cell_kind(table) == CELL_TEXTS);
    put_text(table, text);
}

void table_texts_end(Table *table)
{
    assert(cell_kind(table) == CELL_TEXTS);
    cell_end(table);
}

void table_put_row(Table *table, Str row)
{
    assert(table->column == 0);
    if (!chunk_is_open(table))
        chunk_begin(table);
    table->row_count++;
    table_put(table, row.text, row.size);
}

odd_rc table_finish(Table *table, Str *ret_bytes)
{
    assert(table->column == 0);
    if (table->failed)
        return ODD_NOMEM;
    if (chunk_is_open(table)) {
        char *chunk = table->bytes + table->chunk_at;
        size_t before_rest = table->chunk_at + CHUNK_REST_AT + 8;
        bytes_put_u64(chunk + CHUNK_REST_AT, table->size - before_rest);
        bytes_put_u64(chunk + CHUNK_ROWS_AT, table->row_count);
        table->row_count = 0;
    }
    *ret_bytes = (Str){.text = table->bytes, .size = table->size};
    return ODD_OK;
}

void table_clear(Table *table)
{
    table->size = 0;
    table->row_count = 0;
    table->column = 0;
    table->failed = false;
}

void table_close(Table *table)
{
    if (table->mem != NULL)
        mem_free(table->mem, table->bytes, table->capacity);
    *table = (Table){0};
}

/* -- reading -- */

static bool take(TableReader *reader, size_t size, const char **ret)
{
    if (size > reader->bytes.size - reader->at)
        return false;
    *ret = reader->bytes.text + reader->at;
    reader->at += size;
    return true;
}

static bool take_u64(TableReader *reader, uint64_t *ret)
{
    const char *bytes;
    if (!take(reader, 8, &bytes))
        return false;
    *ret = bytes_get_u64(bytes);
    return true;
}

static bool take_text(TableReader *reader, Str *ret)
{
    uint64_t size;
    if (!varint_get(reader->bytes.text, reader->bytes.size, &reader->at, &size) || size > SIZE_MAX)
        return false;
    const char *text;
    if (!take(reader, (size_t)size, &text))
        return false;
    *ret = (Str){.text = text, .size = (size_t)size};
    return true;
}

/* One column of a chunk's head: kept from the first chunk, compared with it in all others. */
static bool take_column(TableReader *reader, size_t column, bool is_first)
{
    const char *head, *name;
    if (!take(reader, 2, &head) || !take(reader, (unsigned char)head[1], &name))
        return false;
    int kind = (unsigned char)head[0];
    Str text = {.text = name, .size = (unsigned char)head[1]};
    if (!is_first)
        return kind == (int)reader->kinds[column] && str_equal(text, reader->names[column]);
    if (kind < CELL_INT || kind > CELL_TEXTS)
        return false;
    reader->kinds[column] = (CellKind)kind;
    reader->names[column] = text;
    return true;
}

/* The head of a chunk, which is wholly there. */
static odd_rc take_head(TableReader *reader)
{
    const char *magic, *count;
    uint64_t rest;
    if (reader->at == reader->bytes.size)
        return ODD_DONE;
    if (!take(reader, CHUNK_MAGIC_BYTES, &magic) ||
        memcmp(magic, CHUNK_MAGIC, CHUNK_MAGIC_BYTES) != 0 || !take_u64(reader, &rest) ||
        rest > reader->bytes.size - reader->at)
        return ODD_CORRUPT;
    reader->chunk_end = reader->at + (size_t)rest;
    if (!take_u64(reader, &reader->rows_left) || !take(reader, 1, &count))
        return ODD_CORRUPT;
    size_t column_count = (unsigned char)*count;
    bool is_first = reader->column_count == 0;
    if (column_count == 0 || column_count > TABLE_COLUMNS_MAX ||
        (!is_first && column_count != reader->column_count))
        return ODD_CORRUPT;
    for (size_t i = 0; i < column_count; i++)
        if (!take_column(reader, i, is_first))
            return ODD_CORRUPT;
    reader->column_count = column_count;
    return ODD_OK;
}

size_t table_whole(Str bytes)
{
    size_t at = 0;
    while (bytes.size - at >= CHUNK_HEAD_BYTES) {
        const char *chunk = bytes.text + at;
        uint64_t rest = bytes_get_u64(chunk + CHUNK_REST_AT);
        size_t before_rest = CHUNK_REST_AT + 8;
        if (memcmp(chunk, CHUNK_MAGIC, CHUNK_MAGIC_BYTES) != 0 ||
            rest > bytes.size - at - before_rest)
            break;
        at += before_rest + (size_t)rest;
    }
    return at;
}

odd_rc table_columns(TableReader *reader)
{
    if (reader->column_count > 0)
        return ODD_OK;
    return take_head(reader);
}

bool table_has(const TableReader *reader, const TableColumn *columns, size_t count)
{
    if (reader->column_count != count)
        return false;
    for (size_t i = 0; i < count; i++)
        if (reader->kinds[i] != columns[i].kind ||
            !str_equal(reader->names[i], str_of(columns[i].name)))
            return false;
    return true;
}

static bool take_texts(TableReader *reader, Cell *cell)
{
    uint64_t count;
    if (!varint_get(reader->bytes.text, reader->bytes.size, &reader->at, &count) ||
        count > reader->bytes.size - reader->at)
        return false;
    size_t from = reader->at;
    Str text;
    for (uint64_t i = 0; i < count; i++)
        if (!take_text(reader, &text))
            return false;
    cell->text_count = (size_t)count;
    cell->text = str_part(reader->bytes, from, reader->at);
    return true;
}

static bool take_cell(TableReader *reader, Cell *cell)
{
    uint64_t bits = 0;
    switch (cell->kind) {
    case CELL_TEXT:
    case CELL_BLOB:
        return take_text(reader, &cell->text);
    case CELL_TEXTS:
        return take_texts(reader, cell);
    case CELL_INT:
    case CELL_TIME:
    case CELL_HASH:
    case CELL_REAL:
        break;
    }
    if (!take_u64(reader, &bits))
        return false;
    cell->integer = (int64_t)bits;
    cell->hash = bits;
    if (cell->kind == CELL_REAL)
        memcpy(&cell->real, &bits, sizeof cell->real);
    return true;
}

odd_rc table_next(TableReader *reader, Cell cells[TABLE_COLUMNS_MAX])
{
    while (reader->rows_left == 0) {
        odd_rc rc = reader->at == reader->chunk_end ? take_head(reader) : ODD_CORRUPT;
        if (rc != ODD_OK)
            return rc;
    }
    const char *missing;
    reader->row_at = reader->at;
    if (!take(reader, missing_bytes(reader->column_count), &missing))
        return ODD_CORRUPT;
    for (size_t i = 0; i < reader->column_count; i++) {
        cells[i] = (Cell){.kind = reader->kinds[i], .missing = missing[i / 8] >> i % 8 & 1};
        if (!cells[i].missing && !take_cell(reader, &cells[i]))
            return ODD_CORRUPT;
    }
    reader->rows_left--;
    return ODD_ROW;
}

Str table_row(const TableReader *reader)
{
    return str_part(reader->bytes, reader->row_at, reader->at);
}

bool table_text_next(Cell *texts, Str *ret_text)
{
    assert(texts->kind == CELL_TEXTS);
    if (texts->missing || texts->text_count == 0)
        return false;
    TableReader reader = {.bytes = texts->text};
    if (!take_text(&reader, ret_text))
        return false;
    texts->text = str_part(texts->text, reader.at, texts->text.size);
    texts->text_count--;
    return true;
}
