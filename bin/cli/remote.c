/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/remote.h"

#include <stdio.h>
#include <string.h>

#define ANSWER_BYTES_MAX (8u << 20)
#define ANSWER_S 10.0
#define BYTES_A_SECOND 1e6 /* Of what is sent, at least. */
#define SILENCE_S 60.0 /* The server sends a sign of life every 15 s. */

bool remote_open(const House *house, const atomic_bool *stop, Remote *ret)
{
    *ret = (Remote){.stop = stop, .client = client_open()};
    snprintf(ret->base, sizeof ret->base, "%s", house->server);
    if (house->is_ours) /* Its own certificate is good enough for who may read its settings. */
        snprintf(ret->ca_file, sizeof ret->ca_file, "%s", house->settings.tls_certificate);
    if (house->token[0])
        snprintf(ret->authorization, sizeof ret->authorization, "Authorization: Bearer %s",
                 house->token);
    if (!ret->client)
        snprintf(ret->problem, sizeof ret->problem, "there is no memory to ask a server");
    return ret->client != NULL;
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
        snprintf(remote->problem, sizeof remote->problem, "%s answered %d%s%.600s", remote->base,
                 answer->status, detail[0] ? ": " : "", detail);
    json_tree_free(tree);
}

static ClientRequest request_for(const Remote *remote, const char *url)
{
    return (ClientRequest){
        .url = url, .ca_file = remote->ca_file[0] ? remote->ca_file : NULL, .stop = remote->stop};
}

static JsonTree *answer_tree(Remote *remote, const ClientAnswer *answer)
{
    char      reason[256];
    JsonTree *tree = NULL;
    if (answer->status >= 200 && answer->status < 300) {
        tree = json_tree_read(answer->body, answer->size, reason, sizeof reason);
        if (!tree)
            snprintf(remote->problem, sizeof remote->problem, "%s is no oddball server: %s",
                     remote->base, reason);
    } else if (answer->status == 0) {
        snprintf(remote->problem, sizeof remote->problem, "%s", answer->problem);
    } else {
        refusal_say(remote, answer);
    }
    return tree;
}

typedef struct {
    const char *method, *path, *type, *bytes;
    size_t      size;
} Sending;

static JsonTree *send_it(Remote *remote, const Sending *sending)
{
    Buffer        url = {0};
    char          type[96];
    const char   *headers[2] = {type, remote->authorization};
    ClientAnswer  answer;
    snprintf(type, sizeof type, "Content-Type: %.80s", sending->type);
    buffer_format(&url, "%s%s", remote->base, sending->path);
    ClientRequest request = request_for(remote, buffer_text(&url));
    request.method = sending->method;
    request.headers = headers;
    request.header_count = remote->authorization[0] ? 2 : 1;
    request.body = sending->bytes;
    request.body_size = sending->size;
    request.total_s = ANSWER_S + (double)sending->size / BYTES_A_SECOND;
    request.answer_bytes = ANSWER_BYTES_MAX;
    remote->problem[0] = '\0';
    client_ask(remote->client, &request, &answer);
    JsonTree *tree = answer_tree(remote, &answer);
    client_answer_free(&answer);
    buffer_free(&url);
    return tree;
}

JsonTree *remote_send(Remote *remote, const char *method, const char *path, const char *body)
{
    return send_it(remote,
                   &(Sending){method, path, "application/json", body, body ? strlen(body) : 0});
}

JsonTree *remote_post(Remote *remote, const char *path, const char *type, const char *bytes,
                      size_t size)
{
    return send_it(remote, &(Sending){"POST", path, type, bytes, size});
}

JsonTree *remote_get(Remote *remote, const char *path)
{
    return remote_send(remote, NULL, path, NULL);
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
    int status = client_stream(remote->client, &request, line, context, &answer);
    if (answer.status == 0 || (answer.status == 200 && answer.problem[0]))
        snprintf(remote->problem, sizeof remote->problem, "%s", answer.problem);
    else if (answer.status != 200)
        refusal_say(remote, &answer);
    client_answer_free(&answer);
    return status;
}
