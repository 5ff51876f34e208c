/* SPDX-License-Identifier: Apache-2.0
 *
 * POST /api/v1/predictions and /api/v1/outcomes: rows of models in production, in JSON, lines of
 * JSON, or batches column by column (doc/predictions.md); ?reference=yes for rows from when the
 * model was well.  POST /api/v1/models/{id}/reference: such rows as a table,
 * or those of a time (?since=TIME). */
#include "api/ask.h"
#include "api/put.h"
#include "api/receive.h"
#include "api/reference_span.h"

#define BATCH_TYPE "application/vnd.oddball.predictions"

static HttpReply answer(const HttpRequest *request, HttpResponse *response,
                        const Received *received)
{
    const odd_decoded *decoded = &received->decoded;
    if (decoded->accepted == 0 && decoded->rejected > 0)
        return http_refuse(request, response, 400, decoded->message);
    Put put = {.response = response};
    put_open(&put, '{');
    put_name(&put, "accepted");
    put_count(&put, decoded->accepted);
    put_name(&put, "rejected");
    put_count(&put, decoded->rejected);
    put_name(&put, "message");
    put_word(&put, decoded->rejected > 0 ? decoded->message : NULL);
    put_name(&put, "position");
    put_count(&put, received->position);
    put_name(&put, "known");
    put_bool(&put, received->known);
    put_close(&put, '}');
    return response_end(response, 200, "application/json");
}

static HttpReply take(HttpRequest *request, HttpResponse *response, const char *json)
{
    static const char *const choices[] = {"no", "yes"};
    Ask ask = ask_of(request, response);
    size_t is_reference = 0;
    if (!ASK_ONLY(&ask, "reference") || !ask_choice(&ask, "reference", choices, 2, &is_reference))
        return HTTP_NOW;
    bool is_batch = request_is(request, BATCH_TYPE);
    return receive(request, response,
                   &(Reception){is_batch ? "predictions" : json, "models",
                                is_reference != 0 ? "reference" : NULL, answer});
}

/* Columns as the request calls them: its parameters are those of `diff` of tables. */
static HttpReply take_reference(HttpRequest *request, HttpResponse *response)
{
    Ask ask = ask_of(request, response);
    if (!ASK_ONLY(&ask, "version", "time", "id", "prediction", "probability", "outcome", "segments",
                  "drop"))
        return HTTP_NOW;
    odd_model_options table = {.time = request_query(request, "time"),
                               .id = request_query(request, "id"),
                               .prediction = request_query(request, "prediction"),
                               .probability = request_query(request, "probability"),
                               .outcome = request_query(request, "outcome"),
                               .segments = request_query(request, "segments"),
                               .left_out = request_query(request, "drop")};
    return receive_table(request, response,
                         &(Reception){.codec = "reference_table",
                                      .source = request_parameter(request, "id"),
                                      .subject = request_query(request, "version"),
                                      .answer = answer},
                         &table);
}

/* Of a time whose rows are kept: what came then comes once more, as a reference. */
static HttpReply take_span(HttpRequest *request, HttpResponse *response)
{
    Ask ask = ask_of(request, response);
    const char *version = request_query(request, "version");
    ReferenceSpan span = {.model = request_parameter(request, "id"),
                          .version = version != NULL ? version : "",
                          .segments = request_query(request, "segments"),
                          .until = ask.now};
    if (!ASK_ONLY(&ask, "version", "segments", "since", "until") ||
        !ask_moment(&ask, "since", &span.since) || !ask_moment(&ask, "until", &span.until))
        return HTTP_NOW;
    if (request->body_size > 0 || span.since >= span.until)
        return http_refuse(request, response, 400,
                           request->body_size > 0
                               ? "a reference is a table, or a time that since and until name: "
                                 "leave out one of them"
                               : "the parameter since must be before the parameter until");
    HttpResponse lines = {0}; /* For its body. */
    HttpReply reply = HTTP_NOW;
    if (reference_span(&ask, &span, &lines))
        reply = receive_found(request, response,
                              &(Reception){.codec = "predictions_json",
                                           .source = "models",
                                           .subject = "reference",
                                           .answer = answer},
                              lines.body, lines.body_size);
    response_clear(&lines);
    return reply;
}

static HttpReply take_given(HttpRequest *request, HttpResponse *response)
{
    bool is_span = request_query(request, "since") != NULL || request_query(request, "until");
    return is_span ? take_span(request, response) : take_reference(request, response);
}

static HttpReply take_predictions(HttpRequest *request, HttpResponse *response)
{
    return take(request, response, "predictions_json");
}

static HttpReply take_outcomes(HttpRequest *request, HttpResponse *response)
{
    return take(request, response, "outcomes_json");
}

static const Route predictions_routes[] = {
    {"POST", "/api/v1/predictions", take_predictions, HTTP_SCOPE_INGEST, 0, NULL},
    {"POST", "/api/v1/outcomes", take_outcomes, HTTP_SCOPE_INGEST, 0, NULL},
    {"POST", "/api/v1/models/{id}/reference", take_given, HTTP_SCOPE_ALL, ROUTE_SLOW, NULL},
};
const RouteGroup routes_predictions = ROUTE_GROUP("predictions", predictions_routes);
