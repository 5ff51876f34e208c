/* SPDX-License-Identifier: Apache-2.0
 *
 * The page that a person opens: one document under the address of each of its screens, and the few
 * files that it needs, all from the program itself.  Where the page has a screen of its own, its
 * address is a route here, so that it can be opened, kept and sent to others.  It is told without
 * a token: it holds nothing of what was learnt, and asks for one where it needs it. */
#include "api/web.h"

#include <string.h>

#include "api/web_files.h"

static const char policy[] =
    "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'";

/* Of Accept-Encoding: whether gzip is among them, and not by ";q=0". */
static bool takes_gzip(const char *accepted)
{
    const char *at = accepted != NULL ? strstr(accepted, "gzip") : NULL;
    if (at == NULL)
        return false;
    at += strlen("gzip");
    return strncmp(at, ";q=0", 4) != 0 ||
           (at[4] == '.' && strspn(at + 5, "0") < strcspn(at + 5, ", "));
}

static HttpReply file_answer(const HttpRequest *request, HttpResponse *response,
                             const WebFile *file)
{
    const char *known = request_header(request, "If-None-Match");
    response_header(response, "ETag", file->etag);
    response_header(response, "Vary", "Accept, Accept-Encoding");
    response_header(response, "Content-Security-Policy", policy);
    response_header(response, "Cache-Control",
                    file->named ? "public, max-age=31536000, immutable" : "no-cache");
    if (known != NULL && (strcmp(known, "*") == 0 || strstr(known, file->etag) != NULL))
        return response_end(response, 304, NULL);
    if (takes_gzip(request_header(request, "Accept-Encoding"))) {
        response_header(response, "Content-Encoding", "gzip");
        response_add(response, file->packed, file->packed_size);
    } else {
        response_add(response, file->plain, file->plain_size);
    }
    return response_end(response, 200, file->type);
}

static const WebFile *file_find(const char *path)
{
    for (size_t i = 0; i < web_files_count; i++)
        if (strcmp(web_files[i].path, path) == 0)
            return &web_files[i];
    return NULL;
}

HttpReply web_page(HttpRequest *request, HttpResponse *response)
{
    return file_answer(request, response, file_find("/index.html"));
}

static HttpReply web_file(HttpRequest *request, HttpResponse *response)
{
    const WebFile *file = file_find(request->path);
    if (file == NULL)
        return http_problem(response, 404, NULL,
                            "the page has no such file; it was perhaps opened before the program "
                            "was replaced: load it anew");
    return file_answer(request, response, file);
}

static const Route web_routes[] = {
    {"GET", "/web/*", web_file, HTTP_SCOPE_OPEN, 0, NULL},
    {"GET", "/i/{id}", web_page, HTTP_SCOPE_OPEN, 0, NULL},
    {"GET", "/f/{id}", web_page, HTTP_SCOPE_OPEN, 0, NULL},
    {"GET", "/patterns", web_page, HTTP_SCOPE_OPEN, 0, NULL},
    {"GET", "/signals", web_page, HTTP_SCOPE_OPEN, 0, NULL},
    {"GET", "/models", web_page, HTTP_SCOPE_OPEN, 0, NULL},
    {"GET", "/models/{id}", web_page, HTTP_SCOPE_OPEN, 0, NULL},
    {"GET", "/questions", web_page, HTTP_SCOPE_OPEN, 0, NULL},
    {"GET", "/sources", web_page, HTTP_SCOPE_OPEN, 0, NULL},
    {"GET", "/rules", web_page, HTTP_SCOPE_OPEN, 0, NULL},
    {"GET", "/sql", web_page, HTTP_SCOPE_OPEN, 0, NULL},
    {"GET", "/settings", web_page, HTTP_SCOPE_OPEN, 0, NULL},
};
const RouteGroup routes_web = ROUTE_GROUP("web", web_routes);
