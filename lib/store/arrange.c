/* SPDX-License-Identifier: Apache-2.0 */
#include "store/arrange.h"

#include <assert.h>
#include <stdlib.h>

#include "base/names.h"
#include "base/time.h"
#include "event/tables.h"

#define BLOCK_SHIFT 16 /* Lines of a block. */
#define NS_PER_DAY (S_PER_DAY * NS_PER_S)
#define LAST UINT64_MAX /* What is missing comes last. */

typedef struct {
    const TableShape *shape;
    odd_table         table;
    /* Columns; or their count. */
    size_t time, known, source, series, seq, template, pattern, position;
    Names             names; /* Of sources and series, or of models and versions. */
} Look;

static size_t column_of(const TableShape *shape, const char *name)
{
    size_t i = 0;
    while (i < shape->column_count && strcmp(shape->columns[i].name, name) != 0)
        i++;
    return i;
}

static bool is_of_models(odd_table table)
{
    return table == ODD_TABLE_PREDICTIONS || table == ODD_TABLE_OUTCOMES;
}

static Look look_open(Mem *mem, odd_table table)
{
    const TableShape *shape = &table_shapes[table];
    bool of_models = is_of_models(table);
    return (Look){.shape = shape,
                  .table = table,
                  .time = column_of(shape, "time"),
                  .known = column_of(shape, "known"),
                  .source = column_of(shape, of_models ? "model" : "source"),
                  .series = column_of(shape, of_models ? "version" : "series"),
                  .seq = column_of(shape, "seq"),
                  .template = column_of(shape, "template"),
                  .pattern = column_of(shape, "pattern"),
                  .position = column_of(shape, "position"),
                  .names = {.mem = mem}};
}

/* -- one row ----------------------------------------------------------------------------------- */

static int32_t day_of(const Look *look, const Cell *cells)
{
    size_t count = look->shape->column_count;
    size_t column = look->time < count && !cells[look->time].missing ? look->time : look->known;
    odd_time moment = column < count && !cells[column].missing ? cells[column].integer : 0;
    return (int32_t)(moment / NS_PER_DAY - (moment % NS_PER_DAY < 0));
}

static uint64_t name_of(Look *look, const Cell *cell, bool *failed)
{
    bool is_new;
    uint32_t number = names_add(&look->names, cell->missing ? STR("") : cell->text, &is_new);
    *failed |= number == NAME_NONE;
    return number;
}

static uint64_t block_of(const Cell *seq)
{
    uint64_t block = seq->missing || seq->integer < 0 ? 0 : (uint64_t)seq->integer >> BLOCK_SHIFT;
    return block < UINT32_MAX ? block : UINT32_MAX;
}

/* Numbers of names stand for them until all are known. */
static bool row_look(Look *look, const Cell *cells, ArrangedRow *row)
{
    bool failed = false;
    row->day = day_of(look, cells);
    if (look->table == ODD_TABLE_COMMITS) {
        row->high = 0;
        row->low = (uint64_t)cells[look->position].integer;
    } else if (look->table == ODD_TABLE_LOGS) {
        const Cell *template = &cells[look->template];
        row->high =
            name_of(look, &cells[look->source], &failed) << 32 | block_of(&cells[look->seq]);
        row->low = template->missing ? LAST : template->hash;
    } else {
        const Cell *time = &cells[look->time];
        row->high = name_of(look, &cells[look->source], &failed) << 32;
        row->high |= look->table == ODD_TABLE_RATES ? cells[look->pattern].hash >> 32
                                                    : name_of(look, &cells[look->series], &failed);
        row->low = time->missing ? LAST : (uint64_t)time->integer ^ 1ull << 63;
    }
    return !failed;
}

/* -- their order ------------------------------------------------------------------------------- */

typedef struct {
    Str      text;
    uint32_t number;
} NamedNumber;

static int by_text(const void *first, const void *second)
{
    const NamedNumber *a = first, *b = second;
    size_t size = a->text.size < b->text.size ? a->text.size : b->text.size;
    int order = size > 0 ? memcmp(a->text.text, b->text.text, size) : 0;
    return order != 0 ? order : (a->text.size > b->text.size) - (a->text.size < b->text.size);
}

/* Numbers of names become their places in the order of the texts. */
static odd_rc rank_names(const Look *look, Arranged *arranged)
{
    size_t count = look->names.count;
    bool has_two = look->table == ODD_TABLE_SAMPLES || is_of_models(look->table);
    NamedNumber *sorted = mem_take(arranged->mem, count * sizeof *sorted);
    uint32_t *ranks = mem_take(arranged->mem, count * sizeof *ranks);
    odd_rc rc = count > 0 && (sorted == NULL || ranks == NULL) ? ODD_NOMEM : ODD_OK;
    for (uint32_t i = 0; rc == ODD_OK && i < count; i++)
        sorted[i] = (NamedNumber){.text = names_text(&look->names, i), .number = i};
    if (rc == ODD_OK && count > 0)
        qsort(sorted, count, sizeof *sorted, by_text);
    for (uint32_t i = 0; rc == ODD_OK && i < count; i++)
        ranks[sorted[i].number] = i;
    for (size_t i = 0; rc == ODD_OK && count > 0 && i < arranged->row_count; i++) {
        uint64_t high = arranged->rows[i].high, lower = high & UINT32_MAX;
        arranged->rows[i].high =
            (uint64_t)ranks[high >> 32] << 32 | (has_two ? ranks[lower] : lower);
    }
    mem_free(arranged->mem, sorted, count * sizeof *sorted);
    mem_free(arranged->mem, ranks, count * sizeof *ranks);
    return rc;
}

static int by_place(const void *first, const void *second)
{
    const ArrangedRow *a = first, *b = second;
    if (a->day != b->day)
        return a->day < b->day ? -1 : 1;
    if (a->high != b->high)
        return a->high < b->high ? -1 : 1;
    if (a->low != b->low)
        return a->low < b->low ? -1 : 1;
    return (a->at > b->at) - (a->at < b->at);
}

static void rows_sort(Arranged *arranged)
{
    if (arranged->row_count > 0)
        qsort(arranged->rows, arranged->row_count, sizeof *arranged->rows, by_place);
}

/* -- days -------------------------------------------------------------------------------------- */

static int by_count(const void *first, const void *second)
{
    const ArrangedDay *a = first, *b = second;
    if (a->count != b->count)
        return a->count > b->count ? -1 : 1;
    return (a->day > b->day) - (a->day < b->day);
}

/* Of rows that are sorted. */
static odd_rc days_find(Arranged *arranged)
{
    arranged->day_count = 0;
    for (size_t i = 0; i < arranged->row_count; i++) {
        if (i > 0 && arranged->rows[i].day == arranged->rows[i - 1].day) {
            arranged->days[arranged->day_count - 1].count++;
            continue;
        }
        ArrangedDay *days = mem_grow(arranged->mem, arranged->days, &arranged->day_capacity,
                                     arranged->day_count + 1, sizeof *days);
        if (days == NULL)
            return ODD_NOMEM;
        arranged->days = days;
        days[arranged->day_count++] =
            (ArrangedDay){.day = arranged->rows[i].day, .first = i, .count = 1};
    }
    if (arranged->day_count > 0)
        qsort(arranged->days, arranged->day_count, sizeof *arranged->days, by_count);
    return ODD_OK;
}

static odd_rc days_limit(Arranged *arranged, size_t day_max)
{
    odd_rc rc = days_find(arranged);
    if (rc != ODD_OK || arranged->day_count <= day_max)
        return rc;
    for (size_t i = day_max; i < arranged->day_count; i++) {
        const ArrangedDay *rare = &arranged->days[i];
        for (size_t row = rare->first; row < rare->first + rare->count; row++)
            arranged->rows[row].day = arranged->days[0].day;
    }
    rows_sort(arranged);
    return days_find(arranged);
}

/* -- all of it --------------------------------------------------------------------------------- */

/* begin: of the piece, in all pieces. */
static odd_rc piece_take(Arranged *arranged, Look *look, Str piece, uint64_t begin)
{
    TableReader reader = {.bytes = piece};
    Cell cells[TABLE_COLUMNS_MAX];
    odd_rc rc = table_columns(&reader);
    if (rc == ODD_OK && !table_has(&reader, look->shape->columns, look->shape->column_count))
        return ODD_CORRUPT;
    while (rc != ODD_CORRUPT && (rc = table_next(&reader, cells)) == ODD_ROW) {
        Str bytes = table_row(&reader);
        ArrangedRow *rows = mem_grow(arranged->mem, arranged->rows, &arranged->row_capacity,
                                     arranged->row_count + 1, sizeof *rows);
        if (rows == NULL || bytes.size > UINT32_MAX)
            return ODD_NOMEM;
        arranged->rows = rows;
        ArrangedRow *row = &rows[arranged->row_count++];
        *row = (ArrangedRow){.size = (uint32_t)bytes.size,
                             .at = begin + (uint64_t)(bytes.text - piece.text)};
        if (!row_look(look, cells, row))
            return ODD_NOMEM;
    }
    return rc == ODD_DONE ? ODD_OK : rc;
}

odd_rc arrange_open(Arranged *arranged, Mem *mem, odd_table table, const Str *pieces,
                    size_t piece_count, size_t day_max)
{
    assert(day_max > 0);
    *arranged = (Arranged){.mem = mem, .pieces = pieces, .piece_count = piece_count};
    table_open(&arranged->out, mem, table_shapes[table].columns, table_shapes[table].column_count);
    Look look = look_open(mem, table);
    uint64_t begin = 0;
    odd_rc rc = ODD_OK;
    for (size_t i = 0; rc == ODD_OK && i < piece_count; i++) {
        rc = piece_take(arranged, &look, pieces[i], begin);
        begin += pieces[i].size;
    }
    if (rc == ODD_OK)
        rc = rank_names(&look, arranged);
    names_close(&look.names);
    if (rc != ODD_OK)
        return rc;
    rows_sort(arranged);
    return days_limit(arranged, day_max);
}

static Str row_bytes(const Arranged *arranged, const ArrangedRow *row)
{
    uint64_t at = row->at;
    const Str *piece = arranged->pieces;
    while (at >= piece->size)
        at -= piece++->size;
    return str_part(*piece, (size_t)at, (size_t)at + row->size);
}

odd_rc arrange_day(Arranged *arranged, size_t number, Str *ret_rows)
{
    const ArrangedDay *day = &arranged->days[number];
    table_clear(&arranged->out);
    for (size_t i = 0; i < day->count; i++)
        table_put_row(&arranged->out, row_bytes(arranged, &arranged->rows[day->first + i]));
    return table_finish(&arranged->out, ret_rows);
}

void arrange_close(Arranged *arranged)
{
    mem_free(arranged->mem, arranged->rows, arranged->row_capacity * sizeof *arranged->rows);
    mem_free(arranged->mem, arranged->days, arranged->day_capacity * sizeof *arranged->days);
    table_close(&arranged->out);
}
