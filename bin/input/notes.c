/* SPDX-License-Identifier: Apache-2.0 */
#include "input/notes.h"

#include <assert.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void notes_keep(Notes *notes, char *sentence)
{
    if (notes->sentences == NULL)
        notes->sentences = calloc(NOTE_COUNT_MAX, sizeof *notes->sentences);
    if (sentence == NULL || notes->sentences == NULL || notes->count == NOTE_COUNT_MAX) {
        free(sentence);
        notes->left_out++;
        return;
    }
    notes->sentences[notes->count++] = sentence;
}

void notes_add(Notes *notes, const char *format, ...)
{
    assert(notes != NULL);
    char    sentence[NOTE_BYTES_MAX];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(sentence, sizeof sentence, format, arguments);
    va_end(arguments);
    notes_keep(notes, strdup(sentence));
}

void notes_move(Notes *to, Notes *from)
{
    for (size_t i = 0; i < from->count; i++)
        notes_keep(to, from->sentences[i]);
    to->left_out += from->left_out;
    free(from->sentences);
    *from = (Notes){0};
}

void notes_free(Notes *notes)
{
    for (size_t i = 0; i < notes->count; i++)
        free(notes->sentences[i]);
    free(notes->sentences);
    *notes = (Notes){0};
}

char *size_text(uint64_t bytes, char *buffer)
{
    static const char *const units[] = {"kB", "MB", "GB", "TB", "PB", "EB"};
    if (bytes < 1000) {
        snprintf(buffer, SIZE_TEXT_SIZE, "%" PRIu64 " byte%s", bytes, bytes == 1 ? "" : "s");
        return buffer;
    }
    size_t unit = 0;
    double size = (double)bytes / 1000;
    for (; size >= 999.95; size /= 1000)
        unit++;
    snprintf(buffer, SIZE_TEXT_SIZE, "%.1f %s", size, units[unit]);
    return buffer;
}
