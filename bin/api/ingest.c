/* SPDX-License-Identifier: Apache-2.0
 *
 * POST /ingest?source=NAME: lines, or JSON lines, as they are; and POST /api/v1/changes: a deploy, a
 * change of configuration, as a JSON object.
 *
 * Idempotency-Key: of two requests with the same key and source, the second one changes nothing and
 * is answered like the first. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "api/give.h"

#define SOURCE_BYTES_MAX 256

/* The source that was named, or NULL: then it is answered. */
static const char *ingest_source(HttpRequest *request, HttpResponse *response)
{
    const char *source = request_query(request, "source");
    if (source != NULL && source[0] != '\0' && strlen(source) <= SOURCE_BYTES_MAX)
        return source;
    http_refuse(request, response, 400,
                "the address must name where the lines come from, in at most 256 bytes, such as "
                "/ingest?source=web-1");
    return NULL;
}

/* "source/key" as the name of the request, if it has one. */
static odd_rc ingest_key(HttpRequest *request, const char *source, odd_events *events)
{
    const char *key = request_header(request, "Idempotency-Key");
    char        name[1024];
    if (key == NULL)
        return ODD_OK;
    int size = snprintf(name, sizeof name, "%s/%s", source, key);
    return size < (int)sizeof name ? odd_events_key(events, name) : ODD_RANGE;
}

static HttpReply ingest_failed(HttpRequest *request, HttpResponse *response, odd_events *events,
                               odd_rc rc)
{
    odd_events_close(events);
    if (rc == ODD_RANGE)
        return http_refuse(request, response, 400,
                           "the Idempotency-Key is longer than 700 bytes; send a shorter one");
    response_header(response, "Retry-After", "1");
    return http_refuse(request, response, 503,
                       "memory is short; nothing of this request was taken; send it again after "
                       "Retry-After seconds");
}

static void ingest_answer(HttpRequest *request, HttpResponse *response, IntakeResult result,
                          odd_event_counts counts)
{
    (void)request; /* It asked for nothing special. */
    response_print(response, "{\"lines\":%" PRIu64 ",\"position\":%" PRIu64 "%s}\n",
                   counts.lines, result.position,
                   result.status == INTAKE_KNOWN ? ",\"known\":true" : "");
    response_end(response, 200, "application/json");
}

static HttpReply ingest_lines(HttpRequest *request, HttpResponse *response)
{
    const ApiContext *api = request->context;
    const char       *source = ingest_source(request, response);
    if (source == NULL)
        return HTTP_NOW;
    odd_events *events = give_open(request, response);
    if (events == NULL)
        return HTTP_NOW;
    odd_rc rc = ingest_key(request, source, events);
    if (rc == ODD_OK && request->body_size > 0)
        rc = odd_events_lines(events, source, api->zone_s != NULL ? api->zone_s(0) : 0,
                              request->body, request->body_size);
    if (rc != ODD_OK)
        return ingest_failed(request, response, events, rc);
    return give_events(request, response, events, ingest_answer);
}

static const Route ingest_routes[] = {
    {"POST", "/ingest", ingest_lines, HTTP_SCOPE_INGEST, 0, NULL},
};
const RouteGroup routes_ingest = ROUTE_GROUP("ingest", ingest_routes);
