/* SPDX-License-Identifier: Apache-2.0
 *
 * server.h - the HTTP/1.1 server: listeners, limits, who may ask, and the way to the routes.
 *
 * LIMITS     A request's header has header_s from its first byte on, its body body_s, both in all
 *            and not since the last byte; an idle connection idle_s.  Bodies have a cap as they
 *            come and unpacked, and all together one.  Near connections_max only ROUTE_ALWAYS is
 *            answered, and the idlest connections are closed.
 * ALLOWED    A listener on a loopback address takes everybody of this machine, but no pages of
 *            other sites: Host must be localhost, 127.0.0.1, [::1] or one of host_names, and an
 *            Origin must be the same.  Any other listener wants a token.
 * OWNERSHIP  What the options point to outlives the server, and what was promised to be answered
 *            later.
 * ERRORS     http_server_open says in `problem` what it could not do, and the cure.
 * THREADS    open and close on one thread; all else is inside.
 */
#ifndef HTTP_SERVER_H
#define HTTP_SERVER_H
#include "http/http.h"

#define HTTP_LISTENERS_MAX 8

typedef struct HttpServer HttpServer;

typedef struct {
    const char *address;  /* "127.0.0.1:6330", "[::1]:0", ":6330" (all addresses).         */
    const char *group;    /* Answers only routes of this group and ROUTE_ALWAYS; NULL: all. */
    bool        tls;
} HttpListener;

typedef struct {                    /* Zero is the default in every field but listeners.   */
    const HttpListener      *listeners;
    size_t                   listener_count;
    const RouteGroup *const *groups;
    size_t                   group_count;
    void                    *context;      /* For the routes.                              */
    const char              *token, *ingest_token; /* Bearer tokens; NULL: none.           */
    const char *const       *host_names;   /* Further names of this machine, NULL at the end. */
    const char              *certificate, *key; /* PEM texts, for TLS.                     */
    const char              *client_ca;    /* Likewise: only clients that it certified may speak TLS
                                              here; NULL: all may.                         */
    int      threads;                      /* 0: 2.                                        */
    size_t   body_bytes_max;               /* Of one body; 0: 64 MiB.                      */
    size_t   bodies_bytes_max;             /* Of all at a time; 0: 4 times body_bytes_max. */
    size_t   connections_max;              /* 0: 1024, at most what the limit of open files allows.
                                              */
    size_t   connections_per_peer_max;     /* Off loopback; 0: a quarter of connections_max. */
    double   header_s, body_s, idle_s, answer_s; /* 0: 10, 60, 75, 120.                    */
} HttpOptions;

typedef struct {
    uint64_t connections, connections_refused, connections_timed_out;
    uint64_t connections_open;
    uint64_t requests, requests_refused; /* By the server itself: limits, tokens, form. */
    uint64_t body_bytes, body_bytes_unpacked;
} HttpCounts;

/* Whether an address like those of HttpListener is of this machine only. */
bool http_address_is_loopback(const char *address);

/* Whether that address may be listened on: off loopback a token is needed; else why not, and the
 * cure, is in `problem`. */
bool http_address_allowed(const char *address, const char *token, char *problem,
                          size_t problem_size);

bool http_server_open(const HttpOptions *options, HttpServer **server, char *problem,
                      size_t problem_size);
int  http_server_port(const HttpServer *server, size_t listener); /* That it got, for ":0". */
HttpCounts http_server_counts(const HttpServer *server);

/* Takes nobody new, gives open requests `seconds` to end, then ends them. */
void http_server_close(HttpServer *server, double seconds); /* NULL is a no-op. */

#endif
