/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/label_file.h"

#include <stdlib.h>
#include <string.h>

#include "cli/complain.h"
#include "cli/table_stream.h"

static bool append(LabelFile *file, const char *bytes, size_t size)
{
    if (file->size + size + 2 > file->capacity) {
        size_t capacity = 2 * file->capacity + size + 4096;
        char  *grown = realloc(file->bytes, capacity);
        if (grown == NULL)
            return false;
        file->bytes = grown;
        file->capacity = capacity;
    }
    memcpy(file->bytes + file->size, bytes, size);
    file->size += size;
    return true;
}

static bool read_blocks(void *context, Stream *stream)
{
    LabelFile *file = context;
    Block      block = {0};
    bool       good = true;
    while (good && stream_next(stream, &block))
        good = append(file, block.bytes, block.size);
    block_free(&block);
    return good;
}

static bool row_add(LabelFile *file, uint64_t at)
{
    if (file->row_count == file->row_capacity) {
        size_t    capacity = file->row_capacity > 0 ? 2 * file->row_capacity : 1024;
        uint64_t *grown = realloc(file->rows, capacity * sizeof *grown);
        if (grown == NULL)
            return false;
        file->rows = grown;
        file->row_capacity = capacity;
    }
    file->rows[file->row_count++] = at;
    return true;
}

/* Lines end with a NUL from now on; empty ones are none. */
static bool cut_lines(LabelFile *file)
{
    for (char *at = file->bytes, *end = file->bytes + file->size, *next; at < end; at = next + 1) {
        next = memchr(at, '\n', (size_t)(end - at));
        next = next != NULL ? next : end;
        *next = '\0';
        if (next > at && next[-1] == '\r')
            next[-1] = '\0';
        if (*at != '\0' && !row_add(file, (uint64_t)(at - file->bytes)))
            return false;
    }
    return true;
}

size_t label_file_room(const LabelFile *file, size_t row)
{
    return strlen(file->bytes + file->rows[row]) + 1;
}

/* One cell; gives what follows its comma, or NULL behind the last one. */
static const char *next_cell(const char *at, char **room)
{
    char *to = *room;
    if (*at == '"') {
        for (at++; *at != '\0'; at++) {
            if (*at == '"' && at[1] != '"')
                break;
            at += *at == '"';
            *to++ = *at;
        }
        at += *at == '"';
    }
    while (*at != '\0' && *at != ',')
        *to++ = *at++;
    *to++ = '\0';
    *room = to;
    return *at == ',' ? at + 1 : NULL;
}

static size_t split(const char *line, char *room, const char **cells, size_t max)
{
    size_t count = 0;
    for (const char *at = line; at != NULL && count <= max; count++) {
        if (count < max)
            cells[count] = room;
        at = next_cell(at, &room);
    }
    return count;
}

bool label_file_cells(const LabelFile *file, size_t row, char *room, const char **cells)
{
    size_t count = split(file->bytes + file->rows[row], room, cells, file->column_count);
    for (size_t i = count; i < file->column_count; i++)
        cells[i] = "";
    return count <= file->column_count;
}

static bool read_names(LabelFile *file)
{
    const char *cells[LABEL_COLUMNS_MAX];
    if (file->row_count == 0)
        return false;
    char  *room = malloc(label_file_room(file, 0) + LABEL_COLUMNS_MAX);
    size_t count =
        room != NULL ? split(file->bytes + file->rows[0], room, cells, LABEL_COLUMNS_MAX) : 0;
    bool   good = count > 0 && count <= LABEL_COLUMNS_MAX;
    for (size_t i = 0; good && i < count; i++) {
        file->names[i] = strdup(cells[i]);
        file->column_count = i + 1;
        good = file->names[i] != NULL;
    }
    free(room);
    if (good)
        memmove(file->rows, file->rows + 1, --file->row_count * sizeof *file->rows);
    return good;
}

bool label_file_read(const char *path, LabelFile *ret)
{
    *ret = (LabelFile){0};
    if (!table_stream(path, NULL, read_blocks, ret)) {
        label_file_close(ret);
        return false;
    }
    if (ret->size == 0 || !cut_lines(ret) || !read_names(ret)) {
        complain("%s is no table with a line of names, or there is no memory for it", path);
        label_file_close(ret);
        return false;
    }
    return true;
}

void label_file_close(LabelFile *file)
{
    for (size_t i = 0; i < file->column_count; i++)
        free(file->names[i]);
    free(file->bytes);
    free(file->rows);
    *file = (LabelFile){0};
}

int label_file_column(const LabelFile *file, const char *name)
{
    for (size_t i = 0; i < file->column_count; i++)
        if (strcmp(file->names[i], name) == 0)
            return (int)i;
    return -1;
}
