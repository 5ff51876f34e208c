/* SPDX-License-Identifier: Apache-2.0 */
#include "event/series.h"

typedef struct {
    char *to;
    size_t size, at;
    bool is_full;
} Room;

static bool is_letter(char ch)
{
    return (ch >= 'a' && ch <= 'z') || (ch >= 'A' && ch <= 'Z') || ch == '_';
}

/* Only names of metrics may hold colons. */
static bool is_identifier(Str name, bool with_colons)
{
    for (size_t i = 0; i < name.size; i++) {
        char ch = name.text[i];
        bool digit = ch >= '0' && ch <= '9' && i > 0;
        if (!is_letter(ch) && !digit && !(with_colons && ch == ':'))
            return false;
    }
    return name.size > 0;
}

static int name_compare(Str a, Str b)
{
    size_t shorter = a.size < b.size ? a.size : b.size;
    int order = shorter > 0 ? memcmp(a.text, b.text, shorter) : 0;
    if (order != 0)
        return order;
    return (a.size > b.size) - (a.size < b.size);
}

/* By insertion: the labels are few, and nearly always come sorted.  Equal names keep their order,
 * since the last one counts. */
static void sort_labels(Label *labels, size_t count)
{
    for (size_t i = 1; i < count; i++) {
        Label label = labels[i];
        size_t at = i;
        for (; at > 0 && name_compare(labels[at - 1].name, label.name) > 0; at--)
            labels[at] = labels[at - 1];
        labels[at] = label;
    }
}

static void put(Room *room, Str text)
{
    if (text.size > room->size - room->at) {
        room->is_full = true;
        return;
    }
    if (text.size > 0)
        memcpy(room->to + room->at, text.text, text.size);
    room->at += text.size;
}

static char escape_of(char ch)
{
    switch (ch) {
    case '\\':
    case '"':
        return ch;
    case '\n':
        return 'n';
    default:
        return '\0';
    }
}

static void put_quoted(Room *room, Str text)
{
    put(room, STR("\""));
    size_t from = 0;
    for (size_t i = 0; i < text.size; i++) {
        char escape = escape_of(text.text[i]);
        if (escape == '\0')
            continue;
        put(room, str_part(text, from, i));
        put(room, (Str){.text = (char[]){'\\', escape}, .size = 2});
        from = i + 1;
    }
    if (from < text.size)
        put(room, str_part(text, from, text.size));
    put(room, STR("\""));
}

static bool counts(const Label *labels, size_t count, size_t i)
{
    bool is_last = i + 1 == count || !str_equal(labels[i].name, labels[i + 1].name);
    return is_last && labels[i].value.size > 0;
}

size_t series_text(Str name, Label *labels, size_t label_count, char *buffer, size_t size)
{
    if (label_count > SERIES_LABELS_MAX)
        return 0;
    sort_labels(labels, label_count);
    for (size_t i = 0; i < label_count && name.size == 0; i++)
        if (counts(labels, label_count, i) && str_equal(labels[i].name, STR("__name__")))
            name = labels[i].value;
    if (name.size == 0)
        return 0;

    Room room = {.to = buffer, .size = size};
    bool is_open = !is_identifier(name, true);
    if (is_open) {
        put(&room, STR("{"));
        put_quoted(&room, name);
    } else {
        put(&room, name);
    }
    for (size_t i = 0; i < label_count; i++) {
        const Label *label = &labels[i];
        if (!counts(labels, label_count, i) || str_equal(label->name, STR("__name__")))
            continue;
        put(&room, is_open ? STR(",") : STR("{"));
        is_open = true;
        if (is_identifier(label->name, false))
            put(&room, label->name);
        else
            put_quoted(&room, label->name);
        put(&room, STR("="));
        put_quoted(&room, label->value);
    }
    if (is_open)
        put(&room, STR("}"));
    return room.is_full ? 0 : room.at;
}

/* What stands between the quotes that open at series[*at]; *at goes behind them. */
static bool take_quoted(Str series, size_t *at, Str *ret)
{
    if (*at == series.size || series.text[*at] != '"')
        return false;
    size_t from = ++*at;
    while (*at < series.size && series.text[*at] != '"')
        *at += series.text[*at] == '\\' ? 2 : 1;
    if (*at >= series.size)
        return false;
    *ret = str_part(series, from, *at);
    ++*at;
    return true;
}

/* Whether `written` is `name` with its escapes. */
static bool is_name(Str written, Str name)
{
    size_t at = 0;
    for (size_t i = 0; i < name.size; i++) {
        char escape = escape_of(name.text[i]);
        if (escape != '\0' && (at == written.size || written.text[at++] != '\\'))
            return false;
        if (at == written.size || written.text[at++] != (escape != '\0' ? escape : name.text[i]))
            return false;
    }
    return at == written.size;
}

Str series_label(Str series, Str name)
{
    size_t at = 0;
    while (at < series.size && series.text[at] != '{')
        at++;
    while (++at < series.size && series.text[at] != '}') {
        Str written, value;
        if (series.text[at] == '"') {
            if (!take_quoted(series, &at, &written))
                break;
            if (at < series.size && series.text[at] == ',')
                continue; /* The name of the metric. */
        } else {
            size_t from = at;
            while (at < series.size && series.text[at] != '=')
                at++;
            written = str_part(series, from, at);
        }
        if (at == series.size || series.text[at++] != '=' || !take_quoted(series, &at, &value))
            break;
        if (is_name(written, name))
            return value;
        if (at == series.size || series.text[at] != ',')
            break;
    }
    return (Str){0};
}
