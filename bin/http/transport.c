/* SPDX-License-Identifier: Apache-2.0 */
#include "http/transport.h"

#include <errno.h>
#include <microhttpd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "http/tls_peer.h"

#define CONNECTION_BYTES_MAX (64u << 10) /* Header and what of a body waits. */
#define STREAM_PIECE_BYTES (16u << 10)
#define SOCKETS_MAX 65536

struct Transport {
    Shared            *shared;
    struct MHD_Daemon *daemon;
    Conn              *_Atomic conns[SOCKETS_MAX]; /* By socket. */
};

static int socket_of(struct MHD_Connection *connection)
{
    return MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD)->connect_fd;
}

/* The request line is there. */
static void *begin(void *context, const char *uri, struct MHD_Connection *connection)
{
    Transport *transport = context;
    Conn      *conn = atomic_load(&transport->conns[socket_of(connection)]);
    return exchange_begin(transport->shared, conn, connection, uri);
}

static void over(void *context, struct MHD_Connection *connection, void **work,
                 enum MHD_RequestTerminationCode how)
{
    (void)context;
    (void)connection;
    (void)how; /* Whoever ended it, it is over. */
    if (*work != NULL)
        exchange_over(*work);
    *work = NULL;
}

static void leave(void *context, struct MHD_Connection *connection, void **own,
                  enum MHD_ConnectionNotificationCode what)
{
    (void)own;
    Transport *transport = context;
    if (what != MHD_CONNECTION_NOTIFY_CLOSED)
        return;
    Conn *conn = atomic_exchange(&transport->conns[socket_of(connection)], NULL);
    if (conn != NULL)
        crowd_leave(&transport->shared->crowd, conn);
}

/* -- the answer ------------------------------------------------------------------------------- */

static ssize_t stream_more(void *context, uint64_t at, char *to, size_t size)
{
    (void)at; /* A stream only goes on. */
    size_t made = exchange_stream(context, to, size);
    return made == HTTP_STREAM_END ? MHD_CONTENT_READER_END_OF_STREAM : (ssize_t)made;
}

static bool has_header(const HttpResponse *response, const char *name)
{
    for (size_t i = 0; i < response->header_count; i++) {
        if (strcasecmp(response->headers[i].name, name) == 0)
            return true;
    }
    return false;
}

/* Headers that every answer has, so that a browser does nothing with it that was not meant. */
static void add_headers(struct MHD_Response *out, const Exchange *exchange,
                        const HttpResponse *response)
{
    static const char *const always[][2] = {
        {"X-Content-Type-Options", "nosniff"},
        {"Referrer-Policy", "no-referrer"},
        {"X-Frame-Options", "DENY"},
        {"Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'"}};
    for (size_t i = 0; i < response->header_count; i++)
        MHD_add_response_header(out, response->headers[i].name, response->headers[i].value);
    for (size_t i = 0; i < sizeof always / sizeof always[0]; i++) {
        if (!has_header(response, always[i][0]))
            MHD_add_response_header(out, always[i][0], always[i][1]);
    }
    const RouteGroup *group = exchange->request.group;
    for (size_t i = 0; group != NULL && group->headers != NULL && group->headers[i] != NULL; i += 2)
        MHD_add_response_header(out, group->headers[i], group->headers[i + 1]);
    if (response->close || atomic_load(&exchange->shared->stopping))
        MHD_add_response_header(out, "Connection", "close");
}

/* The response in libmicrohttpd's form; the body goes over to it.  NULL: no memory. */
static struct MHD_Response *response_out(Exchange *exchange, HttpResponse *response)
{
    struct MHD_Response *out;
    if (response->stream.more != NULL) {
        out = MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, STREAM_PIECE_BYTES, stream_more,
                                                exchange, NULL);
    } else {
        out = MHD_create_response_from_buffer(response->body_size, response->body,
                                              MHD_RESPMEM_MUST_FREE);
        if (out != NULL)
            response->body = NULL;
    }
    if (out != NULL)
        add_headers(out, exchange, response);
    return out;
}

static enum MHD_Result answer(Exchange *exchange, struct MHD_Connection *connection)
{
    HttpResponse  instead = {0};
    HttpResponse *response = &exchange->response;
    if (exchange->abandoned || response->broken) {
        response = &instead;
        response_header(response, "Retry-After", "1");
        response->close = true;
        http_refuse(&exchange->request, response, 503,
                    exchange->abandoned
                        ? "this server is stopping; send it again after Retry-After seconds"
                        : "memory is short; send it again after Retry-After seconds");
    }
    struct MHD_Response *out = response_out(exchange, response);
    enum MHD_Result      result = MHD_NO;
    if (out != NULL) {
        bool    endless = response->stream.more != NULL;
        int64_t patience = (int64_t)(exchange->shared->options.answer_s * 1e9) +
                           (int64_t)(response->body_size / EXCHANGE_BYTES_PER_S) * 1000000000;
        atomic_store(&exchange->conn->deadline_ns,
                     endless ? CROWD_NEVER : monotonic_ns() + patience);
        result = MHD_queue_response(connection, (unsigned)response->status, out);
        MHD_destroy_response(out);
    }
    response_clear(&instead);
    return result;
}

/* -- the request ------------------------------------------------------------------------------ */

static enum MHD_Result note(void *context, enum MHD_ValueKind kind, const char *name,
                            const char *value)
{
    (void)kind;
    gate_note(context, name, value != NULL ? value : "");
    return MHD_YES;
}

/* Where an authority for clients is set, only those that it has certified get a word. */
static bool is_known(const Exchange *exchange, struct MHD_Connection *connection)
{
    const HttpOptions *options = &exchange->shared->options;
    if (options->client_ca == NULL || !options->listeners[exchange->conn->listener].tls)
        return true;
    return tls_peer_is_known(
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_GNUTLS_SESSION)->tls_session);
}

static enum MHD_Result handle(void *context, struct MHD_Connection *connection, const char *url,
                              const char *method, const char *version, const char *bytes,
                              size_t *size, void **work)
{
    (void)context;
    (void)url; /* It is decoded; exchange_begin has the one that came. */
    Exchange    *exchange = *work;
    ExchangeStep step;
    if (exchange == NULL)
        return MHD_NO;
    if (!exchange->begun && !is_known(exchange, connection))
        return MHD_NO;
    if (!exchange->begun) {
        HeaderForm form = {.modern = strcmp(version, MHD_HTTP_VERSION_1_1) == 0};
        MHD_get_connection_values(connection, MHD_HEADER_KIND, note, &form);
        step = exchange_head(exchange, method, &form);
    } else if (*size > 0) {
        /* Of chunks that have come at once each is shown, also when the first one suspended. */
        step = exchange_piece(exchange, bytes, *size);
        if (step != EXCHANGE_NOT_NOW)
            *size = 0;
    } else {
        step = exchange_end(exchange);
    }
    switch (step) {
    case EXCHANGE_ANSWER: return answer(exchange, connection);
    case EXCHANGE_ABORT: return MHD_NO;
    default: return MHD_YES;
    }
}

void transport_suspend(Exchange *exchange)
{
    MHD_suspend_connection(exchange->connection);
}

void transport_resume(Exchange *exchange)
{
    MHD_resume_connection(exchange->connection);
}

void transport_never_idle(Exchange *exchange)
{
    MHD_set_connection_option(exchange->connection, MHD_CONNECTION_OPTION_TIMEOUT, 0u);
}

const char *transport_header(const Exchange *exchange, const char *name)
{
    return MHD_lookup_connection_value(exchange->connection, MHD_HEADER_KIND, name);
}

/* -- open, close ------------------------------------------------------------------------------- */

static void complain(void *context, const char *format, va_list list)
{
    (void)context;
    (void)format;
    (void)list; /* What clients do wrong is answered to them, and counted. */
}

bool transport_open(Shared *shared, bool tls, Transport **ret, char *problem, size_t problem_size)
{
    const HttpOptions *options = &shared->options;
    Transport         *transport = calloc(1, sizeof *transport);
    if (transport == NULL) {
        snprintf(problem, problem_size, "out of memory while the HTTP server was started");
        return false;
    }
    struct MHD_OptionItem more[5] = {{MHD_OPTION_END, 0, NULL}};
    size_t                count = 0;
    if (tls) {
        more[count++] =
            (struct MHD_OptionItem){MHD_OPTION_HTTPS_MEM_CERT, 0, (void *)options->certificate};
        more[count++] = (struct MHD_OptionItem){MHD_OPTION_HTTPS_MEM_KEY, 0, (void *)options->key};
        if (options->client_ca != NULL)
            more[count++] =
                (struct MHD_OptionItem){MHD_OPTION_HTTPS_MEM_TRUST, 0, (void *)options->client_ca};
        more[count++] = (struct MHD_OptionItem){MHD_OPTION_HTTPS_PRIORITIES, 0,
                                                "NORMAL:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2"};
        more[count] = (struct MHD_OptionItem){MHD_OPTION_END, 0, NULL};
    }
    transport->shared = shared;
    transport->daemon = MHD_start_daemon(
        MHD_USE_EPOLL_INTERNAL_THREAD | MHD_USE_NO_LISTEN_SOCKET | MHD_ALLOW_SUSPEND_RESUME |
            MHD_USE_ITC | MHD_USE_ERROR_LOG | (tls ? MHD_USE_TLS : 0),
        0, NULL, NULL, handle, transport, MHD_OPTION_EXTERNAL_LOGGER, complain, NULL,
        MHD_OPTION_URI_LOG_CALLBACK, begin, transport, MHD_OPTION_NOTIFY_COMPLETED, over, transport,
        MHD_OPTION_NOTIFY_CONNECTION, leave, transport, MHD_OPTION_THREAD_POOL_SIZE,
        (unsigned)options->threads, MHD_OPTION_CONNECTION_LIMIT,
        (unsigned)(options->connections_max + (size_t)options->threads),
        MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)CONNECTION_BYTES_MAX,
        MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)(options->answer_s + 1),
        MHD_OPTION_STRICT_FOR_CLIENT, 1, MHD_OPTION_ARRAY, more, MHD_OPTION_END);
    if (transport->daemon == NULL) {
        snprintf(problem, problem_size, "the HTTP server cannot start its threads%s",
                 tls ? ", or certificate and key do not belong together; check both files" : "");
        free(transport);
        return false;
    }
    *ret = transport;
    return true;
}

bool transport_take(Transport *transport, Conn *conn, const Address *from)
{
    int taken = conn->socket;
    atomic_store(&transport->conns[taken], conn);
    if (MHD_add_connection(transport->daemon, taken, (const struct sockaddr *)&from->bytes,
                           from->size) == MHD_YES)
        return true;
    /* It has closed the socket, and may have told `leave` so. */
    Conn *still = atomic_exchange(&transport->conns[taken], NULL);
    if (still != NULL)
        crowd_leave(&transport->shared->crowd, still);
    return false;
}

void transport_close(Transport *transport)
{
    if (transport == NULL)
        return;
    MHD_stop_daemon(transport->daemon);
    free(transport);
}
