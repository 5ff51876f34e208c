/* SPDX-License-Identifier: Apache-2.0 */
#include "event/label_list.h"

#include "event/escape.h"

void label_list_begin(LabelList *list, Str text, char *scratch, size_t scratch_bytes)
{
    list->text = text;
    list->at = 0;
    list->escapes_of_go = false;
    list->scratch = scratch;
    list->scratch_bytes = scratch_bytes;
    list->scratch_size = 0;
    list->fault = NULL;
    list->name = (Str){0};
    list->label_count = 0;
}

static bool fails(LabelList *list, const char *fault)
{
    list->fault = fault;
    return false;
}

static bool stands(const LabelList *list, char ch)
{
    return list->at < list->text.size && list->text.text[list->at] == ch;
}

static bool skip(LabelList *list, char ch)
{
    bool stood = stands(list, ch);
    list->at += stood;
    return stood;
}

void label_list_skip_blanks(LabelList *list)
{
    while (stands(list, ' ') || stands(list, '\t'))
        list->at++;
}

static bool is_of_name(char ch, bool first)
{
    return (ch >= 'a' && ch <= 'z') || (ch >= 'A' && ch <= 'Z') || ch == '_' || ch == ':' ||
           (ch >= '0' && ch <= '9' && !first);
}

Str label_list_take_name(LabelList *list)
{
    size_t from = list->at;
    while (list->at < list->text.size && is_of_name(list->text.text[list->at], list->at == from))
        list->at++;
    return str_part(list->text, from, list->at);
}

/* An escape that is none stays as it stands. */
static size_t undo_plain_escapes(Str written, char *to)
{
    size_t size = 0;
    for (size_t i = 0; i < written.size; i++) {
        char ch = written.text[i];
        char escaped = ch == '\\' && i + 1 < written.size ? written.text[i + 1] : '\0';
        if (escaped == '\\' || escaped == '"' || escaped == 'n') {
            ch = escaped == 'n' ? '\n' : escaped;
            i++;
        }
        to[size++] = ch;
    }
    return size;
}

static bool undo_escapes(LabelList *list, Str written, Str *ret)
{
    if (written.size > list->scratch_bytes - list->scratch_size)
        return fails(list, "its labels are too long");
    char *to = list->scratch + list->scratch_size;
    size_t size = list->escapes_of_go ? escape_undo(written, to) : undo_plain_escapes(written, to);
    list->scratch_size += size;
    *ret = (Str){.text = to, .size = size};
    return true;
}

/* The opening quote is behind us. */
static bool take_quoted(LabelList *list, Str *ret)
{
    size_t from = list->at;
    bool   escapes = false;
    while (list->at < list->text.size && !stands(list, '"')) {
        bool escape = stands(list, '\\');
        escapes |= escape;
        list->at += escape ? 2 : 1;
    }
    if (list->at >= list->text.size)
        return fails(list, "a quote is not closed");
    *ret = str_part(list->text, from, list->at++);
    return !escapes || undo_escapes(list, *ret, ret);
}

/* "name"="value", or a quoted name of the metric itself. */
static bool take_label(LabelList *list)
{
    Str  name, value;
    bool quoted = skip(list, '"');
    if (!quoted)
        name = label_list_take_name(list);
    else if (!take_quoted(list, &name))
        return false;
    label_list_skip_blanks(list);
    if (quoted && list->name.size == 0 && !stands(list, '=')) {
        list->name = name;
        return true;
    }
    if (name.size == 0 || !skip(list, '='))
        return fails(list, "a label has no name or no value");
    label_list_skip_blanks(list);
    if (!skip(list, '"'))
        return fails(list, "the value of a label is not quoted");
    if (!take_quoted(list, &value))
        return false;
    if (list->label_count == SERIES_LABELS_MAX)
        return fails(list, "it has too many labels");
    list->labels[list->label_count++] = (Label){.name = name, .value = value};
    return true;
}

bool label_list_read(LabelList *list)
{
    for (;;) {
        label_list_skip_blanks(list);
        if (skip(list, '}'))
            return true;
        if (!take_label(list))
            return false;
        label_list_skip_blanks(list);
        if (!skip(list, ',') && !stands(list, '}'))
            return fails(list, "the labels have no end");
    }
}

Str label_list_find(const LabelList *list, Str name)
{
    for (size_t i = list->label_count; i > 0; i--)
        if (str_equal(list->labels[i - 1].name, name))
            return list->labels[i - 1].value;
    return (Str){0};
}
