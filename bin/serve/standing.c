/* SPDX-License-Identifier: Apache-2.0 */
#include "serve/standing.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The others keep their order. */
static void leave(Standing *standing, size_t at)
{
    free(standing->texts[at]);
    standing->count--;
    memmove(&standing->texts[at], &standing->texts[at + 1],
            (standing->count - at) * sizeof standing->texts[0]);
    memmove(standing->keys[at], standing->keys[at + 1],
            (standing->count - at) * sizeof standing->keys[0]);
}

bool standing_set(Standing *standing, const char *key, const char *text)
{
    for (size_t i = 0; i < standing->count; i++)
        if (strcmp(standing->keys[i], key) == 0) {
            leave(standing, i);
            break;
        }
    if (text == NULL)
        return true;
    char *copy = strdup(text);
    if (copy == NULL)
        return false;
    if (standing->count == STANDING_MAX)
        leave(standing, 0);
    standing->texts[standing->count] = copy;
    snprintf(standing->keys[standing->count++], STANDING_KEY_SIZE, "%s", key);
    return true;
}

void standing_clear(Standing *standing)
{
    while (standing->count > 0)
        leave(standing, standing->count - 1);
}
