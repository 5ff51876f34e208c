/* SPDX-License-Identifier: Apache-2.0 */
#include "input/lines.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#define COUNT_PIECE 128

static bool room_for(char **bytes, size_t *capacity, size_t size)
{
    if (*capacity >= size)
        return true;
    char *grown = realloc(*bytes, size);
    if (grown == NULL)
        return false;
    *bytes = grown;
    *capacity = size;
    return true;
}

/* In pieces whose count fits a byte, which compilers turn into sixteen or more bytes a step. */
static uint64_t count_byte(const char *bytes, size_t size, char wanted)
{
    uint64_t count = 0;
    size_t   at = 0;
    for (; at + COUNT_PIECE <= size; at += COUNT_PIECE) {
        uint8_t part = 0;
        for (size_t i = 0; i < COUNT_PIECE; i++)
            part = (uint8_t)(part + (bytes[at + i] == wanted));
        count += part;
    }
    for (; at < size; at++)
        count += bytes[at] == wanted;
    return count;
}

/* The line that begins at `from` is longer than line_bytes_max: take out what is too much, as far
 * as it is here.  Gives where the next line begins, or the end if the line goes on. */
static size_t cut_line(Lines *lines, Block *block, size_t from)
{
    char *cut = block->bytes + from + lines->line_bytes_max;
    char *end = block->bytes + block->size;
    char *line_end = memchr(cut, '\n', (size_t)(end - cut));
    lines->counts.cut_lines++;
    if (line_end == NULL) {
        lines->counts.cut_bytes += (size_t)(end - cut);
        block->size = (size_t)(cut - block->bytes);
        lines->dropping = true;
        return block->size;
    }
    lines->counts.cut_bytes += (size_t)(line_end - cut);
    memmove(cut, line_end, (size_t)(end - line_end));
    block->size -= (size_t)(line_end - cut);
    return from + lines->line_bytes_max + 1;
}

/* Steps over the lines from `from` on, many at a time, and cuts those that are too long.  Gives
 * where the last, unfinished line begins. */
static size_t cut_lines(Lines *lines, Block *block, size_t from)
{
    while (!lines->dropping && from < block->size) {
        size_t left = block->size - from;
        size_t reach = left < lines->line_bytes_max + 1 ? left : lines->line_bytes_max + 1;
        char  *line_end = memrchr(block->bytes + from, '\n', reach);
        if (line_end != NULL)
            from = (size_t)(line_end - block->bytes) + 1;
        else if (left > lines->line_bytes_max)
            from = cut_line(lines, block, from);
        else
            break;
    }
    return lines->dropping ? block->size - lines->line_bytes_max : from;
}

/* Bytes of a line that is being dropped end at its line end, which is kept. */
static size_t drop_rest(Lines *lines, char *bytes, size_t size)
{
    char  *line_end = memchr(bytes, '\n', size);
    size_t dropped = line_end == NULL ? size : (size_t)(line_end - bytes);
    lines->counts.cut_bytes += dropped;
    lines->dropping = line_end == NULL;
    memmove(bytes, bytes + dropped, size - dropped);
    return size - dropped;
}

static bool block_finish(Lines *lines, Block *block, size_t size)
{
    block->size = size;
    block->row = lines->counts.rows + 1;
    block->row_count = count_byte(block->bytes, size, '\n');
    if (size > 0 && block->bytes[size - 1] != '\n')
        block->row_count++;
    lines->counts.rows += block->row_count;
    lines->counts.bytes += size;
    if (size > 0 && memchr(block->bytes, '\0', size) != NULL)
        lines->counts.nul_bytes += count_byte(block->bytes, size, '\0');
    return size > 0;
}

/* At the end: `size` bytes, of which those from `torn` on have no line end.  Of a line that was
 * too long, all that would be kept is here. */
static size_t whole_size(Lines *lines, size_t size, size_t torn)
{
    bool too_long = lines->dropping;
    lines->dropping = false;
    if (torn == size || too_long || lines->setting == NULL || !tap_is_cut_off(lines->setting))
        return size;
    lines->counts.torn_lines++;
    return torn;
}

bool lines_next(Lines *lines, Block *ret)
{
    size_t capacity = lines->block_bytes + lines->line_bytes_max + 1;
    size_t torn = 0; /* Where the unfinished line begins. */
    ret->size = 0;
    if (lines->failed || !room_for(&ret->bytes, &ret->capacity, capacity) ||
        !room_for(&lines->carry, &lines->carry_capacity, lines->line_bytes_max)) {
        lines->failed = true;
        return false;
    }
    memcpy(ret->bytes, lines->carry, lines->carry_size);
    ret->size = lines->carry_size;
    lines->carry_size = 0;
    while (torn < lines->block_bytes) {
        char  *to = ret->bytes + ret->size;
        size_t got = tap_read(lines->tap, to, capacity - ret->size);
        if (got == 0) {
            return block_finish(lines, ret, whole_size(lines, ret->size, torn));
        }
        if (lines->dropping)
            got = drop_rest(lines, to, got);
        ret->size += got;
        torn = cut_lines(lines, ret, torn);
    }
    lines->carry_size = ret->size - torn;
    memcpy(lines->carry, ret->bytes + torn, lines->carry_size);
    return block_finish(lines, ret, torn);
}

void lines_begin(Lines *lines, Tap *tap, size_t block_bytes, size_t line_bytes_max)
{
    assert(block_bytes > 0);
    assert(line_bytes_max > 0);
    *lines = (Lines){.tap = tap, .block_bytes = block_bytes, .line_bytes_max = line_bytes_max};
}

void lines_end(Lines *lines)
{
    free(lines->carry);
    *lines = (Lines){0};
}

void block_free(Block *block)
{
    free(block->bytes);
    *block = (Block){0};
}
