/* SPDX-License-Identifier: Apache-2.0 */
#include "pattern/shapes.h"

void field_set(Field *field, Kind kind, const char *mould, size_t end)
{
    field->kind = (uint8_t)kind;
    field->mould_size = (uint8_t)strlen(mould);
    memcpy(field->mould, mould, field->mould_size);
    field->size = (uint32_t)(end - field->from);
}

void field_blank(Field *field, Kind kind)
{
    field->kind = (uint8_t)kind;
    field->mould_size = 1;
    field->mould[0] = MOULD_BLANK;
}

/* To white space or a quote, without the punctuation that closes a sentence. */
static size_t url_end(Str text, size_t at)
{
    while (at < text.size && !scan_is_space((unsigned char)text.text[at]) &&
           memchr("\"'<>|,;", text.text[at], 7) == NULL)
        at++;
    while (memchr(")]}.:!?", text.text[at - 1], 7) != NULL)
        at--;
    return at;
}

bool field_url(Str text, size_t end, Field *field)
{
    if (end + 3 >= text.size || memcmp(text.text + end, "://", 3) != 0)
        return false;
    size_t stop = url_end(text, end);
    if (stop <= end + 3)
        return false;
    Str scheme = str_part(text, field->from, end + 3);
    field_set(field, KIND_URL, "\1", stop);
    if (scheme.size < MOULD_SIZE_MAX) {
        memcpy(field->mould, scheme.text, scheme.size);
        field->mould[scheme.size] = MOULD_BLANK;
        field->mould_size = (uint8_t)(scheme.size + 1);
    }
    return true;
}

bool field_drive(Str text, size_t end, Field *field)
{
    if (end - field->from != 1 || end + 1 >= text.size || text.text[end + 1] != '\\')
        return false;
    size_t stop = end + 1;
    while (stop < text.size && scan_class[(unsigned char)text.text[stop]] != 0)
        stop++;
    field_set(field, KIND_PATH, "\1", stop);
    return true;
}

bool field_colons(Str text, size_t end, Field *field)
{
    size_t groups = 0, at = field->from, pairs = 0;
    bool decimal = true, doubled = false;
    for (;;) {
        size_t n = 0;
        for (; at + n < text.size && is_hex(text.text[at + n]) && n < 5; n++)
            decimal = decimal && is_digit(text.text[at + n]);
        if (n > 4)
            return false;
        if (n == 0)
            doubled = true;
        groups++;
        pairs += n == 2;
        at += n;
        if (at + 1 >= text.size || text.text[at] != ':' ||
            !(is_hex(text.text[at + 1]) || (text.text[at + 1] == ':' && !doubled)))
            break;
        at++;
    }
    if (at < text.size && is_letter(text.text[at]))
        return false;
    if (decimal && !doubled && groups == 3 && at - end <= 6) {
        if (at + 1 < text.size && text.text[at] == '.' && is_digit(text.text[at + 1]))
            at += 1 + digits_of(text, at + 1);
        field_set(field, KIND_TIME, "\1:\1:\1", at);
    } else if (decimal && groups == 2 && pairs == 2) {
        field_set(field, KIND_TIME, "\1:\1", at);
    } else if (groups >= 6 && pairs == groups) {
        field_set(field, KIND_MAC, "\1", at);
    } else if (groups == 8 || (doubled && groups >= 3)) {
        field_set(field, KIND_IP, "\1", at);
    } else {
        return false;
    }
    return true;
}

/* -- dates in words --------------------------------------------------------------------------- */

static bool is_month(Str s)
{
    static const ShortWord names[] = {"jan", "feb", "mar", "apr", "may",  "jun", "jul",
                                        "aug", "sep", "oct", "nov", "dec", ""};
    return s.size == 3 && is_one_of(s, names);
}

static bool is_weekday(Str s)
{
    static const ShortWord names[] = {"mon", "tue", "wed", "thu", "fri", "sat", "sun", ""};
    return s.size == 3 && is_one_of(s, names);
}

static bool is_zone(Str s)
{
    static const ShortWord names[] = {"utc", "gmt", "est", "edt", "cst", "cdt", "mst",
                                        "mdt", "pst", "pdt", "cet", "cest", "bst", "jst", ""};
    if (s.size == 5 && (s.text[0] == '+' || s.text[0] == '-'))
        return digits_of(s, 1) == 4;
    return (s.size == 3 || s.size == 4) && is_one_of(s, names);
}

static bool is_clock(Str s)
{
    size_t n = digits_of(s, 0);
    return (n == 1 || n == 2) && s.size >= n + 6 && s.text[n] == ':' && digits_of(s, n + 1) == 2 &&
           s.text[n + 3] == ':' && digits_of(s, n + 4) == 2;
}

/* The next part of a date: to white space or comma. */
static Str date_part(Str text, size_t at)
{
    size_t end = at;
    while (end < text.size && !scan_is_space((unsigned char)text.text[end]) &&
           memchr(",()[]{}\"'<>|=;", text.text[end], 14) == NULL)
        end++;
    while (end > at && text.text[end - 1] == '.')
        end--;
    return str_part(text, at, end);
}

bool field_date(Str text, Field *field)
{
    size_t at = field->from, end = at;
    if (text.text[at] < 'A' || text.text[at] > 'W' || !is_lower(text.text[at + 1])) /* Not, over ... */
        return false;
    bool month = false, weekday = false, clock = false, zone = false;
    int numbers = 0;
    while (at < text.size) {
        Str part = date_part(text, at);
        if (!month && is_month(part))
            month = true;
        else if (!weekday && end == field->from && is_weekday(part))
            weekday = true;
        else if (month && !clock && is_clock(part))
            clock = true;
        else if (clock && !zone && is_zone(part))
            zone = true;
        else if (month && numbers < 2 && (part.size <= 2 || part.size == 4) && part.size > 0 &&
                 digits_of(part, 0) == part.size)
            numbers++;
        else
            break;
        end = at + part.size;
        at = end;
        while (at < text.size && (text.text[at] == ' ' || text.text[at] == ','))
            at++;
    }
    if (!month || numbers == 0)
        return false;
    field_set(field, KIND_TIME, clock ? "\1:\1:\1" : "\1", end);
    return true;
}

/* -- quantities -------------------------------------------------------------------------------- */

static Str unit_at(Str text, size_t at)
{
    static const ShortWord units[] = {"b",   "kb",  "mb", "gb", "tb",      "kib",     "mib",   "gib",
                                        "tib", "kb",  "bytes", "ns", "us",   "ms",      "s",     "sec",
                                        "secs", "seconds", "min", "mins", "minutes", "h", "hours", "days", ""};
    size_t end = at;
    if (memchr("bkmgtnushdBKMGT", text.text[at], 15) == NULL)
        return str_part(text, at, at);
    while (end < text.size && is_letter(text.text[end]))
        end++;
    Str word = str_part(text, at, end);
    bool ended = end == text.size || scan_class[(unsigned char)text.text[end]] == 0 ||
                 text.text[end] == '.';
    return ended && word.size <= 7 && word.size > 0 && is_one_of(word, units) ? word : str_part(text, at, at);
}

/* "(2.0 KB)" behind "2048 bytes" says the same again.  Gives where it ends, or at. */
static size_t restated_end(Str text, size_t at)
{
    if (at + 3 >= text.size || memcmp(text.text + at, " (", 2) != 0 || !is_digit(text.text[at + 2]))
        return at;
    size_t end = at + 2;
    while (end < text.size && (is_digit(text.text[end]) || text.text[end] == '.' || text.text[end] == ','))
        end++;
    if (end + 1 >= text.size || text.text[end] != ' ')
        return at;
    Str unit = unit_at(text, end + 1);
    end += 1 + unit.size;
    return unit.size > 0 && end < text.size && text.text[end] == ')' ? end + 1 : at;
}

bool field_quantity(Str text, size_t end, Field *field)
{
    if (end + 1 >= text.size || text.text[end] != ' ')
        return false;
    Str unit = unit_at(text, end + 1);
    if (unit.size == 0)
        return false;
    size_t stop = end + 1 + unit.size;
    field_set(field, KIND_SIZE, "\1 ", restated_end(text, stop));
    memcpy(field->mould + 2, unit.text, unit.size);
    field->mould_size = (uint8_t)(2 + unit.size);
    return true;
}
