/* SPDX-License-Identifier: Apache-2.0
 *
 * stream.h - one input, opened: unpacked, recoded, in blocks of whole lines.
 *
 * gzip and zstd are recognised by content; what is packed in what was packed is not followed.
 * UTF-16 with its mark becomes UTF-8, the UTF-8 mark goes.  Otherwise bytes stay as they are.
 *
 * OWNERSHIP  The stream borrows its Input until stream_close.  Its notes are its own: take them
 *            with notes_move before closing.
 * ERRORS     stream_open refuses with a sentence in `notes`.  Later faults end the stream early
 *            with a sentence in stream_notes; what came before stays good.
 * THREADS    One stream, one thread at a time; if stream_is_bound, only the one that opened it.
 */
#ifndef INPUT_STREAM_H
#define INPUT_STREAM_H
#include "input/input.h"
#include "input/lines.h"
#include "input/sniff.h"
#include "input/tap.h"

/* One byte more than the library keeps of a line, so that it sees the excess and marks the line. */
#define STREAM_LINE_BYTES ((64 << 10) + 1)
#define STREAM_BLOCK_BYTES (512 << 10)
#define STREAM_PEEK_BYTES 65536 /* Or, if that has fewer lines than STREAM_PEEK_LINES, ... */
#define STREAM_PEEK_BYTES_MAX TAP_PEEK_MAX /* ... for the names of a table's columns. */
#define STREAM_PEEK_LINES 4

typedef struct Stream Stream;

typedef struct {                          /* Zero is the default in every field.            */
    size_t             block_bytes;       /* About, of a block; 0: STREAM_BLOCK_BYTES.      */
    size_t             line_bytes_max;    /* 0: STREAM_LINE_BYTES.                          */
    uint64_t           unpacked_bytes_max, unpacked_ratio_max; /* 0: see unpack.h.          */
    int64_t            since_ns, until_ns; /* Of a journal: [since, until); 0: no limit.    */
    const atomic_bool *stop;              /* True: the stream ends as if there were no more. */
} StreamOptions;

typedef struct {
    LineCounts lines;
    uint64_t   bytes_read; /* Of the input as it lies on the disk. */
    bool       broken;     /* A fault ended it before its time.    */
} StreamCounts;

bool stream_open(const Input *input, const StreamOptions *options, Notes *notes, Stream **ret);
void stream_close(Stream *stream); /* NULL is a no-op. */

Look         stream_look(const Stream *stream);     /* What it is, behind its packing. */
bool         stream_is_bound(const Stream *stream); /* To the thread that opened it.   */
Notes       *stream_notes(Stream *stream);
StreamCounts stream_counts(const Stream *stream);

/* Lines may be longer than the options say.  To be called before stream_next. */
void stream_widen(Stream *stream, size_t line_bytes_max);

/* The first STREAM_PEEK_BYTES of text, or _MAX, cut behind the last whole line if there is one;
 * fewer at the end.  To be called before stream_next; valid until the next call. */
size_t stream_peek(Stream *stream, const char **ret);

/* Likewise the first `size` bytes (at most TAP_PEEK_MAX), wherever lines end. */
size_t stream_head(Stream *stream, size_t size, const char **ret);

bool stream_next(Stream *stream, Block *ret); /* False at the end. */

#endif
