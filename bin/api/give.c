/* SPDX-License-Identifier: Apache-2.0 */
#include "api/give.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

typedef struct {
    HttpRequest     *request;
    HttpResponse    *response;
    GiveAnswer       answer;
    odd_event_counts counts;
} Given;

/* The status and the sentence of an outcome that is no success. */
static int refusal_of(IntakeResult result, const char **ret_detail)
{
    switch (result.status) {
    case INTAKE_FULL:
        *ret_detail = "more comes than can be stored now; nothing of this request was taken; send "
                      "it again after Retry-After seconds";
        return 429;
    case INTAKE_NO_SPACE:
        *ret_detail = "the disk of this server is full; nothing of this request was taken; free "
                      "space in its data folder, then send it again";
        return 503;
    case INTAKE_FAILED:
        *ret_detail = "the disk of this server refuses to write; nothing of this request was "
                      "taken; see its log, then send it again";
        return 503;
    default:
        *ret_detail = "this server is stopping; nothing of this request was taken; send it again "
                      "after Retry-After seconds";
        return 503;
    }
}

static void refuse(HttpRequest *request, HttpResponse *response, IntakeResult result)
{
    const char *detail;
    char        seconds[16];
    int         status = refusal_of(result, &detail);
    snprintf(seconds, sizeof seconds, "%d", result.retry_after_s > 0 ? result.retry_after_s : 1);
    response_header(response, "Retry-After", seconds);
    http_refuse(request, response, status, detail);
}

static void given(void *context, IntakeResult result)
{
    Given *given = context;
    Given  now = *given;
    free(given);
    if (result.status == INTAKE_STORED || result.status == INTAKE_KNOWN)
        now.answer(now.request, now.response, result, now.counts);
    else
        refuse(now.request, now.response, result);
    http_complete(now.request);
}

static HttpReply no_memory(HttpRequest *request, HttpResponse *response)
{
    response_header(response, "Retry-After", "1");
    return http_refuse(request, response, 503,
                       "memory is short; nothing of this request was taken; send it again after "
                       "Retry-After seconds");
}

odd_events *give_open(HttpRequest *request, HttpResponse *response)
{
    const ApiContext *api = request->context;
    odd_events       *events;
    struct timespec   now;
    clock_gettime(CLOCK_REALTIME, &now);
    odd_time known = (odd_time)now.tv_sec * 1000000000 + now.tv_nsec;
    if (odd_events_open(intake_masks(api->intake), known, &events) == ODD_OK)
        return events;
    no_memory(request, response);
    return NULL;
}

HttpReply give_events(HttpRequest *request, HttpResponse *response, odd_events *events,
                      GiveAnswer answer)
{
    const ApiContext *api = request->context;
    Given            *context = malloc(sizeof *context);
    if (context == NULL) {
        odd_events_close(events);
        return no_memory(request, response);
    }
    *context = (Given){request, response, answer, odd_events_count(events)};
    request_drop_body(request);
    intake_give(api->intake, events, given, context);
    return HTTP_LATER;
}
