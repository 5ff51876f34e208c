/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>

#include "http/exchange.h"
#include "http/transport.h"

static const Exchange *exchange_of(const HttpRequest *request)
{
    return (const Exchange *)request;
}

const char *request_header(const HttpRequest *request, const char *name)
{
    return transport_header(exchange_of(request), name);
}

const char *request_query(const HttpRequest *request, const char *name)
{
    const Exchange *exchange = exchange_of(request);
    for (size_t i = 0; i < exchange->query_count; i++) {
        if (strcmp(exchange->query[i].name, name) == 0)
            return exchange->query[i].value;
    }
    return NULL;
}

const HttpField *request_query_item(const HttpRequest *request, size_t index)
{
    const Exchange *exchange = exchange_of(request);
    return index < exchange->query_count ? &exchange->query[index] : NULL;
}

/* The connection is suspended while its route runs, so nobody else reads from its socket. */
bool request_gone(const HttpRequest *request)
{
    char byte;
    ssize_t got = recv(exchange_of(request)->conn->socket, &byte, 1, MSG_PEEK | MSG_DONTWAIT);
    return got == 0 || (got < 0 && errno != EAGAIN && errno != EWOULDBLOCK && errno != EINTR);
}

const char *request_parameter(const HttpRequest *request, const char *name)
{
    for (size_t i = 0; i < request->parameter_count; i++) {
        if (strncmp(request->parameters[i].name, name, strlen(name)) == 0 &&
            request->parameters[i].name[strlen(name)] == '}')
            return request->parameters[i].value;
    }
    return "";
}

bool request_is(const HttpRequest *request, const char *type)
{
    size_t size = strcspn(request->type, "; \t");
    return size == strlen(type) && strncasecmp(request->type, type, size) == 0;
}

bool request_wants_page(const HttpRequest *request)
{
    const char *accepted = request_header(request, "Accept");
    return accepted != NULL && strstr(accepted, "text/html") != NULL;
}

void request_drop_body(HttpRequest *request)
{
    static char none[1];
    Exchange   *exchange = (Exchange *)request;
    request->body = none;
    request->body_size = 0;
    body_free(&exchange->body);
}

HttpReply http_refuse(const HttpRequest *request, HttpResponse *response, int status,
                      const char *detail)
{
    if (request->group == NULL || request->group->refuse == NULL)
        return http_problem(response, status, NULL, "%s", detail);
    request->group->refuse(request, response, status, detail);
    return HTTP_NOW;
}
