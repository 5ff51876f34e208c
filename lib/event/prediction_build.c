/* SPDX-License-Identifier: Apache-2.0 */
#include "event/prediction_build.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>

#include "base/bytes.h"
#include "event/json_text.h"

#define POOL_BYTES_MAX (64u << 20)
#define CATEGORIES_MAX 65535
#define CATEGORY_SHARE 2 /* At most a half of the cells are new texts, of a column of categories. */

void build_begin(PredictionBuild *build, Mem *mem, BatchWhat what, Str model, Str version,
                 bool is_reference)
{
    assert(model.size <= BATCH_NAME_BYTES_MAX && version.size <= BATCH_NAME_BYTES_MAX);
    memset(build, 0, sizeof *build);
    build->mem = mem;
    build->what = what;
    build->is_reference = is_reference;
    build->names = (Names){.mem = mem, .count_max = BATCH_COLUMNS_MAX};
    build->model_size = (uint32_t)model.size;
    build->version_size = (uint32_t)version.size;
    if (model.size > 0)
        memcpy(build->model, model.text, model.size);
    if (version.size > 0)
        memcpy(build->version, version.text, version.size);
}

static void drop_columns(PredictionBuild *build)
{
    for (size_t i = 0; i < build->names.count; i++) {
        BuildColumn *column = &build->columns[i];
        mem_free(build->mem, column->cells, column->cell_capacity * sizeof *column->cells);
        mem_free(build->mem, column->times, column->time_capacity * sizeof *column->times);
        *column = (BuildColumn){.cells = NULL};
    }
    names_close(&build->names);
    build->names = (Names){.mem = build->mem, .count_max = BATCH_COLUMNS_MAX};
    build->pool_size = 0;
    build->hint = 0;
    build->rows = 0;
}

void build_close(PredictionBuild *build)
{
    drop_columns(build);
    mem_free(build->mem, build->columns, build->column_capacity * sizeof *build->columns);
    mem_free(build->mem, build->pool, build->pool_capacity);
    mem_free(build->mem, build->out, build->out_capacity);
}

bool build_is_full(const PredictionBuild *build)
{
    size_t width = build->names.count + 1;
    return build->rows == BATCH_ROWS_MAX || (build->rows + 1) * width > BATCH_CELLS_MAX / 2 ||
           build->pool_size > POOL_BYTES_MAX / 2;
}

void build_row(PredictionBuild *build)
{
    build->rows++;
    build->hint = 0;
}

/* -- cells --------------------------------------------------------------------------------- */

/* Rows mostly have their columns in the same order. */
static BuildColumn *column_of(PredictionBuild *build, BatchRole role, Str name)
{
    char key[1 + BATCH_NAME_BYTES_MAX];
    if (name.size == 0 || name.size > BATCH_NAME_BYTES_MAX)
        return NULL;
    key[0] = (char)role;
    memcpy(key + 1, name.text, name.size);
    Str text = {.text = key, .size = name.size + 1};
    size_t number = build->hint;
    if (number >= build->names.count ||
        !str_equal(names_text(&build->names, (uint32_t)number), text)) {
        bool is_new;
        number = names_add(&build->names, text, &is_new);
        if (number == NAME_NONE)
            return NULL;
        BuildColumn *grown = mem_grow(build->mem, build->columns, &build->column_capacity,
                                      number + 1, sizeof *grown);
        if (grown == NULL)
            return NULL;
        build->columns = grown;
    }
    build->hint = number + 1;
    return &build->columns[number];
}

/* What the rows before do not have is CELL_NONE: memory comes zeroed. */
static BuildCell *cell_of(PredictionBuild *build, BatchRole role, Str name)
{
    assert(build->rows > 0);
    BuildColumn *column = column_of(build, role, name);
    if (column == NULL)
        return NULL;
    BuildCell *grown =
        mem_grow(build->mem, column->cells, &column->cell_capacity, build->rows, sizeof *grown);
    if (grown == NULL)
        return NULL;
    column->cells = grown;
    column->cell_count = build->rows;
    return &grown[build->rows - 1];
}

bool build_number(PredictionBuild *build, BatchRole role, Str name, double value)
{
    BuildCell *cell = cell_of(build, role, name);
    if (cell == NULL)
        return false;
    *cell = (BuildCell){.number = value, .kind = isnan(value) ? CELL_NONE : CELL_NUMBER};
    return true;
}

bool build_text(PredictionBuild *build, BatchRole role, Str name, Str text)
{
    BuildCell *cell = cell_of(build, role, name);
    if (cell == NULL || build->pool_size + BATCH_TEXT_BYTES_MAX > POOL_BYTES_MAX)
        return false;
    size_t size = text.size < BATCH_TEXT_BYTES_MAX ? text.size : BATCH_TEXT_BYTES_MAX;
    char *grown =
        mem_grow(build->mem, build->pool, &build->pool_capacity, build->pool_size + size + 1, 1);
    if (grown == NULL)
        return false;
    build->pool = grown;
    if (size > 0)
        memcpy(grown + build->pool_size, text.text, size);
    *cell = (BuildCell){.text_from = build->pool_size,
                        .text_size = (uint32_t)size,
                        .kind = size > 0 ? CELL_WORD : CELL_NONE};
    build->pool_size += size;
    build->columns[build->hint - 1].has_text = true;
    return true;
}

bool build_time(PredictionBuild *build, odd_time time)
{
    BuildColumn *column = column_of(build, BATCH_TIME, STR("time"));
    if (column == NULL)
        return false;
    odd_time *grown =
        mem_grow(build->mem, column->times, &column->time_capacity, build->rows, sizeof *grown);
    if (grown == NULL)
        return false;
    column->times = grown;
    for (size_t row = column->cell_count; row + 1 < build->rows; row++)
        grown[row] = ODD_TIME_NONE;
    grown[build->rows - 1] = time;
    column->cell_count = build->rows;
    return true;
}

/* -- the batch ----------------------------------------------------------------------------- */

static char *out_room(PredictionBuild *build, size_t more)
{
    char *grown = mem_grow(build->mem, build->out, &build->out_capacity, build->out_size + more, 1);
    if (grown == NULL)
        return NULL;
    build->out = grown;
    return grown + build->out_size;
}

static bool put(PredictionBuild *build, const void *bytes, size_t size)
{
    char *to = out_room(build, size);
    if (to == NULL)
        return false;
    if (size > 0)
        memcpy(to, bytes, size);
    build->out_size += size;
    return true;
}

static bool put_u16(PredictionBuild *build, size_t value)
{
    const char bytes[2] = {(char)(value & 255), (char)(value >> 8 & 255)};
    return put(build, bytes, 2);
}

static bool put_u32(PredictionBuild *build, size_t value)
{
    char bytes[4];
    bytes_put_u32(bytes, (uint32_t)value);
    return put(build, bytes, 4);
}

static bool put_u64(PredictionBuild *build, uint64_t value)
{
    char bytes[8];
    bytes_put_u64(bytes, value);
    return put(build, bytes, 8);
}

static bool put_text(PredictionBuild *build, Str text)
{
    return put_u16(build, text.size) && put(build, text.text, text.size);
}

static BuildCell cell_at(const BuildColumn *column, uint32_t row)
{
    return row < column->cell_count ? column->cells[row] : (BuildCell){.kind = CELL_NONE};
}

static Str text_of(const PredictionBuild *build, const BuildCell *cell, char room[REAL_TEXT_SIZE])
{
    if (cell->kind == CELL_NONE)
        return STR("");
    if (cell->kind == CELL_NUMBER)
        return real_text(cell->number, room);
    return (Str){.text = build->pool + cell->text_from, .size = cell->text_size};
}

static bool put_numbers(PredictionBuild *build, const BuildColumn *column)
{
    for (uint32_t row = 0; row < build->rows; row++) {
        BuildCell cell = cell_at(column, row);
        char bytes[8];
        bytes_put_double(bytes, cell.kind == CELL_NUMBER ? cell.number : (double)NAN);
        if (!put(build, bytes, sizeof bytes))
            return false;
    }
    return true;
}

static bool put_times(PredictionBuild *build, const BuildColumn *column)
{
    for (uint32_t row = 0; row < build->rows; row++)
        if (!put_u64(build,
                     (uint64_t)(row < column->cell_count ? column->times[row] : ODD_TIME_NONE)))
            return false;
    return true;
}

static bool put_texts(PredictionBuild *build, const BuildColumn *column)
{
    char room[REAL_TEXT_SIZE];
    for (uint32_t row = 0; row < build->rows; row++) {
        BuildCell cell = cell_at(column, row);
        if (!put_text(build, text_of(build, &cell, room)))
            return false;
    }
    return true;
}

/* Texts of few kinds; false in *ret_few: there are too many, and nothing was written. */
static bool put_categories(PredictionBuild *build, const BuildColumn *column, bool *ret_few)
{
    char room[REAL_TEXT_SIZE];
    uint32_t few = build->rows / CATEGORY_SHARE + 16;
    Names texts = {.mem = build->mem, .count_max = few < CATEGORIES_MAX ? few : CATEGORIES_MAX};
    uint32_t *codes = mem_take(build->mem, build->rows * sizeof *codes);
    bool is_new, good = codes != NULL;
    *ret_few = true;
    for (uint32_t row = 0; good && *ret_few && row < build->rows; row++) {
        BuildCell cell = cell_at(column, row);
        Str text = text_of(build, &cell, room);
        uint32_t number = text.size > 0 ? names_add(&texts, text, &is_new) : 0;
        *ret_few = number != NAME_NONE;
        codes[row] = text.size > 0 ? number + 1 : 0;
    }
    if (good && *ret_few) {
        good = put_u16(build, texts.count);
        for (uint32_t i = 0; good && i < texts.count; i++)
            good = put_text(build, names_text(&texts, i));
        for (uint32_t row = 0; good && row < build->rows; row++)
            good = put_u16(build, codes[row]);
    }
    mem_free(build->mem, codes, build->rows * sizeof *codes);
    names_close(&texts);
    return good;
}

/* form: where it stands in `out`. */
static bool put_words(PredictionBuild *build, const BuildColumn *column, BatchRole role,
                      size_t form)
{
    bool few = role != BATCH_ID;
    if (few && !put_categories(build, column, &few))
        return false;
    build->out[form] = (char)(few ? BATCH_CATEGORY_FORM : BATCH_TEXT_FORM);
    return few || put_texts(build, column);
}

static bool put_column(PredictionBuild *build, uint32_t number)
{
    const BuildColumn *column = &build->columns[number];
    Str key = names_text(&build->names, number);
    BatchRole role = (BatchRole)key.text[0];
    size_t form = build->out_size + 1;
    bool is_time = role == BATCH_TIME, is_text = column->has_text || role == BATCH_ID;
    const char head[2] = {(char)role, (char)(is_time ? BATCH_TIME_FORM : BATCH_REAL_FORM)};
    if (!put(build, head, 2) || !put_text(build, str_part(key, 1, key.size)) || !put_u32(build, 0))
        return false;
    size_t from = build->out_size;
    bool good = is_time   ? put_times(build, column)
                : is_text ? put_words(build, column, role, form)
                          : put_numbers(build, column);
    if (good)
        bytes_put_u32(build->out + from - 4, (uint32_t)(build->out_size - from));
    return good;
}

bool build_write(PredictionBuild *build, odd_events *events)
{
    if (build->rows == 0)
        return true;
    const char head[8] = {BATCH_MAGIC[0],
                          BATCH_MAGIC[1],
                          BATCH_MAGIC[2],
                          BATCH_MAGIC[3],
                          1,
                          (char)build->what,
                          (char)build->is_reference,
                          0};
    build->out_size = 0;
    bool good = put(build, head, sizeof head) && put_u32(build, 0) && put_u32(build, build->rows) &&
                put_u32(build, build->names.count) &&
                put_text(build, (Str){.text = build->model, .size = build->model_size}) &&
                put_text(build, (Str){.text = build->version, .size = build->version_size});
    for (uint32_t i = 0; good && i < build->names.count; i++)
        good = put_column(build, i);
    if (good)
        bytes_put_u32(build->out + 8, (uint32_t)build->out_size);
    PredictionBatch batch;
    char problem[BATCH_PROBLEM_BYTES];
    good = good &&
           batch_read((Str){.text = build->out, .size = build->out_size}, &batch, problem) &&
           events_batch(events, &batch);
    drop_columns(build);
    return good;
}
