/* SPDX-License-Identifier: Apache-2.0
 *
 * GET /api/v1/models, /models/{id}: models in production and their versions; /features: how each
 * column drifts, over time; /quality: how good they are, estimated and as it came true; /segments:
 * the same of groups of rows; /calibration: what probabilities are worth; /questions: which
 * predictions a person should label, and what such labels told. */
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "api/api.h"
#include "api/view.h"

#define QUESTIONS_USUAL 100
#define QUESTIONS_MOST 500
#define TASK_SIZE 32

/* Rows of one of the views of models, of those that are asked for.  NULL: the answer is written. */
static odd_rows *rows_of(const Ask *ask, odd_view view, int count)
{
    const char *model = request_parameter(ask->request, "id");
    odd_question question = {.view = view,
                             .row_count_max = count,
                             .model = model != NULL && model[0] != '\0' ? model : NULL,
                             .version = request_query(ask->request, "version")};
    if (!ask_moment(ask, "since", &question.since) || !ask_moment(ask, "until", &question.until))
        return NULL;
    return view_ask(ask, &question);
}

static HttpReply unknown(const Ask *ask)
{
    return http_problem(ask->response, 404, NULL,
                        "no model is called \"%.128s\", or has no such version; "
                        "GET /api/v1/models lists those that there are",
                        request_parameter(ask->request, "id"));
}

/* NULL: there is none that can be read. */
static odd_registry *registry_of(const ApiContext *api)
{
    odd_registry *registry = NULL;
    bool there = api->settings != NULL && api->settings->data != NULL &&
                 odd_registry_open(api->settings->data, &registry) == ODD_OK;
    return there ? registry : NULL;
}

/* What the watched model of the row was trained for, into `room`; NULL: it is not of the
 * registry. */
static const char *trained_task(odd_registry *registry, const odd_rows *rows, char room[TASK_SIZE])
{
    odd_rows *trained = NULL;
    const char *found = NULL, *version = view_text(rows, "version");
    if (registry == NULL ||
        odd_registry_query(registry, ODD_TRAINED, view_text(rows, "model"), &trained) != ODD_OK)
        return NULL;
    while (found == NULL && odd_next(trained) == ODD_ROW)
        if (strcmp(view_text(trained, "version"), version) == 0) {
            snprintf(room, TASK_SIZE, "%s", view_text(trained, "task"));
            found = room;
        }
    odd_rows_close(trained);
    return found;
}

/* Those from the row on that was read last, if it has one.  A task that no outcomes have told yet
 * is what the registry says. */
static void put_models(const ApiContext *api, odd_rows *rows, bool has_row, Put *put)
{
    odd_registry *registry = registry_of(api);
    put_open(put, '[');
    for (; has_row; has_row = odd_next(rows) == ODD_ROW) {
        char room[TASK_SIZE];
        bool is_told = view_text(rows, "task")[0] != '\0';
        put_open(put, '{');
        view_members_or(&view_models, rows, "task",
                        is_told ? NULL : trained_task(registry, rows, room), put);
        put_close(put, '}');
    }
    put_close(put, ']');
    odd_registry_close(registry);
}

/* What the registry has, trained here or brought in; a registry that cannot be read has none. */
static void put_trained(const ApiContext *api, Put *put)
{
    static const char *const texts[] = {"name", "version", "state",  "origin",
                                        "task", "target",  "dataset"};
    odd_registry *registry = registry_of(api);
    odd_rows *rows = NULL;
    bool there =
        registry != NULL && odd_registry_query(registry, ODD_TRAINED, NULL, &rows) == ODD_OK;
    put_open(put, '[');
    while (there && odd_next(rows) == ODD_ROW) {
        put_open(put, '{');
        for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
            put_named(put, texts[i], odd_text(rows, odd_column(rows, texts[i])));
        put_name(put, "beats");
        put_bool(put, odd_int(rows, odd_column(rows, "beats")) != 0);
        put_name(put, "made");
        put_time(put, odd_int(rows, odd_column(rows, "made")));
        put_close(put, '}');
    }
    put_close(put, ']');
    odd_rows_close(rows);
    odd_registry_close(registry);
}

static HttpReply models(HttpRequest *request, HttpResponse *response)
{
    Ask ask = ask_of(request, response);
    odd_rows *rows = ask_only(&ask, NULL, 0) ? rows_of(&ask, ODD_MODELS, INT_MAX) : NULL;
    if (rows == NULL)
        return HTTP_NOW;
    Put put = {.response = response};
    put_open(&put, '{');
    put_name(&put, "items");
    put_models(request->context, rows, odd_next(rows) == ODD_ROW, &put);
    put_name(&put, "trained");
    put_trained(request->context, &put);
    put_name(&put, "next");
    put_null(&put);
    put_close(&put, '}');
    odd_rows_close(rows);
    return response_end(response, 200, "application/json");
}

/* Its versions, of which the first is read.  NULL: the answer is written. */
static odd_rows *versions_of(const Ask *ask)
{
    odd_rows *rows = rows_of(ask, ODD_MODELS, INT_MAX);
    if (rows == NULL || odd_next(rows) == ODD_ROW)
        return rows;
    odd_rows_close(rows);
    unknown(ask);
    return NULL;
}

static bool is_known(const Ask *ask)
{
    odd_rows *rows = versions_of(ask);
    odd_rows_close(rows);
    return rows != NULL;
}

/* Begins the answer: the model, and the member that says what of it. */
static Put put_model(const Ask *ask, const char *what)
{
    Put put = {.response = ask->response};
    put_open(&put, '{');
    put_name(&put, "model");
    put_word(&put, request_parameter(ask->request, "id"));
    put_name(&put, what);
    return put;
}

static HttpReply model(HttpRequest *request, HttpResponse *response)
{
    Ask ask = ask_of(request, response);
    odd_rows *rows = ASK_ONLY(&ask, "version") ? versions_of(&ask) : NULL;
    if (rows == NULL)
        return HTTP_NOW;
    Put put = put_model(&ask, "versions");
    put_models(request->context, rows, true, &put);
    put_close(&put, '}');
    odd_rows_close(rows);
    return response_end(response, 200, "application/json");
}

static bool is_of(const odd_rows *steps, const odd_rows *feature)
{
    return strcmp(view_text(steps, "version"), view_text(feature, "version")) == 0 &&
           strcmp(view_text(steps, "feature"), view_text(feature, "feature")) == 0;
}

/* Steps come in the order of the features; *has_step: there is one that is not put yet. */
static void put_steps(odd_rows *steps, const odd_rows *feature, bool *has_step, Put *put)
{
    put_name(put, "steps");
    put_open(put, '[');
    for (; *has_step && is_of(steps, feature); *has_step = odd_next(steps) == ODD_ROW) {
        put_open(put, '{');
        view_members(&view_drift, steps, put);
        put_close(put, '}');
    }
    put_close(put, ']');
}

static HttpReply features(HttpRequest *request, HttpResponse *response)
{
    Ask ask = ask_of(request, response);
    if (!ASK_ONLY(&ask, "version", "since", "until") || !is_known(&ask))
        return HTTP_NOW;
    odd_rows *rows = rows_of(&ask, ODD_MODEL_FEATURES, INT_MAX);
    odd_rows *steps = rows != NULL ? rows_of(&ask, ODD_MODEL_DRIFT, INT_MAX) : NULL;
    if (steps != NULL) {
        bool has_step = odd_next(steps) == ODD_ROW;
        Put put = put_model(&ask, "items");
        put_open(&put, '[');
        while (odd_next(rows) == ODD_ROW) {
            put_open(&put, '{');
            view_members(&view_features, rows, &put);
            put_steps(steps, rows, &has_step, &put);
            put_close(&put, '}');
        }
        put_close(&put, ']');
        put_close(&put, '}');
        response_end(response, 200, "application/json");
    }
    odd_rows_close(steps);
    odd_rows_close(rows);
    return HTTP_NOW;
}

/* All rows of a view; metric: of that alone, NULL: of any. */
static void put_rows(const View *view, odd_rows *rows, const char *metric, Put *put)
{
    put_open(put, '[');
    while (odd_next(rows) == ODD_ROW) {
        if (metric != NULL && strcmp(metric, view_text(rows, "metric")) != 0)
            continue;
        put_open(put, '{');
        view_members(view, rows, put);
        put_close(put, '}');
    }
    put_close(put, ']');
}

static HttpReply put_items(const Ask *ask, const View *view, const char *metric)
{
    odd_rows *rows = rows_of(ask, view->view, INT_MAX);
    if (rows == NULL)
        return HTTP_NOW;
    Put put = put_model(ask, "items");
    put_rows(view, rows, metric, &put);
    put_close(&put, '}');
    odd_rows_close(rows);
    return response_end(ask->response, 200, "application/json");
}

static HttpReply quality(HttpRequest *request, HttpResponse *response)
{
    static const char *const metrics[] = {"accuracy", "auc", "f1", "precision", "recall", "mae",
                                          "rmse"};
    Ask ask = ask_of(request, response);
    const char *metric = request_query(request, "metric");
    size_t unused = 0;
    if (!ASK_ONLY(&ask, "version", "since", "until", "metric") ||
        !ask_choice(&ask, "metric", metrics, sizeof metrics / sizeof metrics[0], &unused) ||
        !is_known(&ask))
        return HTTP_NOW;
    return put_items(&ask, &view_course, metric);
}

static HttpReply segments(HttpRequest *request, HttpResponse *response)
{
    Ask ask = ask_of(request, response);
    if (!ASK_ONLY(&ask, "version") || !is_known(&ask))
        return HTTP_NOW;
    return put_items(&ask, &view_groups, NULL);
}

static HttpReply calibration(HttpRequest *request, HttpResponse *response)
{
    Ask ask = ask_of(request, response);
    if (!ASK_ONLY(&ask, "version", "since", "until") || !is_known(&ask))
        return HTTP_NOW;
    return put_items(&ask, &view_curve, NULL);
}

static HttpReply questions(HttpRequest *request, HttpResponse *response)
{
    Ask ask = ask_of(request, response);
    int64_t count = QUESTIONS_USUAL;
    if (!ASK_ONLY(&ask, "version", "count") ||
        !ask_integer(&ask, "count", 1, QUESTIONS_MOST, &count) || !is_known(&ask))
        return HTTP_NOW;
    odd_rows *rows = rows_of(&ask, ODD_MODEL_QUESTIONS, (int)count);
    odd_rows *told = rows != NULL ? rows_of(&ask, ODD_MODEL_LABELS, INT_MAX) : NULL;
    if (told != NULL) {
        Put put = put_model(&ask, "items");
        put_rows(&view_questions, rows, NULL, &put);
        put_name(&put, "estimates");
        put_rows(&view_labels, told, NULL, &put);
        put_close(&put, '}');
        response_end(response, 200, "application/json");
    }
    odd_rows_close(told);
    odd_rows_close(rows);
    return HTTP_NOW;
}

static const Route models_routes[] = {
    {"GET", "/api/v1/models", models, HTTP_SCOPE_ALL, ROUTE_SLOW, NULL},
    {"GET", "/api/v1/models/{id}", model, HTTP_SCOPE_ALL, ROUTE_SLOW, NULL},
    {"GET", "/api/v1/models/{id}/features", features, HTTP_SCOPE_ALL, ROUTE_SLOW, NULL},
    {"GET", "/api/v1/models/{id}/quality", quality, HTTP_SCOPE_ALL, ROUTE_SLOW, NULL},
    {"GET", "/api/v1/models/{id}/calibration", calibration, HTTP_SCOPE_ALL, ROUTE_SLOW, NULL},
    {"GET", "/api/v1/models/{id}/questions", questions, HTTP_SCOPE_ALL, ROUTE_SLOW, NULL},
    {"GET", "/api/v1/models/{id}/segments", segments, HTTP_SCOPE_ALL, ROUTE_SLOW, NULL},
};
const RouteGroup routes_models = ROUTE_GROUP("models", models_routes);
