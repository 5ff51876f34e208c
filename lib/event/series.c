/* SPDX-License-Identifier: Apache-2.0 */
#include "event/series.h"

#include <stdint.h>

typedef struct {
    char *to;
    size_t size, at;
    bool is_full;
} Room;

/* In which names without quotes a byte may stand; digits not at their beginning. */
enum { OF_LABEL = 1, OF_METRIC = 2, BOTH = 3 };

static const unsigned char names_of[256] = {
    ['0'] = BOTH, ['1'] = BOTH, ['2'] = BOTH, ['3'] = BOTH, ['4'] = BOTH, ['5'] = BOTH,
    ['6'] = BOTH, ['7'] = BOTH, ['8'] = BOTH, ['9'] = BOTH, ['A'] = BOTH, ['B'] = BOTH,
    ['C'] = BOTH, ['D'] = BOTH, ['E'] = BOTH, ['F'] = BOTH, ['G'] = BOTH, ['H'] = BOTH,
    ['I'] = BOTH, ['J'] = BOTH, ['K'] = BOTH, ['L'] = BOTH, ['M'] = BOTH, ['N'] = BOTH,
    ['O'] = BOTH, ['P'] = BOTH, ['Q'] = BOTH, ['R'] = BOTH, ['S'] = BOTH, ['T'] = BOTH,
    ['U'] = BOTH, ['V'] = BOTH, ['W'] = BOTH, ['X'] = BOTH, ['Y'] = BOTH, ['Z'] = BOTH,
    ['a'] = BOTH, ['b'] = BOTH, ['c'] = BOTH, ['d'] = BOTH, ['e'] = BOTH, ['f'] = BOTH,
    ['g'] = BOTH, ['h'] = BOTH, ['i'] = BOTH, ['j'] = BOTH, ['k'] = BOTH, ['l'] = BOTH,
    ['m'] = BOTH, ['n'] = BOTH, ['o'] = BOTH, ['p'] = BOTH, ['q'] = BOTH, ['r'] = BOTH,
    ['s'] = BOTH, ['t'] = BOTH, ['u'] = BOTH, ['v'] = BOTH, ['w'] = BOTH, ['x'] = BOTH,
    ['y'] = BOTH, ['z'] = BOTH, ['_'] = BOTH, [':'] = OF_METRIC,
};

static bool is_identifier(Str name, int of)
{
    int names = of;
    for (size_t i = 0; i < name.size; i++)
        names &= names_of[(unsigned char)name.text[i]];
    return name.size > 0 && names == of && !(name.text[0] >= '0' && name.text[0] <= '9');
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

/* Eight bytes at once: whether one of them is `wanted`. */
static bool any_is(uint64_t bytes, char wanted)
{
    uint64_t low = UINT64_C(0x0101010101010101);
    uint64_t other = bytes ^ low * (unsigned char)wanted; /* 0 where it is. */
    return ((other - low) & ~other & low << 7) != 0;
}

static bool has_escapes(Str text)
{
    size_t at = 0;
    for (; at + 8 <= text.size; at += 8) {
        uint64_t bytes;
        memcpy(&bytes, text.text + at, 8);
        if (any_is(bytes, '"') || any_is(bytes, '\\') || any_is(bytes, '\n'))
            return true;
    }
    for (; at < text.size; at++)
        if (escape_of(text.text[at]) != '\0')
            return true;
    return false;
}

static void put_quoted(Room *room, Str text)
{
    if (room->size - room->at >= text.size + 2 && !has_escapes(text)) {
        room->to[room->at] = '"';
        if (text.size > 0)
            memcpy(room->to + room->at + 1, text.text, text.size);
        room->to[room->at + 1 + text.size] = '"';
        room->at += text.size + 2;
        return;
    }
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
    bool is_open = !is_identifier(name, OF_METRIC);
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
        if (is_identifier(label->name, OF_LABEL))
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

/* -- read -------------------------------------------------------------------------------------- */

static size_t open_brace(Str series)
{
    const char *brace = series.size > 0 ? memchr(series.text, '{', series.size) : NULL;
    return brace != NULL ? (size_t)(brace - series.text) : series.size;
}

/* A word from `at` on, in quotes or up to one of '=', ',' and '}'; *at is behind it then. */
static Str read_word(Str series, size_t *at)
{
    size_t from = *at, to = from;
    if (from < series.size && series.text[from] == '"') {
        for (to = ++from; to < series.size && series.text[to] != '"'; to++)
            to += series.text[to] == '\\' && to + 1 < series.size;
        *at = to < series.size ? to + 1 : to;
        return str_part(series, from, to);
    }
    while (to < series.size && strchr("=,}", series.text[to]) == NULL)
        to++;
    *at = to;
    return str_part(series, from, to);
}

bool series_next_label(Str series, size_t *at, Label *ret_label)
{
    if (*at == 0)
        *at = open_brace(series) + 1;
    while (*at < series.size && series.text[*at] != '}') {
        Label label = {.name = read_word(series, at)};
        bool has_value = *at < series.size && series.text[*at] == '=';
        if (has_value) {
            ++*at;
            label.value = read_word(series, at);
        }
        if (*at < series.size && series.text[*at] == ',')
            ++*at;
        else if (*at < series.size && series.text[*at] != '}')
            return false; /* No series. */
        if (has_value) {
            *ret_label = label;
            return true;
        }
    }
    return false;
}

Str series_name(Str series)
{
    size_t at = open_brace(series);
    if (at > 0)
        return str_part(series, 0, at);
    at++;
    return at < series.size && series.text[at] == '"' ? read_word(series, &at) : series;
}

Str series_label(Str series, Str name)
{
    Label label;
    size_t at = 0;
    while (series_next_label(series, &at, &label))
        if (str_equal(label.name, name))
            return label.value;
    return STR("");
}
