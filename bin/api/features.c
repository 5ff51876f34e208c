/* SPDX-License-Identifier: Apache-2.0
 *
 * GET /api/v1/features: which features there are; /features/{entity}: values of one entity, as of
 * now; POST /api/v1/features:read: of many entities at once; GET /api/v1/features:entities: some of
 * those who have values. */
#include <stdlib.h>
#include <string.h>

#include "api/entity_cells.h"
#include "api/receive.h"
#include "api/view.h"
#include "http/json_tree.h"

#define NAMES_MAX 512
#define ENTITIES_MAX 1000
#define ENTITIES_USUAL 100
#define VALUES_MAX 100000 /* Of one answer. */

typedef struct {
    const char *names[NAMES_MAX];
    size_t      count;
    odd_time    as_of; /* ODD_TIME_NONE: now. */
} Wanted;

static HttpReply features(HttpRequest *request, HttpResponse *response)
{
    Ask ask = ask_of(request, response);
    odd_rows *rows = ask_only(&ask, NULL, 0) ? view_rows(&ask, &view_defined, 0, 0) : NULL;
    if (rows == NULL)
        return HTTP_NOW;
    Put put = {.response = response};
    put_open(&put, '{');
    put_name(&put, "items");
    put_open(&put, '[');
    while (odd_next(rows) == ODD_ROW) {
        put_open(&put, '{');
        view_members(&view_defined, rows, &put);
        put_close(&put, '}');
    }
    put_close(&put, ']');
    put_name(&put, "next");
    put_null(&put);
    put_close(&put, '}');
    odd_rows_close(rows);
    return response_end(response, 200, "application/json");
}

/* -- values ------------------------------------------------------------------------------------ */

static void put_entity(Put *put, const char *entity, const LiveFeatures *told)
{
    put_open(put, '{');
    put_named(put, "entity", entity);
    put_name(put, "as_of");
    put_time(put, told->as_of);
    put_name(put, "position");
    put_count(put, told->position);
    put_name(put, "features");
    put_open(put, '[');
    for (size_t i = 0; i < told->count; i++)
        feature_value_put(put, told->names[i], &told->values[i], told->as_of);
    put_close(put, ']');
    put_close(put, '}');
}

/* False: the answer says why not. */
static bool tell_entity(const HttpRequest *request, HttpResponse *response, const Wanted *wanted,
                        const char *entity, Put *put)
{
    const ApiContext *api = request->context;
    LiveFeatures told = {.wanted = wanted->names,
                         .wanted_count = wanted->count,
                         .as_of = wanted->as_of,
                         .clock = receive_now()};
    odd_rc rc = live_features(api->live, entity, &told);
    if (rc == ODD_OK)
        put_entity(put, entity, &told);
    else if (rc == ODD_NOTFOUND && told.near[0] != '\0')
        http_problem(response, 404, NULL, "no feature is called \"%.100s\"; did you mean %s?",
                     told.unknown, told.near);
    else if (rc == ODD_NOTFOUND)
        http_problem(response, 404, NULL,
                     "no feature is called \"%.100s\"; GET /api/v1/features lists those that "
                     "there are",
                     told.unknown);
    else if (rc == ODD_RANGE)
        http_problem(response, 400, NULL,
                     "as_of lies before what came last: values of the past are made by `oddball "
                     "dataset make`");
    else
        ask_failed(response, rc);
    live_features_free(&told);
    return rc == ODD_OK;
}

/* "a,b,c" into the list; the text is cut up. */
static bool names_of(HttpResponse *response, char *text, Wanted *wanted)
{
    char *rest = text;
    for (char *name; (name = strsep(&rest, ",")) != NULL;) {
        if (name[0] == '\0')
            continue;
        if (wanted->count == NAMES_MAX) {
            http_problem(response, 400, NULL, "names has more than %d names", NAMES_MAX);
            return false;
        }
        wanted->names[wanted->count++] = name;
    }
    return true;
}

static HttpReply entity_features(HttpRequest *request, HttpResponse *response)
{
    Ask ask = ask_of(request, response);
    Wanted wanted = {.as_of = ODD_TIME_NONE};
    if (!ASK_ONLY(&ask, "names", "as_of") || !ask_moment(&ask, "as_of", &wanted.as_of))
        return HTTP_NOW;
    const char *given = request_query(request, "names");
    char *names = given != NULL ? strdup(given) : NULL;
    Put put = {.response = response};
    if (given != NULL && names == NULL)
        return ask_failed(response, ODD_NOMEM);
    if ((names == NULL || names_of(response, names, &wanted)) &&
        tell_entity(request, response, &wanted, request_parameter(request, "entity"), &put))
        response_end(response, 200, "application/json");
    free(names);
    return HTTP_NOW;
}

/* -- who has values ---------------------------------------------------------------------------- */

static void put_one(void *context, const char *entity, size_t size)
{
    put_text(context, entity, size);
}

static HttpReply some_entities(HttpRequest *request, HttpResponse *response)
{
    Ask ask = ask_of(request, response);
    const ApiContext *api = request->context;
    int64_t limit = ENTITIES_USUAL;
    if (!ASK_ONLY(&ask, "limit") || !ask_integer(&ask, "limit", 1, ENTITIES_MAX, &limit))
        return HTTP_NOW;
    Put put = {.response = response};
    put_open(&put, '{');
    put_name(&put, "items");
    put_open(&put, '[');
    live_feature_entities(api->live, (size_t)limit, put_one, &put);
    put_close(&put, ']');
    put_name(&put, "entities");
    put_count(&put, live_feature_counts(api->live).entities);
    put_close(&put, '}');
    return response_end(response, 200, "application/json");
}

/* -- many entities ----------------------------------------------------------------------------- */

static HttpReply refuse_batch(HttpResponse *response, const char *why)
{
    return http_problem(response, 400, NULL,
                        "%s; send {\"entities\":[\"web-1\"],\"names\":[\"errors_5m\"]}", why);
}

static bool batch_names(HttpResponse *response, const JsonTree *list, Wanted *wanted)
{
    size_t count = json_tree_count(list);
    if (json_tree_kind(list) != JSON_TREE_ABSENT && json_tree_kind(list) != JSON_TREE_ARRAY) {
        refuse_batch(response, "names must be a list of texts");
        return false;
    }
    for (size_t i = 0; i < count; i++)
        if (i == NAMES_MAX || !json_tree_text(json_tree_item(list, i), &wanted->names[i], NULL)) {
            refuse_batch(response, "names must be a list of at most 512 texts");
            return false;
        }
    wanted->count = count;
    return true;
}

static HttpReply put_batch(const HttpRequest *request, HttpResponse *response,
                           const JsonTree *entities, const Wanted *wanted)
{
    size_t count = json_tree_count(entities), names = wanted->count > 0 ? wanted->count : NAMES_MAX;
    if (json_tree_kind(entities) != JSON_TREE_ARRAY || count == 0 || count > ENTITIES_MAX)
        return refuse_batch(response, "entities must be a list of 1 to 1000 texts");
    if (wanted->count > 0 && count * names > VALUES_MAX)
        return refuse_batch(response, "that are more than 100000 values at once");
    Put put = {.response = response};
    put_open(&put, '{');
    put_name(&put, "items");
    put_open(&put, '[');
    for (size_t i = 0; i < count; i++) {
        const char *entity;
        bool good = json_tree_text(json_tree_item(entities, i), &entity, NULL);
        if (!good) {
            response_clear(response);
            return refuse_batch(response, "entities must be a list of texts");
        }
        HttpResponse refusal = {0};
        if (!tell_entity(request, &refusal, wanted, entity, &put)) {
            response_clear(response);
            *response = refusal;
            return HTTP_NOW;
        }
    }
    put_close(&put, ']');
    put_close(&put, '}');
    return response_end(response, 200, "application/json");
}

static HttpReply many_features(HttpRequest *request, HttpResponse *response)
{
    static const char *const members[] = {"entities", "names"};
    char problem[200];
    Wanted wanted = {.as_of = ODD_TIME_NONE};
    JsonTree *root = json_tree_read(request->body, request->body_size, problem, sizeof problem);
    const char *stranger = root != NULL ? json_tree_stranger(root, members, 2) : NULL;
    if (root == NULL)
        refuse_batch(response, problem);
    else if (json_tree_kind(root) != JSON_TREE_OBJECT || stranger != NULL)
        refuse_batch(response, "this has no other members than entities and names");
    else if (batch_names(response, json_tree_member(root, "names"), &wanted))
        put_batch(request, response, json_tree_member(root, "entities"), &wanted);
    json_tree_free(root);
    return HTTP_NOW;
}

static const Route features_routes[] = {
    {"GET", "/api/v1/features", features, HTTP_SCOPE_ALL, ROUTE_SLOW, NULL},
    {"GET", "/api/v1/features:entities", some_entities, HTTP_SCOPE_ALL, 0, NULL},
    {"GET", "/api/v1/features/{entity}", entity_features, HTTP_SCOPE_ALL, 0, NULL},
    {"POST", "/api/v1/features:read", many_features, HTTP_SCOPE_ALL, ROUTE_SLOW, NULL},
};
const RouteGroup routes_features = ROUTE_GROUP("features", features_routes);
