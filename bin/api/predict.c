/* SPDX-License-Identifier: Apache-2.0
 *
 * POST /api/v1/models/{id}/predict: rows by their values, each answered by the champion of a
 * trained model.  What it said is kept as predictions of that model and version, so that it is
 * watched from then on, against the rows that it was trained from; a candidate says the same rows
 * in its shadow.
 *
 *     {"rows":[{"id":"a1","values":{"age":41,"region":"north"}}]}   or   {"values":{...}}
 *     {"entity":"web-1"}   features of it are looked up, beside values that are given */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "api/api.h"
#include "api/ask.h"
#include "api/entity_cells.h"
#include "api/predictors.h"
#include "api/put.h"
#include "api/receive.h"
#include "http/json_tree.h"
#include "settings/nearest.h"
#include "settings/quantity.h"

#define ROWS_MAX 10000
#define COLUMNS_SHOWN 256 /* Of which the nearest is told. */
#define PROBLEM_SIZE 512

typedef struct {
    const odd_predictor *predictor;
    size_t               rows, columns;
    odd_predictor_cell  *cells; /* (rows, columns) */
    double              *first, *second; /* By row: a chance or a number; what goes with it. */
    size_t              *best;
    EntityCells          entity; /* Features that were looked up. */
} Asked;

static void asked_free(Asked *asked)
{
    free(asked->cells);
    free(asked->first);
    free(asked->second);
    free(asked->best);
    entity_cells_free(&asked->entity);
}

static bool asked_take(Asked *asked, const odd_predictor *predictor, size_t rows)
{
    *asked = (Asked){
        .predictor = predictor, .rows = rows, .columns = odd_predictor_columns(predictor)};
    asked->cells = calloc(rows * asked->columns + 1, sizeof *asked->cells);
    asked->first = calloc(rows + 1, sizeof *asked->first);
    asked->second = calloc(rows + 1, sizeof *asked->second);
    asked->best = calloc(rows + 1, sizeof *asked->best);
    return asked->cells != NULL && asked->first != NULL && asked->second != NULL &&
           asked->best != NULL;
}

/* -- what is asked ---------------------------------------------------------------------------- */

static bool read_cell(const JsonTree *value, char kind, odd_predictor_cell *ret)
{
    bool yes;
    const char *text;
    Moment moment;
    if (value == NULL || json_tree_kind(value) == JSON_TREE_NULL)
        return true;
    if (kind == 'n') {
        if (json_tree_bool(value, &yes))
            ret->number = yes;
        return json_tree_real(value, &ret->number) || json_tree_kind(value) == JSON_TREE_BOOL;
    }
    if (!json_tree_text(value, &text, NULL))
        return false;
    if (kind == 's') {
        ret->text = text[0] != '\0' ? text : NULL;
        return true;
    }
    if (!quantity_moment(text, &moment) || moment.kind != MOMENT_TIME)
        return false;
    ret->time = moment.time;
    return true;
}

static bool refuse_stranger(const odd_predictor *predictor, const char *name, size_t row,
                            char problem[PROBLEM_SIZE])
{
    const char *names[COLUMNS_SHOWN];
    size_t count = odd_predictor_columns(predictor);
    count = count < COLUMNS_SHOWN ? count : COLUMNS_SHOWN;
    for (size_t c = 0; c < count; c++)
        names[c] = odd_predictor_column(predictor, c);
    const char *near = nearest_word(name, names, count);
    snprintf(problem, PROBLEM_SIZE, "row %zu: the model knows no value \"%.100s\"%s%.100s%s",
             row + 1, name, near != NULL ? "; did you mean \"" : "", near != NULL ? near : "",
             near != NULL ? "\"?" : "");
    return false;
}

/* values: NULL if it has none, and an entity instead. */
static bool read_row(Asked *asked, const JsonTree *values, size_t row, char problem[PROBLEM_SIZE])
{
    static const char *const kinds[] = {"a number", "a text", "a time"};
    const char *names[COLUMNS_SHOWN];
    size_t n = asked->columns;
    odd_predictor_cell *cells = asked->cells + row * n;
    if (values != NULL && json_tree_kind(values) != JSON_TREE_OBJECT) {
        snprintf(problem, PROBLEM_SIZE, "row %zu: \"values\" is to be an object", row + 1);
        return false;
    }
    for (size_t c = 0; c < n; c++) {
        const char *name = odd_predictor_column(asked->predictor, c);
        char kind = odd_predictor_kind(asked->predictor, c);
        cells[c] = (odd_predictor_cell){.number = NAN, .time = ODD_TIME_NONE};
        if (c < COLUMNS_SHOWN)
            names[c] = name;
        if (read_cell(json_tree_member(values, name), kind, &cells[c]))
            continue;
        snprintf(problem, PROBLEM_SIZE, "row %zu: \"%.100s\" is to be %s", row + 1, name,
                 kinds[kind == 'n'   ? 0
                       : kind == 's' ? 1
                                     : 2]);
        return false;
    }
    const char *stranger = n <= COLUMNS_SHOWN ? json_tree_stranger(values, names, n) : NULL;
    return stranger == NULL || refuse_stranger(asked->predictor, stranger, row, problem);
}

static bool read_rows(Asked *asked, Live *live, const JsonTree *body, int *ret_status,
                      char problem[PROBLEM_SIZE])
{
    *ret_status = 400;
    for (size_t row = 0; row < asked->rows; row++) {
        const JsonTree *given = predict_row(body, row), *values = json_tree_member(given, "values");
        if (values == NULL && json_tree_kind(json_tree_member(given, "entity")) < JSON_TREE_BOOL) {
            snprintf(problem, PROBLEM_SIZE, "row %zu has no object \"values\", and no \"entity\"",
                     row + 1);
            return false;
        }
        if (!read_row(asked, values, row, problem))
            return false;
    }
    return entity_cells_fill(&asked->entity, live, asked->predictor, body, asked->cells, ret_status,
                             problem, PROBLEM_SIZE);
}

static void say_all(Asked *asked)
{
    double values[ODD_PREDICTOR_VALUES];
    size_t classes = odd_predictor_classes(asked->predictor);
    for (size_t row = 0; row < asked->rows; row++) {
        size_t best = 0;
        odd_predictor_say(asked->predictor, asked->cells + row * asked->columns, values);
        for (size_t k = 1; k < classes; k++)
            best = values[k] > values[best] ? k : best;
        asked->best[row] = best;
        asked->first[row] = classes == 0 ? values[0] : values[classes == 2 ? 1 : best];
        asked->second[row] = classes == 0 ? values[1] : NAN;
    }
}

/* -- what is kept ----------------------------------------------------------------------------- */

typedef struct {
    odd_model_column *columns;
    double           *numbers;
    const char      **texts;
    size_t            count;
} Kept;

static bool kept_take(Kept *kept, const Asked *asked)
{
    size_t columns = asked->columns + 3;
    *kept = (Kept){.columns = calloc(columns, sizeof *kept->columns),
                   .numbers = calloc(columns * asked->rows + 1, sizeof *kept->numbers),
                   .texts = calloc(columns * asked->rows + 1, sizeof *kept->texts)};
    return kept->columns != NULL && kept->numbers != NULL && kept->texts != NULL;
}

static void kept_free(Kept *kept)
{
    free(kept->columns);
    free(kept->numbers);
    free(kept->texts);
}

static const char *id_at(const JsonTree *body, size_t row)
{
    const char *id = NULL;
    json_tree_text(json_tree_member(predict_row(body, row), "id"), &id, NULL);
    return id;
}

static void keep_inputs(Kept *kept, const Asked *asked)
{
    for (size_t c = 0; c < asked->columns; c++) {
        char kind = odd_predictor_kind(asked->predictor, c);
        size_t at = kept->count * asked->rows;
        if (kind == 't')
            continue;
        for (size_t row = 0; row < asked->rows; row++) {
            kept->numbers[at + row] = asked->cells[row * asked->columns + c].number;
            kept->texts[at + row] = asked->cells[row * asked->columns + c].text;
        }
        kept->columns[kept->count++] =
            (odd_model_column){.role = ODD_ROLE_FEATURE,
                               .name = odd_predictor_column(asked->predictor, c),
                               .numbers = kind == 'n' ? kept->numbers + at : NULL,
                               .texts = kind == 's' ? kept->texts + at : NULL};
    }
}

/* What was said: classes with their chance, or numbers; with the ids that were given. */
static odd_rc keep(const Asked *asked, const JsonTree *body, odd_events *events)
{
    Kept kept;
    size_t classes = odd_predictor_classes(asked->predictor), rows = asked->rows;
    bool any_id = false;
    if (!kept_take(&kept, asked)) {
        kept_free(&kept);
        return ODD_NOMEM;
    }
    keep_inputs(&kept, asked);
    size_t at = kept.count * rows;
    for (size_t row = 0; row < rows; row++) {
        kept.texts[at + row] =
            classes > 0 ? odd_predictor_class(asked->predictor, asked->best[row]) : NULL;
        kept.texts[at + rows + row] = id_at(body, row);
        any_id |= kept.texts[at + rows + row] != NULL;
    }
    kept.columns[kept.count++] = (odd_model_column){.role = ODD_ROLE_PREDICTION,
                                                    .name = "prediction",
                                                    .numbers = classes > 0 ? NULL : asked->first,
                                                    .texts = classes > 0 ? kept.texts + at : NULL};
    if (any_id)
        kept.columns[kept.count++] =
            (odd_model_column){.role = ODD_ROLE_ID, .name = "id", .texts = kept.texts + at + rows};
    if (classes > 0)
        kept.columns[kept.count++] = (odd_model_column){
            .role = ODD_ROLE_PROBABILITY, .name = "probability", .numbers = asked->first};
    odd_rc rc = odd_events_rows(
        events, &(odd_model_rows){.model = odd_predictor_name(asked->predictor),
                                  .version = odd_predictor_version(asked->predictor),
                                  .columns = kept.columns,
                                  .column_count = kept.count,
                                  .row_count = rows});
    kept_free(&kept);
    return rc;
}

/* Once for each version, by its key: what its predictions are compared with. */
static void keep_reference(const ApiContext *api, const odd_predictor *predictor)
{
    odd_registry *registry;
    odd_events *events = NULL;
    char key[256];
    if (predictor == NULL || odd_registry_open(api->settings->data, &registry) != ODD_OK)
        return;
    snprintf(key, sizeof key, "reference of %.100s@%s", odd_predictor_name(predictor),
             odd_predictor_version(predictor));
    bool good = odd_events_open(intake_masks(api->intake), receive_now(), &events) == ODD_OK &&
                odd_registry_reference(registry, predictor, events) == ODD_OK &&
                odd_events_key(events, key) == ODD_OK;
    if (good)
        intake_wait(api->intake, events); /* Without it the first predictions are the reference. */
    else
        odd_events_close(events);
    odd_registry_close(registry);
}

/* -- the answer ------------------------------------------------------------------------------- */

static void put_said(Put *put, const Asked *asked, size_t row)
{
    size_t classes = odd_predictor_classes(asked->predictor);
    put_name(put, "prediction");
    if (classes > 0) {
        put_word(put, odd_predictor_class(asked->predictor, asked->best[row]));
        put_name(put, "probability");
        put_real(put, asked->first[row]);
        return;
    }
    put_real(put, asked->first[row]);
    if (strcmp(odd_predictor_task(asked->predictor), "anomaly") == 0) {
        put_name(put, "surprise");
        put_real(put, asked->second[row]);
    } else if (asked->second[row] > 0) {
        put_name(put, "lower");
        put_real(put, asked->first[row] - asked->second[row]);
        put_name(put, "upper");
        put_real(put, asked->first[row] + asked->second[row]);
    }
}

static HttpReply answer(HttpResponse *response, const Asked *asked, const Asked *shadow,
                        const JsonTree *body, uint64_t position)
{
    Put put = {.response = response};
    put_open(&put, '{');
    put_named(&put, "model", odd_predictor_name(asked->predictor));
    put_named(&put, "version", odd_predictor_version(asked->predictor));
    put_named(&put, "task", odd_predictor_task(asked->predictor));
    put_named(&put, "shadow",
              shadow->predictor != NULL ? odd_predictor_version(shadow->predictor) : NULL);
    put_name(&put, "predictions");
    put_open(&put, '[');
    for (size_t row = 0; row < asked->rows; row++) {
        put_open(&put, '{');
        put_named(&put, "id", id_at(body, row));
        put_said(&put, asked, row);
        entity_cells_put(&asked->entity, body, row, &put);
        put_close(&put, '}');
    }
    put_close(&put, ']');
    put_name(&put, "position");
    put_count(&put, position);
    put_close(&put, '}');
    return response_end(response, 200, "application/json");
}

static HttpReply keep_and_answer(HttpRequest *request, HttpResponse *response, const Asked *asked,
                                 Asked *shadow, const JsonTree *body)
{
    const ApiContext *api = request->context;
    odd_events *events;
    odd_rc rc = odd_events_open(intake_masks(api->intake), receive_now(), &events);
    if (rc == ODD_OK)
        rc = keep(asked, body, events);
    if (rc == ODD_OK && shadow->predictor != NULL) {
        say_all(shadow);
        rc = keep(shadow, body, events);
    }
    if (rc != ODD_OK) {
        odd_events_close(events);
        return ask_failed(response, rc);
    }
    IntakeResult result = intake_wait(api->intake, events);
    if (result.status != INTAKE_STORED && result.status != INTAKE_KNOWN)
        return receive_outcome(request, response, result);
    return answer(response, asked, shadow, body, result.position);
}

static HttpReply answer_rows(HttpRequest *request, HttpResponse *response, const Served *served,
                             const JsonTree *body)
{
    char problem[PROBLEM_SIZE] = "";
    Asked asked = {0}, shadow = {0};
    const JsonTree *list = json_tree_member(body, "rows");
    size_t rows = list != NULL ? json_tree_count(list) : 1;
    Live *live = ((const ApiContext *)request->context)->live;
    int status = 400;
    HttpReply reply;
    bool shadowed = served->candidate != NULL;
    if ((list != NULL && json_tree_kind(list) != JSON_TREE_ARRAY) || rows == 0 || rows > ROWS_MAX)
        return http_problem(response, 400, NULL, "\"rows\" is to be an array of 1 to %d rows",
                            ROWS_MAX);
    if (!asked_take(&asked, served->champion, rows) ||
        (shadowed && !asked_take(&shadow, served->candidate, rows))) {
        reply = ask_failed(response, ODD_NOMEM);
    } else if (!read_rows(&asked, live, body, &status, problem)) {
        reply = http_problem(response, status, NULL, "%s", problem);
    } else {
        /* A candidate that wants other values is left out of this. */
        if (shadowed && !read_rows(&shadow, live, body, &status, problem)) {
            asked_free(&shadow);
            shadow = (Asked){0};
        }
        say_all(&asked);
        reply = keep_and_answer(request, response, &asked, &shadow, body);
    }
    asked_free(&asked);
    asked_free(&shadow);
    return reply;
}

static HttpReply predict(HttpRequest *request, HttpResponse *response)
{
    const ApiContext *api = request->context;
    char problem[PROBLEM_SIZE] = "";
    odd_rc rc;
    bool is_new;
    Ask ask = ask_of(request, response);
    if (!ask_only(&ask, NULL, 0))
        return HTTP_NOW;
    JsonTree *body = json_tree_read(request->body, request->body_size, problem, sizeof problem);
    if (json_tree_kind(body) != JSON_TREE_OBJECT) {
        json_tree_free(body);
        return http_problem(response, 400, NULL,
                            "the body is to be an object with \"values\" or "
                            "\"rows\"%s%s",
                            problem[0] != '\0' ? ": " : "", problem);
    }
    Served *served = predictors_take(api->predictors, request_parameter(request, "id"), &is_new,
                                     &rc, problem, sizeof problem);
    if (served == NULL) {
        json_tree_free(body);
        return http_problem(response, rc == ODD_NOTFOUND ? 404 : 503, NULL, "%s", problem);
    }
    if (is_new) {
        keep_reference(api, served->champion);
        keep_reference(api, served->candidate);
    }
    HttpReply reply = answer_rows(request, response, served, body);
    predictors_give(api->predictors, served);
    json_tree_free(body);
    return reply;
}

static const Route predict_routes[] = {
    {"POST", "/api/v1/models/{id}/predict", predict, HTTP_SCOPE_ALL, ROUTE_SLOW, NULL},
};
const RouteGroup routes_predict = ROUTE_GROUP("predict", predict_routes);
