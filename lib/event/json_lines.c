/* SPDX-License-Identifier: Apache-2.0 */
#include "event/json_lines.h"

#include <stdint.h>

typedef struct {
    const char *p, *end;
    FieldList  *list;
    uint64_t    is_object[JSON_DEPTH_MAX / 64];
    int         depth;
    int         array_depth; /* Of the outermost array around here; 0: none.  Inside, nothing is listed. */
    const char *array_from;
    int16_t     group;
    Str         name; /* Of the value that comes next. */
} Reader;

static bool is_digit(char c)
{
    return (unsigned char)(c - '0') < 10;
}

static void skip_blanks(Reader *r)
{
    while (r->p < r->end && (*r->p == ' ' || *r->p == '\t' || *r->p == '\r' || *r->p == '\n'))
        r->p++;
}

static char next(const Reader *r)
{
    return r->p < r->end ? *r->p : '\0';
}

/* At a quote: gives what stands between the quotes, escapes and all. */
static bool read_string(Reader *r, Str *ret_text)
{
    const char *from = ++r->p;
    while (r->p < r->end && *r->p != '"') {
        if ((unsigned char)*r->p < ' ')
            return false;
        if (*r->p == '\\') {
            if (r->end - r->p < 2 || memchr("\"\\/bfnrtu", r->p[1], 9) == NULL)
                return false;
            r->p++;
        }
        r->p++;
    }
    if (r->p >= r->end)
        return false;
    *ret_text = (Str){.text = from, .size = (size_t)(r->p - from)};
    r->p++;
    return true;
}

static bool skip_digits(Reader *r)
{
    const char *from = r->p;
    while (is_digit(next(r)))
        r->p++;
    return r->p > from;
}

static bool read_number(Reader *r)
{
    r->p += next(r) == '-';
    if (!skip_digits(r))
        return false;
    if (next(r) == '.') {
        r->p++;
        if (!skip_digits(r))
            return false;
    }
    if ((next(r) | 32) == 'e') {
        r->p++;
        r->p += next(r) == '+' || next(r) == '-';
        return skip_digits(r);
    }
    return true;
}

static bool read_literal(Reader *r)
{
    static const Str literals[] = {{"true", 4}, {"false", 5}, {"null", 4}};
    for (int i = 0; i < 3; i++)
        if ((size_t)(r->end - r->p) >= literals[i].size &&
            memcmp(r->p, literals[i].text, literals[i].size) == 0) {
            r->p += literals[i].size;
            return true;
        }
    return false;
}

static bool add(Reader *r, FieldKind kind, Str value)
{
    if (r->array_depth > 0)
        return true;
    return field_add(r->list, (Field){.name = r->name, .value = value, .group = r->group,
                                      .kind = (uint8_t)kind});
}

static bool open_container(Reader *r)
{
    bool is_object = *r->p == '{';
    if (r->depth == JSON_DEPTH_MAX)
        return false;
    if (is_object && r->depth > 0 && r->array_depth == 0) {
        if (!field_add_group(r->list, (FieldGroup){.name = r->name, .group = r->group}))
            return false;
        r->group = (int16_t)(r->list->group_count - 1);
    }
    uint64_t bit = 1ULL << (r->depth % 64);
    if (is_object)
        r->is_object[r->depth / 64] |= bit;
    else
        r->is_object[r->depth / 64] &= ~bit;
    r->depth++;
    if (!is_object && r->array_depth == 0) {
        r->array_depth = r->depth;
        r->array_from = r->p;
    }
    r->p++;
    return true;
}

static bool in_object(const Reader *r)
{
    return r->is_object[(r->depth - 1) / 64] >> ((r->depth - 1) % 64) & 1;
}

static bool close_container(Reader *r)
{
    bool was_object = in_object(r);
    if (next(r) != (was_object ? '}' : ']'))
        return false;
    r->p++;
    if (r->array_depth == r->depth) {
        Str array = {.text = r->array_from, .size = (size_t)(r->p - r->array_from)};
        r->array_depth = 0;
        if (!add(r, FIELD_BARE, array))
            return false;
    } else if (was_object && r->array_depth == 0 && r->group >= 0) {
        r->group = r->list->groups[r->group].group;
    }
    r->depth--;
    return true;
}

/* An object without fields would leave no trace: it is listed as a value. */
static bool close_empty(Reader *r, const char *from)
{
    bool is_listed = in_object(r) && r->depth > 1;
    if (!close_container(r))
        return false;
    Str text = {.text = from, .size = (size_t)(r->p - from)};
    return !is_listed || add(r, FIELD_BARE, text);
}

static bool read_name(Reader *r)
{
    Str name;
    skip_blanks(r);
    if (next(r) != '"' || !read_string(r, &name))
        return false;
    skip_blanks(r);
    if (next(r) != ':')
        return false;
    r->p++;
    if (r->array_depth == 0)
        r->name = name;
    return true;
}

/* A value that holds no other. */
static bool read_scalar(Reader *r)
{
    Str text;
    if (next(r) == '"')
        return read_string(r, &text) && add(r, FIELD_STRING, text);
    const char *from = r->p;
    bool is_number = next(r) == '-' || is_digit(next(r));
    if (!(is_number ? read_number(r) : read_literal(r)))
        return false;
    return add(r, FIELD_BARE, (Str){.text = from, .size = (size_t)(r->p - from)});
}

/* A value is complete: closes what ends here, steps over the comma to the next value's beginning. */
static bool finish_value(Reader *r)
{
    for (;;) {
        if (r->depth == 0)
            return true;
        skip_blanks(r);
        if (next(r) == ',') {
            r->p++;
            return !in_object(r) || read_name(r);
        }
        if (!close_container(r))
            return false;
    }
}

static bool read_value(Reader *r)
{
    skip_blanks(r);
    if (next(r) != '{' && next(r) != '[')
        return read_scalar(r) && finish_value(r);
    const char *from = r->p;
    if (!open_container(r))
        return false;
    skip_blanks(r);
    if (next(r) == '}' || next(r) == ']')
        return close_empty(r, from) && finish_value(r);
    return !in_object(r) || read_name(r);
}

bool json_line_read(Str line, FieldList *ret_list)
{
    ret_list->count = 0;
    ret_list->group_count = 0;
    Reader r = {.p = line.text, .end = line.text + line.size, .list = ret_list, .group = -1};
    skip_blanks(&r);
    if (next(&r) != '{')
        return false;
    do {
        if (!read_value(&r))
            return false;
    } while (r.depth > 0);
    skip_blanks(&r);
    return r.p == r.end;
}
