/* SPDX-License-Identifier: Apache-2.0 */
#include "event/column.h"

#include "event/find.h"
#include "event/level.h"

#define FIELD_WORDS_MAX 4 /* Before " - ": "svchost.exe *64 - " */

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

static bool is_digit(char c)
{
    return (unsigned char)(c - '0') < 10;
}

static bool is_letter(char c)
{
    return (unsigned char)((c | 32) - 'a') < 26;
}

static char char_at(Str line, size_t at)
{
    return at < line.size ? line.text[at] : '\0';
}

static bool ends_word(Str line, size_t at)
{
    return at >= line.size || is_blank(line.text[at]);
}

static char closing(char open)
{
    switch (open) {
    case '[': return ']';
    case '(': return ')';
    case '<': return '>';
    case '{': return '}';
    default: return '\0';
    }
}

size_t column_skip_blanks(Str line, size_t at)
{
    while (at < line.size && is_blank(line.text[at]))
        at++;
    return at;
}

size_t column_skip_word(Str line, size_t at)
{
    return find_either(line.text, at, line.size, ' ', '\t');
}

/* Where a column that starts at line[at] must end at the latest. */
static size_t limit_of(Str line, size_t at)
{
    return line.size - at < COLUMN_BYTES_MAX ? line.size : at + COLUMN_BYTES_MAX;
}

static size_t read_stamp(uint8_t format, const TimeFrame *frame, Str line, size_t at,
                         odd_time *ret_time)
{
    char close = closing(char_at(line, at));
    size_t size = timestamp_read(format, frame, line, at + (close != '\0'), ret_time);
    if (size == 0)
        return COLUMN_NONE;
    at += size + (close != '\0');
    if (close == '\0')
        return at;
    /* A bracket may hold more than the stamp, "[Sun Dec 04 04:47:44 2005 UTC]". */
    size_t limit = at + TIMESTAMP_BYTES_MAX;
    while (at < line.size && at < limit && line.text[at] != close)
        at++;
    return char_at(line, at) == close ? at + 1 : COLUMN_NONE;
}

bool column_may_be_time(Str line, size_t at)
{
    at = column_skip_blanks(line, at);
    at += closing(char_at(line, at)) != '\0';
    return timestamp_may_start(line, at);
}

static size_t read_uptime(Str line, size_t at)
{
    if (char_at(line, at) != '[')
        return COLUMN_NONE;
    at = column_skip_blanks(line, at + 1);
    size_t from = at;
    while (is_digit(char_at(line, at)))
        at++;
    if (at == from || char_at(line, at) != '.')
        return COLUMN_NONE;
    size_t point = at++;
    while (is_digit(char_at(line, at)))
        at++;
    return at - point >= 4 && char_at(line, at) == ']' ? at + 1 : COLUMN_NONE;
}

/* Any word in capitals may stand in a column of levels ("AUDIT2"): unknown, but read. */
static bool is_capitals(Str word)
{
    for (size_t i = 0; i < word.size; i++)
        if (!(word.text[i] >= 'A' && word.text[i] <= 'Z') && !(i > 0 && is_digit(word.text[i])))
            return false;
    return word.size >= 3 && word.size <= 10;
}

static size_t read_level(uint8_t mark, Str line, size_t at, Record *record)
{
    char close = closing(char_at(line, at));
    size_t from = at + (close != '\0'), to = from;
    while (to < line.size && to - from < COLUMN_BYTES_MAX &&
           (is_letter(line.text[to]) || is_digit(line.text[to]) || line.text[to] == '_'))
        to++;
    if (close != '\0' && char_at(line, to) == ':') { /* Apache: [core:error] */
        from = ++to;
        while (is_letter(char_at(line, to)))
            to++;
    }
    Str word = str_part(line, from, to);
    Level level = level_of_word(word);
    if (level == LEVEL_NONE && mark != 0 && word.size == 1)
        level = level_of_letter(word.text[0]);
    if (level == LEVEL_NONE && !is_capitals(word))
        return COLUMN_NONE;
    while (close != '\0' && is_blank(char_at(line, to)))
        to++;
    if (close != '\0' && char_at(line, to++) != close)
        return COLUMN_NONE;
    if (char_at(line, to) == ':')
        to++;
    else if (close == '\0' && !ends_word(line, to) && memchr("|,-]/", line.text[to], 5) == NULL)
        return COLUMN_NONE;
    if (level != LEVEL_NONE)
        record->level = level;
    return to;
}

static size_t read_glued(Str line, size_t at, Record *record)
{
    Level level = level_of_letter(char_at(line, at));
    if (level == LEVEL_NONE || !is_digit(char_at(line, at + 1)))
        return COLUMN_NONE;
    record->level = level;
    return at + 1;
}

static size_t read_number(Str line, size_t at)
{
    size_t from = at + (char_at(line, at) == '-');
    at = from;
    bool is_hex = char_at(line, at) == '0' && char_at(line, at + 1) == 'x';
    at += is_hex ? 2 : 0;
    while (at < line.size && at - from < 24 &&
           (is_digit(line.text[at]) || (at > from && line.text[at] == '#') ||
            (is_hex && is_letter(line.text[at]))))
        at++;
    if (at == from)
        return COLUMN_NONE;
    if (char_at(line, at) == ':')
        at++;
    bool ends = ends_word(line, at) || line.text[at] == '|' || line.text[at] == ',';
    return ends ? at : COLUMN_NONE;
}

/* What a bracket holds is a name if there is a letter in it; "[1234]" is none. */
static Str name_of_bracket(Str line, size_t from, size_t to)
{
    while (to > from && is_blank(line.text[to - 1]))
        to--;
    from = column_skip_blanks(line, from);
    for (size_t i = from; i < to; i++)
        if (is_letter(line.text[i]))
            return str_part(line, from, to);
    return (Str){0};
}

/* "[instance: ...]" and "[client 1.2.3.4]" begin a message: they name what it is about. */
static bool is_of_message(Str inner)
{
    const char *colon = inner.size == 0 ? NULL : memchr(inner.text, ':', inner.size);
    bool is_pair = colon != NULL && colon + 1 < inner.text + inner.size && colon[1] == ' ';
    return is_pair || (inner.size > 7 && memcmp(inner.text, "client ", 7) == 0);
}

static size_t read_bracket(char open, Str line, size_t at, Record *record)
{
    char close = closing(open);
    if (close == '\0' || line.text[at] != open)
        return COLUMN_NONE;
    size_t limit = limit_of(line, at), i = at;
    for (int depth = 1; depth > 0;) {
        i = find_either(line.text, i + 1, limit, open, close);
        if (i >= limit)
            return COLUMN_NONE;
        depth += line.text[i] == open ? 1 : -1;
    }
    if (is_of_message(str_part(line, at + 1, i)))
        return COLUMN_NONE;
    if (record->component.size == 0)
        record->component = name_of_bracket(line, at + 1, i);
    return i + 1 + (char_at(line, i + 1) == ':');
}

/* The "*" of "20:15:42.123 * Ready". */
static bool is_lone_mark(Str line, size_t at)
{
    return memchr("*#-.", line.text[at], 4) != NULL && ends_word(line, at + 1);
}

static size_t read_punctuation(char mark, Str line, size_t at)
{
    if (mark == '?')
        return is_lone_mark(line, at) ? at + 1 : COLUMN_NONE;
    size_t from = at;
    while (at - from < 3 && char_at(line, at) == mark)
        at++;
    if (at == from)
        return COLUMN_NONE;
    /* "|", ":" and "," may touch what follows; "-1" and "*x" are no separators. */
    bool may_touch = mark == '|' || mark == ',' || mark == ':' || mark == ';';
    return may_touch || ends_word(line, at) ? at : COLUMN_NONE;
}

/* "kernel[12]:", "1.4.1:", "([31211]):" as the second word of a tag. */
static bool is_second_of_tag(Str word)
{
    if (word.size < 3 || word.text[word.size - 1] != ':')
        return false;
    const char *open = memchr(word.text, '[', word.size);
    if (open != NULL && word.text[word.size - 2] == ']' && is_digit(open[1]))
        return true;
    if (word.text[0] == '(')
        return word.text[word.size - 2] == ')';
    return is_digit(word.text[0]) && memchr(word.text, '.', word.size) != NULL;
}

/* A tag is a word with a colon; a second word may stand between: "syslogd 1.4.1:",
 * "Microsoft Word[14463]:", "sandboxd[129] ([31211]):". */
static size_t read_tag(Str line, size_t at, Record *record)
{
    Str head = {.text = line.text, .size = limit_of(line, at)};
    size_t to = column_skip_word(head, at), last = to - 1;
    if (line.text[last] != ':') {
        size_t second = column_skip_blanks(head, to);
        to = column_skip_word(head, second);
        if (!is_second_of_tag(str_part(line, second, to)))
            return COLUMN_NONE;
    }
    if (!ends_word(line, to))
        return COLUMN_NONE;
    size_t name = at;
    while (name < to - 1 && line.text[name] != '[')
        name++;
    if (name == at)
        return COLUMN_NONE;
    record->component = str_part(line, at, name);
    return to;
}

/* Marks: '|' ends at the next "|"; ':' at a colon in the same word, "root:message"; '-' at the next
 * " - " within a few words. */
static size_t read_field(char mark, Str line, size_t at, Record *record)
{
    size_t limit = limit_of(line, at);
    int words = 1;
    for (size_t i = at; i < limit; i++) {
        char c = line.text[i];
        if (c == mark && mark == '-' &&
            (i == at || !is_blank(line.text[i - 1]) || !ends_word(line, i + 1)))
            continue;
        if (c == mark) {
            size_t end = i;
            while (end > at && is_blank(line.text[end - 1]))
                end--;
            if (end == at && mark != '|')
                return COLUMN_NONE;
            if (record->component.size == 0)
                record->component = str_part(line, at, end);
            return i + 1;
        }
        if (is_blank(c) && mark != '|')
            words += !is_blank(line.text[i - 1]);
        if (words > (mark == ':' ? 1 : FIELD_WORDS_MAX))
            return COLUMN_NONE;
    }
    return COLUMN_NONE;
}

static size_t read_word(Column column, Str line, size_t at, Record *record)
{
    size_t to = find_either(line.text, at, limit_of(line, at), ' ', '\t');
    if (!ends_word(line, to)) /* Too long for a column. */
        return COLUMN_NONE;
    if (column == COLUMN_CLOSED && line.text[to - 1] != ']')
        return COLUMN_NONE;
    if (column == COLUMN_HOST)
        record->host = str_part(line, at, to);
    if (column == COLUMN_NAME || column == COLUMN_CLOSED)
        record->component = str_part(line, at, to - (column == COLUMN_CLOSED));
    return to;
}

size_t column_read(Column column, uint8_t mark, const TimeFrame *frame, Str line, size_t at,
                   Record *record)
{
    odd_time ignored;
    if (column == COLUMN_GLUED)
        return read_glued(line, at, record);
    at = column_skip_blanks(line, at);
    if (at == line.size)
        return COLUMN_NONE;
    switch (column) {
    case COLUMN_TIME: return read_stamp(mark, frame, line, at, &record->time);
    case COLUMN_STAMP: return read_stamp(mark, frame, line, at, &ignored);
    case COLUMN_UPTIME: return read_uptime(line, at);
    case COLUMN_LEVEL: return read_level(mark, line, at, record);
    case COLUMN_NUMBER: return read_number(line, at);
    case COLUMN_BRACKET: return read_bracket((char)mark, line, at, record);
    case COLUMN_PUNCTUATION: return read_punctuation((char)mark, line, at);
    case COLUMN_TAG: return read_tag(line, at, record);
    case COLUMN_FIELD: return read_field((char)mark, line, at, record);
    case COLUMN_CLOSED:
    case COLUMN_HOST:
    case COLUMN_NAME:
    case COLUMN_WORD: return read_word(column, line, at, record);
    case COLUMN_GLUED: break;
    }
    return COLUMN_NONE;
}
