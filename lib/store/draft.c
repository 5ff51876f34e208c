/* SPDX-License-Identifier: Apache-2.0 */
#include "store/draft.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>

/* Room for `more` bytes and the end, or NULL. */
static char *draft_room(Draft *text, size_t more)
{
    if (text->failed)
        return NULL;
    char *bytes = mem_grow(text->mem, text->bytes, &text->capacity, text->size + more + 1, 1);
    if (bytes == NULL) {
        text->failed = true;
        return NULL;
    }
    text->bytes = bytes;
    return bytes + text->size;
}

void draft_add(Draft *text, Str piece)
{
    char *to = draft_room(text, piece.size);
    if (to == NULL)
        return;
    if (piece.size > 0)
        memcpy(to, piece.text, piece.size);
    text->size += piece.size;
}

void draft_format(Draft *text, const char *format, ...)
{
    va_list arguments, again;
    va_start(arguments, format);
    va_copy(again, arguments);
    int size = vsnprintf(NULL, 0, format, arguments);
    assert(size >= 0);
    char *to = draft_room(text, (size_t)size);
    if (to != NULL) {
        vsnprintf(to, (size_t)size + 1, format, again);
        text->size += (size_t)size;
    }
    va_end(again);
    va_end(arguments);
}

void draft_quote(Draft *text, char quote, Str piece)
{
    Str mark = {.text = &quote, .size = 1};
    draft_add(text, mark);
    for (size_t i = 0; i < piece.size; i++) {
        if (piece.text[i] == quote)
            draft_add(text, mark);
        draft_add(text, str_part(piece, i, i + 1));
    }
    draft_add(text, mark);
}

const char *draft_text(Draft *text)
{
    char *end = draft_room(text, 0);
    if (end == NULL)
        return NULL;
    *end = '\0';
    return text->bytes;
}

void draft_clear(Draft *text)
{
    text->size = 0;
    text->failed = false;
}

void draft_close(Draft *text)
{
    mem_free(text->mem, text->bytes, text->capacity);
    *text = (Draft){.mem = text->mem};
}
