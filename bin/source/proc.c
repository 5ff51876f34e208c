/* SPDX-License-Identifier: Apache-2.0 */
#include "source/proc.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define PATH_SIZE 4096
#define FIRST_BYTES 16384

static bool proc_grow(ProcText *text)
{
    size_t capacity = text->capacity == 0 ? FIRST_BYTES : text->capacity * 2;
    char  *grown = capacity > PROC_BYTES_MAX ? NULL : realloc(text->bytes, capacity);
    if (grown == NULL)
        return false;
    text->bytes = grown;
    text->capacity = capacity;
    return true;
}

bool proc_read(ProcText *text, const char *root, const char *path)
{
    char way[PATH_SIZE];
    text->size = 0;
    if (snprintf(way, sizeof way, "%s/%s", root, path) >= (int)sizeof way)
        return false;
    int descriptor = open(way, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (descriptor < 0)
        return false;
    ssize_t got = 0;
    for (;;) {
        if (text->size + 1 >= text->capacity && !proc_grow(text))
            break;
        got = read(descriptor, text->bytes + text->size, text->capacity - 1 - text->size);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            break;
        text->size += (size_t)got;
    }
    close(descriptor);
    if (text->bytes == NULL || got < 0)
        return false;
    text->bytes[text->size] = '\0';
    text->next = text->bytes;
    return true;
}

void proc_free(ProcText *text)
{
    free(text->bytes);
    *text = (ProcText){0};
}

bool proc_line(ProcText *text, char also, ProcLine *ret)
{
    ret->count = 0;
    char *at = text->next;
    if (at == NULL || *at == '\0')
        return false;
    while (*at != '\0' && *at != '\n') {
        if (isblank((unsigned char)*at) || *at == also) {
            *at++ = '\0';
            continue;
        }
        if (ret->count < PROC_WORDS_MAX)
            ret->words[ret->count++] = at;
        while (*at != '\0' && *at != '\n' && !isblank((unsigned char)*at) && *at != also)
            at++;
    }
    if (*at == '\n')
        *at++ = '\0';
    text->next = at;
    return true;
}

double proc_number(const char *word)
{
    char  *end;
    double number = strtod(word, &end);
    return end == word ? 0 : number;
}

bool proc_value(ProcText *text, const char *root, const char *path, double *ret)
{
    if (!proc_read(text, root, path) || text->size == 0 || !isdigit((unsigned char)text->bytes[0]))
        return false;
    *ret = proc_number(text->bytes);
    return true;
}
