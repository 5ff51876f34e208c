/* SPDX-License-Identifier: Apache-2.0 */
#include "testing.h"

#include <inttypes.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "api/api.h"
#include "memory_intake.h"

static atomic_int streams_gone;

static long number(const HttpRequest *request, const char *name)
{
    const char *value = request_query(request, name);
    return value != NULL ? atol(value) : 0;
}

static HttpReply health(HttpRequest *request, HttpResponse *response)
{
    (void)request;
    response_print(response, "ok\n");
    return response_end(response, 200, "text/plain");
}

static HttpReply echo(HttpRequest *request, HttpResponse *response)
{
    const char *q = request_query(request, "q");
    response_print(response, "%s %s %s %d %s\n", request->method, request->path,
                   q != NULL ? q : "-", (int)request->scope, request->peer);
    return response_end(response, 200, "text/plain");
}

static HttpReply echo_body(HttpRequest *request, HttpResponse *response)
{
    response_add(response, request->body, request->body_size);
    return response_end(response, 200, "application/octet-stream");
}

static HttpReply part(HttpRequest *request, HttpResponse *response)
{
    response_json(response, request_parameter(request, "a"),
                  strlen(request_parameter(request, "a")));
    response_json(response, request_parameter(request, "b"),
                  strlen(request_parameter(request, "b")));
    return response_end(response, 200, "application/json");
}

typedef struct {
    HttpRequest  *request;
    HttpResponse *response;
    long          ms;
} Later;

static void *complete_later(void *context)
{
    Later later = *(Later *)context;
    free(context);
    usleep((useconds_t)later.ms * 1000);
    response_print(later.response, "later\n");
    response_end(later.response, 200, "text/plain");
    http_complete(later.request);
    return NULL;
}

static void *go_on_later(void *context)
{
    Later later = *(Later *)context;
    free(context);
    usleep((useconds_t)later.ms * 1000);
    http_complete(later.request);
    return NULL;
}

static HttpReply start_later(HttpRequest *request, HttpResponse *response, long ms,
                             void *(*run)(void *context))
{
    pthread_t thread;
    Later    *context = malloc(sizeof *context);
    if (context == NULL)
        abort();
    *context = (Later){request, response, ms};
    if (pthread_create(&thread, NULL, run, context) != 0)
        abort();
    pthread_detach(thread);
    return HTTP_LATER;
}

static HttpReply later(HttpRequest *request, HttpResponse *response)
{
    return start_later(request, response, number(request, "ms"), complete_later);
}

static HttpReply slow(HttpRequest *request, HttpResponse *response)
{
    for (long i = 0; i < number(request, "ms") && !atomic_load(request->stopping); i += 10)
        usleep(10000);
    response_print(response, "slow\n");
    return response_end(response, 200, "text/plain");
}

typedef struct {
    HttpRequest *request;
    atomic_long  waiting; /* Events that may be sent. */
    long         sent, count;
    atomic_bool  gone;
    atomic_int   references;
} Ticker;

static void ticker_release(Ticker *ticker)
{
    if (atomic_fetch_sub(&ticker->references, 1) == 1)
        free(ticker);
}

static pthread_mutex_t ticker_lock = PTHREAD_MUTEX_INITIALIZER;

static void *tick(void *context)
{
    Ticker *ticker = context;
    for (bool gone = false; !gone;) {
        usleep(10000);
        pthread_mutex_lock(&ticker_lock);
        gone = atomic_load(&ticker->gone);
        atomic_fetch_add(&ticker->waiting, 1);
        if (!gone)
            http_wake(ticker->request);
        pthread_mutex_unlock(&ticker_lock);
    }
    ticker_release(ticker);
    return NULL;
}

static size_t ticker_more(void *context, char *to, size_t size)
{
    Ticker *ticker = context;
    if (ticker->count > 0 && ticker->sent == ticker->count)
        return HTTP_STREAM_END;
    if (ticker->sent >= atomic_load(&ticker->waiting))
        return 0;
    return (size_t)snprintf(to, size, "data: %ld\n\n", ++ticker->sent);
}

static void ticker_gone(void *context)
{
    Ticker *ticker = context;
    pthread_mutex_lock(&ticker_lock);
    atomic_store(&ticker->gone, true);
    pthread_mutex_unlock(&ticker_lock);
    atomic_fetch_add(&streams_gone, 1);
    ticker_release(ticker);
}

static HttpReply stream(HttpRequest *request, HttpResponse *response)
{
    pthread_t thread;
    Ticker   *ticker = calloc(1, sizeof *ticker);
    if (ticker == NULL)
        abort();
    ticker->request = request;
    ticker->count = number(request, "count");
    atomic_store(&ticker->references, 2);
    if (pthread_create(&thread, NULL, tick, ticker) != 0)
        abort();
    pthread_detach(thread);
    HttpStream how = {ticker_more, ticker_gone, ticker, ": alive\n\n"};
    return response_stream(response, "text/event-stream", how);
}

/* Every second piece is taken later, so that both ways are walked. */
static HttpReply pieces_take(HttpRequest *request, HttpResponse *response, const char *bytes,
                             size_t size)
{
    size_t *counts = request->state;
    if (counts == NULL) {
        counts = request->state = calloc(2, sizeof *counts);
        request->state_free = free;
    }
    counts[0] += size;
    counts[1]++;
    if (bytes[0] == '!') {
        response_print(response, "enough\n");
        return response_end(response, 400, "text/plain");
    }
    return counts[1] % 2 == 0 ? start_later(request, response, 1, go_on_later) : HTTP_MORE;
}

static HttpReply pieces_end(HttpRequest *request, HttpResponse *response)
{
    const size_t *counts = request->state;
    response_print(response, "%zu\n", counts != NULL ? counts[0] : 0);
    return response_end(response, 200, "text/plain");
}

static HttpReply intake_set(HttpRequest *request, HttpResponse *response)
{
    const ApiContext *api = request->context;
    memory_intake_set(api->intake, (IntakeStatus)number(request, "status"),
                      (int)number(request, "ms"));
    return response_end(response, 204, NULL);
}

static HttpReply counts(HttpRequest *request, HttpResponse *response)
{
    const ApiContext *api = request->context;
    MemoryCounts      all = memory_intake_counts(api->intake);
    response_print(response,
                   "{\"given\":%" PRIu64 ",\"lines\":%" PRIu64 ",\"records\":%" PRIu64
                   ",\"samples\":%" PRIu64 ",\"changes\":%" PRIu64 ",\"bytes\":%" PRIu64
                   ",\"grpc_records\":%" PRIu64 ",\"streams_gone\":%d}\n",
                   all.given, all.total.lines, all.total.records, all.total.samples,
                   all.total.changes, all.total.bytes, atomic_load(&api->grpc_records),
                   atomic_load(&streams_gone));
    return response_end(response, 200, "application/json");
}

static const Route testing_routes[] = {
    {"GET", "/healthz", health, HTTP_SCOPE_OPEN, ROUTE_ALWAYS, NULL},
    {"GET", "/test/echo", echo, HTTP_SCOPE_ALL, 0, NULL},
    {"POST", "/test/echo", echo_body, HTTP_SCOPE_INGEST, 0, NULL},
    {"GET", "/test/part/{a}/{b}", part, HTTP_SCOPE_ALL, 0, NULL},
    {"GET", "/test/later", later, HTTP_SCOPE_ALL, 0, NULL},
    {"GET", "/test/slow", slow, HTTP_SCOPE_ALL, ROUTE_SLOW, NULL},
    {"GET", "/test/stream", stream, HTTP_SCOPE_ALL, 0, NULL},
    {"POST", "/test/pieces", pieces_end, HTTP_SCOPE_INGEST, 0, pieces_take},
    {"POST", "/test/intake", intake_set, HTTP_SCOPE_ALL, 0, NULL},
    {"GET", "/test/counts", counts, HTTP_SCOPE_ALL, 0, NULL},
};
const RouteGroup routes_testing = ROUTE_GROUP("testing", testing_routes);
