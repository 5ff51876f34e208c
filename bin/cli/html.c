/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/html.h"

#include <string.h>

#include "cli/visible.h"

static void html_glyph(Buffer *out, const Glyph *glyph)
{
    if (strcmp(glyph->text, "&") == 0)
        buffer_puts(out, "&amp;");
    else if (strcmp(glyph->text, "<") == 0)
        buffer_puts(out, "&lt;");
    else if (strcmp(glyph->text, ">") == 0)
        buffer_puts(out, "&gt;");
    else if (strcmp(glyph->text, "\"") == 0)
        buffer_puts(out, "&quot;");
    else if (strcmp(glyph->text, "'") == 0)
        buffer_puts(out, "&#39;");
    else
        buffer_add(out, glyph->text, glyph->size);
}

void html_piece(Buffer *out, Piece piece)
{
    for (size_t i = 0; i < piece.size;) {
        Glyph glyph = visible_next(piece.text + i, piece.size - i);
        html_glyph(out, &glyph);
        i += glyph.consumed;
    }
}

void html_sample(Buffer *out, Piece piece)
{
    bool inside = false;
    for (size_t i = 0; i < piece.size;) {
        Glyph glyph = visible_next(piece.text + i, piece.size - i);
        bool escaped = memcmp(glyph.text, piece.text + i, glyph.consumed) != 0;
        if (escaped != inside)
            buffer_puts(out, escaped ? "<span class=\"esc\">" : "</span>");
        inside = escaped;
        html_glyph(out, &glyph);
        i += glyph.consumed;
    }
    if (inside)
        buffer_puts(out, "</span>");
}
