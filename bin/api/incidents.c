/* SPDX-License-Identifier: Apache-2.0
 *
 * GET /api/v1/incidents: findings that belong together; /api/v1/incidents/{id}: one of them, with
 * its cause, what came of it, what was checked, and what was like it. */
#include <string.h>

#include "api/api.h"
#include "api/findings.h"

static const char *const orders[] = {"newest", "oddest"};

static bool incident_wanted(const void *state, const odd_rows *rows)
{
    const char *wish = state;
    bool is_joined = strcmp(view_text(rows, "state"), "joined") == 0;
    if (is_joined && (wish == NULL || strcmp(wish, "joined") != 0))
        return false; /* The one that it is a part of is listed. */
    return state_wanted(state, rows);
}

static uint64_t incident_key(const odd_rows *rows, size_t order)
{
    return list_findings.key(rows, order);
}

static const List list_incidents = {.view = &view_incidents,
                                    .id_columns = {"id", NULL},
                                    .orders = orders,
                                    .order_count = 2,
                                    .key = incident_key,
                                    .wants = incident_wanted};

/* As findings have, and two of their own. */
static bool ask_incident_state(const Ask *ask, const char **ret_state)
{
    static const char *const states[] = {"new",      "ongoing", "escalating", "regressed", "shown",
                                         "resolved", "joined",  "hidden",     "expected"};
    size_t state = 0;
    if (request_query(ask->request, "state") == NULL)
        return true;
    if (!ask_choice(ask, "state", states, sizeof states / sizeof states[0], &state))
        return false;
    *ret_state = states[state];
    return true;
}

static HttpReply incidents(HttpRequest *request, HttpResponse *response)
{
    Ask ask = ask_of(request, response);
    odd_time since = 0, until = 0;
    const char *state = NULL;
    if (!ASK_ONLY(&ask, "since", "until", "state", "limit", "order", "cursor") ||
        !ask_span_of_time(&ask, &since, &until) || !ask_incident_state(&ask, &state))
        return HTTP_NOW;
    return list_answer(&ask, &list_incidents, since, until, state);
}

/* Its findings, the newest first. */
static void put_findings(odd_rows *rows, const char *id, Put *put)
{
    put_name(put, "items");
    put_open(put, '[');
    for (int count = 0; odd_next(rows) == ODD_ROW && count < PAGE_ROWS_MAX;) {
        if (strcmp(view_text(rows, "incident"), id) != 0)
            continue;
        put_open(put, '{');
        view_members(&view_findings, rows, put);
        put_close(put, '}');
        count++;
    }
    put_close(put, ']');
}

/* The arrays that an incident is told in, in the order of its rows: what is in neither of the last
 * two is of its story. */
typedef struct {
    const char *name, *part;
    const View *view;
} Chapter;
static const Chapter chapters[] = {{"story", "", &view_story},
                                   {"checked", "checked", &view_checked},
                                   {"similar", "like", &view_similar}};
#define CHAPTER_COUNT (sizeof chapters / sizeof chapters[0])

static size_t chapter_of(const odd_rows *rows)
{
    const char *part = view_text(rows, "part");
    size_t chapter = CHAPTER_COUNT - 1;
    while (chapter > 0 && strcmp(chapters[chapter].part, part) != 0)
        chapter--;
    return chapter;
}

/* Cause, failures, impacts and changes; what was looked at; what was like it. */
static odd_rc put_chapters(const Ask *ask, const char *id, Put *put)
{
    const ApiContext *api = ask->request->context;
    odd_rows *rows;
    odd_rc rc = live_incident(api->live, id, &rows);
    if (rc != ODD_OK)
        return rc;
    bool more = odd_next(rows) == ODD_ROW;
    for (size_t chapter = 0; chapter < CHAPTER_COUNT; chapter++) {
        put_name(put, chapters[chapter].name);
        put_open(put, '[');
        for (; more && chapter_of(rows) == chapter; more = odd_next(rows) == ODD_ROW) {
            put_open(put, '{');
            view_members(chapters[chapter].view, rows, put);
            put_close(put, '}');
        }
        put_close(put, ']');
    }
    odd_rows_close(rows);
    return ODD_OK;
}

static HttpReply incident(HttpRequest *request, HttpResponse *response)
{
    Ask ask = ask_of(request, response);
    const char *id = request_parameter(request, "id");
    odd_rows *rows = list_find(&ask, &list_incidents, "incident", id);
    if (rows == NULL)
        return HTTP_NOW;
    odd_rows *findings = view_rows(&ask, &view_findings, 0, 0);
    if (findings != NULL) {
        HttpResponse json = {0};
        Put put = {.response = &json};
        put_open(&put, '{');
        view_members(&view_incidents, rows, &put);
        put_findings(findings, id, &put);
        odd_rc rc = put_chapters(&ask, id, &put);
        put_close(&put, '}');
        if (rc == ODD_OK) {
            response_add(response, json.body, json.body_size);
            response_end(response, json.broken ? 503 : 200, "application/json");
        } else {
            ask_failed(response, rc);
        }
        response_clear(&json);
    }
    odd_rows_close(findings);
    odd_rows_close(rows);
    return HTTP_NOW;
}

static const Route incidents_routes[] = {
    {"GET", "/api/v1/incidents", incidents, HTTP_SCOPE_ALL, ROUTE_SLOW, NULL},
    {"GET", "/api/v1/incidents/{id}", incident, HTTP_SCOPE_ALL, ROUTE_SLOW, NULL},
};
const RouteGroup routes_incidents = ROUTE_GROUP("incidents", incidents_routes);
