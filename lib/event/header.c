/* SPDX-License-Identifier: Apache-2.0 */
#include "event/header.h"

#include <assert.h>

#include "base/hash.h"
#include "event/column.h"
#include "event/continuation.h"

/* Shares of the lines that must agree, in percent. */
#define SHARE_TIME_FIRST 30  /* A date and time at the very start is hardly anything else. */
#define SHARE_CLOCK_FIRST 60 /* Only a date, only a clock, or only a number               */
#define SHARE_TIME_LATER 80  /* Behind some words                                          */
#define SHARE_COLUMN 90
#define SHARE_LEVEL 80
#define SHARE_TAG 60 /* Of syslog, whose tags are optional. */
#define SHARE_TIMELESS 95
#define WORDS_BEFORE_TIME_MAX 6
#define WORDS_BEFORE_LEVEL_MAX 4
#define LINES_FOR_WEAK 4      /* Fewer lines are no majority for what may be chance.      */
#define LINES_FOR_TIMELESS 8
#define LINES_FOR_FLAG 20

typedef struct {
    Str    line;
    size_t at; /* Where its next column starts. */
} Sample;

typedef struct {
    Layout *layout;
    Sample  lines[HEADER_LINES_MAX]; /* Those that agreed so far. */
    size_t  count;
    bool    has_time, has_level;
} Learner;

/* -- what the lines agree on --------------------------------------------------------------- */

static size_t skip_words(Str line, size_t at, int words)
{
    for (; words > 0; words--) {
        at = column_skip_blanks(line, at);
        if (at == line.size)
            return at;
        at = column_skip_word(line, at);
    }
    return at;
}

static size_t read_at(const Learner *l, const Sample *s, int words, Column column, uint8_t mark,
                      Record *record)
{
    *record = (Record){.time = ODD_TIME_NONE};
    size_t at = skip_words(s->line, s->at, words);
    size_t to = column_read(column, mark, &l->layout->frame, s->line, at, record);
    if (column == COLUMN_TIME && record->time == ODD_TIME_NONE)
        return COLUMN_NONE;
    if (column == COLUMN_LEVEL && record->level == LEVEL_NONE)
        return COLUMN_NONE;
    return to;
}

/* Do `percent` of the lines have this column, `words` words further on? */
static bool agrees(const Learner *l, int words, Column column, uint8_t mark, size_t percent)
{
    size_t hits = 0;
    for (size_t i = 0; i < l->count; i++) {
        Record record;
        hits += read_at(l, &l->lines[i], words, column, mark, &record) != COLUMN_NONE;
    }
    return l->count > 0 && hits * 100 >= l->count * percent;
}

static bool is_known(const uint64_t *hashes, size_t count, uint64_t hash)
{
    for (size_t i = 0; i < count; i++)
        if (hashes[i] == hash)
            return true;
    return false;
}

/* How many different texts the column takes, `words` words further on. */
static size_t distinct(const Learner *l, int words, Column column, uint8_t mark)
{
    uint64_t hashes[HEADER_LINES_MAX];
    size_t count = 0;
    for (size_t i = 0; i < l->count; i++) {
        Record record;
        const Sample *s = &l->lines[i];
        size_t to = read_at(l, s, words, column, mark, &record);
        if (to == COLUMN_NONE)
            continue;
        size_t from = column_skip_blanks(s->line, skip_words(s->line, s->at, words));
        uint64_t hash = hash_bytes(s->line.text + from, to - from, 0);
        if (!is_known(hashes, count, hash))
            hashes[count++] = hash;
    }
    return count;
}

/* The lines step over the column; those that do not have it drop out. */
static bool take(Learner *l, Column column, uint8_t mark)
{
    Layout *layout = l->layout;
    if (layout->column_count == LAYOUT_COLUMNS_MAX)
        return false;
    size_t kept = 0;
    for (size_t i = 0; i < l->count; i++) {
        Record record;
        size_t to = read_at(l, &l->lines[i], 0, column, mark, &record);
        if (to == COLUMN_NONE)
            continue;
        l->lines[kept] = l->lines[i];
        l->lines[kept++].at = to;
    }
    l->count = kept;
    layout->columns[layout->column_count] = (uint8_t)column;
    layout->marks[layout->column_count++] = mark;
    l->has_time |= column == COLUMN_TIME || column == COLUMN_UPTIME;
    l->has_level |= column == COLUMN_LEVEL || column == COLUMN_GLUED;
    return true;
}

static bool take_words(Learner *l, int words)
{
    for (; words > 0; words--)
        if (!take(l, COLUMN_WORD, 0))
            return false;
    return true;
}

/* -- time ---------------------------------------------------------------------------------- */

typedef struct {
    size_t bytes, hits; /* What a format reads of all lines. */
} TimeVote;

static void vote_line(const Learner *l, const Sample *s, int words, TimeVote *votes)
{
    size_t at = skip_words(s->line, s->at, words);
    if (!column_may_be_time(s->line, at))
        return;
    for (TimeFormat format = 1; format <= timestamp_format_count(); format++) {
        Record record = {.time = ODD_TIME_NONE};
        size_t to = column_read(COLUMN_TIME, format, &l->layout->frame, s->line, at, &record);
        if (to == COLUMN_NONE || record.time == ODD_TIME_NONE)
            continue;
        votes[format].bytes += to - at;
        votes[format].hits++;
    }
}

/* The format by which the lines read most bytes as time; *ret_hits: how many lines do. */
static TimeFormat vote_time(const Learner *l, int words, size_t *ret_hits)
{
    TimeVote votes[UINT8_MAX + 1] = {0}; /* By TimeFormat. */
    for (size_t i = 0; i < l->count; i++)
        vote_line(l, &l->lines[i], words, votes);
    TimeFormat best = TIME_FORMAT_NONE;
    for (TimeFormat format = 1; format <= timestamp_format_count(); format++)
        if (votes[format].bytes > votes[best].bytes)
            best = format;
    *ret_hits = votes[best].hits;
    return best;
}

static size_t time_share_needed(TimeFormat format, int words)
{
    if (words > 0)
        return SHARE_TIME_LATER;
    bool full = timestamp_worth(format) >= 8 && timestamp_has_date(format);
    return full ? SHARE_TIME_FIRST : SHARE_CLOCK_FIRST;
}

/* "I1123 20:15:42.123456" */
static bool take_glued_time(Learner *l)
{
    if (!agrees(l, 0, COLUMN_GLUED, 0, SHARE_CLOCK_FIRST))
        return false;
    Layout scratch = *l->layout;
    Learner ahead = *l;
    ahead.layout = &scratch;
    take(&ahead, COLUMN_GLUED, 0);
    size_t hits;
    TimeFormat format = vote_time(&ahead, 0, &hits);
    if (format == TIME_FORMAT_NONE || hits * 100 < l->count * SHARE_CLOCK_FIRST)
        return false;
    return take(l, COLUMN_GLUED, 0) && take(l, COLUMN_TIME, format);
}

/* A time behind words is a column only if a message follows: "connected at 15:16:01" is all one. */
static bool leads_on(const Learner *l, int words, TimeFormat format)
{
    if (timestamp_worth(format) < 8 || l->count < LINES_FOR_WEAK)
        return false;
    size_t hits = 0;
    for (size_t i = 0; i < l->count; i++) {
        Record record;
        const Sample *s = &l->lines[i];
        size_t to = read_at(l, s, words, COLUMN_TIME, format, &record);
        hits += to != COLUMN_NONE && column_skip_blanks(s->line, to) < s->line.size;
    }
    return hits * 100 >= l->count * SHARE_TIME_LATER;
}

static bool take_first_time(Learner *l)
{
    if (take_glued_time(l))
        return true;
    for (int words = 0; words <= WORDS_BEFORE_TIME_MAX; words++) {
        size_t hits;
        TimeFormat format = vote_time(l, words, &hits);
        if (format == TIME_FORMAT_NONE || hits * 100 < l->count * time_share_needed(format, words))
            continue;
        if (words > 0 && !timestamp_is_access_log(format) && !leads_on(l, words, format))
            continue;
        if (!take_words(l, words) || !take(l, COLUMN_TIME, format))
            return false;
        l->layout->is_joined = words > 0 && timestamp_is_access_log(format);
        return true;
    }
    return false;
}

static bool take_next_time(Learner *l)
{
    for (int words = 0; words <= 2; words++) {
        size_t hits;
        TimeFormat format = vote_time(l, words, &hits);
        if (hits * 100 >= l->count * SHARE_COLUMN && timestamp_has_date(format) &&
            (words == 0 || l->count >= LINES_FOR_WEAK))
            return take_words(l, words) && take(l, COLUMN_TIME, format);
    }
    return false;
}

/* Of several time columns the one that tells most is the record's time. */
static void choose_time(Layout *layout)
{
    size_t best = header_time_column(layout);
    for (size_t i = best; i < layout->column_count; i++)
        if (layout->columns[i] == COLUMN_TIME &&
            timestamp_worth(layout->marks[i]) > timestamp_worth(layout->marks[best]))
            best = i;
    for (size_t i = 0; i < layout->column_count; i++)
        if (layout->columns[i] == COLUMN_TIME && i != best)
            layout->columns[i] = COLUMN_STAMP;
    layout->time_format = best < layout->column_count ? layout->marks[best] : TIME_FORMAT_NONE;
    layout->column_anchor = (uint8_t)(best + 1);
}

/* -- the other columns --------------------------------------------------------------------- */

static bool take_punctuation(Learner *l)
{
    for (const char *mark = "-|:,;?"; *mark != '\0'; mark++)
        if (agrees(l, 0, COLUMN_PUNCTUATION, (uint8_t)*mark, SHARE_COLUMN))
            return take(l, COLUMN_PUNCTUATION, (uint8_t)*mark);
    return false;
}

static bool take_bracket(Learner *l)
{
    for (const char *open = "[<"; *open != '\0'; open++) {
        if (agrees(l, 0, COLUMN_BRACKET, (uint8_t)*open, SHARE_COLUMN))
            return take(l, COLUMN_BRACKET, (uint8_t)*open);
    }
    bool is_before = l->has_level && agrees(l, 1, COLUMN_BRACKET, '[', SHARE_COLUMN);
    if (is_before && l->count >= LINES_FOR_WEAK)
        return take(l, COLUMN_NAME, 0) && take(l, COLUMN_BRACKET, '[');
    return false;
}

static bool take_level(Learner *l)
{
    if (l->has_level)
        return false;
    for (uint8_t letters = 0; letters <= 1; letters++)
        if (agrees(l, 0, COLUMN_LEVEL, letters, SHARE_LEVEL))
            return take(l, COLUMN_LEVEL, letters);
    return false;
}

/* A word before the level is often the name of the logger. */
static bool take_before_level(Learner *l)
{
    if (agrees(l, 0, COLUMN_NUMBER, 0, SHARE_COLUMN))
        return take(l, COLUMN_NUMBER, 0);
    return take_punctuation(l) || take(l, COLUMN_NAME, 0);
}

static bool take_level_behind_words(Learner *l)
{
    if (l->has_level || l->count < LINES_FOR_WEAK)
        return false;
    for (int words = 1; words <= WORDS_BEFORE_LEVEL_MAX; words++)
        for (uint8_t letters = 0; letters <= 1; letters++) {
            if (!agrees(l, words, COLUMN_LEVEL, letters, SHARE_LEVEL))
                continue;
            for (int i = 0; i < words; i++)
                if (!take_before_level(l))
                    return false;
            return take_level(l);
        }
    return false;
}

/* A number is header only if more of it follows: "3 users logged in" is a message. */
static bool take_number(Learner *l)
{
    static const struct {
        Column  column;
        uint8_t mark;
    } more[] = {{COLUMN_NUMBER, 0}, {COLUMN_BRACKET, '['}, {COLUMN_PUNCTUATION, '-'},
                {COLUMN_CLOSED, 0}, {COLUMN_LEVEL, 0},     {COLUMN_LEVEL, 1},
                {COLUMN_TAG, 0}};
    if (!agrees(l, 0, COLUMN_NUMBER, 0, SHARE_COLUMN))
        return false;
    for (size_t i = 0; i < sizeof more / sizeof more[0]; i++)
        if (agrees(l, 1, more[i].column, more[i].mark, SHARE_COLUMN) &&
            (more[i].column != COLUMN_TAG || distinct(l, 1, COLUMN_TAG, 0) > 1))
            return take(l, COLUMN_NUMBER, 0);
    return false;
}

static bool is_syslog(const Learner *l)
{
    const Layout *layout = l->layout;
    size_t last = layout->column_count;
    return last > 0 && layout->columns[last - 1] == COLUMN_TIME &&
           timestamp_is_syslog(layout->marks[last - 1]);
}

static bool take_tag(Learner *l)
{
    if (is_syslog(l)) {
        if (agrees(l, 1, COLUMN_TAG, 0, SHARE_TAG))
            return take(l, COLUMN_HOST, 0) && take(l, COLUMN_TAG, 0);
    }
    if (agrees(l, 0, COLUMN_TAG, 0, SHARE_COLUMN))
        return take(l, COLUMN_TAG, 0);
    bool has_host = !l->has_level && l->count >= LINES_FOR_WEAK &&
                    agrees(l, 1, COLUMN_TAG, 0, SHARE_LEVEL) &&
                    distinct(l, 0, COLUMN_WORD, 0) * 2 <= l->count;
    return has_host && take(l, COLUMN_HOST, 0) && take(l, COLUMN_TAG, 0);
}

static bool take_field(Learner *l)
{
    if (l->count < LINES_FOR_WEAK)
        return false;
    if (agrees(l, 0, COLUMN_FIELD, '|', SHARE_COLUMN))
        return take(l, COLUMN_FIELD, '|');
    if (agrees(l, 0, COLUMN_FIELD, '-', SHARE_COLUMN) &&
        distinct(l, 0, COLUMN_FIELD, '-') * 2 <= l->count)
        return take(l, COLUMN_FIELD, '-');
    if (agrees(l, 1, COLUMN_PUNCTUATION, ':', SHARE_COLUMN))
        return take(l, COLUMN_NAME, 0) && take(l, COLUMN_PUNCTUATION, ':');
    if (agrees(l, 0, COLUMN_CLOSED, 0, SHARE_COLUMN))
        return take(l, COLUMN_CLOSED, 0);
    return false;
}

/* "CBS    Loaded": a column of fixed width. */
static bool is_padded(Str line, size_t at)
{
    at = column_skip_word(line, column_skip_blanks(line, at));
    return at + 2 <= line.size && column_skip_blanks(line, at) >= at + 2;
}

/* "nova.compute.manager", "Foo::Bar": a name of several parts, each beginning with a letter. */
static bool is_qualified(Str line, size_t at)
{
    at = column_skip_blanks(line, at);
    size_t to = column_skip_word(line, at), parts = 0;
    for (size_t i = at; i < to; i++) {
        char c = line.text[i];
        bool is_letter = (unsigned char)((c | 32) - 'a') < 26 || c == '_';
        bool is_inner = (c >= '0' && c <= '9') || c == '.' || c == ':' || c == '$' || c == '-';
        bool starts = i == at || line.text[i - 1] == '.' || line.text[i - 1] == ':';
        if (!is_letter && (!is_inner || (starts && c != ':')))
            return false;
        parts += starts && is_letter;
    }
    return parts >= 2 && line.text[to - 1] != '.' && line.text[to - 1] != ':';
}

static bool take_name(Learner *l)
{
    if (l->count < LINES_FOR_TIMELESS)
        return false;
    size_t padded = 0, qualified = 0;
    for (size_t i = 0; i < l->count; i++) {
        padded += is_padded(l->lines[i].line, l->lines[i].at);
        qualified += is_qualified(l->lines[i].line, l->lines[i].at);
    }
    bool is_few = distinct(l, 0, COLUMN_WORD, 0) * 2 <= l->count;
    bool is_name = padded * 100 >= l->count * SHARE_COLUMN ||
                   (l->has_level && qualified * 100 >= l->count * SHARE_TIMELESS);
    return is_few && is_name && take(l, COLUMN_NAME, 0);
}

/* A flag: few values, and what follows has many beginnings, so it does not count anything. */
static void take_flag(Learner *l)
{
    if (l->count >= LINES_FOR_FLAG && agrees(l, 0, COLUMN_NUMBER, 0, SHARE_TIMELESS) &&
        distinct(l, 0, COLUMN_NUMBER, 0) <= 3 && distinct(l, 1, COLUMN_WORD, 0) >= 5)
        take(l, COLUMN_NUMBER, 0);
}

static void take_rest(Learner *l)
{
    while (l->layout->column_count < LAYOUT_COLUMNS_MAX && l->count > 0) {
        if (take_punctuation(l) || (l->has_time && take_next_time(l)) || take_level(l) ||
            take_bracket(l) || take_number(l) || take_level_behind_words(l))
            continue;
        if (take_tag(l)) /* What a tag announces is the message. */
            return;
        if (!take_field(l) && !take_name(l))
            break;
    }
    take_flag(l);
}

/* -- headers without time ------------------------------------------------------------------ */

static bool take_timeless(Learner *l)
{
    if (agrees(l, 0, COLUMN_UPTIME, 0, SHARE_CLOCK_FIRST))
        return take(l, COLUMN_UPTIME, 0);
    if (l->count < LINES_FOR_TIMELESS)
        return false;
    if (agrees(l, 0, COLUMN_LEVEL, 0, SHARE_COLUMN)) { /* "INFO:root:message" */
        bool is_touching = false;
        take(l, COLUMN_LEVEL, 0);
        for (size_t i = 0; i < l->count; i++)
            is_touching |= l->lines[i].at < l->lines[i].line.size &&
                           l->lines[i].line.text[l->lines[i].at] != ' ';
        if (is_touching && agrees(l, 0, COLUMN_FIELD, ':', SHARE_COLUMN))
            take(l, COLUMN_FIELD, ':');
        return true;
    }
    if (agrees(l, 1, COLUMN_TAG, 0, SHARE_TIMELESS) && distinct(l, 0, COLUMN_WORD, 0) == 1)
        return take(l, COLUMN_HOST, 0) && take(l, COLUMN_TAG, 0);
    if (agrees(l, 1, COLUMN_PUNCTUATION, '|', SHARE_TIMELESS) && /* "web_1  | message" */
        distinct(l, 0, COLUMN_WORD, 0) * 4 <= l->count)
        return take(l, COLUMN_NAME, 0) && take(l, COLUMN_PUNCTUATION, '|');
    return false;
}

/* -- the functions that others call -------------------------------------------------------- */

size_t header_time_column(const Layout *layout)
{
    size_t i = 0;
    while (i < layout->column_count && layout->columns[i] != COLUMN_TIME)
        i++;
    return i;
}

bool header_learn(Layout *layout, const Str *lines, size_t line_count)
{
    Layout learnt = *layout;
    Learner l = {.layout = &learnt};
    for (size_t i = 0; i < line_count && l.count < HEADER_LINES_MAX; i++)
        if (!continuation_looks(lines[i]))
            l.lines[l.count++].line = lines[i];
    size_t asked = l.count;
    if (take_first_time(&l)) {
        size_t headed = l.count;
        if (!learnt.is_joined)
            take_rest(&l);
        choose_time(&learnt);
        learnt.is_regular = headed * 100 >= asked * SHARE_COLUMN;
    } else if (take_timeless(&l)) {
        learnt.column_anchor = learnt.column_count;
        if (learnt.columns[learnt.column_count - 1] != COLUMN_TAG)
            take_rest(&l);
    } else {
        return false;
    }
    learnt.kind = LAYOUT_HEADER;
    *layout = learnt;
    return true;
}

size_t header_read(const Layout *layout, Str line, size_t at, Record *record)
{
    assert(layout->column_count <= LAYOUT_COLUMNS_MAX);
    for (size_t i = 0; i < layout->column_count; i++) {
        Column column = (Column)layout->columns[i];
        size_t to = column_read(column, layout->marks[i], &layout->frame, line, at, record);
        if (to != COLUMN_NONE)
            at = to;
        else if (i < layout->column_anchor)
            return HEADER_NONE;
        else if (column != COLUMN_BRACKET)
            break;
    }
    return column_skip_blanks(line, at);
}
