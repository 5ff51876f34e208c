/* SPDX-License-Identifier: Apache-2.0
 *
 * A server with the real routes in front of an intake in memory, for tests from outside.
 *
 *     server [--KEY VALUE]...   prints "listening PORT..." and runs until its standard input ends
 *
 * Keys: listen (repeatable, "ADDRESS" or "ADDRESS=GROUP"), listen-tls, grpc (its port is the last
 * one), token, ingest-token, host-name, body-max,
 * bodies-max, connections, header-s, body-s, idle-s, stop-s, certificate, key, client-ca,
 * threads.  Routes of
 * its own, for what the real ones don't do by themselves, are in routes_testing. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "api/api.h"
#include "api/otlp_grpc.h"
#include "http/server.h"
#include "memory_intake.h"
#include "testing.h"

typedef struct {
    HttpOptions  options;
    HttpListener listeners[HTTP_LISTENERS_MAX];
    const char  *host_names[2];
    double       stop_s;
    const char  *grpc; /* NULL: none. */
} Wishes;

static char *file_text(const char *path)
{
    static char texts[3][16384];
    static int  count;
    char       *text = texts[count++];
    int         file = open(path, O_RDONLY);
    ssize_t     got = read(file, text, sizeof texts[0] - 1);
    close(file);
    text[got > 0 ? got : 0] = '\0';
    return text;
}

static void wish_listener(Wishes *wishes, char *value, bool tls)
{
    char         *group = strchr(value, '=');
    HttpListener *listener = &wishes->listeners[wishes->options.listener_count++];
    if (group != NULL)
        *group++ = '\0';
    *listener = (HttpListener){value, group, tls};
}

static void wish(Wishes *wishes, const char *key, char *value)
{
    HttpOptions *options = &wishes->options;
    if (strcmp(key, "listen") == 0 || strcmp(key, "listen-tls") == 0)
        wish_listener(wishes, value, strcmp(key, "listen-tls") == 0);
    else if (strcmp(key, "grpc") == 0)
        wishes->grpc = value;
    else if (strcmp(key, "token") == 0)
        options->token = value;
    else if (strcmp(key, "ingest-token") == 0)
        options->ingest_token = value;
    else if (strcmp(key, "host-name") == 0)
        wishes->host_names[0] = value;
    else if (strcmp(key, "body-max") == 0)
        options->body_bytes_max = (size_t)atol(value);
    else if (strcmp(key, "bodies-max") == 0)
        options->bodies_bytes_max = (size_t)atol(value);
    else if (strcmp(key, "connections") == 0)
        options->connections_max = (size_t)atol(value);
    else if (strcmp(key, "header-s") == 0)
        options->header_s = atof(value);
    else if (strcmp(key, "body-s") == 0)
        options->body_s = atof(value);
    else if (strcmp(key, "idle-s") == 0)
        options->idle_s = atof(value);
    else if (strcmp(key, "stop-s") == 0)
        wishes->stop_s = atof(value);
    else if (strcmp(key, "certificate") == 0)
        options->certificate = file_text(value);
    else if (strcmp(key, "key") == 0)
        options->key = file_text(value);
    else if (strcmp(key, "client-ca") == 0)
        options->client_ca = file_text(value);
    else if (strcmp(key, "threads") == 0)
        options->threads = atoi(value);
    else
        exit(2);
}

/* The gRPC server, with the limits of the other one; NULL: none, or it can't. */
static GrpcServer *open_grpc(const Wishes *wishes, void *context)
{
    const HttpOptions *options = &wishes->options;
    char               problem[512];
    GrpcServer        *server = NULL;
    GrpcOptions        grpc = {.address = wishes->grpc,
                               .methods = otlp_grpc_methods,
                               .method_count = OTLP_GRPC_METHODS,
                               .context = context,
                               .token = options->token,
                               .ingest_token = options->ingest_token,
                               .message_bytes_max = options->body_bytes_max,
                               .messages_bytes_max = options->bodies_bytes_max,
                               .connections_max = options->connections_max,
                               .header_s = options->header_s,
                               .body_s = options->body_s,
                               .idle_s = options->idle_s};
    if (wishes->grpc != NULL && !grpc_server_open(&grpc, &server, problem, sizeof problem))
        fprintf(stderr, "%s\n", problem);
    return server;
}

static void run_until_end_of_input(HttpServer *server, GrpcServer *grpc, const Wishes *wishes)
{
    char piece[64];
    printf("listening");
    for (size_t i = 0; i < wishes->options.listener_count; i++)
        printf(" %d", http_server_port(server, i));
    if (grpc != NULL)
        printf(" %d", grpc_server_port(grpc));
    printf("\n");
    fflush(stdout);
    while (read(0, piece, sizeof piece) > 0)
        continue;
}

int main(int count, char **arguments)
{
    static Wishes    wishes = {.stop_s = 2};
    const RouteGroup *groups[32] = {&routes_testing};
    char              problem[512];
    HttpServer       *server;
    ApiContext        context = {.intake = memory_intake_open()};
    for (int i = 1; i + 1 < count; i += 2)
        wish(&wishes, arguments[i] + 2, arguments[i + 1]);
    for (size_t i = 0; i < route_groups_count; i++)
        groups[i + 1] = route_groups[i];
    wishes.options.listeners = wishes.listeners;
    wishes.options.host_names = wishes.host_names;
    wishes.options.groups = groups;
    wishes.options.group_count = route_groups_count + 1;
    wishes.options.context = &context;
    if (!http_server_open(&wishes.options, &server, problem, sizeof problem)) {
        fprintf(stderr, "%s\n", problem);
        memory_intake_close(context.intake);
        return 1;
    }
    GrpcServer *grpc = open_grpc(&wishes, &context);
    run_until_end_of_input(server, grpc, &wishes);
    grpc_server_close(grpc, wishes.stop_s);
    http_server_close(server, wishes.stop_s);
    memory_intake_close(context.intake);
    return 0;
}
