/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/wrap.h"

#include <stdbool.h>
#include <string.h>

#include "cli/visible.h"

static size_t word_end(const char *text, size_t size, size_t from)
{
    while (from < size && text[from] != ' ')
        from++;
    return from;
}

static void wrap_line(Buffer *out, int indent, int *column)
{
    buffer_puts(out, "\n");
    buffer_repeat(out, ' ', (size_t)indent);
    *column = indent;
}

/* A word wider than its line goes on in the next. */
static void wrap_word(Buffer *out, const char *word, size_t size, int *column, int indent,
                      int columns)
{
    for (size_t i = 0; i < size;) {
        Glyph glyph = visible_next(word + i, size - i);
        if (*column + glyph.width > columns && *column > indent)
            wrap_line(out, indent, column);
        buffer_add(out, glyph.text, glyph.size);
        *column += glyph.width;
        i += glyph.consumed;
    }
}

void wrap_add(Buffer *out, const char *text, size_t size, int column, int indent, int columns)
{
    bool first = true;
    for (size_t from = 0, to; from < size; from = to + 1) {
        to = word_end(text, size, from);
        int width = visible_width(text + from, to - from);
        if (width == 0)
            continue;
        /* A word that no line can hold begins where it stands, and is broken. */
        int needed = width > columns - indent ? 1 : width;
        if (!first && column + 1 + needed > columns) {
            wrap_line(out, indent, &column);
        } else if (!first) {
            buffer_puts(out, " ");
            column++;
        }
        wrap_word(out, text + from, to - from, &column, indent, columns);
        first = false;
    }
    buffer_puts(out, "\n");
}

/* Where the text of a line begins. */
static size_t text_begin(const char *line)
{
    size_t spaces = strspn(line, " "), digits = strspn(line + spaces, "0123456789");
    bool is_numbered = digits > 0 && strncmp(line + spaces + digits, ". ", 2) == 0;
    return is_numbered ? spaces + digits + 2 : spaces;
}

void wrap_lines(Buffer *out, const char *text, int columns)
{
    for (const char *line = text, *end; *line != '\0'; line = end + 1) {
        end = line + strcspn(line, "\n");
        size_t size = (size_t)(end - line), begin = text_begin(line);
        if (visible_width(line, size) <= columns) {
            visible_add(out, line, size);
            buffer_puts(out, "\n");
            continue;
        }
        buffer_add(out, line, begin);
        wrap_add(out, line + begin, size - begin, (int)begin, begin > 0 ? (int)begin : 4, columns);
    }
}
