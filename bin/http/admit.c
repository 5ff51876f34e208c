/* SPDX-License-Identifier: Apache-2.0
 *
 * Whether a request is let in, as its header tells. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "http/exchange.h"
#include "http/transport.h"

#define PASSED_OVER_UNKNOWN_MAX (1u << 20) /* Of a body of somebody who is not let in. */

static ExchangeStep refuse(Exchange *exchange, int status, const char *detail)
{
    uint64_t patience = status == 413 || status == 503 || status == 415
                            ? 4 * (uint64_t)exchange->shared->budget.body_bytes_max
                            : PASSED_OVER_UNKNOWN_MAX;
    exchange->refused = true;
    atomic_fetch_add(&exchange->shared->requests_refused, 1);
    http_refuse(&exchange->request, &exchange->response, status, detail);
    if (exchange->announced == 0)
        return EXCHANGE_GO_ON;
    /* A client that sends on sees the answer only if all that it sends is read, so a body of
     * moderate size is passed over. */
    exchange->response.close = true;
    bool chunked = exchange->announced == UINT64_MAX;
    return exchange->expects || (!chunked && exchange->announced > patience) ? EXCHANGE_ANSWER
                                                                             : EXCHANGE_GO_ON;
}

/* The form of the header: what is wrong with it ends the connection. */
static bool well_formed(Exchange *exchange, const HeaderForm *form)
{
    const char *fault = gate_form(form);
    if (fault == NULL && exchange->uri[0] != '/')
        fault = "the address must begin with a slash";
    if (fault == NULL) {
        exchange->announced = form->encodings == 1 ? UINT64_MAX
                              : form->lengths == 1 ? strtoull(form->length, NULL, 10)
                                                   : 0;
        exchange->expects = form->expect != NULL;
        return true;
    }
    refuse(exchange, 400, fault);
    exchange->response.close = true;
    return false;
}

/* Which route; its parameters are decoded in their places. */
static bool find_route(Exchange *exchange)
{
    Shared      *shared = exchange->shared;
    HttpRequest *request = &exchange->request;
    exchange->match = route_find(shared->options.groups, shared->options.group_count,
                                 shared->options.listeners[exchange->conn->listener].group,
                                 request->method, exchange->uri);
    request->group = exchange->match.group;
    if (exchange->match.route == NULL)
        return false;
    for (size_t i = 0; i < exchange->match.part_count; i++) {
        RoutePart part = exchange->match.parts[i];
        char     *value = strndup(part.value, part.value_size);
        if (value == NULL || !route_decode(value, false)) {
            free(value);
            exchange->match.route = NULL;
            return false;
        }
        request->parameters[request->parameter_count++] = (HttpField){part.name, value};
    }
    return true;
}

/* Whether a page of another site asks through the browser of somebody here. */
static const char *foreign_page(const Exchange *exchange, const HeaderForm *form)
{
    const char *const *names = exchange->shared->options.host_names;
    if (form->host != NULL && !gate_host_is_ours(form->host, names))
        return "the Host of the request is not a name of this machine, so a page of another site "
               "may have sent it; ask localhost or 127.0.0.1";
    if ((form->origin != NULL && !gate_origin_is(form->origin, form->host)) ||
        (form->site != NULL && strcasecmp(form->site, "cross-site") == 0))
        return "a page of another site asks, and is not let in without a token";
    return NULL;
}

/* Who asks, and whether that is enough; true: let in. */
static bool let_in(Exchange *exchange, const HeaderForm *form, ExchangeStep *ret)
{
    Shared       *shared = exchange->shared;
    HttpRequest  *request = &exchange->request;
    const Route  *route = exchange->match.route;
    const char   *foreign;
    int64_t       now_ns = monotonic_ns();
    if (route != NULL && (route->scope == HTTP_SCOPE_OPEN ||
                          ((route->flags & ROUTE_PAGE) != 0 && request_wants_page(request))))
        return true;
    request->scope = HTTP_SCOPE_ALL;
    if (request->loopback) {
        foreign = foreign_page(exchange, form);
        if (foreign != NULL)
            *ret = refuse(exchange, 403, foreign);
        return foreign == NULL;
    }
    if (lockout_holds(&shared->lockout, exchange->conn->peer, now_ns)) {
        response_header(&exchange->response, "Retry-After", "60");
        *ret = refuse(exchange, 429, "too many wrong tokens came from this address; wait a minute");
        return false;
    }
    request->scope =
        gate_scope(form->authorization, shared->options.token, shared->options.ingest_token);
    if (request->scope == HTTP_SCOPE_OPEN) {
        if (form->authorization != NULL)
            lockout_failed(&shared->lockout, exchange->conn->peer, now_ns);
        response_header(&exchange->response, "WWW-Authenticate", "Bearer");
        *ret = refuse(exchange, 401,
                      form->authorization == NULL
                          ? "a token is needed here; send it as Authorization: Bearer TOKEN"
                          : "the token is wrong; send the one that this server was given");
        return false;
    }
    if (route == NULL || request->scope >= route->scope)
        return true;
    *ret = refuse(exchange, 403, "this token only allows sending; use the other one for questions");
    return false;
}

/* What is said of the body. */
static ExchangeStep take_body(Exchange *exchange)
{
    const Route *route = exchange->match.route;
    Shared      *shared = exchange->shared;
    const char *encoding = request_header(&exchange->request, "Content-Encoding");
    bool        left = (route->flags & ROUTE_SNAPPY) != 0 && encoding != NULL &&
                strcasecmp(encoding, "snappy") == 0;
    exchange->packing = left ? BODY_PLAIN : body_packing(encoding);
    if (exchange->packing == BODY_UNKNOWN || (route->piece != NULL && exchange->packing != 0)) {
        response_header(&exchange->response, "Accept-Encoding",
                        route->piece != NULL ? "identity" : "gzip, deflate, zstd");
        return refuse(
            exchange, 415,
            route->piece != NULL
                ? "a body that comes in pieces must not be packed here"
                : "the Content-Encoding is unknown here; use gzip, deflate, zstd or none");
    }
    if (route->piece != NULL) {
        atomic_store(&exchange->conn->deadline_ns, CROWD_NEVER);
        transport_never_idle(exchange);
        return EXCHANGE_GO_ON;
    }
    if (exchange->announced == 0 || exchange->announced == UINT64_MAX)
        return EXCHANGE_GO_ON;
    if (exchange->announced > shared->budget.body_bytes_max)
        return refuse(exchange, 413,
                      "the body is larger than is taken here; send it in several requests, or "
                      "raise the limit (body_max)");
    if (body_reserve(&exchange->body, (size_t)exchange->announced) == BODY_GOOD)
        return EXCHANGE_GO_ON;
    response_header(&exchange->response, "Retry-After", "1");
    return refuse(exchange, 503,
                  "too much is being received at once; send it again after Retry-After seconds");
}

static ExchangeStep refuse_unknown(Exchange *exchange)
{
    Shared     *shared = exchange->shared;
    char        detail[512];
    const char *nearest =
        route_nearest(shared->options.groups, shared->options.group_count,
                      shared->options.listeners[exchange->conn->listener].group, exchange->uri);
    snprintf(detail, sizeof detail,
             "there is nothing at this address%s%s; GET /api/openapi.json lists what there is",
             nearest != NULL ? "; the nearest is " : "", nearest != NULL ? nearest : "");
    return refuse(exchange, 404, detail);
}

ExchangeStep exchange_head(Exchange *exchange, const char *method, const HeaderForm *form)
{
    Shared      *shared = exchange->shared;
    ExchangeStep step;
    exchange->begun = true;
    exchange->request.method = method;
    exchange->request.path = exchange->uri;
    if (form->type != NULL)
        snprintf(exchange->type, sizeof exchange->type, "%s", form->type);
    exchange->request.loopback = shared->loopback[exchange->conn->listener];
    exchange->body_since_ns = monotonic_ns();
    atomic_store(&exchange->conn->phase, CONN_BUSY);
    atomic_store(&exchange->conn->deadline_ns,
                 exchange->body_since_ns + (int64_t)(shared->options.body_s * 1e9));
    if (!well_formed(exchange, form))
        return EXCHANGE_ANSWER;
    bool found = find_route(exchange);
    if (exchange->conn->reserve)
        exchange->response.close = true;
    if (exchange->conn->reserve && !(found && (exchange->match.route->flags & ROUTE_ALWAYS))) {
        response_header(&exchange->response, "Retry-After", "1");
        return refuse(exchange, 503,
                      "too many are connected; come again after Retry-After seconds");
    }
    if (!let_in(exchange, form, &step))
        return step;
    if (!found && exchange->match.allow[0] != '\0') {
        response_header(&exchange->response, "Allow", exchange->match.allow);
        return refuse(exchange, 405, "that method is none of this address; see Allow");
    }
    if (!found)
        return refuse_unknown(exchange);
    if (exchange->query_fault != NULL)
        return refuse(exchange, 400, exchange->query_fault);
    return take_body(exchange);
}
