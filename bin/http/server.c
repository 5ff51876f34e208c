/* SPDX-License-Identifier: Apache-2.0 */
#include "http/server.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <unistd.h>

#include "http/transport.h"

#define FILES_KEPT 128      /* For journal, lake and all else that is no connection. */
#define SWEEP_MS 200
#define FULL_MS 10          /* Until it is asked again whether there is room. */
#define LAST_WORDS_S 0.5    /* For answers to those who waited in vain. */
#define ACCEPT_AT_ONCE 64   /* Of one listener, before the others have their turn. */

struct HttpServer {
    Shared    *shared;
    Transport *plain, *tls;
    int        sockets[HTTP_LISTENERS_MAX];
    int        ports[HTTP_LISTENERS_MAX];
    int        stop;  /* An eventfd. */
    int        spare; /* A file that is given up so that a last connection can be refused. */
    pthread_t  thread;
    bool       running;
};

static size_t or_default(size_t value, size_t standard)
{
    return value != 0 ? value : standard;
}

static double seconds_or(double value, double standard)
{
    return value > 0 ? value : standard;
}

/* As many as were wished, and as the limit of open files leaves. */
static size_t connections_max(size_t wished)
{
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY)
        return wished;
    size_t all = (size_t)limit.rlim_cur;
    size_t most = all > 2 * FILES_KEPT ? all - FILES_KEPT : all / 2;
    return wished < most ? wished : most;
}

static Shared *shared_open(const HttpOptions *options)
{
    Shared *shared = calloc(1, sizeof *shared);
    if (shared == NULL)
        return NULL;
    HttpOptions *own = &shared->options;
    *own = *options;
    own->threads = options->threads > 0 ? options->threads : 2;
    own->body_bytes_max = or_default(options->body_bytes_max, 64u << 20);
    own->bodies_bytes_max = or_default(options->bodies_bytes_max, 4 * own->body_bytes_max);
    own->connections_max = connections_max(or_default(options->connections_max, 1024));
    own->connections_per_peer_max =
        or_default(options->connections_per_peer_max, own->connections_max / 4);
    own->header_s = seconds_or(options->header_s, 10);
    own->body_s = seconds_or(options->body_s, 60);
    own->idle_s = seconds_or(options->idle_s, 75);
    own->answer_s = seconds_or(options->answer_s, 120);
    shared->budget.body_bytes_max = own->body_bytes_max;
    shared->budget.bytes_max = own->bodies_bytes_max;
    crowd_begin(&shared->crowd, own->connections_max, own->connections_per_peer_max);
    lockout_begin(&shared->lockout);
    atomic_store(&shared->references, 1);
    return shared;
}

/* -- listening --------------------------------------------------------------------------------- */

/* One connection that waits is accepted and closed, though there is no descriptor for it. */
static void refuse_one(HttpServer *server, int listener)
{
    close(server->spare);
    int refused = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
    if (refused >= 0)
        close(refused);
    server->spare = open("/dev/null", O_RDONLY | O_CLOEXEC);
    atomic_fetch_add(&server->shared->crowd.refused, 1);
}

static bool accept_one(HttpServer *server, int number)
{
    Shared *shared = server->shared;
    Address from = {.size = sizeof from.bytes};
    int     taken = accept4(server->sockets[number], (struct sockaddr *)&from.bytes, &from.size,
                            SOCK_CLOEXEC | SOCK_NONBLOCK);
    if (taken < 0) {
        if (errno == EMFILE || errno == ENFILE)
            refuse_one(server, server->sockets[number]);
        return errno == EINTR || errno == ECONNABORTED;
    }
    int64_t deadline_ns = monotonic_ns() + (int64_t)(shared->options.header_s * 1e9);
    int     on = 1;
    setsockopt(taken, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof on);
    Conn *conn = crowd_enter(&shared->crowd, taken, number, &from, deadline_ns);
    if (conn == NULL) {
        close(taken);
        return true;
    }
    bool tls = shared->options.listeners[number].tls;
    transport_take(tls ? server->tls : server->plain, conn, &from);
    return true;
}

static void *accept_thread(void *context)
{
    HttpServer   *server = context;
    Shared       *shared = server->shared;
    size_t        count = shared->options.listener_count;
    struct pollfd polled[HTTP_LISTENERS_MAX + 1];
    int64_t       sweep_ns = 0;
    for (size_t i = 0; i < count; i++)
        polled[i] = (struct pollfd){.fd = server->sockets[i], .events = POLLIN};
    polled[count] = (struct pollfd){.fd = server->stop, .events = POLLIN};
    while (!atomic_load(&shared->stopping)) {
        /* When all places are taken, whoever comes waits in the kernel. */
        bool room = crowd_has_room(&shared->crowd);
        poll(room ? polled : polled + count, room ? (nfds_t)count + 1 : 1,
             room ? SWEEP_MS : FULL_MS);
        for (size_t i = 0; room && i < count; i++) {
            int more = (polled[i].revents & POLLIN) != 0 ? ACCEPT_AT_ONCE : 0;
            while (more-- > 0 && crowd_has_room(&shared->crowd) && accept_one(server, (int)i))
                continue;
        }
        int64_t now_ns = monotonic_ns();
        if (now_ns - sweep_ns < (int64_t)SWEEP_MS * 1000000)
            continue;
        sweep_ns = now_ns;
        crowd_sweep(&shared->crowd, now_ns, exchange_sweep);
    }
    return NULL;
}

static bool listen_on(HttpServer *server, size_t number, char *problem, size_t problem_size)
{
    const HttpListener *listener = &server->shared->options.listeners[number];
    Address             address, got = {.size = sizeof got.bytes};
    const HttpOptions *options = &server->shared->options;
    bool        only_sends = options->token == NULL && listener->group != NULL;
    const char *token = only_sends ? options->ingest_token : options->token;
    if (!http_address_allowed(listener->address, token, problem, problem_size) ||
        !address_read(listener->address, &address, problem, problem_size))
        return false;
    int listening = address_listen(&address, listener->address, problem, problem_size);
    if (listening < 0)
        return false;
    server->sockets[number] = listening;
    server->shared->loopback[number] = address_is_loopback(&address);
    getsockname(listening, (struct sockaddr *)&got.bytes, &got.size);
    server->ports[number] = address_port(&got);
    return true;
}

/* -- open, close ------------------------------------------------------------------------------- */

static bool start(HttpServer *server, char *problem, size_t problem_size)
{
    Shared            *shared = server->shared;
    const HttpOptions *options = &shared->options;
    bool               plain = false, tls = false;
    for (size_t i = 0; i < options->listener_count; i++) {
        if (!listen_on(server, i, problem, problem_size))
            return false;
        tls = tls || options->listeners[i].tls;
        plain = plain || !options->listeners[i].tls;
    }
    if (tls && (options->certificate == NULL || options->key == NULL)) {
        snprintf(problem, problem_size,
                 "TLS needs a certificate and its key; give both (--tls-certificate, --tls-key)");
        return false;
    }
    if ((plain && !transport_open(shared, false, &server->plain, problem, problem_size)) ||
        (tls && !transport_open(shared, true, &server->tls, problem, problem_size)))
        return false;
    server->running = pthread_create(&server->thread, NULL, accept_thread, server) == 0;
    if (!server->running)
        snprintf(problem, problem_size, "the HTTP server cannot start its threads");
    return server->running;
}

bool http_server_open(const HttpOptions *options, HttpServer **ret, char *problem,
                      size_t problem_size)
{
    HttpServer *server = calloc(1, sizeof *server);
    if (server == NULL || options->listener_count > HTTP_LISTENERS_MAX ||
        (server->shared = shared_open(options)) == NULL) {
        free(server);
        snprintf(problem, problem_size, "no memory for the HTTP server, or more than %d listeners",
                 HTTP_LISTENERS_MAX);
        return false;
    }
    for (size_t i = 0; i < HTTP_LISTENERS_MAX; i++)
        server->sockets[i] = -1;
    server->stop = eventfd(0, EFD_CLOEXEC);
    server->spare = open("/dev/null", O_RDONLY | O_CLOEXEC);
    bool desk = desk_begin(&server->shared->desk, exchange_run_work);
    if (!desk)
        snprintf(problem, problem_size, "the HTTP server cannot start its threads");
    if (!desk || !start(server, problem, problem_size)) {
        http_server_close(server, 0);
        return false;
    }
    *ret = server;
    return true;
}

int http_server_port(const HttpServer *server, size_t listener)
{
    return server->ports[listener];
}

HttpCounts http_server_counts(const HttpServer *server)
{
    Shared *shared = server->shared;
    return (HttpCounts){.connections = atomic_load(&shared->crowd.entered),
                        .connections_refused = atomic_load(&shared->crowd.refused),
                        .connections_timed_out = atomic_load(&shared->crowd.timed_out),
                        .connections_open = crowd_count(&shared->crowd),
                        .requests = atomic_load(&shared->requests),
                        .requests_refused = atomic_load(&shared->requests_refused),
                        .body_bytes = atomic_load(&shared->body_bytes),
                        .body_bytes_unpacked = atomic_load(&shared->body_bytes_unpacked)};
}

/* Waits until nobody is connected, at most so long. */
static void wait_for_end(Shared *shared, double seconds)
{
    int64_t until_ns = monotonic_ns() + (int64_t)(seconds * 1e9);
    while (crowd_count(&shared->crowd) > 0 && monotonic_ns() < until_ns) {
        crowd_shut(&shared->crowd, false);
        poll(NULL, 0, 10);
    }
}

void http_server_close(HttpServer *server, double seconds)
{
    if (server == NULL)
        return;
    Shared  *shared = server->shared;
    uint64_t one = 1;
    atomic_store(&shared->stopping, true);
    if (server->running && write(server->stop, &one, sizeof one) == (ssize_t)sizeof one)
        pthread_join(server->thread, NULL);
    for (size_t i = 0; i < HTTP_LISTENERS_MAX; i++) {
        if (server->sockets[i] >= 0)
            close(server->sockets[i]);
    }
    crowd_sweep(&shared->crowd, 0, exchange_wake_stream);
    wait_for_end(shared, seconds);
    atomic_store(&shared->ending, true);
    crowd_sweep(&shared->crowd, 0, exchange_abandon);
    wait_for_end(shared, LAST_WORDS_S);
    transport_close(server->plain);
    transport_close(server->tls);
    desk_end(&shared->desk);
    close(server->stop);
    close(server->spare);
    shared_release(shared);
    free(server);
}
