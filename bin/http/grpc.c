/* SPDX-License-Identifier: Apache-2.0 */
#include "http/grpc.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "http/address.h"
#include "http/h2.h"
#include "http/server.h"

#define SWEEP_MS 200
#define EVENTS_AT_ONCE 64

struct GrpcServer {
    CallShared *shared;
    TlsServer  *tls; /* NULL: none. */
    Crowd       crowd;
    int         listener, epoll, port;
    pthread_t   thread;
    bool        running;
    atomic_bool stopping;
    double      stop_s;
};

static int64_t in_seconds(double seconds)
{
    return monotonic_ns() + (int64_t)(seconds * 1e9);
}

/* -- connections ------------------------------------------------------------------------------- */

static void conn_close(GrpcServer *server, H2 *h2)
{
    Conn *conn = h2->conn;
    crowd_work(&server->crowd, conn, NULL);
    h2_close(h2);
    close(conn->socket);
    crowd_leave(&server->crowd, conn);
}

/* Writes what there is to write; closes when it is over. */
static void conn_flush(GrpcServer *server, H2 *h2)
{
    if (!h2_write(h2)) {
        conn_close(server, h2);
        return;
    }
    bool wants = h2->read_needs_room || (h2->out_size > 0 && !h2->write_needs_bytes);
    if (wants == h2->wants_write)
        return;
    struct epoll_event event = {.events = EPOLLIN | (wants ? EPOLLOUT : 0u), .data.ptr = h2};
    epoll_ctl(server->epoll, EPOLL_CTL_MOD, h2->conn->socket, &event);
    h2->wants_write = wants;
}

static void conn_ready(GrpcServer *server, H2 *h2, uint32_t events)
{
    bool reads = (events & (EPOLLIN | EPOLLHUP | EPOLLERR)) != 0 || h2->read_needs_room;
    if (reads && !h2_read(h2))
        conn_close(server, h2);
    else
        conn_flush(server, h2);
}

static bool accept_one(GrpcServer *server)
{
    Address from = {.size = sizeof from.bytes};
    int     on = 1;
    int     taken = accept4(server->listener, (struct sockaddr *)&from.bytes, &from.size,
                            SOCK_CLOEXEC | SOCK_NONBLOCK);
    if (taken < 0)
        return errno == EINTR || errno == ECONNABORTED;
    setsockopt(taken, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof on);
    setsockopt(taken, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    Conn *conn =
        crowd_enter(&server->crowd, taken, 0, &from, in_seconds(server->shared->options.header_s));
    H2   *h2 = conn != NULL ? h2_open(server->shared, conn, server->tls) : NULL;
    if (h2 == NULL) {
        close(taken);
        if (conn != NULL)
            crowd_leave(&server->crowd, conn);
        return true;
    }
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = h2};
    crowd_work(&server->crowd, conn, h2);
    if (epoll_ctl(server->epoll, EPOLL_CTL_ADD, taken, &event) != 0)
        conn_close(server, h2);
    else
        conn_flush(server, h2);
    return true;
}

/* -- the thread -------------------------------------------------------------------------------- */

/* What handlers have answered since. */
static void send_done(GrpcServer *server)
{
    CallShared *shared = server->shared;
    uint64_t    count;
    if (read(shared->wake, &count, sizeof count) < 0 && errno != EAGAIN)
        return;
    pthread_mutex_lock(&shared->lock);
    Call *done = shared->done;
    shared->done = NULL;
    pthread_mutex_unlock(&shared->lock);
    while (done != NULL) {
        Call *call = done;
        done = call->next_done;
        call->handed = false;
        if (call->h2 == NULL) {
            call_free(call);
            continue;
        }
        H2 *h2 = call->h2;
        h2_respond(h2, call);
        /* Others of the same connection are flushed with it. */
        if (done == NULL || done->h2 != h2)
            conn_flush(server, h2);
    }
}

static void sweep_one(void *work, int64_t now_ns)
{
    h2_sweep(work, now_ns);
}

/* Deadlines: what they shut shows as an event; what they answered is to be written. */
static void sweep(GrpcServer *server)
{
    crowd_sweep(&server->crowd, monotonic_ns(), sweep_one);
    for (Conn *conn = server->crowd.first, *next; conn != NULL; conn = next) {
        next = conn->next;
        conn_flush(server, conn->work);
    }
    if (server->tls != NULL)
        tls_server_refresh(server->tls); /* Where they are no good the old ones stay. */
}

static void handle_events(GrpcServer *server, struct epoll_event *events, int count)
{
    for (int i = 0; i < count; i++) {
        if (events[i].data.ptr == server)
            continue; /* An answer: last, as it may close connections that have an event here. */
        if (events[i].data.ptr != &server->listener)
            conn_ready(server, events[i].data.ptr, events[i].events);
        else
            for (int more = EVENTS_AT_ONCE; more > 0 && crowd_has_room(&server->crowd); more--)
                if (!accept_one(server))
                    break;
    }
    send_done(server);
}

/* Calls that are open end, within their time. */
static void say_goodbye(GrpcServer *server)
{
    epoll_ctl(server->epoll, EPOLL_CTL_DEL, server->listener, NULL);
    for (Conn *conn = server->crowd.first, *next; conn != NULL; conn = next) {
        next = conn->next;
        h2_say_goodbye(conn->work);
        conn_flush(server, conn->work);
    }
}

static bool has_calls(const GrpcServer *server)
{
    for (const Conn *conn = server->crowd.first; conn != NULL; conn = conn->next) {
        const H2 *h2 = conn->work;
        if (h2->call_count > 0)
            return true;
    }
    return false;
}

static void *grpc_thread(void *context)
{
    GrpcServer        *server = context;
    struct epoll_event events[EVENTS_AT_ONCE];
    int64_t            sweep_ns = 0, end_ns = CROWD_NEVER;
    for (;;) {
        int count = epoll_wait(server->epoll, events, EVENTS_AT_ONCE,
                               end_ns == CROWD_NEVER ? SWEEP_MS : SWEEP_MS / 10);
        handle_events(server, events, count);
        int64_t now_ns = monotonic_ns();
        if (now_ns - sweep_ns > (int64_t)SWEEP_MS * 1000000) {
            sweep(server);
            sweep_ns = now_ns;
        }
        if (atomic_load(&server->stopping) && end_ns == CROWD_NEVER) {
            say_goodbye(server);
            end_ns = in_seconds(server->stop_s);
        }
        if (end_ns != CROWD_NEVER && (!has_calls(server) || now_ns > end_ns))
            break;
    }
    while (server->crowd.first != NULL)
        conn_close(server, server->crowd.first->work);
    return NULL;
}

/* -- open, close ------------------------------------------------------------------------------- */

static CallShared *call_shared_open(const GrpcOptions *options)
{
    CallShared *shared = calloc(1, sizeof *shared);
    if (shared == NULL)
        return NULL;
    GrpcOptions *own = &shared->options;
    *own = *options;
    own->message_bytes_max = own->message_bytes_max > 0 ? own->message_bytes_max : 64u << 20;
    own->messages_bytes_max =
        own->messages_bytes_max > 0 ? own->messages_bytes_max : 4 * own->message_bytes_max;
    own->connections_max = own->connections_max > 0 ? own->connections_max : 256;
    own->connections_per_peer_max = own->connections_per_peer_max > 0
                                        ? own->connections_per_peer_max
                                        : own->connections_max / 4;
    own->header_s = own->header_s > 0 ? own->header_s : 10;
    own->body_s = own->body_s > 0 ? own->body_s : 60;
    own->idle_s = own->idle_s > 0 ? own->idle_s : 300;
    own->answer_s = own->answer_s > 0 ? own->answer_s : 120;
    shared->budget.body_bytes_max = own->message_bytes_max;
    shared->budget.bytes_max = own->messages_bytes_max;
    shared->wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    pthread_mutex_init(&shared->lock, NULL);
    lockout_begin(&shared->lockout);
    atomic_store(&shared->references, 1);
    return shared;
}

static bool listen_there(GrpcServer *server, char *problem, size_t problem_size)
{
    const char *text = server->shared->options.address;
    const char *token = server->shared->options.token != NULL
                            ? server->shared->options.token
                            : server->shared->options.ingest_token;
    Address address, got = {.size = sizeof got.bytes};
    if (!http_address_allowed(text, token, problem, problem_size) ||
        !address_read(text, &address, problem, problem_size))
        return false;
    server->listener = address_listen(&address, text, problem, problem_size);
    if (server->listener < 0)
        return false;
    server->shared->loopback = address_is_loopback(&address);
    getsockname(server->listener, (struct sockaddr *)&got.bytes, &got.size);
    server->port = address_port(&got);
    return true;
}

static bool open_tls(GrpcServer *server, char *problem, size_t problem_size)
{
    TlsFiles files = server->shared->options.tls;
    char     why[TLS_PROBLEM_SIZE];
    if (files.certificate == NULL)
        return true;
    files.protocol = "h2";
    server->tls = tls_server_open(&files, why);
    if (server->tls == NULL)
        snprintf(problem, problem_size, "%s", why);
    return server->tls != NULL;
}

static bool start(GrpcServer *server, char *problem, size_t problem_size)
{
    struct epoll_event listening = {.events = EPOLLIN, .data.ptr = &server->listener};
    struct epoll_event waking = {.events = EPOLLIN, .data.ptr = server};
    server->epoll = epoll_create1(EPOLL_CLOEXEC);
    server->running = server->epoll >= 0 && server->shared->wake >= 0 &&
                      epoll_ctl(server->epoll, EPOLL_CTL_ADD, server->listener, &listening) == 0 &&
                      epoll_ctl(server->epoll, EPOLL_CTL_ADD, server->shared->wake, &waking) == 0 &&
                      pthread_create(&server->thread, NULL, grpc_thread, server) == 0;
    if (!server->running)
        snprintf(problem, problem_size,
                 "the gRPC server cannot start its thread; raise the limits of files and threads");
    return server->running;
}

bool grpc_server_open(const GrpcOptions *options, GrpcServer **ret, char *problem,
                      size_t problem_size)
{
    GrpcServer *server = calloc(1, sizeof *server);
    if (server == NULL || (server->shared = call_shared_open(options)) == NULL) {
        free(server);
        snprintf(problem, problem_size, "no memory for the gRPC server");
        return false;
    }
    server->listener = server->epoll = -1;
    crowd_begin(&server->crowd, server->shared->options.connections_max,
                server->shared->options.connections_per_peer_max);
    if (!open_tls(server, problem, problem_size) || !listen_there(server, problem, problem_size) ||
        !start(server, problem, problem_size)) {
        grpc_server_close(server, 0);
        return false;
    }
    *ret = server;
    return true;
}

int grpc_server_port(const GrpcServer *server)
{
    return server->port;
}

GrpcCounts grpc_server_counts(const GrpcServer *server)
{
    CallShared *shared = server->shared;
    /* The crowd is only counted here, not changed. */
    Crowd     *crowd = (Crowd *)&server->crowd;
    GrpcCounts counts = {.connections = atomic_load(&crowd->entered),
                         .connections_refused = atomic_load(&crowd->refused),
                         .connections_timed_out = atomic_load(&crowd->timed_out),
                         .connections_open = crowd_count(crowd),
                         .calls = atomic_load(&shared->calls),
                         .message_bytes = atomic_load(&shared->message_bytes)};
    for (int status = 0; status < GRPC_STATUS_COUNT; status++)
        counts.refused[status] = atomic_load(&shared->refused[status]);
    return counts;
}

const char *grpc_status_name(GrpcStatus status)
{
    static const char *const names[GRPC_STATUS_COUNT] = {
        [GRPC_OK] = "ok",
        [GRPC_INVALID_ARGUMENT] = "invalid_argument",
        [GRPC_DEADLINE_EXCEEDED] = "deadline_exceeded",
        [GRPC_PERMISSION_DENIED] = "permission_denied",
        [GRPC_RESOURCE_EXHAUSTED] = "resource_exhausted",
        [GRPC_UNIMPLEMENTED] = "unimplemented",
        [GRPC_INTERNAL] = "internal",
        [GRPC_UNAVAILABLE] = "unavailable",
        [GRPC_UNAUTHENTICATED] = "unauthenticated",
    };
    return status < GRPC_STATUS_COUNT ? names[status] : NULL;
}

void grpc_server_close(GrpcServer *server, double seconds)
{
    if (server == NULL)
        return;
    CallShared *shared = server->shared;
    server->stop_s = seconds;
    atomic_store(&server->stopping, true);
    if (server->running)
        pthread_join(server->thread, NULL);
    pthread_mutex_lock(&shared->lock);
    Call *done = shared->done;
    if (shared->wake >= 0)
        close(shared->wake);
    shared->wake = -1;
    pthread_mutex_unlock(&shared->lock);
    while (done != NULL) {
        Call *call = done;
        done = call->next_done;
        call_free(call);
    }
    if (server->listener >= 0)
        close(server->listener);
    if (server->epoll >= 0)
        close(server->epoll);
    crowd_end(&server->crowd);
    tls_server_close(server->tls);
    call_shared_release(shared);
    free(server);
}
