/* SPDX-License-Identifier: Apache-2.0
 *
 * grpc_client.h - a client of gRPC for tests: what it sends is up to the test, right or wrong.
 *
 * OWNERSHIP  A client owns its replies until grpc_client_close.
 */
#ifndef TESTS_GRPC_CLIENT_H
#define TESTS_GRPC_CLIENT_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define REPLY_TEXT_SIZE 1024

typedef struct {
    int    http_status;  /* 0: none came. */
    int    grpc_status;  /* -1: none came. */
    char   message[REPLY_TEXT_SIZE], details[REPLY_TEXT_SIZE], accepts[REPLY_TEXT_SIZE];
    bool   ended;        /* The stream was closed. */
    uint32_t error;      /* Of RST_STREAM. */
    unsigned char data[REPLY_TEXT_SIZE];
    size_t data_size;
} Reply;

typedef struct {               /* Zero is the usual in every field but path. */
    const char *path;
    const char *content_type;  /* NULL: application/grpc */
    const char *encoding;      /* grpc-encoding; NULL: not said. */
    const char *authorization; /* NULL: none. */
    size_t      padding;       /* Bytes of a further header. */
    const void *body;          /* With its prefix. */
    size_t      body_size;
    bool        open_end;      /* The stream is not ended behind the body. */
} Ask;

typedef struct GrpcClient GrpcClient;

GrpcClient *grpc_client_open(int port);
void        grpc_client_close(GrpcClient *client);

/* Begins a call; its reply fills while grpc_client_wait runs. */
Reply *grpc_client_ask(GrpcClient *client, const Ask *ask);

/* Until that reply has ended (NULL: until the connection has), or so many seconds; false: it has
 * not. */
bool grpc_client_wait(GrpcClient *client, const Reply *reply, double seconds);

void grpc_client_reset(GrpcClient *client, const Reply *reply); /* RST_STREAM */
void grpc_client_ping(GrpcClient *client);
void grpc_client_flush(GrpcClient *client);

/* All of a call: asks, waits 5 s, and copies. */
Reply grpc_client_call(GrpcClient *client, const Ask *ask);

#endif
