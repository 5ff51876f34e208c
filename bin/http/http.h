/* SPDX-License-Identifier: Apache-2.0
 *
 * http.h - what a request and a response are, and what answers: routes.
 *
 * A Route is a method, a path and a function; a RouteGroup is one file of them.  The server
 * (server.h) reads and unpacks the body, checks who asks, then calls the function on one of its
 * few threads.  A function that would wait for something else answers HTTP_LATER and lets another
 * thread call http_complete; one that computes for more than some milliseconds is ROUTE_SLOW and
 * gets a thread where it disturbs nobody.
 *
 *     static HttpReply hello(HttpRequest *request, HttpResponse *response)
 *     {
 *         response_print(response, "Hello, %s\n", request_query(request, "name"));
 *         return response_end(response, 200, "text/plain");
 *     }
 *     static const Route hello_routes[] = {{"GET", "/api/v1/hello", hello, HTTP_SCOPE_ALL}};
 *     const RouteGroup routes_hello = ROUTE_GROUP("hello", hello_routes);
 *
 * OWNERSHIP  The server owns request and response.  What request_... gives is valid until the
 *            function returns; behind HTTP_LATER only the fields of HttpRequest but path and method
 *            are (request_is too), and the response, until http_complete.
 * ERRORS     Adding to a response without memory marks it, and it goes out as 503.
 * THREADS    A request belongs to one thread at a time: the one that the function runs on, and
 *            behind HTTP_LATER the one that completes it.  http_wake may be called on any.
 */
#ifndef HTTP_HTTP_H
#define HTTP_HTTP_H
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define HTTP_PARAMETERS_MAX 4      /* {names} in a path.                        */
#define HTTP_RESPONSE_HEADERS_MAX 12

typedef enum {       /* What a token allows, and what a route wants. */
               HTTP_SCOPE_OPEN = 0, /* Nothing: anybody may, without a token.   */
               HTTP_SCOPE_INGEST,   /* To send.                                 */
               HTTP_SCOPE_ALL       /* To send, to ask, to change.              */
} HttpScope;

typedef struct {
    const char *name;
    char       *value; /* Decoded. */
} HttpField;

typedef struct RouteGroup RouteGroup;

typedef struct {
    const char *method;
    const char *path;     /* As it came, without the query.                                      */
    const char *type;     /* Content-Type as it came; "": not said.                              */
    const char *peer;     /* The address that asks: "192.0.2.7", "::1".                          */
    bool        loopback; /* It came through a listener of this machine only.                    */
    HttpScope   scope;    /* What it may: by its token, or by loopback.                          */
    char       *body;     /* Whole and unpacked, with a NUL behind it; "" if there is none.      */
    size_t      body_size;
    void       *context;  /* Of http_server_open: what the routes work with.                     */
    const atomic_bool *stopping; /* True: the server ends, and so should what takes long.        */
    void       *state;    /* The function's own, for a request that comes or is answered in parts.
                             */
    void (*state_free)(void *state); /* Called once at the end; NULL: nothing to free. */
    HttpField   parameters[HTTP_PARAMETERS_MAX]; /* {id} of the path, decoded. */
    size_t      parameter_count;
    const RouteGroup *group; /* Of the route; NULL: there is no such route. */
} HttpRequest;

/* NULL: none.  Names of headers in any case; the first one of that name.  Queries are decoded,
 * "" if without '='. */
const char *request_header(const HttpRequest *request, const char *name);
const char *request_query(const HttpRequest *request, const char *name);
const char *request_parameter(const HttpRequest *request, const char *name); /* Never NULL. */
const HttpField *request_query_item(const HttpRequest *request, size_t index); /* NULL: no more. */

/* Whether whoever asked has gone away meanwhile: for what takes long.  On any thread, between the
 * function's beginning and its answer. */
bool request_gone(const HttpRequest *request);

/* Whether the type is this one, whatever its parameters and case. */
bool request_is(const HttpRequest *request, const char *type);

/* Whether a browser asks for something to show: Accept names text/html. */
bool request_wants_page(const HttpRequest *request);

/* The body is not needed any more: its memory is there for others before the answer is. */
void request_drop_body(HttpRequest *request);

typedef struct {              /* A body without end: server-sent events. */
    /* Up to `size` bytes; 0: nothing now, http_wake will be called; HTTP_STREAM_END: no more. */
    size_t (*more)(void *context, char *to, size_t size);
    /* Called once when it is over, whoever ended it: from its return on the request is gone. */
    void (*gone)(void *context);
    void       *context;
    const char *heartbeat;    /* Sent when there was nothing for 15 s, so that a lost client shows;
                                 NULL: nothing is.  Static. */
} HttpStream;
#define HTTP_STREAM_END SIZE_MAX

typedef struct {
    int         status;
    HttpField   headers[HTTP_RESPONSE_HEADERS_MAX];
    size_t      header_count;
    char       *body;         /* From malloc; the server frees it. */
    size_t      body_size, body_capacity;
    HttpStream  stream;       /* more not NULL: instead of a body. */
    bool        close;        /* The connection ends behind it.    */
    bool        broken;       /* There was no memory for a part.   */
} HttpResponse;

typedef enum {
    HTTP_NOW = 0, /* The response is whole.                                          */
    HTTP_LATER,   /* http_complete will be called, or has been already.              */
    HTTP_MORE     /* Of a `piece` function only: it waits for the next piece.        */
} HttpReply;

void response_header(HttpResponse *response, const char *name, const char *value);
void response_add(HttpResponse *response, const void *bytes, size_t size); /* To the body. */
void response_print(HttpResponse *response, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
void response_json(HttpResponse *response, const char *text, size_t size); /* "a \"string\"" */
/* How many bytes of UTF-8 the first character of a text has; 0: it is none, or there is no text. */
size_t response_character(const char *text, size_t size);
void response_clear(HttpResponse *response); /* As if nothing had been said yet. */

/* These say the last word, and give HTTP_NOW. */
HttpReply response_end(HttpResponse *response, int status, const char *content_type);
HttpReply response_stream(HttpResponse *response, const char *content_type, HttpStream stream);

/* RFC 9457: {"type":"about:blank","title":..,"status":..,"detail":..} as application/problem+json.
 * `format` is a sentence with cause and cure; title NULL: the usual words of that status. */
HttpReply http_problem(HttpResponse *response, int status, const char *title, const char *format,
                       ...) __attribute__((format(printf, 4, 5)));
const char *http_status_words(int status); /* "Not Found" */

/* The same in the words that the clients of the request's group understand (RouteGroup.refuse). */
HttpReply http_refuse(const HttpRequest *request, HttpResponse *response, int status,
                      const char *detail);

/* Behind HTTP_LATER: the response is whole now, and the request must not be touched any more. */
void http_complete(HttpRequest *request);

/* The stream of the answer to that request has bytes again. */
void http_wake(HttpRequest *request);

typedef HttpReply (*HttpHandler)(HttpRequest *request, HttpResponse *response);

/* Of a body that is handled as it comes, because it may never end: called with each piece as it
 * is (never packed), then `handle` at its end.  HTTP_MORE goes on; HTTP_LATER: no further piece
 * until http_complete, which goes on if the response has no status yet; HTTP_NOW: the answer
 * stands, what still comes is passed over, and the connection closes behind it. */
typedef HttpReply (*HttpPiece)(HttpRequest *request, HttpResponse *response, const char *bytes,
                               size_t size);

enum {
    ROUTE_SLOW = 1,     /* handle computes or waits: it runs on a thread of its own.           */
    ROUTE_ALWAYS = 2,   /* Answered also when the server takes nobody else: health.            */
    ROUTE_SNAPPY = 4,   /* Content-Encoding: snappy is left to handle.                         */
    ROUTE_PAGE = 8      /* Who wants a page gets one here, and needs no token for it.          */
};

typedef struct {
    const char *method;  /* "GET" also answers HEAD; "*": every one.                            */
    const char *path;    /* "/api/v1/findings/{id}"; '*' at the end stands for any rest.  What is
                            literal wins over {name}, and that over '*'.                        */
    HttpHandler handle;
    HttpScope   scope;
    unsigned    flags;   /* ROUTE_... */
    HttpPiece   piece;   /* NULL: the body is read whole first. */
} Route;

struct RouteGroup {
    const char  *name;
    const Route *routes;
    size_t       count;
    /* How the server's own refusals (too large, no token, over capacity) look to clients of this
     * group; NULL: http_problem.  `detail` is a sentence. */
    void (*refuse)(const HttpRequest *request, HttpResponse *response, int status,
                   const char *detail);
    /* Put on every answer of the group, the server's own too: name, value; NULL: none. */
    const char *const *headers;
};
#define ROUTE_GROUP(name, routes)                                        \
    {                                                                    \
        (name), (routes), sizeof(routes) / sizeof(routes)[0], NULL, NULL \
    }

#endif
