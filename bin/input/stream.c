/* SPDX-License-Identifier: Apache-2.0 */
#include "input/stream.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "input/descriptor.h"
#include "input/gunzip.h"
#include "input/journal.h"
#include "input/parquet.h"
#include "input/refusal.h"
#include "input/unzstd.h"
#include "input/utf16.h"

struct Stream {
    TapSetting setting;
    Notes      notes;
    Tap       *bottom; /* What the system gives. */
    Tap       *top;    /* Text.                  */
    Look       look;
    bool       bound, begun, broken;
    Lines      lines;
};

static void refuse(const Input *input, int error, Notes *notes)
{
    char refusal[REFUSAL_SIZE];
    notes_add(notes, "cannot read %s: %s", input->name, refusal_text(input->path, error, refusal));
}

/* A file may have become something else, or another file, since it was listed. */
static bool is_still_the_same(const Input *input, int descriptor, Notes *notes)
{
    struct stat now;
    if (!input->regular || fstat(descriptor, &now) != 0)
        return true;
    if (!S_ISREG(now.st_mode)) {
        notes_add(notes, "cannot read %s: it was replaced by something that is no file; run again",
                  input->name);
        return false;
    }
    if (now.st_ino != input->inode || now.st_dev != input->device)
        notes_add(notes,
                  "%s was rotated before it was read: the new file is read, the old one may be "
                  "missing; run again to read both",
                  input->name);
    return true;
}

static Tap *file_tap(const Input *input, const TapSetting *setting, Notes *notes)
{
    /* A file that turned into a pipe must not make us wait for a writer. */
    int flags = O_RDONLY | O_CLOEXEC | O_NOCTTY | (input->regular ? O_NONBLOCK : 0);
    int descriptor = input->kind == INPUT_STDIN ? STDIN_FILENO : open(input->path, flags);
    if (descriptor < 0 || fcntl(descriptor, F_GETFD) < 0) {
        refuse(input, errno, notes);
        return NULL;
    }
    const char *path = input->kind == INPUT_STDIN ? NULL : input->path;
    Tap        *tap = NULL;
    if (is_still_the_same(input, descriptor, notes)) {
        tap = descriptor_tap(descriptor, path, setting);
        if (tap == NULL)
            refuse(input, ENOMEM, notes);
    }
    if (tap == NULL && input->kind != INPUT_STDIN)
        close(descriptor);
    return tap;
}

static Tap *bottom_tap(const Input *input, const StreamOptions *options, Stream *stream,
                       Notes *notes)
{
    if (input->kind == INPUT_FILE || input->kind == INPUT_STDIN)
        return file_tap(input, &stream->setting, notes);
    JournalQuery query = {.since_ns = options->since_ns, .until_ns = options->until_ns};
    if (input->kind == INPUT_JOURNAL)
        query.unit = input->path;
    else if (input->kind == INPUT_JOURNAL_FILE)
        query.file = input->path;
    else
        query.folder = input->path;
    stream->bound = true;
    return journal_tap(&query, &stream->setting);
}

/* Puts one tap above the top, if the top's first bytes ask for it.  False without memory. */
static bool stack(Stream *stream)
{
    const char *head;
    size_t      size = tap_peek(stream->top, SNIFF_BYTES, &head);
    char        mark[3];
    Tap        *above = stream->top;
    stream->look = sniff(head, size);
    switch (stream->look) {
    case LOOK_GZIP: above = gunzip_tap(stream->top, &stream->setting); break;
    case LOOK_ZSTD: above = unzstd_tap(stream->top, &stream->setting); break;
    case LOOK_PARQUET: above = parquet_tap(stream->top, &stream->setting); break;
    case LOOK_UTF8_BOM: tap_read(stream->top, mark, 3); break;
    case LOOK_UTF16_LE:
    case LOOK_UTF16_BE:
        tap_read(stream->top, mark, 2);
        above = utf16_tap(stream->top, stream->look == LOOK_UTF16_BE, &stream->setting);
        break;
    default: break;
    }
    if (above != NULL)
        stream->top = above;
    return above != NULL;
}

/* A journal is text by itself; of anything else the bytes decide, once as they lie on the disk and
 * once unpacked. */
static bool stack_all(Stream *stream)
{
    if (stream->bound)
        return true;
    if (!stack(stream))
        return false;
    if (!look_is_compressed(stream->look))
        return true;
    const char *head;
    size_t      size = tap_peek(stream->top, SNIFF_BYTES, &head);
    Look inner = sniff(head, size);
    /* Some files are read only where they lie unpacked; packed twice is for a person. */
    if (inner != LOOK_JOURNAL && inner != LOOK_PARQUET && !look_is_compressed(inner))
        return stack(stream);
    stream->look = LOOK_PACKED;
    return true;
}

bool stream_open(const Input *input, const StreamOptions *options, Notes *notes, Stream **ret)
{
    assert(input != NULL);
    assert(options != NULL);
    Stream *stream = calloc(1, sizeof *stream);
    if (stream == NULL) {
        refuse(input, ENOMEM, notes);
        return false;
    }
    stream->setting = (TapSetting){.name = input->name,
                                   .notes = &stream->notes,
                                   .stop = options->stop,
                                   .unpacked_bytes_max = options->unpacked_bytes_max,
                                   .unpacked_ratio_max = options->unpacked_ratio_max,
                                   .broken = &stream->broken};
    stream->bottom = bottom_tap(input, options, stream, notes);
    if (stream->bottom == NULL)
        goto out;
    stream->top = stream->bottom;
    if (!stack_all(stream)) {
        refuse(input, ENOMEM, notes);
        goto out;
    }
    lines_begin(&stream->lines, stream->top,
                options->block_bytes != 0 ? options->block_bytes : STREAM_BLOCK_BYTES,
                options->line_bytes_max != 0 ? options->line_bytes_max : STREAM_LINE_BYTES);
    stream->lines.setting = &stream->setting;
    *ret = stream;
    return true;
out:
    notes_move(notes, &stream->notes);
    stream_close(stream);
    return false;
}

void stream_close(Stream *stream)
{
    if (stream == NULL)
        return;
    tap_close(stream->top);
    lines_end(&stream->lines);
    notes_free(&stream->notes);
    free(stream);
}

Look stream_look(const Stream *stream)
{
    return stream->look;
}

bool stream_is_bound(const Stream *stream)
{
    return stream->bound;
}

Notes *stream_notes(Stream *stream)
{
    return &stream->notes;
}

StreamCounts stream_counts(const Stream *stream)
{
    return (StreamCounts){.lines = stream->lines.counts,
                          .bytes_read = stream->bottom->given,
                          .broken = stream->broken || stream->lines.failed};
}

void stream_widen(Stream *stream, size_t line_bytes_max)
{
    assert(!stream->begun);
    stream->lines.line_bytes_max = line_bytes_max;
}

static bool has_lines(const char *bytes, size_t size, int count)
{
    const char *end = bytes + size;
    while (count > 0 && (bytes = memchr(bytes, '\n', (size_t)(end - bytes))) != NULL) {
        bytes++;
        count--;
    }
    return count == 0;
}

size_t stream_peek(Stream *stream, const char **ret)
{
    assert(!stream->begun);
    size_t most = STREAM_PEEK_BYTES, size = tap_peek(stream->top, most, ret);
    if (size == most && !has_lines(*ret, size, STREAM_PEEK_LINES)) {
        most = STREAM_PEEK_BYTES_MAX;
        size = tap_peek(stream->top, most, ret);
    }
    const char *line_end = size == most ? memrchr(*ret, '\n', size) : NULL;
    return line_end != NULL ? (size_t)(line_end - *ret) + 1 : size;
}

size_t stream_head(Stream *stream, size_t size, const char **ret)
{
    assert(!stream->begun);
    return tap_peek(stream->top, size, ret);
}

bool stream_next(Stream *stream, Block *ret)
{
    stream->begun = true;
    bool any = lines_next(&stream->lines, ret);
    if (!any && stream->lines.failed)
        notes_add(&stream->notes, "%s was read only in part: out of memory", stream->setting.name);
    return any;
}
