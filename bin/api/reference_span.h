/* SPDX-License-Identifier: Apache-2.0
 *
 * reference_span.h - what a model was asked and said in a span of time, from the lake: rows that
 * become its reference.
 *
 * Rows that were said to be of a reference are left out: they are copies, or were meant for another
 * one.  Outcomes that are known by now are with them; a row whose outcome may still come has its
 * id.  Of more than REFERENCE_SPAN_ROWS_MAX rows each second is taken, or each third ...
 */
#ifndef API_REFERENCE_SPAN_H
#define API_REFERENCE_SPAN_H
#include "api/ask.h"

#define REFERENCE_SPAN_ROWS_MAX 100000

typedef struct {
    const char *model, *version; /* "" if it has none. */
    const char *segments;        /* Names with commas between; NULL: none. */
    odd_time    since, until;    /* [since, until) */
} ReferenceSpan;

/* Lines of JSON as POST /api/v1/predictions takes them, to the body of `lines`.  False: the answer
 * is written. */
bool reference_span(const Ask *ask, const ReferenceSpan *span, HttpResponse *lines);

#endif
