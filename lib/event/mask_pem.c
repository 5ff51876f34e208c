/* SPDX-License-Identifier: Apache-2.0 */
#include "event/mask_pem.h"

#define LABEL_BYTES_MAX 64

/* Behind "-----BEGIN " or "-----END ": the label and its dashes; 0 if it is no private key's. */
static size_t label_size(Str text, size_t at)
{
    size_t to = at;
    while (to < text.size && to - at < LABEL_BYTES_MAX &&
           ((text.text[to] >= 'A' && text.text[to] <= 'Z') || mask_is(text.text[to], MASK_DIGIT) ||
            text.text[to] == ' '))
        to++;
    Str label = str_part(text, at, to);
    if (text.size - to < 5 || memcmp(text.text + to, "-----", 5) != 0 || label.size < 11 ||
        memmem(label.text, label.size, "PRIVATE KEY", 11) == NULL)
        return 0;
    return label.size + 5;
}

static bool text_has(Str text, size_t at, Str part)
{
    return at <= text.size && text.size - at >= part.size &&
           memcmp(text.text + at, part.text, part.size) == 0;
}

static size_t next_end(MaskSearch *search, size_t at)
{
    Str text = search->place.text;
    if (at < search->key_end_from || at > search->key_end || search->key_end_from == 0) {
        const char *end = memmem(text.text + at, text.size - at, "-----END ", 9);
        search->key_end = end != NULL ? (size_t)(end - text.text) : text.size;
        search->key_end_from = at;
    }
    return search->key_end;
}

static size_t base64_end(Str text, size_t at)
{
    while (at < text.size && mask_is(text.text[at], MASK_BASE64))
        at++;
    return at;
}

/* Without END: what is left of the line, up to a quote, and the lines of base64 behind it. */
static size_t torn_key_end(Str text, size_t at)
{
    size_t to = at;
    while (to < text.size && text.text[to] != '\n' && text.text[to] != '"')
        to++;
    while (to > at && text.text[to - 1] == '\\')
        to--;
    while (to < text.size && text.text[to] == '\n') {
        size_t end = base64_end(text, to + 1);
        if (end == to + 1 || (end < text.size && text.text[end] != '\n' && text.text[end] != '\r'))
            break;
        to = end + (end < text.size && text.text[end] == '\r');
    }
    return to;
}

/* Where the lines of base64 begin that end right before `to`. */
static size_t torn_key_begin(Str text, size_t from, size_t to)
{
    size_t begin = to, at = to;
    while (at > from && text.text[at - 1] == '\n') {
        size_t end = at - 1;
        if (end > from && text.text[end - 1] == '\r')
            end--;
        size_t line = end;
        while (line > from && mask_is(text.text[line - 1], MASK_BASE64))
            line--;
        bool whole = line == from || text.text[line - 1] == '\n';
        if (!whole || line == end)
            break;
        begin = at = line;
    }
    return begin;
}

/* Without blanks and line ends around it, if there is more than a token in it. */
static bool set_key(Str text, size_t from, size_t to, MaskSpan *ret_span)
{
    while (from < to && (unsigned char)text.text[from] <= ' ')
        from++;
    while (to > from && (unsigned char)text.text[to - 1] <= ' ')
        to--;
    if (from == to || mask_token_at(text, from) > 0)
        return false;
    *ret_span = (MaskSpan){.from = from, .to = to, .kind = ODD_MASK_KEY};
    return true;
}

bool mask_pem_at(MaskSearch *search, size_t at, MaskSpan *ret_span)
{
    Str text = search->place.text;
    if (at >= 5 && text_has(text, at - 5, STR("-----BEGIN "))) {
        size_t label = label_size(text, at + 6);
        if (label == 0)
            return false;
        size_t body = at + 6 + label, end = next_end(search, body);
        bool whole = end < text.size && label_size(text, end + 9) > 0;
        return set_key(text, body, whole ? end : torn_key_end(text, body), ret_span);
    }
    size_t end = at - 4;
    if (at < 4 || !text_has(text, end, STR("-----END ")) || label_size(text, end + 9) == 0)
        return false;
    return set_key(text, torn_key_begin(text, search->from, end), end, ret_span);
}
