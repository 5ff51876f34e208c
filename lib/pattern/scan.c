/* SPDX-License-Identifier: Apache-2.0 */
#include "pattern/scan.h"

#include "pattern/shapes.h"

#define QUOTED_SIZE_MAX 256

/* White space, control bytes and = , ; : ( ) [ ] { } " ' < > | are 0: they end a field. */
enum { L = ALPHA, D = DIGIT, P = DOT, S = SLASH, A = AT, H = DASH, O = OTHER };

const uint8_t scan_class[256] = {
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
    0, O, 0, H, O, O, O, 0, 0, 0, O, O, 0, H, P, S,
    D, D, D, D, D, D, D, D, D, D, 0, 0, 0, 0, 0, O,
    A, L, L, L, L, L, L, L, L, L, L, L, L, L, L, L,
    L, L, L, L, L, L, L, L, L, L, L, 0, S, 0, O, L,
    O, L, L, L, L, L, L, L, L, L, L, L, L, L, L, L,
    L, L, L, L, L, L, L, L, L, L, L, 0, 0, 0, O, 0,
    L, L, L, L, L, L, L, L, L, L, L, L, L, L, L, L,
    L, L, L, L, L, L, L, L, L, L, L, L, L, L, L, L,
    L, L, L, L, L, L, L, L, L, L, L, L, L, L, L, L,
    L, L, L, L, L, L, L, L, L, L, L, L, L, L, L, L,
    L, L, L, L, L, L, L, L, L, L, L, L, L, L, L, L,
    L, L, L, L, L, L, L, L, L, L, L, L, L, L, L, L,
    L, L, L, L, L, L, L, L, L, L, L, L, L, L, L, L,
    L, L, L, L, L, L, L, L, L, L, L, L, L, L, L, L,
};

/* -- moulds ------------------------------------------------------------------------------------ */

typedef struct {
    char  *bytes;
    size_t size;
    size_t mixed;   /* Parts of letters and digits that were kept.    */
    bool   overflow;
} Mould;

static void mould_add(Mould *m, Str s)
{
    if (m->size + s.size > MOULD_SIZE_MAX) {
        m->overflow = true;
        return;
    }
    memcpy(m->bytes + m->size, s.text, s.size);
    m->size += s.size;
}

/* A blank swallows what a dot joins to it, when that is a blank or holds digits: 1.2 v1.42 */
static void mould_add_blank(Mould *m)
{
    static const char blank[] = {MOULD_BLANK};
    if (m->size >= 2 && m->bytes[m->size - 1] == '.') {
        size_t from = m->size - 1;
        while (from > 0 && (is_letter(m->bytes[from - 1]) || is_digit(m->bytes[from - 1]) ||
                            m->bytes[from - 1] == MOULD_BLANK))
            from--;
        Str before = {.text = m->bytes + from, .size = m->size - 1 - from};
        if (has_digit(before) || memchr(before.text, MOULD_BLANK, before.size) != NULL)
            m->size = from;
    }
    mould_add(m, (Str){.text = blank, .size = 1});
}

/* Is there a separator of parts at s[i]?  The dash of "blk_-12" and a sign are none. */
static bool is_separator(Str s, size_t i)
{
    char c = s.text[i];
    if (scan_class[(unsigned char)c] & (ALPHA | DIGIT))
        return false;
    if (c == '-' && i + 1 < s.size && is_digit(s.text[i + 1]) && (i == 0 || s.text[i - 1] == '_'))
        return false;
    return true;
}

static void mould_of(Str s, Mould *m)
{
    for (size_t at = 0; at < s.size;) {
        size_t end = at;
        unsigned classes = 0;
        for (; end < s.size && !is_separator(s, end); end++)
            classes |= scan_class[(unsigned char)s.text[end]];
        if (end > at) {
            Str part = str_part(s, at, end);
            bool digits = (classes & DIGIT) != 0, id = digits && is_id(part);
            bool address = at > 0 && s.text[at - 1] == '@' && part.size >= 4 && all_hex(part);
            if (address || id)
                mould_add_blank(m);
            else
                mould_add(m, part);
            m->mixed += digits && !id;
        }
        if (end < s.size)
            mould_add(m, str_part(s, end, end + 1));
        at = end + 1;
    }
}

static Kind kind_of_blanks(Str s, Str mould)
{
    size_t blanks = count_of(mould, MOULD_BLANK);
    if (blanks == 3 && mould.size == 5)
        return KIND_TIME;
    if (s.size > 2 && s.text[0] == '0' && (s.text[1] | 32) == 'x')
        return KIND_HEX;
    for (size_t i = 0; i < s.size; i++)
        if (is_letter(s.text[i]) && blanks == 1 && mould.size == 1)
            return all_hex(s) ? KIND_HEX : KIND_ID;
    return blanks == 1 ? KIND_NUM : KIND_ID;
}

static void field_mould(Str s, Field *field)
{
    Mould m = {.bytes = field->mould};
    mould_of(s, &m);
    bool blank = memchr(m.bytes, MOULD_BLANK, m.size) != NULL;
    if (m.overflow || m.mixed >= 2) {
        field_blank(field, KIND_ID);
    } else if (!blank) {
        field->kind = KIND_WORD;
        field->mould_size = 0;
    } else {
        field->mould_size = (uint8_t)m.size;
        field->kind = (uint8_t)kind_of_blanks(s, (Str){.text = m.bytes, .size = m.size});
    }
}

static void classify(Str s, unsigned mask, Field *field)
{
    char first = s.text[0];
    bool signed_or_digit = is_digit(first) || first == '-' || first == '+';
    if (mask & DIGIT && signed_or_digit && is_number(s)) {
        field_blank(field, KIND_NUM);
    } else if (mask & DOT && is_digit(first) && is_ip(s)) {
        field_blank(field, KIND_IP);
    } else if (mask & SLASH && is_path(s, (mask & ALPHA) != 0)) {
        Str rest = str_part(s, 1, s.size);
        field_blank(field, is_ip(rest) ? KIND_IP : KIND_PATH);
    } else if (mask & SLASH && is_name_and_ip(s)) {
        field_blank(field, KIND_IP);
        memcpy(field->mould, "\1/\1", 3);
        field->mould_size = 3;
    } else if (mask & AT && is_email(s)) {
        field_blank(field, KIND_EMAIL);
    } else if (mask & DOT && !(mask & (SLASH | AT)) && is_host(s, 2)) {
        field_blank(field, KIND_HOST);
    } else if (mask & DASH && is_timestamp(s)) {
        field_blank(field, KIND_TIME);
    } else if (s.size == UUID_SIZE && is_uuid(s)) {
        field_blank(field, KIND_UUID);
    } else {
        field_mould(s, field);
    }
}

/* -- the field --------------------------------------------------------------------------------- */

/* db-3:5432  example.com:80: what a port follows is a host, if it looks at all like one. */
static bool field_host(Str text, size_t end, unsigned mask, Field *field)
{
    if (end + 1 >= text.size || !is_digit(text.text[end + 1]) || mask & (SLASH | AT | OTHER))
        return false;
    Str s = str_part(text, field->from, end);
    size_t dash = end;
    while (dash > field->from && is_digit(text.text[dash - 1]))
        dash--;
    bool numbered =
        dash < end && dash > field->from + 1 && text.text[dash - 1] == '-' && is_lower(s.text[0]);
    if (!numbered && !is_host(s, 1))
        return false;
    field_blank(field, KIND_HOST);
    return true;
}

static bool field_over_colon(Str text, size_t end, unsigned mask, Field *field)
{
    if (mask & ALPHA && (field_url(text, end, field) || field_drive(text, end, field) ||
                         field_host(text, end, mask, field)))
        return true;
    return end - field->from <= 4 && all_hex(str_part(text, field->from, end)) &&
           field_colons(text, end, field);
}

/* Doubled points are a gap: "exception.......0". */
static size_t doubled_at(Str text, size_t from, size_t end)
{
    for (size_t i = from + 2; i < end; i += 2) { /* One of two neighbours is at an even distance. */
        if (text.text[i] != '.')
            continue;
        if (i > from + 1 && text.text[i - 1] == '.')
            return i - 1;
        if (i + 1 < end && text.text[i + 1] == '.')
            return i;
    }
    return end;
}

static size_t punctuation_of(Str text, size_t at, size_t end)
{
    size_t i = at;
    while (i < end && (scan_class[(unsigned char)text.text[i]] & (ALPHA | DIGIT)) == 0)
        i++;
    return i - at;
}

static unsigned mask_of(Str text, size_t at, size_t end)
{
    unsigned mask = 0;
    for (; at < end; at++)
        mask |= scan_class[(unsigned char)text.text[at]];
    return mask;
}

/* Punctuation that ends a sentence or a word is gap; a path keeps its star and dash. */
static bool closes(char c, char first)
{
    return c == '.' || c == '!' || c == '?' || ((c == '*' || c == '-') && first != '/');
}

/* Where the bytes end that no delimiter parts, without the punctuation that closes a sentence;
 * 0 if they are punctuation alone, or begin with a doubled one: field->gap_size bytes of gap. */
static size_t chunk_end(Str text, size_t at, unsigned *ret_mask, Field *field)
{
    unsigned mask = 0;
    size_t end = at;
    for (uint8_t class; end < text.size && (class = scan_class[(unsigned char)text.text[end]]);
         end++)
        mask |= class;
    *ret_mask = mask;
    if ((mask & ~(unsigned)(ALPHA | DIGIT)) == 0)
        return end;
    size_t lead = punctuation_of(text, at, end);
    if (lead == end - at || (lead >= 2 && text.text[at] == text.text[at + 1])) {
        field->gap_size = (uint32_t)lead;
        return 0;
    }
    size_t cut = mask & DOT ? doubled_at(text, at, end) : end;
    if (cut < end)
        *ret_mask = mask_of(text, at, cut);
    while (cut > at + 1 && closes(text.text[cut - 1], text.text[at]))
        cut--;
    return cut;
}

static bool is_plain(Str text, size_t at)
{
    return at < text.size && !scan_is_space((unsigned char)text.text[at]) && text.text[at] != '"';
}

/* /path?name=value&...: the query belongs to it. */
static size_t query_end(Str text, size_t at, size_t end)
{
    if (text.text[at] == '/' && memchr(text.text + at, '?', end - at) != NULL)
        while (is_plain(text, end))
            end++;
    return end;
}

/* ="...": what is quoted behind an equals sign is a value, whatever is in it. */
static bool field_quoted(Str text, size_t at, Field *field)
{
    size_t rest = text.size - at;
    const char *quote =
        memchr(text.text + at, '"', rest < QUOTED_SIZE_MAX ? rest : QUOTED_SIZE_MAX);
    if (quote == NULL)
        return false;
    field_set(field, KIND_QUOTED, "\1", (size_t)(quote - text.text));
    return true;
}

/* NAME(0): a name with its number is one thing. */
static bool field_numbered(Str text, size_t end, Field *field)
{
    size_t size = end - field->from, n = end + 1 < text.size ? digits_of(text, end + 1) : 0;
    if (n == 0 || end + 1 + n >= text.size || text.text[end + 1 + n] != ')' ||
        size + 3 > MOULD_SIZE_MAX)
        return false;
    memcpy(field->mould, text.text + field->from, size);
    memcpy(field->mould + size, "(\1)", 3);
    field->mould_size = (uint8_t)(size + 3);
    field->kind = KIND_ID;
    field->size = (uint32_t)(size + n + 2);
    return true;
}

void scan_field(Str text, size_t at, Field *ret_field)
{
    ret_field->from = (uint32_t)at;
    ret_field->size = 0;
    ret_field->mould_size = 0;
    ret_field->kind = KIND_WORD;
    if (at >= 2 && text.text[at - 1] == '"' && text.text[at - 2] == '=' &&
        field_quoted(text, at, ret_field))
        return;
    unsigned mask;
    size_t end = chunk_end(text, at, &mask, ret_field);
    if (end == 0)
        return;
    if (mask & SLASH)
        end = query_end(text, at, end);
    ret_field->size = (uint32_t)(end - at);
    if (end < text.size && text.text[end] == ':' && field_over_colon(text, end, mask, ret_field))
        return;
    if (mask == ALPHA && end < text.size && text.text[end] == '(' &&
        field_numbered(text, end, ret_field))
        return;
    Str s = str_part(text, at, end);
    if (mask == DIGIT)
        field_blank(ret_field, KIND_NUM);
    else if (mask & (DIGIT | SLASH | AT | DOT))
        classify(s, mask, ret_field);
    else if (s.size == 3 && s.text[0] <= 'W' && field_date(text, ret_field))
        return;
    else if ((s.size == 4 || s.size == 5) && is_known_value(s))
        field_blank(ret_field, KIND_BOOL);
    else if (is_account(s))
        field_blank(ret_field, KIND_VALUE);
    if (ret_field->kind == KIND_NUM && ret_field->mould_size == 1)
        field_quantity(text, end, ret_field);
}

bool scan_bracket(Str text, size_t at, Field *ret_field)
{
    ret_field->from = (uint32_t)at;
    if (at + 1 >= text.size)
        return false;
    if (text.text[at] == '<' && is_digit(text.text[at + 1])) {
        size_t end = at + 1 + digits_of(text, at + 1);
        return field_quantity(text, end, ret_field);
    }
    if (text.text[at] != ')' || at < 2 || text.text[at - 1] != '(' || text.text[at - 2] != ' ')
        return false;
    field_set(ret_field, KIND_VALUE, "\1", at);
    return true;
}

void scan_rest(Str text, size_t at, Field *ret_field)
{
    ret_field->from = (uint32_t)at;
    field_set(ret_field, KIND_VALUE, "\1", text.size);
}
