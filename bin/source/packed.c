/* SPDX-License-Identifier: Apache-2.0 */
#include "source/packed.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define MARK_BYTES 3
#define PACKED_LINE_BYTES (512u << 10) /* Longer ones are cut before we see them. */
#define PACKED_BLOCK_BYTES (256u << 10) /* With the longest line below TAIL_SLICE_BYTES. */

static bool stream_of(char *path, Input *input, Stream **ret, int *ret_error)
{
    struct stat found;
    Notes       notes = {0};
    if (stat(path, &found) != 0) {
        *ret_error = errno;
        return false;
    }
    *input = (Input){.kind = INPUT_FILE,
                     .regular = S_ISREG(found.st_mode),
                     .found = true,
                     .name = path,
                     .path = path,
                     .size_bytes = (uint64_t)found.st_size,
                     .device = found.st_dev,
                     .inode = found.st_ino};
    StreamOptions options = {.block_bytes = PACKED_BLOCK_BYTES,
                             .line_bytes_max = PACKED_LINE_BYTES};
    errno = 0;
    bool opened = stream_open(input, &options, &notes, ret);
    *ret_error = errno != 0 ? errno : EIO;
    notes_free(&notes);
    return opened;
}

bool packed_fits(const char *path, Print head)
{
    Input       input;
    Stream     *stream;
    const char *bytes;
    int         error;
    char       *own = strdup(path);
    if (own == NULL || !stream_of(own, &input, &stream, &error)) {
        free(own);
        return false;
    }
    size_t size = stream_head(stream, PRINT_HEAD_BYTES, &bytes);
    bool   fits = print_fits(head, bytes, size);
    stream_close(stream);
    free(own);
    return fits;
}

void packed_close(Tail *tail)
{
    stream_close(tail->stream);
    tail->stream = NULL;
}

/* The next block.  Its unpacked size, with what was cut of it, is added to *at. */
static bool block_next(Tail *tail, Block *block, uint64_t *at)
{
    uint64_t cut = stream_counts(tail->stream).lines.cut_bytes;
    if (!stream_next(tail->stream, block))
        return false;
    *at += block->size + (stream_counts(tail->stream).lines.cut_bytes - cut);
    return true;
}

static bool packed_open(Tail *tail)
{
    const char *bytes;
    if (!stream_of(tail->path, &tail->input, &tail->stream, &tail->problem))
        return false;
    Look look = stream_look(tail->stream);
    if (!look_is_text(look)) {
        tail->binary = true;
        return false;
    }
    size_t head = stream_head(tail->stream, PRINT_HEAD_BYTES, &bytes);
    if (head > tail->place.head.size)
        tail->place.head = print_of(bytes, head);
    tail->input.size_bytes = look == LOOK_UTF8_BOM ? MARK_BYTES : 0; /* Where counting begins. */
    return true;
}

/* Over what was given before: whole blocks, then lines of the one that the place stands in. */
static bool packed_find(Tail *tail, Block *block, size_t *ret_from)
{
    uint64_t at = tail->input.size_bytes, before = at;
    while (at <= tail->place.offset) {
        before = at;
        if (!block_next(tail, block, &at))
            return false;
    }
    *ret_from = tail->place.offset > before ? (size_t)(tail->place.offset - before) : 0;
    if (*ret_from > block->size)
        *ret_from = block->size;
    tail->place.offset = at;
    return true;
}

/* The end, or a file that is not whole: still being packed, so its rest is looked for later. */
static TailAnswer packed_end(Tail *tail)
{
    bool broken = stream_counts(tail->stream).broken;
    packed_close(tail);
    tail->ended = true;
    tail->finished = !broken;
    tail->problem = broken ? EBADMSG : 0;
    tail->torn_ns = tail->changed_ns;
    tail->started = true;
    return broken ? TAIL_REFUSED : TAIL_NOTHING;
}

TailAnswer packed_slice(Tail *tail, char *room, TailSlice *ret)
{
    Block  block = {0};
    size_t from = 0;
    bool   any, begun = tail->stream != NULL;
    if (tail->finished)
        return TAIL_NOTHING;
    if (tail->binary)
        return TAIL_NO_TEXT;
    if (tail->path == NULL)
        return TAIL_MOVED;
    if (!begun && tail->problem == EBADMSG && tail->torn_ns == tail->changed_ns)
        return TAIL_REFUSED; /* Nobody has written to it since. */
    if (!begun && !packed_open(tail))
        return tail->binary ? TAIL_NO_TEXT : TAIL_REFUSED;
    if (begun)
        any = block_next(tail, &block, &tail->place.offset);
    else
        any = packed_find(tail, &block, &from);
    if (!any) {
        block_free(&block);
        return packed_end(tail);
    }
    assert(block.size >= from);
    assert(block.size - from < TAIL_ROOM_BYTES);
    *ret = (TailSlice){.bytes = room, .size = block.size - from};
    if (ret->size > 0 && block.bytes != NULL)
        memcpy(room, block.bytes + from, ret->size);
    block_free(&block);
    tail->started = true;
    tail->ended = false;
    tail->place.trail = (Print){0};
    if (ret->size > 0 && room[ret->size - 1] != '\n')
        room[ret->size++] = '\n';
    return TAIL_LINES;
}
