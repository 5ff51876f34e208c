/* SPDX-License-Identifier: Apache-2.0 */
#include "event/layout.h"

#include <assert.h>

#include "event/column.h"
#include "event/continuation.h"
#include "event/header.h"
#include "event/json_lines.h"
#include "event/level.h"
#include "event/logfmt.h"
#include "event/syslog.h"

#define SHARE_OF_KIND 80 /* Percent of the lines that must be JSON, logfmt or syslog. */
#define ISO_FORMAT 1     /* The first spelling of timestamp.c */

typedef bool (*FieldReader)(Str line, FieldList *ret_list);

static Str without_end(Str line)
{
    while (line.size > 0 && (line.text[line.size - 1] == ' ' || line.text[line.size - 1] == '\r' ||
                             line.text[line.size - 1] == '\t'))
        line.size--;
    return line;
}

/* -- learning ------------------------------------------------------------------------------- */

static size_t split_lines(Str sample, Str lines[HEADER_LINES_MAX])
{
    size_t count = 0, at = 0;
    if (sample.size > LAYOUT_SAMPLE_BYTES_MAX)
        sample.size = LAYOUT_SAMPLE_BYTES_MAX;
    while (at < sample.size && count < HEADER_LINES_MAX) {
        const char *end = memchr(sample.text + at, '\n', sample.size - at);
        size_t to = end == NULL ? sample.size : (size_t)(end - sample.text);
        Str line = without_end(str_part(sample, at, to));
        if (line.size > 0)
            lines[count++] = line;
        at = to + 1;
    }
    return count;
}

static bool learn_fields(Layout *layout, LayoutKind kind, FieldReader read, int roles_needed,
                         const Str *lines, size_t count)
{
    FieldList list;
    size_t hits = 0;
    TimeFormat format = TIME_FORMAT_NONE;
    for (size_t i = 0; i < count; i++) {
        if (!read(lines[i], &list) || fields_role_count(&list) < roles_needed)
            continue;
        hits++;
        if (format == TIME_FORMAT_NONE)
            format = fields_time_format(&list, &layout->frame);
    }
    if (hits == 0 || hits * 100 < count * SHARE_OF_KIND)
        return false;
    layout->kind = (uint8_t)kind;
    layout->time_format = format;
    return true;
}

/* Lines with <PRI>: what is behind it has the layout of RFC 3164, or one that is learnt. */
static bool learn_syslog(Layout *layout, const Str *lines, size_t count)
{
    Str rests[HEADER_LINES_MAX];
    size_t hits = 0, rest_count = 0;
    for (size_t i = 0; i < count; i++) {
        Level level;
        size_t at = syslog_read_priority(lines[i], &level);
        hits += at > 0;
        if (at > 0 && (lines[i].size < at + 2 || memcmp(lines[i].text + at, "1 ", 2) != 0))
            rests[rest_count++] = str_part(lines[i], at, lines[i].size);
    }
    if (hits == 0 || hits * 100 < count * SHARE_OF_KIND)
        return false;
    header_learn(layout, rests, rest_count);
    layout->kind = LAYOUT_SYSLOG;
    if (layout->time_format == TIME_FORMAT_NONE)
        layout->time_format = ISO_FORMAT;
    return true;
}

Layout layout_learn(Str sample, odd_time now, int32_t zone_s)
{
    Layout layout;
    memset(&layout, 0, sizeof layout);
    layout.frame = time_frame(now, zone_s);
    Str lines[HEADER_LINES_MAX];
    size_t count = split_lines(sample, lines);
    if (count == 0)
        return layout;
    if (learn_fields(&layout, LAYOUT_JSON, json_line_read, 0, lines, count) ||
        learn_fields(&layout, LAYOUT_LOGFMT, logfmt_read, 2, lines, count) ||
        learn_syslog(&layout, lines, count))
        return layout;
    header_learn(&layout, lines, count);
    return layout;
}

const char *layout_kind_name(const Layout *layout)
{
    static const char *const names[] = {"plain", "header", "syslog", "json", "logfmt"};
    assert(layout->kind <= LAYOUT_LOGFMT);
    return names[layout->kind];
}

/* -- one line ------------------------------------------------------------------------------- */

/* "1.2.3.4 - - [10/Oct/2000:13:55:36 -0700] "GET ..."": the message is all but the time. */
static Str join_around_time(const Layout *layout, Str line, size_t rest, char *buffer)
{
    size_t at = 0;
    for (size_t i = 0; i < header_time_column(layout); i++)
        at = column_skip_word(line, column_skip_blanks(line, at));
    at = column_skip_blanks(line, at);
    memcpy(buffer, line.text, at);
    memcpy(buffer + at, line.text + rest, line.size - rest);
    return (Str){.text = buffer, .size = at + line.size - rest};
}

static Record parse_header(const Layout *layout, Str line, size_t at, char *buffer)
{
    Record record = {.time = ODD_TIME_NONE};
    size_t rest = header_read(layout, line, at, &record);
    if (rest == HEADER_NONE) {
        bool is_part = layout->is_regular ? !continuation_never(line) : continuation_looks(line);
        return (Record){.time = ODD_TIME_NONE,
                        .continues = is_part && layout->time_format != TIME_FORMAT_NONE,
                        .message = line};
    }
    record.message = layout->is_joined ? join_around_time(layout, line, rest, buffer)
                                       : str_part(line, rest, line.size);
    return record;
}

static Record parse_syslog(const Layout *layout, Str line, char *buffer)
{
    Level level = LEVEL_NONE;
    size_t at = syslog_read_priority(line, &level);
    Record record = {.time = ODD_TIME_NONE, .message = line};
    if (at == 0)
        return record;
    if (!syslog_read_5424(line, at, ISO_FORMAT, &layout->frame, buffer, &record)) {
        record.message = str_part(line, at, line.size);
        if (layout->column_count > 0)
            record = parse_header(layout, record.message, 0, buffer);
        record.continues = false; /* A line with a priority of its own stands for itself. */
    }
    record.level = level;
    return record;
}

static Record parse_fields(const Layout *layout, FieldReader read, Str line, char *buffer)
{
    Record record = {.time = ODD_TIME_NONE, .message = line};
    FieldList list;
    if (read(line, &list))
        fields_to_record(&list, layout->time_format, &layout->frame, buffer,
                         layout_buffer_bytes(line.size), &record);
    return record;
}

size_t layout_buffer_bytes(size_t line_size)
{
    size_t fields = fields_buffer_bytes(line_size), syslog = line_size + SYSLOG_BUFFER_BYTES_MORE;
    return fields > syslog ? fields : syslog;
}

Record layout_parse(const Layout *layout, Str line, char *buffer)
{
    line = without_end(line);
    Record record = {.time = ODD_TIME_NONE, .message = line};
    switch ((LayoutKind)layout->kind) {
    case LAYOUT_PLAIN: break;
    case LAYOUT_HEADER: record = parse_header(layout, line, 0, buffer); break;
    case LAYOUT_SYSLOG: record = parse_syslog(layout, line, buffer); break;
    case LAYOUT_JSON: record = parse_fields(layout, json_line_read, line, buffer); break;
    case LAYOUT_LOGFMT: record = parse_fields(layout, logfmt_read, line, buffer); break;
    }
    if (record.level == LEVEL_NONE)
        record.level = level_of_start(record.message);
    return record;
}
