/* SPDX-License-Identifier: Apache-2.0
 *
 * layout.h - how the lines of one source are laid out: learnt from its beginning, then applied to
 * each line alone.
 *
 * Kinds are plain lines with or without a header, syslog, JSON lines and logfmt.  The header (time,
 * level, host, component, process and thread numbers, in any order and punctuation) is found by
 * majority over the sample: leading columns that look alike on nearly all lines.
 *
 * SHAPE      A flat value without pointers: copy it, share it between threads.
 * ERRORS     None: a line that does not fit the layout is all message, without time or level; if
 *            the source has a recognised header and the line looks like a part of the one before
 *            (indented, "Caused by:", "Traceback", ...) or has no header where nearly all have one,
 *            it `continues`.
 * EXACTNESS  layout_parse depends on layout and line alone, so lines may be parsed in any order.
 *            Blanks at the end of a line belong to no message.
 */
#ifndef EVENT_LAYOUT_H
#define EVENT_LAYOUT_H
#include <stdint.h>

#include "event/record.h"
#include "event/timestamp.h"

#define LAYOUT_SAMPLE_BYTES_MAX 16384
#define LAYOUT_COLUMNS_MAX 16

typedef enum {
    LAYOUT_PLAIN = 0, /* No header.                                          */
    LAYOUT_HEADER,
    LAYOUT_SYSLOG,    /* Lines start with <PRI>; RFC 3164 or 5424, line by line. */
    LAYOUT_JSON,
    LAYOUT_LOGFMT,
} LayoutKind;

typedef struct Layout Layout; /* In layout.h, for its size; touch only through these functions. */

struct Layout {
    uint8_t   kind;                        /* LayoutKind                                       */
    uint8_t   time_format;                 /* Of timestamp.h                                   */
    uint8_t   column_count;                /* Leading columns that are header                  */
    uint8_t   columns[LAYOUT_COLUMNS_MAX]; /* What each is: Column of column.h                 */
    uint8_t   marks[LAYOUT_COLUMNS_MAX];   /* A detail of each, as column.h says               */
    uint8_t   column_anchor;               /* A line that fits so many has a header            */
    uint8_t   is_regular;                  /* Nearly all lines of the sample have a header     */
    uint8_t   is_joined;                   /* What stands before the time is message (access logs) */
    TimeFrame frame;
};

/* sample: the beginning of the source, whole lines (cut to LAYOUT_SAMPLE_BYTES_MAX). */
Layout      layout_learn(Str sample, odd_time now, int32_t zone_s);
const char *layout_kind_name(const Layout *layout); /* "plain", "header", "syslog", "json", "logfmt" */

/* line: without its line end.  buffer: scratch for the message of JSON lines, of at least
 * layout_buffer_bytes(line.size); the message may point into it.  Gives the record. */
size_t layout_buffer_bytes(size_t line_size);
Record layout_parse(const Layout *layout, Str line, char *buffer);

#endif
