/* SPDX-License-Identifier: Apache-2.0 */
#include "api/receive.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define NAME_BYTES_MAX 1000 /* Of a request; the library cuts longer ones. */
#define SOURCE_BYTES_MAX 256

odd_time receive_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return (odd_time)now.tv_sec * 1000000000 + now.tv_nsec;
}

/* -- refusals ---------------------------------------------------------------------------------- */

static HttpReply refuse_for_now(const HttpRequest *request, HttpResponse *response, int status,
                                int retry_after_s, const char *detail)
{
    char seconds[16];
    snprintf(seconds, sizeof seconds, "%d", retry_after_s > 0 ? retry_after_s : 1);
    response_header(response, "Retry-After", seconds);
    return http_refuse(request, response, status, detail);
}

static HttpReply refuse_memory(const HttpRequest *request, HttpResponse *response)
{
    return refuse_for_now(request, response, 503, 1,
                          "memory is short; nothing of this request was taken; send it again after "
                          "Retry-After seconds");
}

const char *receive_reason(IntakeStatus status)
{
    switch (status) {
    case INTAKE_FULL:
        return "more comes than can be stored now; nothing of this request was taken; send it "
               "again after the given seconds";
    case INTAKE_NO_SPACE:
        return "the disk of this server is full; nothing of this request was taken; free space in "
               "its data folder, then send it again";
    case INTAKE_FAILED:
        return "the disk of this server refuses to write; nothing of this request was taken; see "
               "its log, then send it again";
    default:
        return "this server is stopping; nothing of this request was taken; send it again after "
               "the given seconds";
    }
}

HttpReply receive_counted(HttpResponse *response, const char *what, uint64_t count,
                          const Received *received)
{
    response_print(response, "{\"%s\":%" PRIu64 ",\"position\":%" PRIu64 "%s}\n", what, count,
                   received->position, received->known ? ",\"known\":true" : "");
    return response_end(response, 200, "application/json");
}

HttpReply receive_outcome(const HttpRequest *request, HttpResponse *response, IntakeResult result)
{
    return refuse_for_now(request, response, result.status == INTAKE_FULL ? 429 : 503,
                          result.retry_after_s, receive_reason(result.status));
}

static HttpReply refuse_decoding(const HttpRequest *request, HttpResponse *response,
                                 const odd_decoded *decoded, odd_rc rc)
{
    char detail[400];
    switch (rc) {
    case ODD_SYNTAX:
        snprintf(detail, sizeof detail, "%s; nothing of this request was taken", decoded->message);
        return http_refuse(request, response, 400, detail);
    case ODD_FULL:
        return http_refuse(request, response, 413,
                           "the request holds more than is taken at once; nothing of it was taken; "
                           "send it in several requests");
    case ODD_RANGE:
        return http_refuse(request, response, 400,
                           "the Idempotency-Key is too long; send one of at most 500 bytes");
    default: return refuse_memory(request, response);
    }
}

/* -- the way in -------------------------------------------------------------------------------- */

/* The key of the request becomes the name of the commit.  Both parts may hold a slash: the size
 * tells where the first one ends, so that "a/b" with "c" is never "a" with "b/c". */
static odd_rc receive_key(const HttpRequest *request, const Reception *how, const char *source,
                          odd_events *events)
{
    char        name[NAME_BYTES_MAX];
    const char *key = request_header(request, "Idempotency-Key");
    if (key == NULL)
        return ODD_OK;
    int size = snprintf(name, sizeof name, "%s/%zu/%s/%s", how->codec, strlen(source), source, key);
    return size < (int)sizeof name ? odd_events_key(events, name) : ODD_RANGE;
}

typedef struct {
    const char              *bytes;
    size_t                   size;
    const odd_model_options *table; /* As in odd_wire. */
} Payload;

static odd_rc receive_decode(const HttpRequest *request, const Reception *how, const char *source,
                             const Payload *payload, odd_events *events, odd_decoded *ret)
{
    const ApiContext *api = request->context;
    odd_wire          wire = {.source = source, .subject = how->subject, .now = receive_now()};
    wire.alerts = api->alerts;
    wire.table = payload->table;
    wire.zone_s = api->zone_s != NULL ? api->zone_s(wire.now) : 0;
    *ret = (odd_decoded){0};
    if (strcmp(how->codec, "lines") != 0)
        return odd_decode(how->codec, &wire, payload->bytes, payload->size, events, ret);
    if (payload->size == 0)
        return ODD_OK;
    return odd_events_lines(events, source, wire.zone_s, payload->bytes, payload->size);
}

/* What was not stored is no repeat when it is sent again. */
static void forget_alerts(const HttpRequest *request, odd_event_counts counts)
{
    const ApiContext *api = request->context;
    if (counts.alerts > 0)
        odd_alerts_forget(api->alerts);
}

/* On the intake's thread. */
static void received(void *context, IntakeResult result)
{
    Received *it = context;
    it->known = result.status == INTAKE_KNOWN;
    it->position = result.position;
    if (result.status == INTAKE_STORED || result.status == INTAKE_KNOWN) {
        it->answer(it->request, it->response, it);
    } else {
        forget_alerts(it->request, it->counts);
        receive_outcome(it->request, it->response, result);
    }
    http_complete(it->request);
}

/* Room for what is received, and for its items behind it. */
static Received *received_open(HttpRequest *request, HttpResponse *response, const Reception *how,
                               const odd_decoded *decoded)
{
    Received *it = calloc(1, sizeof *it + decoded->item_count);
    if (it == NULL)
        return NULL;
    *it = (Received){request, response, how->answer, *decoded, {0}, 0, false};
    if (decoded->item_count > 0)
        memcpy(it + 1, decoded->items, decoded->item_count);
    it->decoded.items = (const char *)(it + 1);
    request->state = it;
    request->state_free = free;
    return it;
}

static HttpReply take(HttpRequest *request, HttpResponse *response, const Reception *how,
                      const char *source, const Payload *payload)
{
    ApiContext *api = request->context;
    odd_events       *events;
    odd_decoded       decoded;
    if (strlen(source) > SOURCE_BYTES_MAX)
        return http_refuse(request, response, 400,
                           "the name of the source is longer than 256 bytes; choose a shorter one");
    if (odd_events_open(intake_masks(api->intake), receive_now(), &events) != ODD_OK)
        return refuse_memory(request, response);
    odd_rc rc = receive_key(request, how, source, events);
    if (rc == ODD_OK) {
        rc = receive_decode(request, how, source, payload, events, &decoded);
        tally_request(&api->tallies, how->codec, rc, &decoded, odd_events_count(events));
    }
    Received *it = rc == ODD_OK ? received_open(request, response, how, &decoded) : NULL;
    if (it == NULL) {
        forget_alerts(request, odd_events_count(events));
        odd_events_close(events);
        return rc == ODD_OK ? refuse_memory(request, response)
                            : refuse_decoding(request, response, &decoded, rc);
    }
    it->counts = odd_events_count(events);
    if (it->counts.events == 0) {
        odd_events_close(events);
        return it->answer(request, response, it);
    }
    request_drop_body(request);
    intake_give(api->intake, events, received, it);
    return HTTP_LATER;
}

HttpReply receive_table(HttpRequest *request, HttpResponse *response, const Reception *how,
                        const odd_model_options *table)
{
    return take(request, response, how, how->source,
                &(Payload){request->body, request->body_size, table});
}

HttpReply receive_found(HttpRequest *request, HttpResponse *response, const Reception *how,
                        const char *found, size_t size)
{
    return take(request, response, how, how->source, &(Payload){found, size, NULL});
}

HttpReply receive(HttpRequest *request, HttpResponse *response, const Reception *how)
{
    const char *named = request_query(request, "source");
    bool is_named = named != NULL && named[0] != '\0';
    return take(request, response, how, is_named ? named : how->source,
                &(Payload){request->body, request->body_size, NULL});
}
