/* SPDX-License-Identifier: Apache-2.0
 *
 * grpc.h - a gRPC server for unary methods: HTTP/2, in the clear or by TLS, on a thread of its own.
 *
 *     static void hello(GrpcCall *call)
 *     {
 *         grpc_answer(call, call->message, call->message_size);
 *     }
 *     static const GrpcMethod methods[] = {{"/example.Hello/Say", hello}};
 *
 * LIMITS     As in server.h: a call that comes too slowly, a message that is too large, packed or
 *            not, headers without end, calls that are reset as soon as they are begun, frames that
 *            carry nothing: each is refused, and the worst end the connection.
 * ALLOWED    On a loopback address everybody of this machine; elsewhere whoever has a token.
 * OWNERSHIP  A GrpcCall belongs to the handler until it calls grpc_answer or grpc_refuse, which it
 *            does exactly once, at once or later.
 * THREADS    Handlers run on the server's thread and must be quick; answers may come from any.
 */
#ifndef HTTP_GRPC_H
#define HTTP_GRPC_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "http/tls.h"

typedef enum {
    GRPC_OK = 0,
    GRPC_INVALID_ARGUMENT = 3,
    GRPC_DEADLINE_EXCEEDED = 4,
    GRPC_PERMISSION_DENIED = 7,
    GRPC_RESOURCE_EXHAUSTED = 8,
    GRPC_UNIMPLEMENTED = 12,
    GRPC_INTERNAL = 13,
    GRPC_UNAVAILABLE = 14,
    GRPC_UNAUTHENTICATED = 16,
    GRPC_STATUS_COUNT
} GrpcStatus;

const char *grpc_status_name(GrpcStatus status); /* "unavailable"; NULL: none of those above. */

typedef struct {
    const char *message;  /* Unpacked; never NULL. */
    size_t      message_size;
    void       *context;  /* Of grpc_server_open.  */
    void       *state;    /* The handler's own.    */
    void (*state_free)(void *state); /* Called once at the end; NULL: nothing to free. */
} GrpcCall;

void grpc_drop_message(GrpcCall *call); /* It is not needed any more. */

/* message is copied. */
void grpc_answer(GrpcCall *call, const void *message, size_t size);

/* retry_after_s: 0: it makes no sense to send it again; else the client is told when. */
void grpc_refuse(GrpcCall *call, GrpcStatus status, int retry_after_s, const char *sentence);

typedef struct {
    const char *path; /* "/package.Service/Method" */
    void (*handle)(GrpcCall *call);
} GrpcMethod;

typedef struct GrpcServer GrpcServer;

typedef struct {                     /* Zero is the default in every field but address.  */
    const char       *address;       /* "127.0.0.1:4317"                                 */
    const GrpcMethod *methods;
    size_t            method_count;
    void             *context;       /* For the handlers.                                */
    const char       *token, *ingest_token; /* Either one is good; NULL: none.           */
    TlsFiles          tls;           /* Read again when they change; none: no TLS.       */
    size_t            message_bytes_max;    /* Packed and unpacked; 0: 64 MiB.           */
    size_t            messages_bytes_max;   /* Of all at a time; 0: 4 times that.        */
    size_t            connections_max;      /* 0: 256.                                   */
    size_t            connections_per_peer_max; /* Off loopback; 0: a quarter of it.     */
    double            header_s, body_s, idle_s, answer_s; /* 0: 10, 60, 300, 120.        */
} GrpcOptions;

typedef struct {
    uint64_t connections, connections_refused, connections_timed_out, connections_open;
    uint64_t calls;
    uint64_t refused[GRPC_STATUS_COUNT]; /* Calls, by the server itself and by handlers. */
    uint64_t message_bytes;              /* As they came. */
} GrpcCounts;

bool grpc_server_open(const GrpcOptions *options, GrpcServer **server, char *problem,
                      size_t problem_size);
int  grpc_server_port(const GrpcServer *server);
GrpcCounts grpc_server_counts(const GrpcServer *server);

/* Takes no new calls, gives open ones `seconds` to end.  Calls that are answered later than that
 * may still be, to nobody. */
void grpc_server_close(GrpcServer *server, double seconds); /* NULL is a no-op. */

#endif
