/* SPDX-License-Identifier: Apache-2.0 */
#include "event/syslog.h"

#include "event/codec.h"
#include "event/column.h"
#include "event/level.h"

#define BYTE_ORDER_MARK "\xEF\xBB\xBF"
#define SOURCE_PREFIX "syslog:"
#define HOST_BYTES_MAX 255

typedef struct {
    Str    line;
    size_t at;
} Cursor;

size_t syslog_read_priority(Str line, Level *ret_level)
{
    if (line.size < 3 || line.text[0] != '<')
        return 0;
    int priority = 0;
    size_t at = 1;
    for (; at < line.size && at <= 3 && line.text[at] >= '0' && line.text[at] <= '9'; at++)
        priority = priority * 10 + (line.text[at] - '0');
    if (at == 1 || at == line.size || line.text[at] != '>' || priority > 191)
        return 0;
    *ret_level = level_of_severity(priority % 8);
    return at + 1;
}

/* The next word; "-" stands for an empty one. */
static Str take_word(Cursor *c)
{
    size_t from = column_skip_blanks(c->line, c->at);
    c->at = column_skip_word(c->line, from);
    Str word = str_part(c->line, from, c->at);
    if (str_equal(word, STR("-")))
        return (Str){0};
    return word;
}

/* Where the structured data that starts here ends: "[id a="1" b="x]"][id2]". */
static bool skip_structured(Cursor *c)
{
    if (c->at < c->line.size && c->line.text[c->at] == '-') {
        c->at++;
        return true;
    }
    if (c->at == c->line.size || c->line.text[c->at] != '[')
        return false;
    bool quoted = false, inside = false;
    for (; c->at < c->line.size; c->at++) {
        char ch = c->line.text[c->at];
        if (quoted && ch == '\\')
            c->at++;
        else if (ch == '"')
            quoted = !quoted;
        else if (!quoted && ch == '[')
            inside = true;
        else if (!quoted && ch == ']')
            inside = false;
        else if (!quoted && !inside)
            return true;
    }
    return !inside && !quoted;
}

static size_t put(char *buffer, size_t size, Str text)
{
    if (text.size > 0)
        memcpy(buffer + size, text.text, text.size);
    return size + text.size;
}

/* Rewrites [id a="1" b="x y"] as " a=1 b="x y"": the brackets, the id and needless quotes go. */
static size_t put_structured(Str data, char *buffer, size_t size)
{
    size_t at = 0;
    while (at < data.size) {
        while (at < data.size && data.text[at] != ' ' && data.text[at] != ']')
            at++; /* The id */
        while (at < data.size && data.text[at] == ' ') {
            size_t name = ++at;
            while (at < data.size && data.text[at] != '"' && data.text[at] != ' ' &&
                   data.text[at] != ']')
                at++;
            if (size > 0)
                size = put(buffer, size, STR(" "));
            size = put(buffer, size, str_part(data, name, at));
            if (at == data.size || data.text[at] != '"')
                continue;
            size_t value = ++at;
            while (at < data.size && data.text[at] != '"')
                at += data.text[at] == '\\' ? 2 : 1;
            at = at < data.size ? at : data.size;
            Str text = str_part(data, value, at);
            bool quotes = text.size == 0 || memchr(text.text, ' ', text.size) != NULL;
            Str quote = str_part(STR("\""), 0, quotes);
            size = put(buffer, size, quote);
            size = put(buffer, size, text);
            size = put(buffer, size, quote);
            at += at < data.size;
        }
        at += at < data.size;
    }
    return size;
}

bool syslog_read_5424(Str line, size_t at, TimeFormat format, const TimeFrame *frame, char *buffer,
                      Record *record)
{
    Cursor c = {.line = line, .at = at};
    if (line.size < at + 2 || line.text[at] != '1' || line.text[at + 1] != ' ')
        return false;
    c.at += 2;
    Str stamp = take_word(&c);
    odd_time time = ODD_TIME_NONE;
    if (stamp.size > 0 && timestamp_read(format, frame, stamp, 0, &time) != stamp.size)
        return false;
    Str host = take_word(&c), program = take_word(&c);
    take_word(&c); /* PROCID */
    take_word(&c); /* MSGID  */
    c.at = column_skip_blanks(line, c.at);
    size_t data_from = c.at;
    if (!skip_structured(&c))
        return false;
    Str data = str_part(line, data_from, c.at);
    Str message = str_part(line, column_skip_blanks(line, c.at), line.size);
    if (message.size >= 3 && memcmp(message.text, BYTE_ORDER_MARK, 3) == 0)
        message = str_part(message, 3, message.size);
    record->time = time;
    record->host = host;
    record->component = program;
    record->message = message;
    if (data.size > 1) {
        size_t size = put_structured(data, buffer, put(buffer, 0, message));
        record->message = (Str){.text = buffer, .size = size};
    }
    return true;
}

static bool is_host(Str word)
{
    for (size_t i = 0; i < word.size; i++) {
        char ch = word.text[i];
        bool letter = (ch >= 'a' && ch <= 'z') || (ch >= 'A' && ch <= 'Z');
        bool digit = ch >= '0' && ch <= '9';
        if (!letter && !digit && ch != '.' && ch != '-' && ch != '_' && ch != ':')
            return false;
    }
    return word.size > 0 && word.size <= HOST_BYTES_MAX && word.text[word.size - 1] != ':';
}

/* "su:", "cron[312]:", "%ASA-6-302013:" */
static bool is_tag(Str word)
{
    return word.size > 1 &&
           (word.text[word.size - 1] == ':' || memchr(word.text, '[', word.size) != NULL);
}

/* Behind "<34>", also where the number is none that syslog knows. */
static size_t skip_priority(Str line)
{
    size_t at = 1;
    while (at < line.size && at <= 3 && line.text[at] >= '0' && line.text[at] <= '9')
        at++;
    bool whole = line.text[0] == '<' && at > 1 && at < line.size && line.text[at] == '>';
    return whole ? at + 1 : 0;
}

/* Only what stands between a stamp and a tag is taken for a host, so that the words of a free text
 * don't become one source each.  *format: of the line before, to be tried first. */
static Str host_of(Str line, const TimeFrame *frame, TimeFormat *format)
{
    Cursor c = {.line = line, .at = skip_priority(line)};
    if (c.at > 0 && line.size > c.at + 1 && line.text[c.at] == '1' && line.text[c.at + 1] == ' ') {
        c.at += 2;
        take_word(&c);
        Str host = take_word(&c);
        return is_host(host) ? host : (Str){0};
    }
    odd_time time;
    size_t size =
        *format != TIME_FORMAT_NONE ? timestamp_read(*format, frame, line, c.at, &time) : 0;
    if (size == 0) {
        *format = timestamp_guess(frame, line, c.at);
        size = *format != TIME_FORMAT_NONE ? timestamp_read(*format, frame, line, c.at, &time) : 0;
    }
    if (size == 0)
        return (Str){0};
    c.at += size;
    Str host = take_word(&c), tag = take_word(&c);
    return is_host(host) && is_tag(tag) ? host : (Str){0};
}

/* Lines of one source, one behind the other in the bytes. */
typedef struct {
    Str lines, host;
    bool is_message; /* Its last line begins with a priority. */
} Run;

static bool end_run(Run *run, const odd_wire *wire, odd_events *events)
{
    Str lines = run->lines, host = run->host;
    char source[sizeof SOURCE_PREFIX + HOST_BYTES_MAX];
    *run = (Run){0};
    if (lines.size == 0)
        return true;
    if (host.size == 0)
        return events_lines(events, str_of(wire->source), wire->zone_s, lines);
    size_t size = put(source, put(source, 0, STR(SOURCE_PREFIX)), host);
    return events_lines(events, (Str){.text = source, .size = size}, wire->zone_s, lines);
}

static odd_rc decode(const odd_wire *wire, Str bytes, odd_events *events, odd_decoded *ret)
{
    TimeFrame frame = time_frame(wire->now, wire->zone_s);
    TimeFormat format = TIME_FORMAT_NONE;
    Run run = {0};
    for (size_t at = 0, to; at < bytes.size; at = to) {
        const char *end = memchr(bytes.text + at, '\n', bytes.size - at);
        Str line = str_part(bytes, at, end != NULL ? (size_t)(end - bytes.text) : bytes.size);
        to = at + line.size + (end != NULL);
        bool is_message = line.size > 0 && line.text[0] == '<';
        bool goes_on = run.is_message && line.size > 0 && !is_message;
        Str host = goes_on ? run.host : (Str){0};
        if (line.size > 0 && !goes_on)
            host = host_of(line, &frame, &format);
        if ((line.size == 0 || !str_equal(host, run.host)) && !end_run(&run, wire, events))
            return ODD_FULL;
        if (line.size == 0)
            continue;
        if (run.lines.size == 0)
            run.lines.text = line.text;
        run.lines.size += to - at;
        run.host = host;
        run.is_message = is_message || goes_on;
        ret->accepted++;
    }
    return end_run(&run, wire, events) ? ODD_OK : ODD_FULL;
}

const Codec codec_syslog = {.name = "syslog", .decode = decode};
