/* SPDX-License-Identifier: Apache-2.0 */
#include "serve/listen.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "api/otlp_grpc.h"
#include "http/grpc.h"
#include "http/server.h"
#include "input/clock.h"

#define TOKEN_SIZE 4096
#define PEM_SIZE (256u << 10)

struct Listening {
    HttpListener listeners[2]; /* Of http, as long as it is open. */
    HttpServer *http;
    GrpcServer *grpc;
    char        token[TOKEN_SIZE], ingest_token[TOKEN_SIZE];
    char       *certificate, *key, *client_ca; /* PEM texts, or NULL. */
    char        address[LISTEN_ADDRESS_SIZE], otlp_http[LISTEN_ADDRESS_SIZE],
        otlp_grpc[LISTEN_ADDRESS_SIZE];
};

static bool is_off(const char *address)
{
    return address[0] == '\0' || strcmp(address, "off") == 0;
}

/* The address as it was said, with the port that it got. */
static void address_of(const char *said, int port, char *to)
{
    const char *colon = strrchr(said, ':');
    int size = colon != NULL ? (int)(colon - said) : (int)strlen(said);
    snprintf(to, LISTEN_ADDRESS_SIZE, "%.*s:%d", size, said, port);
}

static bool text_of_file(const char *path, char **ret, char *problem)
{
    if (path[0] == '\0')
        return true;
    *ret = malloc(PEM_SIZE);
    if (*ret == NULL) {
        snprintf(problem, SETTINGS_PROBLEM_SIZE, "no memory to read %s", path);
        return false;
    }
    return settings_secret(path, *ret, PEM_SIZE, problem);
}

static bool secrets_read(Listening *l, const Settings *settings, char *problem)
{
    return settings_secret(settings->token_file, l->token, TOKEN_SIZE, problem) &&
           settings_secret(settings->ingest_token_file, l->ingest_token, TOKEN_SIZE, problem) &&
           text_of_file(settings->tls_certificate, &l->certificate, problem) &&
           text_of_file(settings->tls_key, &l->key, problem) &&
           text_of_file(settings->tls_client_ca, &l->client_ca, problem);
}

static const char *or_none(const char *text)
{
    return text[0] != '\0' ? text : NULL;
}

static bool open_http(Listening *l, const Settings *settings, ApiContext *context, char *problem)
{
    HttpListener *listeners = l->listeners;
    size_t count = 0;
    bool tls = l->certificate != NULL && !http_address_is_loopback(settings->listen);
    if (!is_off(settings->listen))
        listeners[count++] = (HttpListener){.address = settings->listen, .tls = tls};
    if (!is_off(settings->otlp_http))
        listeners[count++] = (HttpListener){
            .address = settings->otlp_http,
            .group = "otlp",
            .tls = l->certificate != NULL && !http_address_is_loopback(settings->otlp_http)};
    if (count == 0)
        return true;
    HttpOptions options = {.listeners = listeners,
                           .listener_count = count,
                           .groups = route_groups,
                           .group_count = route_groups_count,
                           .context = context,
                           .token = or_none(l->token),
                           .ingest_token = or_none(l->ingest_token),
                           .certificate = l->certificate,
                           .key = l->key,
                           .client_ca = l->client_ca,
                           .body_bytes_max = settings->body_bytes_max,
                           .bodies_bytes_max = settings->memory_bytes / 4};
    if (!http_server_open(&options, &l->http, problem, SETTINGS_PROBLEM_SIZE))
        return false;
    atomic_store(&context->server, l->http);
    size_t at = 0;
    if (!is_off(settings->listen))
        address_of(settings->listen, http_server_port(l->http, at++), l->address);
    if (!is_off(settings->otlp_http))
        address_of(settings->otlp_http, http_server_port(l->http, at), l->otlp_http);
    return true;
}

static bool open_grpc(Listening *l, const Settings *settings, ApiContext *context, char *problem)
{
    if (is_off(settings->otlp_grpc))
        return true;
    bool tls = l->certificate != NULL && !http_address_is_loopback(settings->otlp_grpc);
    TlsFiles files = {.certificate = settings->tls_certificate,
                      .key = settings->tls_key,
                      .client_ca = settings->tls_client_ca};
    GrpcOptions options = {.address = settings->otlp_grpc,
                           .tls = tls ? files : (TlsFiles){0},
                           .methods = otlp_grpc_methods,
                           .method_count = OTLP_GRPC_METHODS,
                           .context = context,
                           .token = or_none(l->token),
                           .ingest_token = or_none(l->ingest_token),
                           .message_bytes_max = settings->body_bytes_max,
                           .messages_bytes_max = settings->memory_bytes / 4};
    if (!grpc_server_open(&options, &l->grpc, problem, SETTINGS_PROBLEM_SIZE))
        return false;
    atomic_store(&context->grpc, l->grpc);
    address_of(settings->otlp_grpc, grpc_server_port(l->grpc), l->otlp_grpc);
    return true;
}

Listening *listening_open(const Settings *settings, ApiContext *context, char *problem)
{
    Listening *l = calloc(1, sizeof *l);
    if (l == NULL) {
        snprintf(problem, SETTINGS_PROBLEM_SIZE, "no memory to listen");
        return NULL;
    }
    if (secrets_read(l, settings, problem) && open_http(l, settings, context, problem) &&
        open_grpc(l, settings, context, problem))
        return l;
    listening_close(l, 0);
    return NULL;
}

static void forget(char *secret)
{
    if (secret != NULL)
        memset(secret, 0, strlen(secret));
    free(secret);
}

void listening_close(Listening *l, double seconds)
{
    if (l == NULL)
        return;
    double until = clock_seconds() + seconds;
    http_server_close(l->http, seconds);
    grpc_server_close(l->grpc, until - clock_seconds());
    forget(l->certificate);
    forget(l->key);
    forget(l->client_ca);
    memset(l, 0, sizeof *l);
    free(l);
}

const char *listening_address(const Listening *l)
{
    return l->address;
}

const char *listening_otlp_http(const Listening *l)
{
    return l->otlp_http;
}

const char *listening_otlp_grpc(const Listening *l)
{
    return l->otlp_grpc;
}

void listening_tell(const Listening *l, void (*say)(const char *sentence))
{
    char sentence[2 * LISTEN_ADDRESS_SIZE];
    if (l->address[0] != '\0') {
        snprintf(sentence, sizeof sentence, "answering and taking data on http://%s", l->address);
        say(sentence);
    }
    if (l->otlp_http[0] != '\0') {
        snprintf(sentence, sizeof sentence, "taking OTLP over HTTP on %s", l->otlp_http);
        say(sentence);
    }
    if (l->otlp_grpc[0] != '\0') {
        snprintf(sentence, sizeof sentence, "taking OTLP over gRPC on %s", l->otlp_grpc);
        say(sentence);
    }
}
