/* SPDX-License-Identifier: Apache-2.0 */
#include "event/cells.h"

static bool is_blank(char c, char separator)
{
    return (c == ' ' || c == '\t') && c != separator;
}

static size_t skip_blanks(Str line, size_t at, char separator)
{
    while (at < line.size && is_blank(line.text[at], separator))
        at++;
    return at;
}

static size_t separator_find(Str line, size_t at, char separator)
{
    const char *found = separator != '\0' && at < line.size
                            ? memchr(line.text + at, separator, line.size - at)
                            : NULL;
    return found != NULL ? (size_t)(found - line.text) : line.size;
}

/* Behind the opening quote: where the closing one stands, or the line's end. */
static size_t quote_find(Str line, size_t at)
{
    while (at < line.size) {
        const char *found = memchr(line.text + at, '"', line.size - at);
        if (found == NULL)
            return line.size;
        at = (size_t)(found - line.text);
        if (at + 1 == line.size || line.text[at + 1] != '"')
            return at;
        at += 2;
    }
    return line.size;
}

bool cell_next(Str line, size_t *at, char separator, SheetCell *ret)
{
    if (*at > line.size)
        return false;
    size_t from = skip_blanks(line, *at, separator);
    if (from < line.size && line.text[from] == '"') {
        size_t to = quote_find(line, from + 1);
        *ret = (SheetCell){.text = str_part(line, from + 1, to),
                      .is_quoted = true,
                      .is_torn = to == line.size};
        *at = separator_find(line, to, separator) + 1;
        return true;
    }
    size_t end = separator_find(line, from, separator), to = end;
    while (to > from && is_blank(line.text[to - 1], separator))
        to--;
    *ret = (SheetCell){.text = str_part(line, from, to)};
    *at = end + 1;
    return true;
}

uint32_t cell_count(Str line, char separator, uint32_t most)
{
    SheetCell cell;
    uint32_t count = 0;
    for (size_t at = 0; count <= most && cell_next(line, &at, separator, &cell);)
        count++;
    return count;
}

Str cell_at(Str line, char separator, uint32_t column)
{
    SheetCell cell = {.text = {.text = ""}};
    size_t at = 0;
    for (uint32_t i = 0; i <= column; i++)
        if (!cell_next(line, &at, separator, &cell))
            return (Str){.text = ""};
    return cell.text;
}

size_t cell_unquote(SheetCell cell, char *to)
{
    size_t size = 0;
    for (size_t i = 0; i < cell.text.size; i++) {
        to[size++] = cell.text.text[i];
        i += cell.is_quoted && cell.text.text[i] == '"';
    }
    return size;
}
