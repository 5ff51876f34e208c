/* SPDX-License-Identifier: Apache-2.0
 *
 * ask.h - what a request asks for: its parameters, each of its kind and within its range.
 *
 * ERRORS     False: the answer, 400 with the name of the parameter and what it may be, is written.
 *            A parameter that is not there leaves *ret as it was.
 */
#ifndef API_ASK_H
#define API_ASK_H
#include <oddball.h>

#include "http/http.h"

typedef struct {
    HttpRequest  *request;
    HttpResponse *response;
    odd_time      now; /* What "-1h" counts back from. */
} Ask;

Ask ask_of(HttpRequest *request, HttpResponse *response);

/* No other parameter than these is there; else the nearest of them is named. */
bool ask_only(const Ask *ask, const char *const *names, size_t count);
#define ASK_ONLY(ask, ...)                                                                         \
    ask_only(ask, (const char *const[]){__VA_ARGS__},                                              \
             sizeof((const char *const[]){__VA_ARGS__}) / sizeof(const char *))

bool ask_integer(const Ask *ask, const char *name, int64_t low, int64_t high, int64_t *ret);
/* RFC 3339, a date, epoch seconds to nanoseconds, "now", or a span before now: "-15m", "2h". */
bool ask_moment(const Ask *ask, const char *name, odd_time *ret);
bool ask_span(const Ask *ask, const char *name, int64_t *ret_ns); /* "30s", "1h" */
bool ask_choice(const Ask *ask, const char *name, const char *const *choices, size_t count,
                size_t *ret);

/* What went wrong with the library's part, as an answer. */
HttpReply ask_failed(HttpResponse *response, odd_rc rc);

#endif
