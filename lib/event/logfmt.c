/* SPDX-License-Identifier: Apache-2.0 */
#include "event/logfmt.h"

static bool is_name_char(char c)
{
    return (unsigned char)((c | 32) - 'a') < 26 || (unsigned char)(c - '0') < 10 || c == '_' ||
           c == '.' || c == '-' || c == '@' || c == '/' || c == '$';
}

/* At the opening quote: gives what is between the quotes. */
static bool read_quoted(Str line, size_t *at, Str *ret_value)
{
    size_t from = ++*at;
    while (*at < line.size && line.text[*at] != '"')
        *at += line.text[*at] == '\\' ? 2 : 1;
    if (*at >= line.size)
        return false;
    *ret_value = str_part(line, from, *at);
    ++*at;
    return *at == line.size || line.text[*at] == ' ';
}

static Str read_bare(Str line, size_t *at)
{
    size_t from = *at;
    while (*at < line.size && line.text[*at] != ' ')
        ++*at;
    return str_part(line, from, *at);
}

static bool read_field(Str line, size_t *at, FieldList *list)
{
    size_t from = *at;
    while (*at < line.size && is_name_char(line.text[*at]))
        ++*at;
    if (*at == from)
        return false;
    Field field = {.name = str_part(line, from, *at), .group = -1, .kind = FIELD_FLAG};
    if (*at < line.size && line.text[*at] == '=') {
        ++*at;
        field.kind = FIELD_STRING;
        if (*at < line.size && line.text[*at] == '"') {
            if (!read_quoted(line, at, &field.value))
                return false;
        } else {
            field.value = read_bare(line, at);
        }
    } else if (*at < line.size && line.text[*at] != ' ') {
        return false;
    }
    return field_add(list, field);
}

bool logfmt_read(Str line, FieldList *ret_list)
{
    ret_list->count = 0;
    ret_list->group_count = 0;
    size_t at = 0;
    for (;;) {
        while (at < line.size && line.text[at] == ' ')
            at++;
        if (at == line.size)
            return ret_list->count > 0;
        if (!read_field(line, &at, ret_list))
            return false;
    }
}
