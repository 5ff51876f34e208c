/* SPDX-License-Identifier: Apache-2.0 */
#include "api/watches.h"

#include <stdlib.h>
#include <string.h>

static char *copied(const char *text, bool *failed)
{
    char *copy = text != NULL ? strdup(text) : NULL;
    *failed |= text != NULL && copy == NULL;
    return copy;
}

static void take(void *context, const char *kind, const Watch *watch)
{
    Watches *watches = context;
    if (watches->count == WATCHES_MAX)
        return;
    if (watches->count == watches->capacity) {
        size_t capacity = watches->capacity * 2 + 16;
        WatchRow *rows = realloc(watches->rows, capacity * sizeof *rows);
        if (rows == NULL) {
            watches->failed = true;
            return;
        }
        watches->rows = rows;
        watches->capacity = capacity;
    }
    WatchRow row = {.kind = kind, .watch = *watch};
    row.watch.name = copied(watch->name, &watches->failed);
    row.watch.source = copied(watch->source, &watches->failed);
    row.watch.cause = copied(watch->cause, &watches->failed);
    row.watch.cure = copied(watch->cure, &watches->failed);
    watches->rows[watches->count++] = row;
}

Watches watches_take(const ApiContext *api)
{
    Watches watches = {0};
    if (api->describe != NULL)
        api->describe(api->describe_context, take, &watches);
    return watches;
}

void watches_free(Watches *watches)
{
    for (size_t i = 0; i < watches->count; i++) {
        free((char *)watches->rows[i].watch.name);
        free((char *)watches->rows[i].watch.source);
        free((char *)watches->rows[i].watch.cause);
        free((char *)watches->rows[i].watch.cure);
    }
    free(watches->rows);
    *watches = (Watches){0};
}

const char *watch_state_name(WatchState state)
{
    switch (state) {
    case WATCH_GOOD:
        return "good";
    case WATCH_REFUSED:
        return "refused";
    case WATCH_BROKEN:
        return "broken";
    }
    return "broken";
}
