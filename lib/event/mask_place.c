/* SPDX-License-Identifier: Apache-2.0 */
#include "event/mask_place.h"

static size_t skip_blanks(Str line, size_t at)
{
    while (at < line.size && (line.text[at] == ' ' || line.text[at] == '\t'))
        at++;
    return at;
}

/* "name": at the beginning of a line is a field of an object that goes over many lines. */
static bool is_field(Str line, size_t at)
{
    for (at++; at < line.size && line.text[at] != '"'; at++)
        if (line.text[at] == '\\')
            at++;
    if (at >= line.size)
        return false;
    at = skip_blanks(line, at + 1);
    return at < line.size && line.text[at] == ':';
}

/* A '[' alone says little: many logs open with a time or a level in brackets. */
static bool looks_like_json(Str line)
{
    size_t at = skip_blanks(line, 0);
    if (at >= line.size)
        return false;
    if (line.text[at] == '"')
        return is_field(line, at);
    size_t next = skip_blanks(line, at + 1);
    if (line.text[at] == '{')
        return next < line.size && (line.text[next] == '"' || line.text[next] == '}');
    return line.text[at] == '[' && next < line.size && strchr("{\"[", line.text[next]) != NULL &&
           line.text[next] != '\0';
}

static void place_set(MaskPlace *place, size_t from)
{
    Str text = place->text;
    const char *end = from < text.size ? memchr(text.text + from, '\n', text.size - from) : NULL;
    place->line_from = from;
    place->line_to = end != NULL ? (size_t)(end - text.text) : text.size;
    place->is_json = looks_like_json(str_part(text, from, place->line_to));
    place->quoted_at = from;
    place->in_string = false;
}

MaskPlace mask_place(Str text)
{
    MaskPlace place = {.text = text};
    place_set(&place, 0);
    return place;
}

void mask_place_move(MaskPlace *place, size_t at)
{
    if (at <= place->line_to)
        return;
    size_t from = place->line_to + 1;
    const char *last = memrchr(place->text.text + from, '\n', at - from);
    place_set(place, last != NULL ? (size_t)(last - place->text.text) + 1 : from);
}

bool mask_place_in_string(MaskPlace *place, size_t at)
{
    mask_place_move(place, at);
    for (; place->quoted_at < at; place->quoted_at++) {
        char c = place->text.text[place->quoted_at];
        if (c == '\\' && place->in_string)
            place->quoted_at++; /* Perhaps beyond `at`: then it is part of an escape. */
        else if (c == '"')
            place->in_string = !place->in_string;
    }
    return place->in_string;
}

bool mask_place_ends_number(const MaskPlace *place, size_t at)
{
    if (at >= place->line_to)
        return true;
    char c = place->text.text[at];
    return c == ',' || c == '}' || c == ']' || c == ' ' || c == '\t' || c == '\r';
}

bool mask_place_is_number(MaskPlace *place, size_t from, size_t to)
{
    for (size_t at = from; at < to; at++)
        if (place->text.text[at] == '\0' || strchr("0123456789+-.eE", place->text.text[at]) == NULL)
            return false;
    if (mask_place_in_string(place, from) || !place->is_json || !mask_place_ends_number(place, to))
        return false;
    while (from > place->line_from && place->text.text[from - 1] == ' ')
        from--;
    return from > place->line_from && strchr(":,[", place->text.text[from - 1]) != NULL &&
           place->text.text[from - 1] != '\0';
}
