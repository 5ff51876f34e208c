/* SPDX-License-Identifier: Apache-2.0 */
#include "grpc_client.h"

#include <arpa/inet.h>
#include <assert.h>
#include <nghttp2/nghttp2.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define REPLIES_MAX 4096

typedef struct {
    Reply                reply; /* Must be first. */
    int32_t              stream;
    const unsigned char *body;
    size_t               body_size, body_at;
    bool                 open_end;
} Asked;

struct GrpcClient {
    int              socket;
    nghttp2_session *session;
    Asked           *asked[REPLIES_MAX];
    size_t           count;
    bool             ended;
};

static ssize_t send_some(nghttp2_session *session, const uint8_t *bytes, size_t size, int flags,
                         void *context)
{
    (void)session;
    (void)flags;
    GrpcClient *client = context;
    ssize_t     sent = send(client->socket, bytes, size, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent >= 0)
        return sent;
    struct pollfd polled = {.fd = client->socket, .events = POLLOUT};
    return poll(&polled, 1, 0) == 0 ? NGHTTP2_ERR_WOULDBLOCK : NGHTTP2_ERR_CALLBACK_FAILURE;
}

static void keep_text(char to[REPLY_TEXT_SIZE], const uint8_t *value, size_t size)
{
    snprintf(to, REPLY_TEXT_SIZE, "%.*s", (int)size, (const char *)value);
}

static int on_header(nghttp2_session *session, const nghttp2_frame *frame, const uint8_t *name,
                     size_t name_size, const uint8_t *value, size_t value_size, uint8_t flags,
                     void *context)
{
    (void)name_size;
    (void)flags;
    (void)context;
    Asked *asked = nghttp2_session_get_stream_user_data(session, frame->hd.stream_id);
    if (asked == NULL)
        return 0;
    const char *text = (const char *)name;
    if (strcmp(text, ":status") == 0)
        asked->reply.http_status = atoi((const char *)value);
    else if (strcmp(text, "grpc-status") == 0)
        asked->reply.grpc_status = atoi((const char *)value);
    else if (strcmp(text, "grpc-message") == 0)
        keep_text(asked->reply.message, value, value_size);
    else if (strcmp(text, "grpc-status-details-bin") == 0)
        keep_text(asked->reply.details, value, value_size);
    else if (strcmp(text, "grpc-accept-encoding") == 0)
        keep_text(asked->reply.accepts, value, value_size);
    return 0;
}

static int on_data(nghttp2_session *session, uint8_t flags, int32_t stream, const uint8_t *bytes,
                   size_t size, void *context)
{
    (void)flags;
    (void)context;
    Asked *asked = nghttp2_session_get_stream_user_data(session, stream);
    size_t room = asked != NULL ? sizeof asked->reply.data - asked->reply.data_size : 0;
    size_t part = size < room ? size : room;
    if (part > 0) {
        memcpy(asked->reply.data + asked->reply.data_size, bytes, part);
        asked->reply.data_size += part;
    }
    return 0;
}

static int on_close(nghttp2_session *session, int32_t stream, uint32_t error, void *context)
{
    (void)context;
    Asked *asked = nghttp2_session_get_stream_user_data(session, stream);
    if (asked != NULL) {
        asked->reply.ended = true;
        asked->reply.error = error;
    }
    return 0;
}

static ssize_t read_body(nghttp2_session *session, int32_t stream, uint8_t *to, size_t size,
                         uint32_t *flags, nghttp2_data_source *source, void *context)
{
    (void)session;
    (void)stream;
    (void)context;
    Asked *asked = source->ptr;
    size_t left = asked->body_size - asked->body_at;
    size_t part = left < size ? left : size;
    if (part == 0 && asked->open_end)
        return NGHTTP2_ERR_DEFERRED;
    memcpy(to, asked->body + asked->body_at, part);
    asked->body_at += part;
    if (part == left && !asked->open_end)
        *flags |= NGHTTP2_DATA_FLAG_EOF;
    return (ssize_t)part;
}

GrpcClient *grpc_client_open(int port)
{
    GrpcClient        *client = calloc(1, sizeof *client);
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    assert(client != NULL);
    client->socket = socket(AF_INET, SOCK_STREAM, 0);
    int rc = connect(client->socket, (const struct sockaddr *)&to, sizeof to);
    assert(rc == 0);
    nghttp2_session_callbacks *callbacks;
    rc = nghttp2_session_callbacks_new(&callbacks);
    assert(rc == 0);
    nghttp2_session_callbacks_set_send_callback(callbacks, send_some);
    nghttp2_session_callbacks_set_on_header_callback(callbacks, on_header);
    nghttp2_session_callbacks_set_on_data_chunk_recv_callback(callbacks, on_data);
    nghttp2_session_callbacks_set_on_stream_close_callback(callbacks, on_close);
    rc = nghttp2_session_client_new(&client->session, callbacks, client);
    assert(rc == 0);
    nghttp2_session_callbacks_del(callbacks);
    rc = nghttp2_submit_settings(client->session, 0, NULL, 0);
    assert(rc == 0);
    return client;
}

void grpc_client_close(GrpcClient *client)
{
    nghttp2_session_del(client->session);
    for (size_t i = 0; i < client->count; i++)
        free(client->asked[i]);
    close(client->socket);
    free(client);
}

static void add(nghttp2_nv *fields, size_t *count, const char *name, const char *value)
{
    if (value == NULL)
        return;
    fields[(*count)++] = (nghttp2_nv){(uint8_t *)name, (uint8_t *)value, strlen(name),
                                      strlen(value), NGHTTP2_NV_FLAG_NONE};
}

Reply *grpc_client_ask(GrpcClient *client, const Ask *ask)
{
    Asked     *asked = calloc(1, sizeof *asked);
    char      *padding = calloc(1, ask->padding + 1);
    nghttp2_nv fields[10];
    size_t     count = 0;
    assert(asked != NULL && padding != NULL && client->count < REPLIES_MAX);
    client->asked[client->count++] = asked;
    asked->reply.grpc_status = -1;
    asked->body = ask->body;
    asked->body_size = ask->body_size;
    asked->open_end = ask->open_end;
    memset(padding, 'x', ask->padding);
    add(fields, &count, ":method", "POST");
    add(fields, &count, ":scheme", "http");
    add(fields, &count, ":path", ask->path);
    add(fields, &count, ":authority", "localhost");
    add(fields, &count, "content-type",
        ask->content_type != NULL ? ask->content_type : "application/grpc");
    add(fields, &count, "te", "trailers");
    add(fields, &count, "grpc-encoding", ask->encoding);
    add(fields, &count, "authorization", ask->authorization);
    add(fields, &count, "padding", ask->padding > 0 ? padding : NULL);
    nghttp2_data_provider provider = {{.ptr = asked}, read_body};
    asked->stream = nghttp2_submit_request(client->session, NULL, fields, count, &provider, asked);
    free(padding);
    grpc_client_flush(client);
    return &asked->reply;
}

void grpc_client_flush(GrpcClient *client)
{
    if (nghttp2_session_send(client->session) != 0)
        client->ended = true;
}

static double now_s(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

bool grpc_client_wait(GrpcClient *client, const Reply *reply, double seconds)
{
    double  until_s = now_s() + seconds;
    uint8_t bytes[65536];
    while (!client->ended && (reply == NULL || !reply->ended) && now_s() < until_s) {
        grpc_client_flush(client);
        short         out = nghttp2_session_want_write(client->session) ? POLLOUT : 0;
        struct pollfd polled = {.fd = client->socket, .events = (short)(POLLIN | out)};
        if (poll(&polled, 1, 20) <= 0 || (polled.revents & (POLLIN | POLLHUP | POLLERR)) == 0)
            continue;
        ssize_t got = recv(client->socket, bytes, sizeof bytes, 0);
        if (got <= 0 || nghttp2_session_mem_recv(client->session, bytes, (size_t)got) < 0)
            client->ended = true;
    }
    return reply != NULL ? reply->ended : client->ended;
}

void grpc_client_reset(GrpcClient *client, const Reply *reply)
{
    const Asked *asked = (const Asked *)reply;
    nghttp2_submit_rst_stream(client->session, 0, asked->stream, NGHTTP2_CANCEL);
    grpc_client_flush(client);
}

void grpc_client_ping(GrpcClient *client)
{
    nghttp2_submit_ping(client->session, 0, NULL);
    grpc_client_flush(client);
}

Reply grpc_client_call(GrpcClient *client, const Ask *ask)
{
    const Reply *reply = grpc_client_ask(client, ask);
    grpc_client_wait(client, reply, 5);
    return *reply;
}
