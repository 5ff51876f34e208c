/* SPDX-License-Identifier: Apache-2.0 */
#include "event/mask_email.h"

#define LOCAL_BYTES_MAX 64
#define DOMAIN_BYTES_MAX 253
#define USER_BYTES_MAX 512 /* Of user and password in a URL. */
#define TOP_LABEL_BYTES_MAX 24

static const char *const unit_kinds[] = {"service", "socket", "device", "mount", "automount",
                                         "swap",    "target", "path",   "timer", "slice", "scope"};

static bool is_unit_kind(Str label)
{
    for (size_t i = 0; i < sizeof unit_kinds / sizeof unit_kinds[0]; i++)
        if (str_equal(label, str_of(unit_kinds[i])))
            return true;
    return false;
}

/* "com", "ORG", "xn--p1ai"; not "onCreate", "0", "service". */
static bool is_top_label(Str label)
{
    if (label.size < 2 || label.size > TOP_LABEL_BYTES_MAX || is_unit_kind(label))
        return false;
    if (mask_word_at(label, 0, STR("xn--")))
        return true;
    size_t small = 0;
    for (size_t i = 0; i < label.size; i++) {
        if (!mask_is(label.text[i], MASK_LETTER))
            return false;
        small += label.text[i] >= 'a';
    }
    return small == 0 || small == label.size;
}

/* "163.com" is a domain, "1.0.0-beta.rc" and "2.jar" are versions. */
static bool is_version(Str domain, size_t dot_count)
{
    size_t digits = 0;
    while (digits < domain.size && mask_is(domain.text[digits], MASK_DIGIT))
        digits++;
    return digits > 0 && domain.text[digits] == '.' && (digits < 3 || dot_count > 1);
}

/* The bytes of the domain at text[at]; 0: none. */
static size_t domain_size(Str text, size_t at)
{
    size_t to = at, dot = 0, dot_count = 0;
    while (to < text.size && to - at < DOMAIN_BYTES_MAX && mask_is(text.text[to], MASK_DOMAIN)) {
        char before = to > at ? text.text[to - 1] : '.';
        if (text.text[to] == '.' && before == '.')
            break;
        if (text.text[to] == '.') {
            dot = to;
            dot_count++;
        }
        to++;
    }
    if (to > at && text.text[to - 1] == '.') { /* The end of a sentence. */
        to--;
        dot_count--;
        const char *last = memrchr(text.text + at, '.', to - at);
        dot = last != NULL ? (size_t)(last - text.text) : 0;
    }
    while (to > at && text.text[to - 1] == '-')
        to--;
    if (dot_count == 0 || dot >= to || (to < text.size && text.text[to] == '('))
        return 0;
    Str domain = str_part(text, at, to);
    return is_top_label(str_part(text, dot + 1, to)) && !is_version(domain, dot_count) ? to - at
                                                                                       : 0;
}

/* What of text[from, to) is the end of an escape: "n" of "\nbob", "u0041" of "\u0041bob". */
static size_t escape_size(Str text, size_t from, size_t to)
{
    size_t slash = from;
    while (slash > 0 && text.text[slash - 1] == '\\')
        slash--;
    if ((from - slash) % 2 == 0)
        return 0;
    size_t size = text.text[from] == 'u' ? 5 : 1;
    return size < to - from ? size : to - from;
}

static bool address_at(MaskPlace *place, size_t from, size_t at, MaskSpan *ret_span)
{
    Str text = place->text;
    size_t local = at;
    while (local > from && at - local <= LOCAL_BYTES_MAX &&
           mask_is(text.text[local - 1], MASK_LOCAL))
        local--;
    if (local == at || at - local > LOCAL_BYTES_MAX)
        return false;
    size_t domain = domain_size(text, at + 1);
    if (domain == 0)
        return false;
    mask_place_move(place, at);
    if (place->is_json)
        local += escape_size(text, local, at);
    while (local < at && !mask_is(text.text[local], MASK_WORD))
        local++;
    if (local == at)
        return false;
    *ret_span = (MaskSpan){.from = local, .to = at + 1 + domain, .kind = ODD_MASK_EMAIL};
    return true;
}

/* Two slashes, perhaps escaped as some writers of JSON do, behind a colon end right before `at`. */
static bool is_behind_scheme(Str text, size_t from, size_t at)
{
    static const Str endings[] = {{"://", 3}, {":\\/\\/", 5}};
    for (size_t i = 0; i < 2; i++)
        if (at - from > endings[i].size &&
            str_equal(str_part(text, at - endings[i].size, at), endings[i]))
            return mask_is(text.text[at - endings[i].size - 1], MASK_WORD);
    return false;
}

typedef enum { URL_NONE, URL_OPEN, URL_PASSWORD } UrlFound;

/* Whether text[at], an '@', ends the user of a URL, and its password. */
static UrlFound url_at(Str text, size_t from, size_t at, MaskSpan *ret_span)
{
    size_t user = at;
    while (user > from && at - user < USER_BYTES_MAX && mask_is(text.text[user - 1], MASK_URL))
        user--;
    if (!is_behind_scheme(text, from, user))
        return URL_NONE;
    const char *colon = memchr(text.text + user, ':', at - user);
    if (colon == NULL || colon + 1 == text.text + at)
        return URL_OPEN;
    size_t password = (size_t)(colon - text.text) + 1, last = at;
    for (size_t to = at + 1; to < text.size && to - at < USER_BYTES_MAX; to++) {
        if (!mask_is(text.text[to], MASK_URL))
            break;
        if (text.text[to] == '@')
            last = to;
    }
    *ret_span = (MaskSpan){.from = password, .to = last, .kind = ODD_MASK_PASSWORD};
    return URL_PASSWORD;
}

bool mask_email_next(MaskPlace *place, size_t from, MaskSpan *ret_span)
{
    Str text = place->text;
    for (size_t at = from; at < text.size; at++) {
        const char *sign = memchr(text.text + at, '@', text.size - at);
        if (sign == NULL)
            return false;
        at = (size_t)(sign - text.text);
        UrlFound url = url_at(text, from, at, ret_span);
        if (url == URL_PASSWORD)
            return true;
        if (url == URL_NONE && address_at(place, from, at, ret_span))
            return true;
    }
    return false;
}
