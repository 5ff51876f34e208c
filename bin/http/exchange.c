/* SPDX-License-Identifier: Apache-2.0 */
#include "http/exchange.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "http/transport.h"

#define BEAT_NS INT64_C(15000000000)

static int64_t seconds_ns(double seconds)
{
    return (int64_t)(seconds * 1e9);
}

/* Cuts "PATH?a=1&b=2" into its parts, decoded.  One that cannot be read is not left out, as an
 * answer without a filter looks like one with it. */
static void exchange_cut(Exchange *exchange)
{
    char *rest = strchr(exchange->uri, '?');
    if (rest != NULL)
        *rest++ = '\0';
    while (rest != NULL) {
        char *name = rest;
        rest = strchr(rest, '&');
        if (rest != NULL)
            *rest++ = '\0';
        char *value = strchr(name, '=');
        if (value != NULL)
            *value++ = '\0';
        else
            value = name + strlen(name);
        if (!route_decode(name, true) || !route_decode(value, true))
            exchange->query_fault = "a parameter of the address cannot be read; write each byte as "
                                    "two hexadecimal digits, such as %20, and none as %00";
        else if (name[0] != '\0' && exchange->query_count == EXCHANGE_QUERY_MAX)
            exchange->query_fault = "the address has too many parameters";
        else if (name[0] != '\0')
            exchange->query[exchange->query_count++] = (HttpField){name, value};
    }
}

Exchange *exchange_begin(Shared *shared, Conn *conn, void *connection, const char *uri)
{
    Exchange *exchange = calloc(1, sizeof *exchange);
    if (exchange == NULL)
        return NULL;
    exchange->uri = strdup(uri);
    if (exchange->uri == NULL) {
        free(exchange);
        return NULL;
    }
    exchange_cut(exchange);
    shared_hold(shared);
    exchange->shared = shared;
    exchange->conn = conn;
    exchange->connection = connection;
    exchange->body.budget = &shared->budget;
    exchange->request.type = exchange->type;
    exchange->request.peer = conn->peer_text;
    exchange->request.context = shared->options.context;
    exchange->request.stopping = &shared->stopping;
    atomic_store(&exchange->references, 1);
    pthread_mutex_init(&exchange->lock, NULL);
    request_drop_body(&exchange->request);
    /* The first request has had its deadline since the connection was made. */
    if (atomic_exchange(&conn->phase, CONN_EARLY) == CONN_IDLE)
        atomic_store(&conn->deadline_ns, monotonic_ns() + seconds_ns(shared->options.header_s));
    crowd_work(&shared->crowd, conn, exchange);
    atomic_fetch_add(&shared->requests, 1);
    return exchange;
}

static void exchange_release(Exchange *exchange)
{
    if (atomic_fetch_sub(&exchange->references, 1) > 1)
        return;
    if (exchange->request.state_free != NULL)
        exchange->request.state_free(exchange->request.state);
    response_clear(&exchange->response);
    for (size_t i = 0; i < exchange->request.parameter_count; i++)
        free(exchange->request.parameters[i].value);
    body_free(&exchange->body);
    pthread_mutex_destroy(&exchange->lock);
    free(exchange->uri);
    shared_release(exchange->shared);
    free(exchange);
}

void exchange_over(Exchange *exchange)
{
    Conn *conn = exchange->conn;
    if (exchange->response.stream.gone != NULL)
        exchange->response.stream.gone(exchange->response.stream.context);
    crowd_work(&exchange->shared->crowd, conn, NULL);
    atomic_store(&conn->deadline_ns, monotonic_ns() + seconds_ns(exchange->shared->options.idle_s));
    atomic_store(&conn->phase, CONN_IDLE);
    exchange_release(exchange);
}

/* What somebody completed meanwhile is taken note of. */
static bool exchange_resumed(Exchange *exchange)
{
    pthread_mutex_lock(&exchange->lock);
    bool whole = exchange->whole;
    exchange->whole = false;
    pthread_mutex_unlock(&exchange->lock);
    return whole;
}

/* Suspends, unless it was completed already or the server ends. */
static ExchangeStep exchange_wait(Exchange *exchange)
{
    pthread_mutex_lock(&exchange->lock);
    bool whole = exchange->whole;
    bool ending = !whole && atomic_load(&exchange->shared->ending);
    if (ending)
        exchange->abandoned = true;
    if (!whole && !ending) {
        transport_suspend(exchange);
        exchange->suspended = true;
    }
    pthread_mutex_unlock(&exchange->lock);
    return whole || ending ? EXCHANGE_ANSWER : EXCHANGE_WAIT;
}

void http_complete(HttpRequest *request)
{
    Exchange *exchange = (Exchange *)request;
    pthread_mutex_lock(&exchange->lock);
    exchange->whole = true;
    if (exchange->suspended)
        transport_resume(exchange);
    exchange->suspended = false;
    pthread_mutex_unlock(&exchange->lock);
    exchange_release(exchange);
}

void exchange_abandon(void *work, int64_t now_ns)
{
    (void)now_ns; /* It is too late whatever the time is. */
    Exchange *exchange = work;
    pthread_mutex_lock(&exchange->lock);
    if (exchange->suspended) {
        exchange->abandoned = exchange->response.stream.more == NULL;
        exchange->suspended = false;
        transport_resume(exchange);
    }
    pthread_mutex_unlock(&exchange->lock);
}

/* -- the body ------------------------------------------------------------------------------- */

static void exchange_refuse_body(Exchange *exchange, BodyFault fault, const char *why)
{
    HttpResponse *response = &exchange->response;
    int           status = 400;
    char          detail[400];
    switch (fault) {
    case BODY_TOO_LARGE:
        status = 413;
        snprintf(detail, sizeof detail,
                 "the body is larger than %zu bytes, packed or unpacked; send it in several "
                 "requests, or raise the limit (body_max)",
                 exchange->body.budget->body_bytes_max);
        break;
    case BODY_NO_ROOM:
        status = 503;
        response_header(response, "Retry-After", "1");
        snprintf(detail, sizeof detail,
                 "too much is being received at once; send it again after Retry-After seconds");
        break;
    default:
        snprintf(detail, sizeof detail,
                 "the body is not what its Content-Encoding says: %s; pack it again", why);
        break;
    }
    body_free(&exchange->body);
    exchange->refused = true;
    atomic_fetch_add(&exchange->shared->requests_refused, 1);
    http_refuse(&exchange->request, response, status, detail);
}

static bool exchange_is_suspended(Exchange *exchange)
{
    pthread_mutex_lock(&exchange->lock);
    bool suspended = exchange->suspended;
    pthread_mutex_unlock(&exchange->lock);
    return suspended;
}

/* A body that the route takes in pieces. */
static ExchangeStep exchange_piece_now(Exchange *exchange, const char *bytes, size_t size)
{
    atomic_fetch_add(&exchange->references, 1);
    HttpReply reply =
        exchange->match.route->piece(&exchange->request, &exchange->response, bytes, size);
    if (reply == HTTP_LATER) {
        ExchangeStep step = exchange_wait(exchange);
        return step == EXCHANGE_WAIT ? EXCHANGE_WAIT : EXCHANGE_GO_ON;
    }
    exchange_release(exchange);
    exchange->refused = reply == HTTP_NOW;
    return EXCHANGE_GO_ON;
}

ExchangeStep exchange_piece(Exchange *exchange, const char *bytes, size_t size)
{
    Shared *shared = exchange->shared;
    if (exchange_is_suspended(exchange))
        return EXCHANGE_NOT_NOW;
    exchange->received += size;
    atomic_fetch_add(&shared->body_bytes, size);
    if (exchange->abandoned)
        return EXCHANGE_ABORT;
    bool streamed = exchange->match.route != NULL && exchange->match.route->piece != NULL;
    if (streamed && exchange_resumed(exchange) && exchange->response.status != 0)
        exchange->refused = true;
    if (exchange->refused || !streamed) {
        int64_t patience = seconds_ns(shared->options.body_s) +
                           (int64_t)(exchange->received / EXCHANGE_BYTES_PER_S) * 1000000000;
        atomic_store(&exchange->conn->deadline_ns, exchange->body_since_ns + patience);
    }
    if (exchange->refused) {
        exchange->response.close = true;
        return exchange->received > 4 * (uint64_t)shared->budget.body_bytes_max && !streamed
                   ? EXCHANGE_ABORT
                   : EXCHANGE_GO_ON;
    }
    if (streamed)
        return exchange_piece_now(exchange, bytes, size);
    BodyFault fault = body_add(&exchange->body, bytes, size);
    if (fault != BODY_GOOD)
        exchange_refuse_body(exchange, fault, "");
    return EXCHANGE_GO_ON;
}

/* The body is whole; false: it is refused. */
static bool exchange_take_body(Exchange *exchange)
{
    char   why[300];
    Body  *body = &exchange->body;
    size_t packed = body->size;
    if (exchange->packing != BODY_PLAIN && packed > 0) {
        BodyFault fault = body_unpack(body, exchange->packing, why, sizeof why);
        if (fault != BODY_GOOD) {
            exchange_refuse_body(exchange, fault, why);
            return false;
        }
    }
    atomic_fetch_add(&exchange->shared->body_bytes_unpacked, body->size);
    if (body->size > 0) {
        exchange->request.body = body->bytes;
        exchange->request.body_size = body->size;
    }
    return true;
}

/* -- the answer ------------------------------------------------------------------------------- */

void exchange_run_work(void *work)
{
    Exchange *exchange = work;
    HttpReply reply = exchange->match.route->handle(&exchange->request, &exchange->response);
    if (reply == HTTP_NOW)
        http_complete(&exchange->request);
}

/* On a thread of the desk; suspended first, as the desk may be quicker than we are. */
static ExchangeStep exchange_run_aside(Exchange *exchange)
{
    ExchangeStep step = exchange_wait(exchange);
    if (step == EXCHANGE_ANSWER) {
        exchange_release(exchange);
        return step;
    }
    if (!desk_put(&exchange->shared->desk, exchange)) {
        response_header(&exchange->response, "Retry-After", "1");
        http_refuse(&exchange->request, &exchange->response, 503,
                    "too many questions wait already; ask again after Retry-After seconds");
        http_complete(&exchange->request);
    }
    return step;
}

ExchangeStep exchange_end(Exchange *exchange)
{
    if (exchange_is_suspended(exchange))
        return EXCHANGE_WAIT;
    bool resumed = exchange_resumed(exchange);
    if (exchange->ran)
        return EXCHANGE_ANSWER;
    if (exchange->abandoned)
        return EXCHANGE_ABORT;
    if (resumed && exchange->response.status != 0)
        exchange->refused = true; /* By what took the last piece. */
    exchange->ran = true;
    atomic_store(&exchange->conn->deadline_ns, CROWD_NEVER);
    if (exchange->refused || !exchange_take_body(exchange))
        return EXCHANGE_ANSWER;
    atomic_fetch_add(&exchange->references, 1);
    if ((exchange->match.route->flags & ROUTE_SLOW) != 0)
        return exchange_run_aside(exchange);
    HttpReply reply = exchange->match.route->handle(&exchange->request, &exchange->response);
    assert(reply != HTTP_MORE);
    if (reply == HTTP_LATER)
        return exchange_wait(exchange);
    exchange_release(exchange);
    return EXCHANGE_ANSWER;
}

/* -- streams ----------------------------------------------------------------------------------- */

void http_wake(HttpRequest *request)
{
    Exchange *exchange = (Exchange *)request;
    pthread_mutex_lock(&exchange->lock);
    exchange->woken = true;
    if (exchange->suspended)
        transport_resume(exchange);
    exchange->suspended = false;
    pthread_mutex_unlock(&exchange->lock);
}

void exchange_wake_stream(void *work, int64_t now_ns)
{
    (void)now_ns; /* All of them. */
    Exchange *exchange = work;
    if (exchange->response.stream.more != NULL)
        http_wake(&exchange->request);
}

void exchange_sweep(void *work, int64_t now_ns)
{
    Exchange *exchange = work;
    pthread_mutex_lock(&exchange->lock);
    if (exchange->suspended && exchange->response.stream.more != NULL &&
        exchange->response.stream.heartbeat != NULL && now_ns - exchange->beat_ns > BEAT_NS) {
        exchange->beat_due = true;
        exchange->suspended = false;
        transport_resume(exchange);
    }
    pthread_mutex_unlock(&exchange->lock);
}

/* Nothing to send: suspends, unless somebody has called meanwhile. */
static size_t exchange_stream_wait(Exchange *exchange, char *to, size_t size)
{
    size_t made = 0;
    pthread_mutex_lock(&exchange->lock);
    if (atomic_load(&exchange->shared->stopping)) {
        made = HTTP_STREAM_END;
    } else if (exchange->beat_due) {
        size_t beat = strlen(exchange->response.stream.heartbeat);
        made = beat < size ? beat : size;
        memcpy(to, exchange->response.stream.heartbeat, made);
        exchange->beat_due = false;
    } else if (!exchange->woken) {
        transport_suspend(exchange);
        exchange->suspended = true;
    }
    pthread_mutex_unlock(&exchange->lock);
    return made;
}

size_t exchange_stream(Exchange *exchange, char *to, size_t size)
{
    const HttpStream *stream = &exchange->response.stream;
    pthread_mutex_lock(&exchange->lock);
    exchange->woken = false;
    pthread_mutex_unlock(&exchange->lock);
    size_t made = stream->more(stream->context, to, size);
    if (made == 0)
        made = exchange_stream_wait(exchange, to, size);
    if (made > 0)
        exchange->beat_ns = monotonic_ns();
    return made;
}
