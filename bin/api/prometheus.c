/* SPDX-License-Identifier: Apache-2.0
 *
 * Prometheus remote write, 1.0 and 2.0: POST /api/v1/write.  The Content-Type alone tells which: a
 * 2.0 body read as 1.0 is empty, and nothing would be missed. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "api/receive.h"

#define PROTO_2 "io.prometheus.write.v2.Request"
#define PROTO_1 "prometheus.WriteRequest"

static void prometheus_refuse(const HttpRequest *request, HttpResponse *response, int status,
                              const char *detail)
{
    (void)request; /* Prometheus logs the text as it is. */
    response_print(response, "%s\n", detail);
    response_end(response, status, "text/plain; charset=utf-8");
}

/* The message that the Content-Type names; "" if it names none. */
static const char *message_of(const HttpRequest *request)
{
    const char *proto = strcasestr(request->type, "proto=");
    return proto != NULL ? proto + strlen("proto=") : "";
}

/* A request with refused samples is 400 though the rest is kept: it must not be sent again. */
static HttpReply answer_1(const HttpRequest *request, HttpResponse *response,
                          const Received *received)
{
    if (received->decoded.rejected > 0)
        return http_refuse(request, response, 400, received->decoded.message);
    return response_end(response, 204, NULL);
}

static HttpReply answer_2(const HttpRequest *request, HttpResponse *response,
                          const Received *received)
{
    const odd_decoded *decoded = &received->decoded;
    char               samples[32], histograms[32];
    snprintf(samples, sizeof samples, "%" PRIu64, decoded->accepted - decoded->histograms);
    snprintf(histograms, sizeof histograms, "%" PRIu64, decoded->histograms);
    response_header(response, "X-Prometheus-Remote-Write-Samples-Written", samples);
    response_header(response, "X-Prometheus-Remote-Write-Histograms-Written", histograms);
    response_header(response, "X-Prometheus-Remote-Write-Exemplars-Written", "0");
    return answer_1(request, response, received);
}

static HttpReply take(HttpRequest *request, HttpResponse *response)
{
    static const Reception first = {"remote_write", "prometheus", NULL, answer_1};
    static const Reception second = {"remote_write_2", "prometheus", NULL, answer_2};
    const char            *encoding = request_header(request, "Content-Encoding");
    const char            *message = message_of(request);
    bool is_2 = strncasecmp(message, PROTO_2, strlen(PROTO_2)) == 0;
    bool is_1 = message[0] == '\0' || strncasecmp(message, PROTO_1, strlen(PROTO_1)) == 0;
    if (!request_is(request, "application/x-protobuf") || (!is_1 && !is_2))
        return http_refuse(request, response, 415,
                           "the Content-Type is none of remote write's; send "
                           "application/x-protobuf, for 2.0 with ;proto=" PROTO_2);
    if (encoding != NULL && strcasecmp(encoding, "snappy") != 0)
        return http_refuse(request, response, 415,
                           "remote write is packed by snappy only; send Content-Encoding: snappy");
    return receive(request, response, is_2 ? &second : &first);
}

static const Route prometheus_routes[] = {
    {"POST", "/api/v1/write", take, HTTP_SCOPE_INGEST, ROUTE_SNAPPY, NULL},
};
const RouteGroup routes_prometheus = {"prometheus", prometheus_routes,
                                      sizeof prometheus_routes / sizeof prometheus_routes[0],
                                      prometheus_refuse, NULL};
