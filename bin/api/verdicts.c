/* SPDX-License-Identifier: Apache-2.0
 *
 * /api/v1/verdicts: what people and rules say of findings.
 *
 * GET lists them; POST says one, or an array of them, and tells what it would have done to the last
 * 30 days; POST to /api/v1/verdicts:test only tells; DELETE of one undoes it.  And
 * GET /api/v1/findings/{id}/explain: what a finding rests on, and who says what of it. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "api/receive.h"
#include "api/scope.h"

#define IN_FORCE_MAX 1024 /* What is said beyond would not count. */
#define ID_SIZE 80
#define DAYS_BACK_NS (30 * 86400 * INT64_C(1000000000))

/* -- what is said ------------------------------------------------------------------------------ */

static const char *const orders[] = {"newest"};

static uint64_t verdict_key(const odd_rows *rows, size_t order)
{
    (void)order; /* There is but one. */
    return page_key_integer(view_time(rows, "made"));
}

const List list_verdicts = {.view = &view_verdicts,
                            .id_columns = {"id", NULL},
                            .orders = orders,
                            .order_count = 1,
                            .key = verdict_key};

static HttpReply verdicts(HttpRequest *request, HttpResponse *response)
{
    Ask ask = ask_of(request, response);
    if (!ASK_ONLY(&ask, "limit", "order", "cursor"))
        return HTTP_NOW;
    return list_answer(&ask, &list_verdicts, 0, 0, NULL);
}

static HttpReply verdict(HttpRequest *request, HttpResponse *response)
{
    Ask ask = ask_of(request, response);
    odd_rows *rows = list_find(&ask, &list_verdicts, "verdict", request_parameter(request, "id"));
    if (rows == NULL)
        return HTTP_NOW;
    view_object(&view_verdicts, rows, response);
    odd_rows_close(rows);
    return response_end(response, 200, "application/json");
}

/* -- the body ---------------------------------------------------------------------------------- */

/* The verdicts of the body as an array that the library reads. */
static bool write_all(const Ask *ask, HttpResponse *json)
{
    char problem[256] = "";
    const HttpRequest *request = ask->request;
    JsonTree *tree = json_tree_read(request->body, request->body_size, problem, sizeof problem);
    bool is_array = json_tree_kind(tree) == JSON_TREE_ARRAY, good = true;
    size_t count = is_array ? json_tree_count(tree) : 1;
    if (tree == NULL) {
        http_problem(ask->response, 400, NULL, "the body is no JSON: %s", problem);
        return false;
    }
    response_add(json, "[", 1);
    for (size_t i = 0; good && i < count; i++) {
        response_add(json, ",", i > 0);
        good = scope_write(ask, is_array ? json_tree_item(tree, i) : tree, json);
    }
    response_add(json, "]", 1);
    json_tree_free(tree);
    return good;
}

/* NULL: the answer is written. */
static odd_events *events_of(const Ask *ask)
{
    HttpResponse json = {0};
    odd_events *events = NULL;
    odd_decoded decoded = {0};
    const ApiContext *api = ask->request->context;
    bool good = write_all(ask, &json);
    odd_wire wire = {.source = "", .now = ask->now};
    wire.zone_s = api->zone_s != NULL ? api->zone_s(wire.now) : 0;
    odd_rc rc = good && !json.broken ? odd_events_open(NULL, ask->now, &events) : ODD_NOMEM;
    if (rc == ODD_OK)
        rc = odd_decode("verdict", &wire, json.body, json.body_size, events, &decoded);
    response_clear(&json);
    if (good && rc == ODD_OK)
        return events;
    odd_events_close(events);
    if (good && rc == ODD_SYNTAX)
        http_problem(ask->response, 400, NULL, "%s", decoded.message);
    else if (good)
        ask_failed(ask->response, rc);
    return NULL;
}

/* "items":[...]: what each of them would have done.  False: the answer is written. */
static bool put_trials(const Ask *ask, const odd_events *events, HttpResponse *json)
{
    const ApiContext *api = ask->request->context;
    odd_rows *rows;
    odd_rc rc = live_try(api->live, events, ask->now - DAYS_BACK_NS, &rows);
    if (rc != ODD_OK) {
        ask_failed(ask->response, rc);
        return false;
    }
    Put put = {.response = json, .depth = 1};
    put_name(&put, "items");
    put_open(&put, '[');
    while (odd_next(rows) == ODD_ROW) {
        put_open(&put, '{');
        view_members(&view_trials, rows, &put);
        put_close(&put, '}');
    }
    put_close(&put, ']');
    odd_rows_close(rows);
    return true;
}

static HttpReply verdicts_test(HttpRequest *request, HttpResponse *response)
{
    Ask ask = ask_of(request, response);
    HttpResponse items = {0};
    odd_events *events = ask_only(&ask, NULL, 0) ? events_of(&ask) : NULL;
    bool good = events != NULL && put_trials(&ask, events, &items);
    odd_events_close(events);
    if (good) {
        response_add(response, "{", 1);
        response_add(response, items.body, items.body_size);
        response_add(response, "}", 1);
        response_end(response, items.broken ? 503 : 200, "application/json");
    }
    response_clear(&items);
    return HTTP_NOW;
}

/* -- saying and undoing ------------------------------------------------------------------------ */

typedef struct {
    HttpRequest  *request;
    HttpResponse *response;
    int           status;
    HttpResponse  members; /* Of the answer, beside the position. */
} Saying;

static void saying_free(void *context)
{
    Saying *saying = context;
    response_clear(&saying->members);
    free(saying);
}

/* On the intake's thread. */
static void said(void *context, IntakeResult result)
{
    Saying *it = context;
    if (result.status == INTAKE_STORED || result.status == INTAKE_KNOWN) {
        response_print(it->response, "{\"position\":%" PRIu64 ",", result.position);
        response_add(it->response, it->members.body, it->members.body_size);
        response_add(it->response, "}", 1);
        response_end(it->response, it->status, "application/json");
    } else {
        receive_outcome(it->request, it->response, result);
    }
    http_complete(it->request);
}

/* events and members are its own from here on. */
static HttpReply say(const Ask *ask, odd_events *events, int status, HttpResponse members)
{
    const ApiContext *api = ask->request->context;
    Saying *it = members.broken ? NULL : malloc(sizeof *it);
    if (it == NULL) {
        odd_events_close(events);
        response_clear(&members);
        return ask_failed(ask->response, ODD_NOMEM);
    }
    *it = (Saying){ask->request, ask->response, status, members};
    ask->request->state = it;
    ask->request->state_free = saying_free;
    intake_give(api->intake, events, said, it);
    return HTTP_LATER;
}

typedef struct {
    char   ids[IN_FORCE_MAX][ID_SIZE];
    size_t count;
} InForce;

static bool is_in_force(const InForce *force, const char *id)
{
    for (size_t i = 0; i < force->count; i++)
        if (strcmp(force->ids[i], id) == 0)
            return true;
    return false;
}

/* How many of the events' verdicts are not there yet; SIZE_MAX: it cannot be told. */
static size_t count_new(const Ask *ask, const odd_events *events, const InForce *force)
{
    const ApiContext *api = ask->request->context;
    odd_rows *rows;
    size_t fresh = 0;
    if (live_try(api->live, events, ask->now, &rows) != ODD_OK)
        return SIZE_MAX;
    while (odd_next(rows) == ODD_ROW)
        fresh += !is_in_force(force, view_text(rows, "id"));
    odd_rows_close(rows);
    return fresh;
}

/* Room for all of them.  False: the answer is written. */
static bool has_room(const Ask *ask, const odd_events *events)
{
    InForce *force = calloc(1, sizeof *force);
    if (force == NULL) {
        ask_failed(ask->response, ODD_NOMEM);
        return false;
    }
    odd_rows *rows = view_rows(ask, &view_verdicts, 0, 0);
    bool good = rows != NULL;
    while (good && force->count < IN_FORCE_MAX && odd_next(rows) == ODD_ROW)
        snprintf(force->ids[force->count++], ID_SIZE, "%s", view_text(rows, "id"));
    odd_rows_close(rows);
    size_t fresh = good ? count_new(ask, events, force) : 0;
    if (fresh == SIZE_MAX)
        ask_failed(ask->response, ODD_NOMEM);
    else if (good && fresh > IN_FORCE_MAX - force->count)
        http_problem(ask->response, 400, NULL,
                     "%zu verdicts, mutes and rules are in force, and %d may be: nothing of this "
                     "request was taken; DELETE /api/v1/verdicts/ID makes room",
                     force->count, IN_FORCE_MAX);
    good = good && fresh <= IN_FORCE_MAX - force->count;
    free(force);
    return good;
}

static HttpReply verdicts_say(HttpRequest *request, HttpResponse *response)
{
    Ask ask = ask_of(request, response);
    HttpResponse members = {0};
    odd_events *events = ask_only(&ask, NULL, 0) ? events_of(&ask) : NULL;
    if (events == NULL)
        return HTTP_NOW;
    if (has_room(&ask, events) && put_trials(&ask, events, &members))
        return say(&ask, events, 201, members);
    odd_events_close(events);
    response_clear(&members);
    return HTTP_NOW;
}

static HttpReply verdict_undo(HttpRequest *request, HttpResponse *response)
{
    Ask ask = ask_of(request, response);
    const char *id = request_parameter(request, "id");
    odd_rows *rows = list_find(&ask, &list_verdicts, "verdict", id);
    if (rows == NULL)
        return HTTP_NOW;
    odd_rows_close(rows);
    char undo[128];
    int size = snprintf(undo, sizeof undo, "{\"undo\":\"%.80s\"}", id); /* It is one of ours. */
    odd_events *events = NULL;
    odd_decoded decoded;
    odd_wire wire = {.source = "", .now = ask.now};
    odd_rc rc = odd_events_open(NULL, ask.now, &events);
    if (rc == ODD_OK)
        rc = odd_decode("verdict", &wire, undo, (size_t)size, events, &decoded);
    if (rc != ODD_OK) {
        odd_events_close(events);
        return ask_failed(response, rc);
    }
    HttpResponse members = {0};
    response_print(&members, "\"undone\":\"%.80s\"", id);
    return say(&ask, events, 200, members);
}

/* -- one finding ------------------------------------------------------------------------------- */

static bool is_beside(const odd_rows *rows)
{
    return strcmp(odd_text(rows, 0), "beside") == 0;
}

/* What it rests on: the rows with a number, and the line beside it.  Whether there is a row behind
 * them. */
static bool put_evidence(odd_rows *rows, Put *put)
{
    bool more;
    put_name(put, "evidence");
    put_open(put, '{');
    while ((more = odd_next(rows) == ODD_ROW) && (odd_text_size(rows, 2) == 0 || is_beside(rows))) {
        put_name(put, odd_text(rows, 0));
        if (is_beside(rows))
            put_text(put, odd_text(rows, 2), odd_text_size(rows, 2));
        else
            put_real(put, odd_double(rows, 1));
    }
    put_close(put, '}');
    return more;
}

/* The row that rows stand on, if there is one, names a verdict, and so do those behind it. */
static void put_sayings(const Ask *ask, odd_rows *rows, bool more, Put *put)
{
    put_name(put, "verdicts");
    put_open(put, '[');
    for (; more; more = odd_next(rows) == ODD_ROW) {
        odd_rows *entry = list_find(ask, &list_verdicts, "verdict", odd_text(rows, 2));
        if (entry == NULL) {
            response_clear(ask->response); /* It was undone just now. */
            continue;
        }
        put_open(put, '{');
        put_name(put, "does");
        put_word(put, odd_text(rows, 0));
        view_members(&view_verdicts, entry, put);
        put_close(put, '}');
        odd_rows_close(entry);
    }
    put_close(put, ']');
}

static HttpReply finding_explain(HttpRequest *request, HttpResponse *response)
{
    Ask ask = ask_of(request, response);
    const ApiContext *api = request->context;
    const char *id = request_parameter(request, "id");
    odd_rows *finding = list_find(&ask, &list_findings, "finding", id), *rows;
    if (finding == NULL)
        return HTTP_NOW;
    HttpResponse json = {0};
    Put put = {.response = &json};
    odd_rc rc = live_explain(api->live, id, &rows);
    if (rc == ODD_OK) {
        put_open(&put, '{');
        put_name(&put, "finding");
        put_open(&put, '{');
        view_members(&view_findings, finding, &put);
        put_close(&put, '}');
        bool more = put_evidence(rows, &put);
        put_sayings(&ask, rows, more, &put);
        put_close(&put, '}');
        odd_rows_close(rows);
    }
    odd_rows_close(finding);
    if (rc == ODD_OK)
        response_add(response, json.body, json.body_size);
    response_clear(&json);
    return rc == ODD_OK ? response_end(response, 200, "application/json")
                        : ask_failed(response, rc);
}

static const Route verdicts_routes[] = {
    {"GET", "/api/v1/verdicts", verdicts, HTTP_SCOPE_ALL, ROUTE_SLOW, NULL},
    {"GET", "/api/v1/verdicts/{id}", verdict, HTTP_SCOPE_ALL, ROUTE_SLOW, NULL},
    {"POST", "/api/v1/verdicts", verdicts_say, HTTP_SCOPE_ALL, ROUTE_SLOW, NULL},
    {"POST", "/api/v1/verdicts:test", verdicts_test, HTTP_SCOPE_ALL, ROUTE_SLOW, NULL},
    {"DELETE", "/api/v1/verdicts/{id}", verdict_undo, HTTP_SCOPE_ALL, ROUTE_SLOW, NULL},
    {"GET", "/api/v1/findings/{id}/explain", finding_explain, HTTP_SCOPE_ALL, ROUTE_SLOW, NULL},
};
const RouteGroup routes_verdicts = ROUTE_GROUP("verdicts", verdicts_routes);
