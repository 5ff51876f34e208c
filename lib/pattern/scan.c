/* SPDX-License-Identifier: Apache-2.0 */
#include "pattern/scan.h"

#include "pattern/lexer.h"

enum {
    L = 1,  /* Letters, the underscore, and every byte of a non-ASCII character. */
    D = 2,  /* Digits                                                           */
    P = 4,  /* The point                                                        */
    S = 8,  /* Slashes                                                          */
    A = 16, /* @                                                                */
    H = 32, /* Hyphen and #                                                     */
    O = 64, /* Other punctuation that may stand inside a field.                 */
    ALPHA = L,
    DIGIT = D,
    DOT = P,
    SLASH = S,
    AT = A,
    DASH = H
};

/* White space, control bytes and = , ; : ( ) [ ] { } " ' < > | are 0: they end a field. */
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

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_hex(char c)
{
    return is_digit(c) || ((c | 32) >= 'a' && (c | 32) <= 'f');
}

static bool is_letter(char c)
{
    return (scan_class[(unsigned char)c] & ALPHA) != 0;
}

static size_t digits_of(Str s, size_t at)
{
    size_t from = at;
    while (at < s.size && is_digit(s.text[at]))
        at++;
    return at - from;
}

static bool all_hex(Str s)
{
    for (size_t i = 0; i < s.size; i++)
        if (!is_hex(s.text[i]))
            return false;
    return s.size > 0;
}

static bool has_digit(Str s)
{
    for (size_t i = 0; i < s.size; i++)
        if (is_digit(s.text[i]))
            return true;
    return false;
}

static size_t count_of(Str s, char c)
{
    size_t count = 0;
    for (size_t i = 0; i < s.size; i++)
        count += s.text[i] == c;
    return count;
}

/* -- shapes that are one variable as a whole --------------------------------------------------- */

/* 12  -3  +4.5  1.5e-05 */
static bool is_number(Str s)
{
    size_t at = s.text[0] == '-' || s.text[0] == '+';
    size_t n = digits_of(s, at);
    if (n == 0)
        return false;
    at += n;
    if (at < s.size && s.text[at] == '.') {
        n = digits_of(s, at + 1);
        at += 1 + n;
        if (n == 0)
            return false;
    }
    if (at + 1 < s.size && (s.text[at] | 32) == 'e') {
        size_t sign = s.text[at + 1] == '-' || s.text[at + 1] == '+';
        n = digits_of(s, at + 1 + sign);
        if (n > 0)
            at += 1 + sign + n;
    }
    return at == s.size;
}

static bool is_ip(Str s)
{
    size_t at = 0;
    for (int group = 0; group < 4; group++) {
        size_t n = digits_of(s, at);
        if (n == 0 || n > 3)
            return false;
        at += n;
        if (group < 3 && (at >= s.size || s.text[at++] != '.'))
            return false;
    }
    return at == s.size;
}

static bool is_uuid(Str s)
{
    if (s.size != 36)
        return false;
    for (size_t i = 0; i < 36; i++) {
        bool dash = i == 8 || i == 13 || i == 18 || i == 23;
        if (dash ? s.text[i] != '-' : !is_hex(s.text[i]))
            return false;
    }
    return true;
}

static bool is_one_of(Str s, const char *const *words)
{
    for (; *words != NULL; words++)
        if (strlen(*words) == s.size && strncasecmp(*words, s.text, s.size) == 0)
            return true;
    return false;
}

static bool is_bool(Str s)
{
    static const char *const words[] = {"true", "false", "null", NULL};
    return (s.size == 4 || s.size == 5) && is_one_of(s, words);
}

/* www.example.com: at least two dots, and the last label is a top-level domain. */
static bool is_host(Str s)
{
    static const char *const domains[] = {"com", "net", "org", "edu", "gov", "mil", "arpa", "local",
                                          "localdomain", "internal", "lan", "cn", "de", "uk", "jp",
                                          "hk", "tw", "kr", "fr", "ru", "br", "au", "ca", "eu",
                                          "nl", "pl", "se", "es", NULL};
    if (count_of(s, '.') < 2)
        return false;
    size_t dot = s.size;
    while (s.text[dot - 1] != '.')
        dot--;
    return is_one_of(str_part(s, dot, s.size), domains);
}

static bool is_email(Str s)
{
    const char *at = memchr(s.text, '@', s.size);
    if (at == NULL || at == s.text)
        return false;
    Str right = str_part(s, (size_t)(at - s.text) + 1, s.size);
    return right.size > 2 && memchr(right.text, '.', right.size) != NULL &&
           memchr(right.text, '@', right.size) == NULL && !has_digit(right);
}

/* Starts like a path, or has two slashes and a letter, or one slash before a file name. */
static bool is_path(Str s, bool letters)
{
    size_t slashes = count_of(s, '/');
    size_t back = count_of(s, '\\');
    if (s.text[0] == '/' || s.text[0] == '\\')
        return s.size > 1;
    if (s.text[0] == '.' || s.text[0] == '~')
        return slashes > 0;
    return letters && (slashes >= 2 || back >= 1);
}

/* -- moulds ------------------------------------------------------------------------------------- */

/* A run of letters and digits that people do not write as a name: 2nd, task_01_m, 40b58fd8. */
static bool is_id(Str s)
{
    size_t digits = 0, runs = 0;
    bool lone = false; /* Digits alone between underscores or ends. */
    for (size_t i = 0; i < s.size; i++) {
        if (!is_digit(s.text[i]))
            continue;
        size_t n = digits_of(s, i);
        bool left = i == 0 || s.text[i - 1] == '_';
        bool right = i + n == s.size || s.text[i + n] == '_';
        lone = lone || (left && right);
        digits += n;
        runs++;
        i += n - 1;
    }
    if (digits == 0)
        return false;
    return is_digit(s.text[0]) || lone || digits >= 3 || runs >= 2;
}

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
    if (is_letter(c) || is_digit(c))
        return false;
    if (c == '-' && i + 1 < s.size && is_digit(s.text[i + 1]) &&
        (i == 0 || s.text[i - 1] == '_'))
        return false;
    return true;
}

static void mould_of(Str s, Mould *m)
{
    for (size_t at = 0; at < s.size;) {
        size_t end = at;
        while (end < s.size && !is_separator(s, end))
            end++;
        if (end > at) {
            Str part = str_part(s, at, end);
            bool address = at > 0 && s.text[at - 1] == '@' && part.size >= 4 && all_hex(part);
            bool digits = has_digit(part);
            if (address || (digits && is_id(part)))
                mould_add_blank(m);
            else
                mould_add(m, part);
            m->mixed += digits && !is_id(part);
        }
        if (end < s.size)
            mould_add(m, str_part(s, end, end + 1));
        at = end + 1;
    }
}

/* msra-sa-41/10.190.173.170: a name and its address. */
static bool is_name_and_ip(Str s)
{
    const char *slash = memchr(s.text, '/', s.size);
    if (slash == NULL || slash == s.text)
        return false;
    return is_ip(str_part(s, (size_t)(slash - s.text) + 1, s.size));
}

static void field_blank(Field *field, Kind kind)
{
    field->kind = (uint8_t)kind;
    field->mould_size = 1;
    field->mould[0] = MOULD_BLANK;
}

static Kind kind_of_blanks(Str s, Str mould)
{
    size_t blanks = count_of(mould, MOULD_BLANK);
    if (blanks == 3 && mould.size == 5)
        return KIND_TIME;
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
    if (mask & (DIGIT | DOT) && is_number(s)) {
        field_blank(field, KIND_NUM);
    } else if (mask & DOT && is_ip(s)) {
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
    } else if (mask & DOT && !(mask & (SLASH | AT)) && is_host(s)) {
        field_blank(field, KIND_HOST);
    } else if (is_uuid(s)) {
        field_blank(field, KIND_UUID);
    } else {
        field_mould(s, field);
    }
}

/* -- shapes that hold delimiters ------------------------------------------------------------------ */

/* scheme://...: to white space or a quote, without the punctuation that closes a sentence. */
static size_t url_end(Str text, size_t at)
{
    while (at < text.size && !scan_is_space((unsigned char)text.text[at]) &&
           memchr("\"'<>|,;", text.text[at], 7) == NULL)
        at++;
    while (memchr(")]}.:!?", text.text[at - 1], 7) != NULL)
        at--;
    return at;
}

static bool field_url(Str text, size_t end, Field *field)
{
    if (end + 3 >= text.size || memcmp(text.text + end, "://", 3) != 0)
        return false;
    size_t stop = url_end(text, end);
    if (stop <= end + 3)
        return false;
    Str scheme = str_part(text, field->from, end);
    field_blank(field, KIND_URL);
    if (scheme.size + 4 <= MOULD_SIZE_MAX) {
        Mould m = {.bytes = field->mould};
        mould_add(&m, scheme);
        mould_add(&m, STR("://"));
        mould_add_blank(&m);
        field->mould_size = (uint8_t)m.size;
    }
    field->size = (uint32_t)(stop - field->from);
    return true;
}

/* C:\dir\file */
static bool field_drive(Str text, size_t end, Field *field)
{
    if (end - field->from != 1 || end + 1 >= text.size || text.text[end + 1] != '\\')
        return false;
    size_t stop = end + 1;
    while (stop < text.size && scan_class[(unsigned char)text.text[stop]] != 0)
        stop++;
    field_blank(field, KIND_PATH);
    field->size = (uint32_t)(stop - field->from);
    return true;
}

/* 12:34:56  12:34:56.789  00:1b:21:3c:9d:f8  fe80::1 */
static bool field_colons(Str text, size_t end, Field *field)
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
    if (decimal && groups == 3 && !doubled && at - end <= 6) {
        if (at + 1 < text.size && text.text[at] == '.' && is_digit(text.text[at + 1]))
            at += 1 + digits_of(text, at + 1);
        field_blank(field, KIND_TIME);
        memcpy(field->mould, "\1:\1:\1", 5);
        field->mould_size = 5;
    } else if (groups == 6 && pairs == 6) {
        field_blank(field, KIND_MAC);
    } else if (groups == 8 || (doubled && groups >= 3)) {
        field_blank(field, KIND_IP);
    } else {
        return false;
    }
    field->size = (uint32_t)(at - field->from);
    return true;
}

static bool field_over_colon(Str text, size_t end, unsigned mask, Field *field)
{
    if (!(mask & DIGIT) || (mask & ALPHA)) {
        if (field_url(text, end, field) || field_drive(text, end, field))
            return true;
    }
    return end - field->from <= 4 && all_hex(str_part(text, field->from, end)) &&
           field_colons(text, end, field);
}

/* -- the field ------------------------------------------------------------------------------------ */

/* Doubled punctuation is a gap: "exception.......0", "1513##0". */
static size_t doubled_at(Str text, size_t from, size_t end)
{
    for (size_t i = from + 1; i + 1 < end; i++)
        if (text.text[i] == text.text[i + 1] &&
            (scan_class[(unsigned char)text.text[i]] & (DOT | DASH)) != 0)
            return i;
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

void scan_field(Str text, size_t at, Field *ret_field)
{
    unsigned mask = 0;
    size_t end = at;
    for (uint8_t class; end < text.size && (class = scan_class[(unsigned char)text.text[end]]); end++)
        mask |= class;
    ret_field->from = (uint32_t)at;
    ret_field->size = 0;
    ret_field->mould_size = 0;
    ret_field->kind = KIND_WORD;
    if ((mask & (ALPHA | DIGIT)) == 0) {
        ret_field->gap_size = (uint32_t)(end - at);
        return;
    }
    size_t lead = (mask & ~(unsigned)(ALPHA | DIGIT)) ? punctuation_of(text, at, end) : 0;
    if (lead >= 2 && text.text[at] == text.text[at + 1]) {
        ret_field->gap_size = (uint32_t)lead;
        return;
    }
    if (mask & (DOT | DASH)) {
        size_t cut = doubled_at(text, at, end);
        if (cut < end) {
            end = cut;
            mask = mask_of(text, at, end);
        }
    }
    while (end > at + 1 && memchr(".!?*-#", text.text[end - 1], 6) != NULL)
        end--;
    ret_field->size = (uint32_t)(end - at);
    if (end < text.size && text.text[end] == ':' && field_over_colon(text, end, mask, ret_field))
        return;
    Str s = str_part(text, at, end);
    if (mask == DIGIT)
        field_blank(ret_field, KIND_NUM);
    else if (mask & (DIGIT | SLASH | AT | DOT))
        classify(s, mask, ret_field);
    else if (is_bool(s))
        field_blank(ret_field, KIND_BOOL);
}

void scan_rest(Str text, size_t at, Field *ret_field)
{
    ret_field->from = (uint32_t)at;
    ret_field->size = (uint32_t)(text.size - at);
    field_blank(ret_field, KIND_VALUE);
}
