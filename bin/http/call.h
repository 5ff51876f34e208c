/* SPDX-License-Identifier: Apache-2.0
 *
 * call.h - one call of gRPC: from the first header to the last trailer, whatever carries it.
 *
 * FORMAT     A message is a byte that says whether it is packed, its size in 4 bytes (big-endian),
 *            and its bytes.  A unary call has one of them each way.
 * OWNERSHIP  A Call is its stream's, while it is handed over its handler's too; call_free when
 *            neither has it.
 * THREADS    The server's, but for grpc_answer and grpc_refuse.
 */
#ifndef HTTP_CALL_H
#define HTTP_CALL_H
#include <pthread.h>
#include <stdatomic.h>

#include "http/body.h"
#include "http/crowd.h"
#include "http/gate.h"
#include "http/grpc.h"

#define CALL_PREFIX_BYTES 5
#define CALL_TEXT_BYTES 600
#define CALL_HEADER_BYTES_MAX 16384 /* Of all headers of a call. */

typedef struct Call Call;
typedef struct H2 H2;

/* What all calls of a server share; counted references, as calls may outlive it. */
typedef struct {
    GrpcOptions     options; /* Without zeros. */
    bool            loopback;
    BodyBudget      budget;
    Lockout         lockout;
    atomic_int      references;
    pthread_mutex_t lock;
    Call           *done;    /* Answered, and not yet sent; guarded by the lock. */
    int             wake;    /* An eventfd; -1: the server has ended; likewise.  */
    _Atomic uint64_t calls, refused[GRPC_STATUS_COUNT], message_bytes;
} CallShared;

struct Call {
    GrpcCall    call; /* Must be first: handlers know no more. */
    CallShared *shared;
    H2         *h2;   /* NULL: its stream has ended. */
    int32_t     stream;
    Call       *next, *previous; /* Of the connection. */
    Call       *next_done;
    const GrpcMethod *method;    /* NULL: unknown.     */
    bool        is_grpc;         /* By its content-type. */
    Peer        peer;
    bool        allowed, has_token;
    BodyPacking packing;         /* grpc-encoding */
    size_t      header_bytes;
    int64_t     since_ns;
    bool        handed;          /* The handler has it. */
    bool        answered;        /* The response is submitted. */
    unsigned char prefix[CALL_PREFIX_BYTES];
    size_t      prefix_size;
    uint64_t    received;
    Body        body;
    GrpcStatus  status;          /* The response: */
    int         retry_after_s;
    char        text[CALL_TEXT_BYTES];
    unsigned char *out;          /* With its prefix; NULL: none. */
    size_t      out_size, out_at;
};

Call *call_open(CallShared *shared, H2 *h2, Peer peer, int32_t stream);
void  call_free(Call *call);
void  call_header(Call *call, const char *name, const char *value, size_t value_size);

/* Whether the headers let it in; false: refused, status and text say why. */
bool call_admit(Call *call);

/* Bytes of DATA; false: refused. */
bool call_data(Call *call, const unsigned char *bytes, size_t size);

/* All came: the handler has it, or (false) it is refused. */
bool call_end(Call *call);

/* Sets status and text, and counts. */
void call_refuse(Call *call, GrpcStatus status, int retry_after_s, const char *sentence);

/* grpc-message: %-encoded; grpc-status-details-bin: base64 of google.rpc.Status with RetryInfo.
 * Both give the bytes written. */
#define CALL_MESSAGE_BYTES (3 * CALL_TEXT_BYTES)
#define CALL_DETAILS_BYTES 1200
size_t call_message_text(const Call *call, char to[CALL_MESSAGE_BYTES]);
size_t call_details_text(const Call *call, char to[CALL_DETAILS_BYTES]);

void call_shared_release(CallShared *shared);

#endif
