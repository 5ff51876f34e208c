/* SPDX-License-Identifier: Apache-2.0 */
#include "http/call.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

static char no_message[1];

void call_shared_release(CallShared *shared)
{
    if (atomic_fetch_sub(&shared->references, 1) > 1)
        return;
    pthread_mutex_destroy(&shared->lock);
    lockout_end(&shared->lockout);
    free(shared);
}

Call *call_open(CallShared *shared, H2 *h2, Peer peer, int32_t stream)
{
    Call *call = calloc(1, sizeof *call);
    if (call == NULL)
        return NULL;
    atomic_fetch_add(&shared->references, 1);
    atomic_fetch_add(&shared->calls, 1);
    call->shared = shared;
    call->h2 = h2;
    call->peer = peer;
    call->stream = stream;
    call->since_ns = monotonic_ns();
    call->body.budget = &shared->budget;
    call->allowed = shared->loopback;
    call->call.context = shared->options.context;
    call->call.message = no_message;
    return call;
}

void call_free(Call *call)
{
    if (call->call.state_free != NULL)
        call->call.state_free(call->call.state);
    body_free(&call->body);
    free(call->out);
    call_shared_release(call->shared);
    free(call);
}

static void refuse(Call *call, GrpcStatus status, int retry_after_s, const char *sentence)
{
    call->status = status;
    call->retry_after_s = retry_after_s;
    snprintf(call->text, sizeof call->text, "%s", sentence);
    atomic_fetch_add(&call->shared->refused[status], 1);
}

void call_refuse(Call *call, GrpcStatus status, int retry_after_s, const char *sentence)
{
    refuse(call, status, retry_after_s, sentence);
    body_free(&call->body);
}

/* -- headers ----------------------------------------------------------------------------------- */

void call_header(Call *call, const char *name, const char *value, size_t value_size)
{
    const GrpcOptions *options = &call->shared->options;
    if (strcmp(name, ":path") == 0) {
        for (size_t i = 0; i < options->method_count; i++) {
            if (strcmp(options->methods[i].path, value) == 0)
                call->method = &options->methods[i];
        }
    } else if (strcmp(name, "content-type") == 0) {
        static const char type[] = "application/grpc";
        char              behind = value_size >= sizeof type - 1 ? value[sizeof type - 1] : 'x';
        call->is_grpc = strncasecmp(value, type, sizeof type - 1) == 0 &&
                        (behind == '\0' || behind == '+' || behind == ';');
    } else if (strcmp(name, "grpc-encoding") == 0) {
        call->packing = body_packing(value);
    } else if (strcmp(name, "authorization") == 0) {
        call->has_token = true;
        call->allowed = call->allowed ||
                        gate_scope(value, options->token, options->ingest_token) != HTTP_SCOPE_OPEN;
    }
}

/* A wrong token; true: one of too many. */
static bool is_locked_out(Call *call)
{
    CallShared *shared = call->shared;
    if (shared->loopback)
        return false;
    if (lockout_holds(&shared->lockout, call->peer, call->since_ns))
        return true;
    if (!call->allowed && call->has_token)
        lockout_failed(&shared->lockout, call->peer, call->since_ns);
    return false;
}

bool call_admit(Call *call)
{
    if (is_locked_out(call))
        call_refuse(call, GRPC_UNAVAILABLE, LOCKOUT_S,
                    "too many wrong tokens came from this address; wait a minute");
    else if (call->header_bytes > CALL_HEADER_BYTES_MAX)
        call_refuse(call, GRPC_RESOURCE_EXHAUSTED, 0, "the headers of the call are too large");
    else if (!call->allowed)
        call_refuse(call, GRPC_UNAUTHENTICATED, 0,
                    "a token is needed here, or this one is wrong; send the one that this server "
                    "was given as authorization: Bearer TOKEN");
    else if (call->method == NULL)
        call_refuse(call, GRPC_UNIMPLEMENTED, 0,
                    "this server has no such method; it takes OTLP's Export of logs, metrics and "
                    "traces");
    else if (call->packing == BODY_UNKNOWN)
        call_refuse(call, GRPC_UNIMPLEMENTED, 0,
                    "the grpc-encoding is unknown here; use gzip, deflate, zstd or identity");
    return call->status == GRPC_OK;
}

/* -- the message ------------------------------------------------------------------------------- */

static size_t announced(const Call *call)
{
    const unsigned char *size = call->prefix + 1;
    return (size_t)size[0] << 24 | (size_t)size[1] << 16 | (size_t)size[2] << 8 | size[3];
}

static bool refuse_body(Call *call, BodyFault fault, const char *why)
{
    char sentence[CALL_TEXT_BYTES];
    switch (fault) {
    case BODY_TOO_LARGE:
        snprintf(sentence, sizeof sentence,
                 "the message is larger than %zu bytes, packed or unpacked; send smaller batches, "
                 "or raise the limit (body_max)",
                 call->shared->budget.body_bytes_max);
        call_refuse(call, GRPC_RESOURCE_EXHAUSTED, 0, sentence);
        break;
    case BODY_NO_ROOM:
        call_refuse(call, GRPC_UNAVAILABLE, 1, "too much is being received at once; send it again");
        break;
    default:
        snprintf(sentence, sizeof sentence, "the message cannot be unpacked: %s; pack it again",
                 why);
        call_refuse(call, GRPC_INVALID_ARGUMENT, 0, sentence);
    }
    return false;
}

bool call_data(Call *call, const unsigned char *bytes, size_t size)
{
    call->received += size;
    atomic_fetch_add(&call->shared->message_bytes, size);
    if (call->prefix_size < CALL_PREFIX_BYTES) {
        size_t missing = CALL_PREFIX_BYTES - call->prefix_size;
        size_t part = size < missing ? size : missing;
        memcpy(call->prefix + call->prefix_size, bytes, part);
        call->prefix_size += part;
        bytes += part;
        size -= part;
        if (call->prefix_size < CALL_PREFIX_BYTES)
            return true;
        BodyFault fault = body_reserve(&call->body, announced(call));
        if (fault != BODY_GOOD)
            return refuse_body(call, fault, "");
    }
    if (size > announced(call) - call->body.size) {
        call_refuse(call, GRPC_INVALID_ARGUMENT, 0, "the call has more than one message");
        return false;
    }
    BodyFault fault = size > 0 ? body_add(&call->body, (const char *)bytes, size) : BODY_GOOD;
    return fault == BODY_GOOD || refuse_body(call, fault, "");
}

/* The flag of the prefix: packed by what grpc-encoding says, or not. */
static bool call_unpack(Call *call)
{
    char why[300] = "";
    if (call->prefix[0] == 0 || call->body.size == 0)
        return true;
    if (call->prefix[0] != 1 || call->packing == BODY_PLAIN) {
        call_refuse(call, GRPC_INVALID_ARGUMENT, 0,
                    "the message says that it is packed, but not how; set grpc-encoding");
        return false;
    }
    BodyFault fault = body_unpack(&call->body, call->packing, why, sizeof why);
    return fault == BODY_GOOD || refuse_body(call, fault, why);
}

bool call_end(Call *call)
{
    if (call->prefix_size < CALL_PREFIX_BYTES || call->body.size < announced(call)) {
        call_refuse(call, GRPC_INVALID_ARGUMENT, 0, "the call ends before its message does");
        return false;
    }
    if (!call_unpack(call))
        return false;
    if (call->body.size > 0) {
        call->call.message = call->body.bytes;
        call->call.message_size = call->body.size;
    }
    call->handed = true;
    call->method->handle(&call->call);
    return true;
}

/* -- answers, on any thread -------------------------------------------------------------------- */

void grpc_drop_message(GrpcCall *call)
{
    Call *own = (Call *)call;
    own->call.message = no_message;
    own->call.message_size = 0;
    body_free(&own->body);
}

/* Hands the call back to the server's thread. */
static void call_done(Call *call)
{
    CallShared *shared = call->shared;
    uint64_t    one = 1;
    pthread_mutex_lock(&shared->lock);
    bool ended = shared->wake < 0;
    if (!ended) {
        bool first = shared->done == NULL;
        call->next_done = shared->done;
        shared->done = call;
        if (first && write(shared->wake, &one, sizeof one) < 0)
            assert(!"an eventfd takes one more");
    }
    pthread_mutex_unlock(&shared->lock);
    if (ended)
        call_free(call);
}

void grpc_answer(GrpcCall *call, const void *message, size_t size)
{
    Call *own = (Call *)call;
    assert(size <= UINT32_MAX);
    own->out = malloc(CALL_PREFIX_BYTES + size);
    if (own->out == NULL) {
        grpc_refuse(call, GRPC_UNAVAILABLE, 1, "memory is short; send it again");
        return;
    }
    unsigned char prefix[CALL_PREFIX_BYTES] = {0, (unsigned char)(size >> 24),
                                               (unsigned char)(size >> 16),
                                               (unsigned char)(size >> 8), (unsigned char)size};
    memcpy(own->out, prefix, sizeof prefix);
    if (size > 0)
        memcpy(own->out + sizeof prefix, message, size);
    own->out_size = sizeof prefix + size;
    call_done(own);
}

void grpc_refuse(GrpcCall *call, GrpcStatus status, int retry_after_s, const char *sentence)
{
    Call *own = (Call *)call;
    refuse(own, status, retry_after_s, sentence);
    call_done(own);
}

/* -- trailers ---------------------------------------------------------------------------------- */

size_t call_message_text(const Call *call, char to[CALL_MESSAGE_BYTES])
{
    static const char hex[] = "0123456789ABCDEF";
    size_t            size = 0;
    for (const char *at = call->text; *at != '\0'; at++) {
        unsigned char c = (unsigned char)*at;
        if (c >= 0x20 && c < 0x7f && c != '%') {
            to[size++] = *at;
            continue;
        }
        to[size++] = '%';
        to[size++] = hex[c >> 4];
        to[size++] = hex[c & 15];
    }
    return size;
}

typedef struct {
    unsigned char bytes[CALL_TEXT_BYTES + 100];
    size_t        size;
} Wire;

static void put_varint(Wire *wire, size_t value)
{
    for (; value >= 0x80; value >>= 7)
        wire->bytes[wire->size++] = (unsigned char)(value | 0x80);
    wire->bytes[wire->size++] = (unsigned char)value;
}

/* Field `number` of Protocol Buffers: bytes. */
static void put_bytes(Wire *wire, unsigned number, const void *bytes, size_t size)
{
    put_varint(wire, number << 3 | 2);
    put_varint(wire, size);
    memcpy(wire->bytes + wire->size, bytes, size);
    wire->size += size;
}

static void put_number(Wire *wire, unsigned number, size_t value)
{
    put_varint(wire, number << 3);
    put_varint(wire, value);
}

/* gRPC wants no padding. */
static size_t base64(const Wire *wire, char *to)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    size_t            size = 0;
    unsigned          bits = 0, waiting = 0;
    for (size_t i = 0; i < wire->size; i++) {
        waiting = waiting << 8 | wire->bytes[i];
        for (bits += 8; bits >= 6; bits -= 6)
            to[size++] = digits[waiting >> (bits - 6) & 63];
    }
    if (bits > 0)
        to[size++] = digits[waiting << (6 - bits) & 63];
    return size;
}

size_t call_details_text(const Call *call, char to[CALL_DETAILS_BYTES])
{
    static const char type[] = "type.googleapis.com/google.rpc.RetryInfo";
    Wire              duration = {.size = 0}, info = {.size = 0}, any = {.size = 0};
    Wire              status = {.size = 0};
    put_number(&duration, 1, (size_t)call->retry_after_s);
    put_bytes(&info, 1, duration.bytes, duration.size);
    put_bytes(&any, 1, type, sizeof type - 1);
    put_bytes(&any, 2, info.bytes, info.size);
    put_number(&status, 1, (size_t)call->status);
    put_bytes(&status, 2, call->text, strlen(call->text));
    put_bytes(&status, 3, any.bytes, any.size);
    return base64(&status, to);
}
