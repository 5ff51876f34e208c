/* SPDX-License-Identifier: Apache-2.0
 *
 * exchange.h - one request and its answer, from the first line to the last byte.
 *
 *     begin (request line) -> head (checks) -> body pieces -> end (the route runs) -> answer
 *
 * The transport (transport.h) calls these in that order on the thread of the connection; whoever
 * answers later calls http_complete on any.
 *
 * OWNERSHIP  Two references at most: the connection's, and that of a promise to answer later.
 * THREADS    `lock` guards what both may touch: suspended, whole, abandoned, woken.
 */
#ifndef HTTP_EXCHANGE_H
#define HTTP_EXCHANGE_H
#include <pthread.h>

#include "http/body.h"
#include "http/crowd.h"
#include "http/gate.h"
#include "http/http.h"
#include "http/route.h"
#include "http/shared.h"

#define EXCHANGE_QUERY_MAX 32
#define EXCHANGE_BYTES_PER_S 65536 /* Whoever is slower is too slow. */

typedef struct Exchange {
    HttpRequest  request; /* Must be first: routes know an exchange by its request. */
    HttpResponse response;
    Shared      *shared;
    Conn        *conn;
    void        *connection; /* The transport's. */
    char        *uri;        /* Path, then the parts of the query, each with a NUL behind it. */
    char         type[256];  /* Content-Type. */
    HttpField    query[EXCHANGE_QUERY_MAX];
    size_t       query_count;
    RouteMatch   match;
    Body         body;
    BodyPacking  packing;
    uint64_t     received;    /* Bytes of the body, as they came. */
    int64_t      body_since_ns;
    bool         begun;       /* The header is whole. */
    bool         refused;     /* The response stands before the end of the body. */
    bool         ran;         /* Its route was called, or it was refused.        */
    uint64_t     announced;   /* Content-Length; UINT64_MAX: it comes in chunks.  */
    bool         expects;     /* The client waits for 100 before it sends the body. */
    atomic_int   references;
    pthread_mutex_t lock;
    bool         suspended, whole, abandoned, woken;
    int64_t      beat_ns;     /* Of a stream: when it was last sent something. */
    bool         beat_due;
} Exchange;

typedef enum {
    EXCHANGE_GO_ON, /* More of the request is wanted.                */
    EXCHANGE_WAIT,  /* It is suspended until it is resumed.          */
    EXCHANGE_NOT_NOW, /* The piece was not taken: it is suspended already. */
    EXCHANGE_ANSWER, /* The response is whole.                       */
    EXCHANGE_ABORT  /* The connection is to be closed without a word. */
} ExchangeStep;

Exchange *exchange_begin(Shared *shared, Conn *conn, void *connection, const char *uri);

/* The header: EXCHANGE_ANSWER if it is to be refused at once, else EXCHANGE_GO_ON. */
ExchangeStep exchange_head(Exchange *exchange, const char *method, const HeaderForm *form);
ExchangeStep exchange_piece(Exchange *exchange, const char *bytes, size_t size);
ExchangeStep exchange_end(Exchange *exchange); /* Called again when resumed. */

/* Bytes of a stream; 0: suspended; HTTP_STREAM_END. */
size_t exchange_stream(Exchange *exchange, char *to, size_t size);

void exchange_sweep(void *work, int64_t now_ns); /* Heartbeats.                         */
void exchange_abandon(void *work, int64_t now_ns); /* Answers 503 now, whoever promised. */
void exchange_over(Exchange *exchange); /* The connection has no more to do with it.          */
void exchange_run_work(void *work); /* On a thread of the desk: the route, then the answer. */
void exchange_wake_stream(void *work, int64_t now_ns); /* So that it sees that it is to end. */

#endif
