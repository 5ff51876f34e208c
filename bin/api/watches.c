/* SPDX-License-Identifier: Apache-2.0 */
#include "api/watches.h"

#include <stdlib.h>
#include <string.h>

typedef struct {
    Watches    *watches;
    const char *kind;
} Taking;

static char *copied(const char *text, bool *failed)
{
    char *copy = text != NULL ? strdup(text) : NULL;
    *failed |= text != NULL && copy == NULL;
    return copy;
}

static void take(void *context, const Watch *watch)
{
    Taking *taking = context;
    Watches *watches = taking->watches;
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
    WatchRow row = {.kind = taking->kind, .watch = *watch};
    row.watch.name = copied(watch->name, &watches->failed);
    row.watch.cause = copied(watch->cause, &watches->failed);
    row.watch.cure = copied(watch->cure, &watches->failed);
    watches->rows[watches->count++] = row;
}

Watches watches_take(const ApiContext *api)
{
    Watches watches = {0};
    for (size_t i = 0; i < api->source_count; i++) {
        const ApiSource *source = &api->sources[i];
        Taking taking = {.watches = &watches, .kind = source->kind->name};
        source->kind->describe(source->self, take, &taking);
    }
    return watches;
}

void watches_free(Watches *watches)
{
    for (size_t i = 0; i < watches->count; i++) {
        free((char *)watches->rows[i].watch.name);
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
