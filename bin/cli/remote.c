/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/remote.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "settings/settings.h"

#define ANSWER_BYTES_MAX (8u << 20)
#define ANSWER_S 10.0
#define SILENCE_S 60.0 /* The server sends a sign of life every 15 s. */
#define PLACE_BYTES_MAX 4096
#define TOKEN_SIZE 4096

/* What listens for everybody is asked on this machine. */
static void base_of_address(Remote *remote, const char *address, bool is_tls)
{
    const char *colon = strrchr(address, ':');
    const char *port = colon ? colon : "";
    int         host_size = colon ? (int)(colon - address) : (int)strlen(address);
    bool        everybody = host_size == 0 || strncmp(address, "0.0.0.0:", 8) == 0 ||
                     strncmp(address, "[::]:", 5) == 0;
    snprintf(remote->base, sizeof remote->base, "%s://%.*s%s", is_tls ? "https" : "http",
             everybody ? 9 : host_size, everybody ? "127.0.0.1" : address, port);
}

/* The address in DATA/server.json; false: there is none. */
static bool place_read(const char *data, char *to, size_t size)
{
    char    path[1024], text[PLACE_BYTES_MAX], problem[128];
    ssize_t got = -1;
    snprintf(path, sizeof path, "%s/server.json", data);
    int descriptor = open(path, O_RDONLY | O_CLOEXEC);
    if (descriptor >= 0) {
        got = read(descriptor, text, sizeof text);
        close(descriptor);
    }
    if (got <= 0)
        return false;
    JsonTree   *tree = json_tree_read(text, (size_t)got, problem, sizeof problem);
    const char *address;
    bool        good = json_tree_text(json_tree_member(tree, "listen"), &address, NULL) &&
                strlen(address) < size;
    if (good)
        snprintf(to, size, "%s", address);
    json_tree_free(tree);
    return good;
}

static bool place_find(const Options *options, const Settings *settings, Remote *remote)
{
    char   address[256];
    bool   is_tls = settings->tls_certificate[0] != '\0';
    size_t size = options->server ? strlen(options->server) : 0;
    if (options->server) {
        while (size > 0 && options->server[size - 1] == '/')
            size--;
        snprintf(remote->base, sizeof remote->base, "%.*s", (int)size, options->server);
        return true;
    }
    if (place_read(settings->data, address, sizeof address)) {
        base_of_address(remote, address, is_tls);
    } else if (strcmp(settings->listen, "off") == 0) {
        snprintf(remote->problem, sizeof remote->problem,
                 "the server does not listen (listen is off), so it cannot be asked");
        return false;
    } else {
        base_of_address(remote, settings->listen, is_tls);
    }
    if (is_tls) /* Its own certificate is good enough for who may read its settings. */
        snprintf(remote->ca_file, sizeof remote->ca_file, "%s", settings->tls_certificate);
    return true;
}

bool remote_open(const Options *options, const atomic_bool *stop, Remote *ret)
{
    Settings settings;
    char     token[TOKEN_SIZE];
    *ret = (Remote){.stop = stop, .client = client_open()};
    if (!ret->client) {
        snprintf(ret->problem, sizeof ret->problem, "there is no memory to ask a server");
        return false;
    }
    if (!settings_load(&settings, options->settings, options->setting_count, ret->problem))
        return false;
    bool good = place_find(options, &settings, ret) &&
                settings_secret(settings.token_file, token, sizeof token, ret->problem);
    if (good && token[0])
        snprintf(ret->authorization, sizeof ret->authorization, "Authorization: Bearer %s", token);
    settings_free(&settings);
    return good;
}

bool remote_again(const Remote *other, Remote *ret)
{
    *ret = *other;
    ret->client = client_open();
    if (!ret->client)
        snprintf(ret->problem, sizeof ret->problem, "there is no memory to ask a server");
    return ret->client != NULL;
}

void remote_close(Remote *remote)
{
    client_close(remote->client);
    memset(remote->authorization, 0, sizeof remote->authorization);
    remote->client = NULL;
}

static void refusal_say(Remote *remote, const ClientAnswer *answer)
{
    char        problem[128];
    const char *detail = "";
    JsonTree   *tree = json_tree_read(answer->body, answer->size, problem, sizeof problem);
    json_tree_text(json_tree_member(tree, "detail"), &detail, NULL);
    if (answer->status == 401 || answer->status == 403)
        snprintf(remote->problem, sizeof remote->problem,
                 "%s wants a token: give --token-file FILE", remote->base);
    else
        snprintf(remote->problem, sizeof remote->problem, "%s answered %d%s%.900s", remote->base,
                 answer->status, detail[0] ? ": " : "", detail);
    json_tree_free(tree);
}

static ClientRequest request_for(const Remote *remote, const char *url)
{
    return (ClientRequest){.url = url,
                           .ca_file = remote->ca_file[0] ? remote->ca_file : NULL,
                           .stop = remote->stop};
}

JsonTree *remote_get(Remote *remote, const char *path)
{
    char          url[640];
    const char   *header = remote->authorization;
    JsonTree     *tree = NULL;
    ClientAnswer  answer;
    ClientRequest request = request_for(remote, url);
    request.headers = &header;
    request.header_count = header[0] != '\0';
    request.total_s = ANSWER_S;
    request.answer_bytes = ANSWER_BYTES_MAX;
    snprintf(url, sizeof url, "%s%s", remote->base, path);
    remote->problem[0] = '\0';
    remote->status = client_ask(remote->client, &request, &answer);
    if (answer.status == 200) {
        char reason[256];
        tree = json_tree_read(answer.body, answer.size, reason, sizeof reason);
        if (!tree)
            snprintf(remote->problem, sizeof remote->problem, "%s is no oddball server: %s",
                     remote->base, reason);
    } else if (answer.status == 0) {
        snprintf(remote->problem, sizeof remote->problem, "%s", answer.problem);
    } else {
        refusal_say(remote, &answer);
    }
    client_answer_free(&answer);
    return tree;
}

int remote_stream(Remote *remote, const char *path, const char *last_id, ClientLine line,
                  void *context)
{
    char          url[640], last[128];
    const char   *headers[3] = {"Accept: text/event-stream"};
    ClientAnswer  answer;
    ClientRequest request = request_for(remote, url);
    size_t        count = 1;
    if (remote->authorization[0])
        headers[count++] = remote->authorization;
    if (last_id[0]) {
        snprintf(last, sizeof last, "Last-Event-ID: %.100s", last_id);
        headers[count++] = last;
    }
    request.headers = headers;
    request.header_count = count;
    request.idle_s = SILENCE_S;
    request.answer_bytes = ANSWER_BYTES_MAX;
    snprintf(url, sizeof url, "%s%s", remote->base, path);
    remote->problem[0] = '\0';
    remote->status = client_stream(remote->client, &request, line, context, &answer);
    if (answer.status == 0 || (answer.status == 200 && answer.problem[0]))
        snprintf(remote->problem, sizeof remote->problem, "%s", answer.problem);
    else if (answer.status != 200)
        refusal_say(remote, &answer);
    client_answer_free(&answer);
    return remote->status;
}
