/* SPDX-License-Identifier: Apache-2.0
 *
 * GET /api/v1/sources: where data comes from, how much of it, how far behind; and what this server
 * watches by itself or would, with the command that would allow it. */
#include <stdlib.h>
#include <string.h>

#include "api/view.h"
#include "api/watches.h"

typedef struct { /* Watches by what their events are from. */
    WatchRow **rows;
    size_t     count;
} BySource;

static const char *events_from(const WatchRow *row)
{
    const char *from = row->watch.source != NULL ? row->watch.source : row->watch.name;
    return from != NULL ? from : "";
}

static int compare_rows(const void *a, const void *b)
{
    return strcmp(events_from(*(WatchRow *const *)a), events_from(*(WatchRow *const *)b));
}

static int compare_source(const void *source, const void *row)
{
    return strcmp(source, events_from(*(WatchRow *const *)row));
}

/* There may be thousands, of thousands of sources.  Without memory, none is found. */
static BySource by_source(Watches *watches)
{
    BySource all = {.rows = calloc(watches->count + 1, sizeof(WatchRow *))};
    watches->failed |= all.rows == NULL;
    for (size_t i = 0; all.rows != NULL && i < watches->count; i++)
        all.rows[all.count++] = &watches->rows[i];
    if (all.count > 0)
        qsort(all.rows, all.count, sizeof *all.rows, compare_rows);
    return all;
}

static WatchRow *watch_of(const BySource *watches, const char *source)
{
    WatchRow **found = watches->count > 0 ? bsearch(source, watches->rows, watches->count,
                                                    sizeof *watches->rows, compare_source)
                                          : NULL;
    return found != NULL ? *found : NULL;
}

static void put_watch(const WatchRow *row, Put *put)
{
    const Watch *watch = &row->watch;
    put_open(put, '{');
    put_name(put, "kind");
    put_word(put, row->kind);
    put_name(put, "name");
    put_word(put, watch->name);
    put_name(put, "state");
    put_word(put, watch_state_name(watch->state));
    put_name(put, "cause");
    put_word(put, watch->cause);
    put_name(put, "cure");
    put_word(put, watch->cure);
    put_name(put, "events");
    put_count(put, watch->events);
    put_name(put, "bytes");
    put_count(put, watch->bytes);
    put_name(put, "dropped");
    put_count(put, watch->dropped);
    put_name(put, "lag_s");
    put_real(put, watch->lag_s);
    put_close(put, '}');
}

static void put_sources(odd_rows *rows, Watches *all, Put *put)
{
    BySource watches = by_source(all);
    while (odd_next(rows) == ODD_ROW) {
        WatchRow *watch = watch_of(&watches, view_text(rows, "source"));
        put_open(put, '{');
        view_members(&view_sources, rows, put);
        put_name(put, "watch");
        if (watch != NULL) {
            put_watch(watch, put);
            watch->used = true;
        } else {
            put_null(put);
        }
        put_close(put, '}');
    }
    free(watches.rows);
}

/* What is watched and has given nothing that was learnt. */
static void put_others(const Watches *watches, Put *put)
{
    for (size_t i = 0; i < watches->count; i++) {
        if (watches->rows[i].used)
            continue;
        put_open(put, '{');
        put_name(put, "source");
        put_word(put, watches->rows[i].watch.name);
        put_name(put, "watch");
        put_watch(&watches->rows[i], put);
        put_close(put, '}');
    }
}

static HttpReply sources(HttpRequest *request, HttpResponse *response)
{
    Ask ask = ask_of(request, response);
    if (!ask_only(&ask, NULL, 0))
        return HTTP_NOW;
    odd_rows *rows = view_rows(&ask, &view_sources, 0, 0);
    if (rows == NULL)
        return HTTP_NOW;
    Watches watches = watches_take(request->context);
    Put put = {.response = response};
    put_open(&put, '{');
    put_name(&put, "items");
    put_open(&put, '[');
    put_sources(rows, &watches, &put);
    put_others(&watches, &put);
    put_close(&put, ']');
    put_name(&put, "next");
    put_null(&put);
    put_close(&put, '}');
    odd_rows_close(rows);
    response->broken |= watches.failed;
    watches_free(&watches);
    return response_end(response, 200, "application/json");
}

static const Route sources_routes[] = {
    {"GET", "/api/v1/sources", sources, HTTP_SCOPE_ALL, ROUTE_SLOW, NULL},
};
const RouteGroup routes_sources = ROUTE_GROUP("sources", sources_routes);
