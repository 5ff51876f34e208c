/* SPDX-License-Identifier: Apache-2.0
 *
 * h2.c - any bytes as an HTTP/2 connection of gRPC: it ends or goes on, every call is let go, and
 * no byte of the budget stays taken.  The client's preface is put before them. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "http/h2.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

#define PREFACE "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\4\0\0\0\0\0"
#define PREFACE_BYTES (sizeof PREFACE - 1)

static void echo(GrpcCall *call)
{
    grpc_answer(call, call->message, call->message_size);
}

static const GrpcMethod method = {"/a", echo};

static CallShared shared = {
    .options = {.methods = &method, .method_count = 1, .body_s = 60, .answer_s = 60, .idle_s = 60},
    .loopback = true,
    .budget = {.body_bytes_max = 4096, .bytes_max = 65536},
    .references = 1,
    .lock = PTHREAD_MUTEX_INITIALIZER,
    .wake = -1};

/* Handlers answer at once, so what is done is of this connection. */
static void send_done(H2 *h2)
{
    while (shared.done != NULL) {
        Call *call = shared.done;
        shared.done = call->next_done;
        call->handed = false;
        if (call->h2 != NULL)
            h2_respond(h2, call);
        else
            call_free(call);
    }
}

static void drain(int socket)
{
    char piece[65536];
    while (recv(socket, piece, sizeof piece, MSG_DONTWAIT) > 0)
        continue;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    int  ends[2], wake[2];
    Conn conn = {.next = NULL};
    if (size > 60000)
        return 0; /* More does not fit into the socket at once. */
    int rc = socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, ends);
    assert(rc == 0);
    rc = pipe(wake);
    assert(rc == 0);
    shared.wake = wake[1];
    conn.socket = ends[0];
    H2 *h2 = h2_open(&shared, &conn, NULL);
    assert(h2 != NULL);
    ssize_t sent = send(ends[1], PREFACE, PREFACE_BYTES, 0);
    assert(sent == (ssize_t)PREFACE_BYTES);
    for (size_t at = 0, part; at < size; at += part) {
        part = size - at < 700 ? size - at : 700;
        sent = send(ends[1], bytes + at, part, 0);
        assert(sent == (ssize_t)part);
        bool goes_on = h2_read(h2);
        send_done(h2);
        if (!goes_on || !h2_write(h2))
            break;
        drain(ends[1]);
    }
    h2_sweep(h2, monotonic_ns());
    send_done(h2);
    h2_close(h2);
    assert(shared.done == NULL);
    assert(atomic_load(&shared.budget.bytes) == 0);
    assert(atomic_load(&shared.references) == 1);
    for (int i = 0; i < 2; i++) {
        close(ends[i]);
        close(wake[i]);
    }
    return 0;
}
