/* SPDX-License-Identifier: Apache-2.0 */
#include "event/mask_value.h"

#define NEXT_NAME_BYTES_MAX 32

static size_t skip_blanks(Str text, size_t at, size_t to)
{
    while (at < to && (text.text[at] == ' ' || text.text[at] == '\t'))
        at++;
    return at;
}

static size_t skip_backslashes(Str text, size_t at, size_t to)
{
    while (at < to && text.text[at] == '\\')
        at++;
    return at;
}

/* A quote with the backslashes before it; gives where it ends, or `at` if there is none. */
static size_t skip_quote(Str text, size_t at, size_t to, char *ret_quote, size_t *ret_backslashes)
{
    size_t quote = skip_backslashes(text, at, to);
    if (quote >= to || (text.text[quote] != '"' && text.text[quote] != '\''))
        return at;
    *ret_quote = text.text[quote];
    *ret_backslashes = quote - at;
    return quote + 1;
}

/* "=", "==", "=>", ":", ":=", ">"; never "::". */
static size_t skip_separator(Str text, size_t at, size_t to, char *ret_separator)
{
    char c = at < to ? text.text[at] : '\0', next = at + 1 < to ? text.text[at + 1] : '\0';
    if (c != '=' && c != ':' && c != '>')
        return at;
    if (c == ':' && next == ':')
        return at;
    *ret_separator = c;
    return at + (c != '>' && (next == '=' || (c == '=' && next == '>')) ? 2 : 1);
}

bool mask_value_open(const MaskPlace *place, size_t name_to, bool is_option,
                     MaskOpening *ret_opening)
{
    Str text = place->text;
    size_t to = place->line_to, ignored;
    MaskOpening opening = {0};
    char name_quote = '\0';
    size_t at = skip_quote(text, name_to, to, &name_quote, &ignored);
    at += at < to && text.text[at] == ']';
    opening.name_quoted = name_quote != '\0';
    size_t separator_at = skip_blanks(text, at, to);
    opening.at = skip_separator(text, separator_at, to, &opening.separator);
    if (opening.separator == '\0') {
        if (!is_option || separator_at == at)
            return false;
        opening.separator = ' ';
    }
    if (opening.separator == '>' && separator_at != name_to)
        return false; /* A comparison, not the end of a tag. */
    size_t value_at = skip_blanks(text, opening.at, to);
    opening.blanks = value_at > opening.at;
    opening.at = skip_quote(text, value_at, to, &opening.quote, &opening.backslashes);
    *ret_opening = opening;
    return opening.at < to;
}

/* Where the string that opened ends; `to` if its closing quote is missing. */
static size_t quoted_end(const MaskPlace *place, const MaskOpening *opening)
{
    Str text = place->text;
    size_t cycle = 1;
    while (cycle <= opening->backslashes)
        cycle *= 2;
    for (size_t at = opening->at; at < place->line_to; at++) {
        size_t from = at;
        at = skip_backslashes(text, at, place->line_to);
        char c = at < place->line_to ? text.text[at] : '\0';
        size_t backslashes = at - from;
        if (c == opening->quote && backslashes % (2 * cycle) == opening->backslashes)
            return at - opening->backslashes;
        bool is_outer = c == '"' && (c != opening->quote ? place->is_json && backslashes % 2 == 0
                                                         : backslashes < opening->backslashes);
        if (is_outer)
            return at - backslashes;
    }
    return place->line_to;
}

/* Behind a character that may end a value: what follows says whether it did. */
static bool goes_on(Str text, size_t at, size_t to)
{
    if (at >= to || (unsigned char)text.text[at] <= ' ' || mask_is(text.text[at], MASK_SOFT))
        return false;
    if (text.text[at] == '<' || text.text[at] == '\\')
        return false;
    size_t from = at;
    while (at < to && at - from < NEXT_NAME_BYTES_MAX &&
           (mask_is(text.text[at], MASK_WORD) || text.text[at] == '-' || text.text[at] == '.'))
        at++;
    return at == from || at >= to || (text.text[at] != '=' && text.text[at] != ':');
}

static bool ends_here(const MaskPlace *place, size_t at)
{
    Str text = place->text;
    char c = text.text[at];
    if ((unsigned char)c <= ' ' || c == 0x7f || c == '&')
        return true;
    if (c == '"' && place->is_json)
        return true;
    if (c == '<')
        return mask_token_at(text, at) > 0 || (at + 1 < place->line_to && text.text[at + 1] == '/');
    if (c == '\\') /* An escape that is no part of a value, or the one of a quote. */
        return at + 1 >= place->line_to || strchr("\"'nrt", text.text[at + 1]) != NULL ||
               mask_token_at(text, at + 1) > 0;
    return mask_is(c, MASK_SOFT) && !goes_on(text, at + 1, place->line_to);
}

static size_t unquoted_end(const MaskPlace *place, size_t at)
{
    for (; at < place->line_to && !ends_here(place, at); at++)
        if (place->text.text[at] == '\\')
            at++;
    return at < place->line_to ? at : place->line_to;
}

static size_t number_end(const MaskPlace *place, size_t at)
{
    while (at < place->line_to &&
           (mask_is(place->text.text[at], MASK_DIGIT) ||
            (place->text.text[at] != '\0' && strchr("+-.eE", place->text.text[at]) != NULL)))
        at++;
    return at;
}

/* <name>value</name> */
static size_t tag_end(const MaskPlace *place, size_t at)
{
    const char *end = memchr(place->text.text + at, '<', place->line_to - at);
    size_t to = end != NULL ? (size_t)(end - place->text.text) : at;
    return to + 1 < place->line_to && place->text.text[to + 1] == '/' ? to : at;
}

bool mask_value_behind(MaskPlace *place, size_t name_to, bool is_option, MaskValue *ret_value)
{
    mask_place_move(place, name_to);
    MaskOpening opening;
    if (!mask_value_open(place, name_to, is_option, &opening))
        return false;
    MaskValue value = {.from = opening.at, .to = opening.at};
    if (opening.separator == '>') {
        value.to = tag_end(place, opening.at);
    } else if (opening.quote != '\0') {
        value.to = quoted_end(place, &opening);
        value.quoted = value.to < place->line_to;
        if (!value.quoted) /* Cut, or an apostrophe: then up to the next blank. */
            value.to = unquoted_end(place, opening.at);
    } else if (opening.name_quoted && place->is_json && !mask_place_in_string(place, opening.at)) {
        value.to = number_end(place, opening.at);
        if (!mask_place_ends_number(place, value.to))
            value.to = value.from;
    } else {
        value.to = unquoted_end(place, opening.at);
        value.loose = opening.blanks;
    }
    *ret_value = value;
    return value.to > value.from;
}
