/* SPDX-License-Identifier: Apache-2.0
 *
 * GET /api/openapi.json: what there is to ask, as OpenAPI 3.1: doc/openapi.json as it was at the
 * build. */
#include <string.h>

#include "api/openapi_text.h"
#include "http/http.h"

static HttpReply openapi(HttpRequest *request, HttpResponse *response)
{
    const char *known = request_header(request, "If-None-Match");
    response_header(response, "ETag", openapi_etag);
    response_header(response, "Cache-Control", "no-cache");
    if (known != NULL && (strcmp(known, "*") == 0 || strstr(known, openapi_etag) != NULL))
        return response_end(response, 304, NULL);
    response_add(response, openapi_text, openapi_size);
    return response_end(response, 200, "application/json");
}

static const Route openapi_routes[] = {
    {"GET", "/api/openapi.json", openapi, HTTP_SCOPE_ALL, 0, NULL},
};
const RouteGroup routes_openapi = ROUTE_GROUP("openapi", openapi_routes);
