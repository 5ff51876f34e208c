/* SPDX-License-Identifier: Apache-2.0
 *
 * Elasticsearch's way of sending logs: POST /_bulk and /{index}/_bulk, and what Beats, Logstash,
 * Vector and Fluent Bit ask before they send.  We are no Elasticsearch: what they would set up
 * there (templates, policies, pipelines) is said to be done, as there is nothing to do.
 *
 * The answer has one item for each that came, in their order, so that a client can send again those
 * that were refused. */
#include <string.h>
#include <time.h>

#include "api/receive.h"
#include "api/web.h"

#define PRODUCT_VERSION "8.9.0" /* Clients refuse what is much older than they are. */

static const char *const product[] = {"X-Elastic-Product", "Elasticsearch", NULL};

static const char *kind_of(int status)
{
    switch (status) {
    case 401:
    case 403: return "security_exception";
    case 413: return "content_too_long_exception";
    case 429: return "es_rejected_execution_exception";
    case 503: return "unavailable_shards_exception";
    default: return "illegal_argument_exception";
    }
}

static void elasticsearch_refuse(const HttpRequest *request, HttpResponse *response, int status,
                                 const char *detail)
{
    (void)request; /* All of them read this form. */
    response_print(response, "{\"error\":{\"type\":\"%s\",\"reason\":", kind_of(status));
    response_json(response, detail, strlen(detail));
    response_print(response, "},\"status\":%d}\n", status);
    response_end(response, status, "application/json");
}

static const char *action_of(char letter)
{
    switch (letter | 0x20) {
    case 'c': return "create";
    case 'u': return "update";
    case 'd': return "delete";
    default: return "index";
    }
}

static HttpReply bulk_answer(const HttpRequest *request, HttpResponse *response,
                             const Received *received)
{
    (void)request; /* All is said by what came. */
    const odd_decoded *decoded = &received->decoded;
    response_print(response, "{\"took\":0,\"errors\":%s,\"items\":[",
                   decoded->rejected > 0 ? "true" : "false");
    for (size_t i = 0; i < decoded->item_count; i++) {
        bool refused = decoded->items[i] < 'a';
        response_print(response, "%s{\"%s\":{\"_index\":\"oddball\",\"_id\":\"%zu-%zu\",",
                       i > 0 ? "," : "", action_of(decoded->items[i]), (size_t)received->position,
                       i);
        if (!refused) {
            response_print(response, "\"_version\":1,\"result\":\"created\",\"status\":201}}");
            continue;
        }
        response_print(response, "\"status\":400,\"error\":{\"type\":\"mapper_parsing_exception\","
                                 "\"reason\":");
        response_json(response, decoded->message, strlen(decoded->message));
        response_print(response, "}}}");
    }
    response_print(response, "]}\n");
    return response_end(response, 200, "application/json");
}

static HttpReply bulk_take(HttpRequest *request, HttpResponse *response)
{
    const char *index = request_parameter(request, "index");
    return receive(
        request, response,
        &(Reception){"bulk", "elasticsearch", index[0] != '\0' ? index : NULL, bulk_answer});
}

static HttpReply say(HttpResponse *response, const char *json)
{
    response_add(response, json, strlen(json));
    return response_end(response, 200, "application/json");
}

/* Clients ask for JSON or say nothing; a browser asks for a page. */
static HttpReply who_we_are(HttpRequest *request, HttpResponse *response)
{
    if (request_wants_page(request))
        return web_page(request, response);
    response_header(response, "Vary", "Accept");
    return say(response, "{\"name\":\"oddball\",\"cluster_name\":\"oddball\","
                         "\"cluster_uuid\":\"oddball\",\"version\":{\"number\":\"" PRODUCT_VERSION
                         "\",\"build_flavor\":\"default\",\"build_type\":\"tar\","
                         "\"lucene_version\":\"9.7.0\","
                         "\"minimum_wire_compatibility_version\":\"7.17.0\","
                         "\"minimum_index_compatibility_version\":\"7.0.0\"},"
                         "\"tagline\":\"You Know, for Search\"}\n");
}

static HttpReply license(HttpRequest *request, HttpResponse *response)
{
    (void)request; /* Everybody is told the same. */
    return say(response, "{\"license\":{\"status\":\"active\",\"uid\":\"oddball\","
                         "\"type\":\"basic\",\"mode\":\"basic\"}}\n");
}

static HttpReply license_short(HttpRequest *request, HttpResponse *response)
{
    (void)request; /* Likewise. */
    return say(response, "{\"license\":{\"uid\":\"oddball\",\"type\":\"basic\",\"mode\":\"basic\","
                         "\"status\":\"active\"},\"features\":{}}\n");
}

static HttpReply cluster(HttpRequest *request, HttpResponse *response)
{
    (void)request; /* Likewise. */
    return say(response, "{\"cluster_name\":\"oddball\",\"status\":\"green\",\"timed_out\":false,"
                         "\"number_of_nodes\":1,\"number_of_data_nodes\":1}\n");
}

/* A question finds nothing, a wish is granted. */
static HttpReply nothing(HttpRequest *request, HttpResponse *response)
{
    bool asks = strcmp(request->method, "GET") == 0 || strcmp(request->method, "HEAD") == 0;
    return say(response, asks ? "{}\n" : "{\"acknowledged\":true}\n");
}

static const Route elasticsearch_routes[] = {
    {"POST", "/_bulk", bulk_take, HTTP_SCOPE_INGEST, 0, NULL},
    {"PUT", "/_bulk", bulk_take, HTTP_SCOPE_INGEST, 0, NULL},
    {"POST", "/{index}/_bulk", bulk_take, HTTP_SCOPE_INGEST, 0, NULL},
    {"PUT", "/{index}/_bulk", bulk_take, HTTP_SCOPE_INGEST, 0, NULL},
    {"GET", "/", who_we_are, HTTP_SCOPE_INGEST, ROUTE_PAGE, NULL},
    {"GET", "/_license", license, HTTP_SCOPE_INGEST, 0, NULL},
    {"GET", "/_xpack", license_short, HTTP_SCOPE_INGEST, 0, NULL},
    {"GET", "/_cluster/health*", cluster, HTTP_SCOPE_INGEST, 0, NULL},
    {"*", "/_ilm/*", nothing, HTTP_SCOPE_INGEST, 0, NULL},
    {"*", "/_template*", nothing, HTTP_SCOPE_INGEST, 0, NULL},
    {"*", "/_index_template*", nothing, HTTP_SCOPE_INGEST, 0, NULL},
    {"*", "/_component_template*", nothing, HTTP_SCOPE_INGEST, 0, NULL},
    {"*", "/_data_stream*", nothing, HTTP_SCOPE_INGEST, 0, NULL},
    {"*", "/_ingest/*", nothing, HTTP_SCOPE_INGEST, 0, NULL},
    {"*", "/_alias*", nothing, HTTP_SCOPE_INGEST, 0, NULL},
    {"GET", "/_nodes*", nothing, HTTP_SCOPE_INGEST, 0, NULL},
    {"*", "/_logstash*", nothing, HTTP_SCOPE_INGEST, 0, NULL},
};
const RouteGroup routes_elasticsearch = {
    "elasticsearch", elasticsearch_routes,
    sizeof elasticsearch_routes / sizeof elasticsearch_routes[0], elasticsearch_refuse, product};
