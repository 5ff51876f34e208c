/* SPDX-License-Identifier: Apache-2.0
 *
 * parameters.h - what a client of Prometheus or Loki asks for: parameters of the query and of a
 * posted form alike, times and steps as those write them.
 *
 * UNITS      Times and steps in ns.
 * OWNERSHIP  Names and values belong to the request.
 */
#ifndef API_PARAMETERS_H
#define API_PARAMETERS_H
#include <oddball.h>

#include "http/http.h"

#define PARAMETERS_MAX 64

typedef struct {
    HttpField items[PARAMETERS_MAX];
    size_t    count;
} Parameters;

/* Of the query, then of the body, which is decoded in place.  False: more than PARAMETERS_MAX, or
 * the form is torn. */
bool parameters_read(HttpRequest *request, Parameters *ret);

const char *parameter(const Parameters *parameters, const char *name); /* The first; NULL: none. */

/* Seconds with a fraction, ns as Loki has them, or RFC 3339; a span as 15s or in seconds.  False:
 * it is none.  NULL leaves *ret as it is. */
bool parameter_time(const char *value, odd_time *ret);
bool parameter_span(const char *value, int64_t *ret_ns);

#endif
