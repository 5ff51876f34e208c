/* SPDX-License-Identifier: Apache-2.0 */
#include "event/timestamp.h"

#include <assert.h>
#include <stdint.h>

#include "base/time.h"

/* The language of spellings, a step each; any other character stands for itself.
 *   Y year, 4 digits        M month, 2 digits       D day, 2 digits         B month, a name
 *   y year, 2 digits        m month, 1-2 digits     d day, 1-2 digits       A weekday, a name
 *   H I S hour, minute, second, 2 digits            h i s the same, 1-2 digits
 *   f fraction, perhaps     n ":" and milliseconds  P AM or PM              z zone, perhaps
 *   T "T", "_" or a blank   ' ' one or more blanks  E seconds and smaller since 1970
 * Where two spellings read equally much, the first of the table wins. */
static const char *const spellings[] = {
    "Y-M-DTH:I:Sfz",   "B d H:I:Sf",        "Y/m/d H:I:Sfz",     "M-D H:I:Sf",
    "A B d H:I:Sf Y",  "D/B/Y:H:I:Sfz",     "A B d H:I:Sz Y",    "A, d B Y H:I:Sfz",
    "d B Y H:I:Sfz",   "d-B-Y H:I:Sfz",     "d-B-y h.i.sf P",    "B d Y H:I:Sfz",
    "B d, Y h:i:sf P", "B d, Y H:I:Sfz",    "B d H:I:Sf Y",      "Y B d H:I:Sfz",
    "Y-B-D H:I:Sfz",   "YMDTH:I:Sfz",       "YMDTHISfz",         "YMD-h:i:sn",
    "YMD-HISf",        "YMDHISf",           "yMD HIS",           "yMD h:I:S",
    "y/M/D H:I:Sf",    "y-M-D H:I:Sf",      "Y-M-D-H.I.Sf",      "Y-M-D-H:I:Sf",
    "Y-M-DTH-I-Sf",    "Y-m-d h:i:sf P",    "Y-m-d h:i:sfz",     "Y-m-d h:i:sn",
    "Y.m.d H:I:Sfz",   "Y.m.d-H:I:Sf",      "Y:M:D H:I:Sf",      "m/d/Y h:i:sf P",
    "m/d/Y, h:i:sf P", "m/d/Y H:I:Sfz",     "d/m/Y H:I:Sfz",     "m/d/y h:i:sf P",
    "m/d/y H:I:Sf",    "d/m/y H:I:Sf",      "m-d-Y h:i:sf P",    "m-d-Y H:I:Sfz",
    "d-m-Y H:I:Sfz",   "d.m.Y H:I:Sfz",     "d.m.Y, H:I:Sf",     "d.m.y H:I:Sf",
    "M.D H:I:Sf",      "M/D H:I:Sf",        "MD H:I:Sf",         "m/d/Y-H:I:Sf",
    "d/B/Y H:I:Sfz",   "A d B Y H:I:Sfz",   "A, d-B-y H:I:Sfz",  "A B d Y H:I:Sfz",
    "Y-M-DTH:Iz",      "Y/m/d H:I",         "m/d/Y h:i P",       "E",
    "H:I:Sn",          "H:I:Sf",            "h:i:sf P",          "Y-M-D",
    "Y.M.D",           "Y/M/D",
    /* Those of a table's cells: too short to be told from other words of a line. */
    "d/m/Y H:I",       "m/d/Y H:I",         "d.m.Y H:I",         "d-m-Y H:I",
    "m-d-Y H:I",       "d/m/y H:I",         "m/d/y H:I",         "d.m.y H:I",
    "m/d/Y",           "d/m/Y",             "d.m.Y",             "d-m-Y",
    "m-d-Y",           "m/d/y",             "d/m/y",             "d.m.y",
    "d-B-Y",           "d B Y",             "B d, Y",            "d-B-y",
    "YMDHI",           "YMD",               "m/d/y h:i P",        "d/m/Y h:i:sf P",
    "d/m/Y h:i P",     "d/m/Y H.I.S",       "Y-M",                "B Y",
};
#define SPELLING_COUNT (sizeof spellings / sizeof spellings[0])
#define CELL_SPELLING_COUNT 28
#define SYSLOG_FORMAT 2
#define ACCESS_LOG_FORMAT 6

#define EPOCH_MIN 631152000LL      /* 1990-01-01: a number before it is no time. */
#define EPOCH_MAX 4102444800LL     /* 2100-01-01, if no `now` is known.          */
#define DAYS_PER_YEAR_MIN 365
#define YEAR_LOOK_BACK 8           /* A 29 February comes again within so many.   */

enum { HAS_YEAR = 1, HAS_DAY = 2, HAS_ZONE = 4, HAS_HALF = 8, HAS_EPOCH = 16 };

typedef struct {
    const char *p, *end;
    Civil       civil;
    int32_t     zone_s;
    int         has;
    bool        after_noon;
    odd_time    epoch;
} Scan;

static bool is_digit(char c)
{
    return (unsigned char)(c - '0') < 10;
}

static bool is_letter(char c)
{
    return (unsigned char)((c | 32) - 'a') < 26;
}

static bool take_digits(Scan *s, int least, int most, int *ret_number)
{
    int number = 0, count = 0;
    while (count < most && s->p + count < s->end && is_digit(s->p[count]))
        number = number * 10 + (s->p[count++] - '0');
    if (count < least)
        return false;
    s->p += count;
    *ret_number = number;
    return true;
}

static bool take_two(Scan *s, int *ret_number)
{
    if (s->end - s->p < 2 || !is_digit(s->p[0]) || !is_digit(s->p[1]))
        return false;
    *ret_number = (s->p[0] - '0') * 10 + (s->p[1] - '0');
    s->p += 2;
    return true;
}

/* Three letters of a list, then the rest of the name if it is written out. */
static bool take_name(Scan *s, const char *list, const char *const *rests, int count,
                      int *ret_index)
{
    if (s->end - s->p < 3)
        return false;
    char a = (char)(s->p[0] | 32), b = (char)(s->p[1] | 32), c = (char)(s->p[2] | 32);
    for (int i = 0; i < count; i++) {
        const char *name = list + (ptrdiff_t)3 * i;
        if (a != name[0] || b != name[1] || c != name[2])
            continue;
        s->p += 3;
        size_t rest = strlen(rests[i]);
        if ((size_t)(s->end - s->p) >= rest && memcmp(s->p, rests[i], rest) == 0)
            s->p += rest;
        *ret_index = i;
        return s->p == s->end || !is_letter(*s->p);
    }
    return false;
}

static bool take_month(Scan *s)
{
    static const char *const rests[] = {"uary", "ruary", "ch",     "il",   "",      "e",
                                        "y",    "ust",   "tember", "ober", "ember", "ember"};
    int index;
    if (!take_name(s, "janfebmaraprmayjunjulaugsepoctnovdec", rests, 12, &index))
        return false;
    s->civil.month = index + 1;
    return true;
}

static bool take_weekday(Scan *s)
{
    static const char *const rests[] = {"day", "day", "sday", "nesday", "rsday", "day", "urday"};
    int index;
    return take_name(s, "sunmontuewedthufrisat", rests, 7, &index);
}

static bool take_fraction(Scan *s)
{
    if (s->end - s->p < 2 || (s->p[0] != '.' && s->p[0] != ',') || !is_digit(s->p[1]))
        return true;
    s->p++;
    int number = 0, scale = 100000000;
    for (; s->p < s->end && is_digit(*s->p); s->p++) {
        number += (*s->p - '0') * scale;
        scale /= 10;
    }
    s->civil.nanosecond = number;
    return true;
}

static bool take_milliseconds(Scan *s)
{
    int number;
    if (s->end - s->p < 2 || *s->p != ':')
        return false;
    s->p++;
    if (!take_digits(s, 1, 3, &number))
        return false;
    s->civil.nanosecond = number * 1000000;
    return true;
}

static bool take_half(Scan *s)
{
    if (s->end - s->p < 2 || (s->p[1] | 32) != 'm')
        return false;
    char half = (char)(s->p[0] | 32);
    if (half != 'a' && half != 'p')
        return false;
    s->after_noon = half == 'p';
    s->has |= HAS_HALF;
    s->p += 2;
    return s->civil.hour >= 1 && s->civil.hour <= 12;
}

/* Names of zones that logs really use; the ambiguous ones are read as in North America. */
static size_t zone_name(Str s, int32_t *ret_zone_s)
{
    static const struct {
        const char *name;
        int         hours;
    } names[] = {{"UTC", 0},  {"GMT", 0},  {"CET", 1},  {"CEST", 2}, {"EET", 2},  {"EEST", 3},
                 {"BST", 1},  {"WET", 0},  {"WEST", 1}, {"MSK", 3},  {"JST", 9},  {"KST", 9},
                 {"EST", -5}, {"EDT", -4}, {"CST", -6}, {"CDT", -5}, {"MST", -7}, {"MDT", -6},
                 {"PST", -8}, {"PDT", -7}};
    size_t size = 0;
    while (size < s.size && size < 5 && s.text[size] >= 'A' && s.text[size] <= 'Z')
        size++;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (strlen(names[i].name) == size && memcmp(names[i].name, s.text, size) == 0) {
            *ret_zone_s = names[i].hours * 3600;
            return size;
        }
    return 0;
}

/* "+01:00", "+0100", "+01" */
static size_t zone_offset(Str s, int32_t *ret_zone_s)
{
    Scan in = {.p = s.text + 1, .end = s.text + s.size};
    int hours, minutes = 0;
    if (s.size < 3 || !take_two(&in, &hours))
        return 0;
    const char *after_hours = in.p;
    in.p += in.p < in.end && *in.p == ':';
    if (!take_two(&in, &minutes))
        in.p = after_hours;
    if (hours > 15 || minutes > 59 || (in.p < in.end && (is_digit(*in.p) || is_letter(*in.p))))
        return 0;
    *ret_zone_s = (hours * 3600 + minutes * 60) * (s.text[0] == '-' ? -1 : 1);
    return (size_t)(in.p - s.text);
}

static bool take_zone(Scan *s)
{
    if (s->p == s->end)
        return true;
    size_t blank = *s->p == ' ' ? 1 : 0;
    Str rest = {.text = s->p + blank, .size = (size_t)(s->end - s->p) - blank};
    if (rest.size == 0)
        return true;
    size_t size = 0;
    int32_t zone_s = 0;
    char c = rest.text[0];
    if ((c == 'Z' || c == 'z') && blank == 0)
        size = 1;
    else if (c == '+' || c == '-')
        size = zone_offset(rest, &zone_s);
    else if (c >= 'A' && c <= 'Z')
        size = zone_name(rest, &zone_s);
    if (size == 0)
        return true;
    s->p += blank + size;
    s->zone_s = zone_s;
    s->has |= HAS_ZONE;
    return true;
}

static bool take_blanks(Scan *s)
{
    const char *from = s->p;
    while (s->p < s->end && (*s->p == ' ' || *s->p == '\t'))
        s->p++;
    return s->p > from;
}

/* 10 digits are seconds, 13 milli-, 16 micro-, 19 nanoseconds; seconds may have a fraction. */
static bool take_epoch(Scan *s)
{
    int64_t number = 0;
    const char *from = s->p;
    while (s->p < s->end && s->p - from < 19 && is_digit(*s->p) && number < INT64_MAX / 10 - 1)
        number = number * 10 + (*s->p++ - '0');
    int64_t unit;
    switch (s->p - from) {
    case 10: unit = NS_PER_S; break;
    case 13: unit = NS_PER_S / 1000; break;
    case 16: unit = NS_PER_S / 1000000; break;
    case 19: unit = 1; break;
    default: return false;
    }
    if (number > INT64_MAX / 2 / unit)
        return false;
    s->epoch = number * unit;
    s->civil.nanosecond = 0;
    take_fraction(s);
    s->epoch += s->civil.nanosecond / (NS_PER_S / unit);
    s->has |= HAS_EPOCH;
    return true;
}

static bool take_short_year(Scan *s)
{
    s->has |= HAS_YEAR;
    if (!take_two(s, &s->civil.year))
        return false;
    s->civil.year += s->civil.year < 70 ? 2000 : 1900;
    return true;
}

/* The steps that nearly every stamp has are tried before, in timestamp_read. */
static bool take_rare_step(Scan *s, char step)
{
    switch (step) {
    case 'y': return take_short_year(s);
    case 'm': return take_digits(s, 1, 2, &s->civil.month);
    case 'B': return take_month(s);
    case 'd': s->has |= HAS_DAY; return take_digits(s, 1, 2, &s->civil.day);
    case 'h': return take_digits(s, 1, 2, &s->civil.hour);
    case 'i': return take_digits(s, 1, 2, &s->civil.minute);
    case 's': return take_digits(s, 1, 2, &s->civil.second);
    case 'A': return take_weekday(s);
    case 'f': return take_fraction(s);
    case 'n': return take_milliseconds(s);
    case 'P': return take_half(s);
    case 'z': return take_zone(s);
    case 'E': return take_epoch(s);
    case ' ': return take_blanks(s);
    case 'T':
        if (s->p == s->end || (*s->p != 'T' && *s->p != '_' && *s->p != ' '))
            return false;
        s->p++;
        return true;
    default:
        if (s->p == s->end || *s->p != step)
            return false;
        s->p++;
        return true;
    }
}

static inline bool take_step(Scan *s, char step)
{
    switch (step) {
    case 'Y': s->has |= HAS_YEAR; return take_digits(s, 4, 4, &s->civil.year);
    case 'M': return take_two(s, &s->civil.month);
    case 'D': s->has |= HAS_DAY; return take_two(s, &s->civil.day);
    case 'H': return take_two(s, &s->civil.hour);
    case 'I': return take_two(s, &s->civil.minute);
    case 'S': return take_two(s, &s->civil.second);
    case '-':
    case ':':
    case '/':
        if (s->p == s->end || *s->p != step)
            return false;
        s->p++;
        return true;
    default: return take_rare_step(s, step);
    }
}

/* A stamp ends where a word ends: "12:00:01x" and the "2005-06-03" of "2005-06-03-15" are none. */
static bool ends_here(const Scan *s)
{
    if (s->p == s->end)
        return true;
    if (is_digit(*s->p) || is_letter(*s->p))
        return false;
    bool glue = memchr(".:-/,+_", *s->p, 7) != NULL;
    return !glue || s->p + 1 == s->end || !is_digit(s->p[1]);
}

static odd_time resolve_year(Civil civil, const TimeFrame *frame, int32_t zone_s)
{
    if (frame->now == 0) {
        civil.year = 1970;
        return time_from_civil(civil);
    }
    odd_time latest = frame->now + (zone_s + S_PER_DAY) * NS_PER_S;
    civil.year = frame->now_year;
    odd_time time = time_from_civil(civil);
    if (time != ODD_TIME_NONE && time <= latest &&
        time > latest - DAYS_PER_YEAR_MIN * S_PER_DAY * NS_PER_S)
        return time; /* Nearly always; the next year's would be too late for certain. */
    for (int back = -1; back <= YEAR_LOOK_BACK; back++) {
        civil.year = frame->now_year - back;
        time = time_from_civil(civil);
        if (time != ODD_TIME_NONE && time <= latest)
            return time;
    }
    return ODD_TIME_NONE;
}

static odd_time resolve(Scan *s, const TimeFrame *frame)
{
    if (s->has & HAS_EPOCH)
        return s->epoch;
    if (s->has & HAS_HALF)
        s->civil.hour = s->civil.hour % 12 + (s->after_noon ? 12 : 0);
    int32_t zone_s = s->has & HAS_ZONE ? s->zone_s : frame->zone_s;
    odd_time time;
    if (s->has & HAS_YEAR) {
        if (!(s->has & HAS_DAY))
            s->civil.day = 1; /* A month begins. */
        time = time_from_civil(s->civil);
    } else if (s->has & HAS_DAY) {
        time = resolve_year(s->civil, frame, zone_s);
    } else {
        Civil today = time_to_civil(frame->now + zone_s * NS_PER_S);
        s->civil.year = today.year;
        s->civil.month = today.month;
        s->civil.day = today.day;
        time = time_from_civil(s->civil);
    }
    /* One day of room keeps the shift by the zone inside the span of odd_time. */
    if (time == ODD_TIME_NONE || time > INT64_MAX - S_PER_DAY * NS_PER_S ||
        time < INT64_MIN + S_PER_DAY * NS_PER_S)
        return ODD_TIME_NONE;
    return time - zone_s * NS_PER_S;
}

static bool is_plausible_epoch(odd_time time, const TimeFrame *frame)
{
    odd_time latest = EPOCH_MAX * NS_PER_S;
    if (frame->now != 0 && frame->now < latest - 366 * S_PER_DAY * NS_PER_S)
        latest = frame->now + 366 * S_PER_DAY * NS_PER_S;
    return time >= EPOCH_MIN * NS_PER_S && time <= latest;
}

TimeFrame time_frame(odd_time now, int32_t zone_s)
{
    const odd_time room = 2 * S_PER_DAY * NS_PER_S;
    if (now > INT64_MAX - room || now < INT64_MIN + room)
        now = 0;
    if (zone_s > S_PER_DAY || zone_s < -S_PER_DAY)
        zone_s = 0;
    TimeFrame frame = {.now = now, .zone_s = zone_s};
    frame.now_year = time_to_civil(now + zone_s * NS_PER_S).year;
    return frame;
}

TimeFormat timestamp_format_count(void)
{
    return (TimeFormat)(SPELLING_COUNT - CELL_SPELLING_COUNT);
}

TimeFormat timestamp_cell_format_count(void)
{
    return (TimeFormat)SPELLING_COUNT;
}

const char *timestamp_spelling(TimeFormat format)
{
    assert(format <= SPELLING_COUNT);
    return format == TIME_FORMAT_NONE ? "" : spellings[format - 1];
}

bool timestamp_has_date(TimeFormat format)
{
    return strpbrk(timestamp_spelling(format), "DdEY") != NULL;
}

bool timestamp_is_syslog(TimeFormat format)
{
    return format == SYSLOG_FORMAT;
}

bool timestamp_is_access_log(TimeFormat format)
{
    return format == ACCESS_LOG_FORMAT;
}

int timestamp_worth(TimeFormat format)
{
    const char *spelling = timestamp_spelling(format);
    if (strchr(spelling, 'E') != NULL)
        return 15;
    return (strpbrk(spelling, "Yy") != NULL ? 8 : 0) + (strpbrk(spelling, "Dd") != NULL ? 4 : 0) +
           (strpbrk(spelling, "Hh") != NULL ? 4 : -4) + (strpbrk(spelling, "fn") != NULL ? 1 : 0);
}

bool timestamp_may_start(Str text, size_t at)
{
    if (at >= text.size)
        return false;
    Scan month = {.p = text.text + at, .end = text.text + text.size}, weekday = month;
    return is_digit(text.text[at]) || take_month(&month) || take_weekday(&weekday);
}

TimeFormat timestamp_guess(const TimeFrame *frame, Str text, size_t at)
{
    TimeFormat best = TIME_FORMAT_NONE;
    size_t best_size = 0;
    for (TimeFormat format = 1; format <= timestamp_format_count(); format++) {
        odd_time time;
        size_t size = timestamp_read(format, frame, text, at, &time);
        if (size > best_size && time != ODD_TIME_NONE) {
            best = format;
            best_size = size;
        }
    }
    return best;
}

bool timestamp_whole(const TimeFrame *frame, Str text, odd_time *ret_time)
{
    TimeFormat format = timestamp_guess(frame, text, 0);
    return timestamp_read(format, frame, text, 0, ret_time) == text.size && text.size > 0;
}

size_t timestamp_read(TimeFormat format, const TimeFrame *frame, Str text, size_t at,
                      odd_time *ret_time)
{
    assert(format <= SPELLING_COUNT);
    assert(at <= text.size);
    if (format == TIME_FORMAT_NONE)
        return 0;
    size_t left = text.size - at < TIMESTAMP_BYTES_MAX ? text.size - at : TIMESTAMP_BYTES_MAX;
    Scan s = {.p = text.text + at, .end = text.text + at + left};
    for (const char *step = spellings[format - 1]; *step != '\0'; step++)
        if (!take_step(&s, *step))
            return 0;
    if (!ends_here(&s))
        return 0;
    odd_time time = resolve(&s, frame);
    if (s.has & HAS_EPOCH && !is_plausible_epoch(time, frame))
        return 0;
    *ret_time = time;
    return (size_t)(s.p - (text.text + at));
}
