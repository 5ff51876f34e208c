/* SPDX-License-Identifier: Apache-2.0
 *
 * OTLP/HTTP: POST /v1/logs, /v1/metrics, /v1/traces, as protobuf or JSON, answered in the same;
 * also below /otlp, where Loki and Mimir have it. */
#include "api/receive.h"

static bool is_json(const HttpRequest *request)
{
    return request_is(request, "application/json");
}

static const char *type_of(const HttpRequest *request)
{
    return is_json(request) ? "application/json" : "application/x-protobuf";
}

/* gRPC's code for a status of HTTP: what google.rpc.Status wants. */
static int code_of(int status)
{
    switch (status) {
    case 401: return 16;
    case 403: return 7;
    case 404:
    case 405: return 12;
    case 413: return 8;
    case 429:
    case 502:
    case 503:
    case 504: return 14;
    default: return status < 500 ? 3 : 13;
    }
}

static void otlp_refuse(const HttpRequest *request, HttpResponse *response, int status,
                        const char *detail)
{
    char   buffer[ODD_OTLP_ANSWER_BYTES];
    size_t size = odd_otlp_status(is_json(request), code_of(status), detail, buffer);
    response_add(response, buffer, size);
    response_end(response, status, type_of(request));
}

static HttpReply answer(const HttpRequest *request, HttpResponse *response,
                        const Received *received, char signal)
{
    char   buffer[ODD_OTLP_ANSWER_BYTES];
    size_t size = odd_otlp_answer(signal, is_json(request), &received->decoded, buffer);
    response_add(response, buffer, size);
    return response_end(response, 200, type_of(request));
}

static HttpReply logs_answer(const HttpRequest *request, HttpResponse *response,
                             const Received *received)
{
    return answer(request, response, received, 'l');
}

static HttpReply metrics_answer(const HttpRequest *request, HttpResponse *response,
                                const Received *received)
{
    return answer(request, response, received, 'm');
}

static HttpReply traces_answer(const HttpRequest *request, HttpResponse *response,
                               const Received *received)
{
    return answer(request, response, received, 't');
}

static HttpReply take(HttpRequest *request, HttpResponse *response, const char *protobuf,
                      const char *json, ReceivedAnswer say)
{
    if (!is_json(request) && !request_is(request, "application/x-protobuf") &&
        !request_is(request, "application/protobuf"))
        return http_refuse(request, response, 415,
                           "the Content-Type is none of OTLP's; send application/x-protobuf or "
                           "application/json");
    return receive(request, response,
                   &(Reception){is_json(request) ? json : protobuf, "otlp", NULL, say});
}

static HttpReply take_logs(HttpRequest *request, HttpResponse *response)
{
    return take(request, response, "otlp_logs", "otlp_logs_json", logs_answer);
}

static HttpReply take_metrics(HttpRequest *request, HttpResponse *response)
{
    return take(request, response, "otlp_metrics", "otlp_metrics_json", metrics_answer);
}

static HttpReply take_traces(HttpRequest *request, HttpResponse *response)
{
    return take(request, response, "otlp_traces", "otlp_traces_json", traces_answer);
}

static const Route otlp_routes[] = {
    {"POST", "/v1/logs", take_logs, HTTP_SCOPE_INGEST, 0, NULL},
    {"POST", "/v1/metrics", take_metrics, HTTP_SCOPE_INGEST, 0, NULL},
    {"POST", "/v1/traces", take_traces, HTTP_SCOPE_INGEST, 0, NULL},
    {"POST", "/otlp/v1/logs", take_logs, HTTP_SCOPE_INGEST, 0, NULL},
    {"POST", "/otlp/v1/metrics", take_metrics, HTTP_SCOPE_INGEST, 0, NULL},
    {"POST", "/otlp/v1/traces", take_traces, HTTP_SCOPE_INGEST, 0, NULL},
};
const RouteGroup routes_otlp = {"otlp", otlp_routes, sizeof otlp_routes / sizeof otlp_routes[0],
                                otlp_refuse, NULL};
