/* SPDX-License-Identifier: Apache-2.0
 *
 * receive.h - the way of all data that comes in a request: decoded, committed, then answered.
 *
 * Idempotency-Key: of two requests with the same key, format and source, the second one changes
 * nothing and is answered like the first.
 *
 * OWNERSHIP  What was received lies in request->state.
 */
#ifndef API_RECEIVE_H
#define API_RECEIVE_H
#include "api/api.h"

typedef struct Received Received;

/* Writes the answer of success.  On any thread, and quick. */
typedef HttpReply (*ReceivedAnswer)(const HttpRequest *request, HttpResponse *response,
                                    const Received *received);

struct Received {
    HttpRequest     *request;
    HttpResponse    *response;
    ReceivedAnswer   answer;
    odd_decoded      decoded;  /* Its items are a copy.             */
    odd_event_counts counts;
    uint64_t         position; /* Of the commit; 0: nothing was new. */
    bool             known;    /* It was durable before.            */
};

typedef struct {
    const char    *codec;    /* "lines": the body is what it is; else one of odd_decode's. */
    const char    *source;   /* Where the request doesn't say it: ?source=NAME wins.       */
    const char    *subject;  /* As in odd_wire. */
    ReceivedAnswer answer;
} Reception;

HttpReply receive(HttpRequest *request, HttpResponse *response, const Reception *how);
/* table: as in odd_wire.  No ?source=: the address says it. */
HttpReply receive_table(HttpRequest *request, HttpResponse *response, const Reception *how,
                        const odd_model_options *table);
/* What the server itself found, instead of the body of the request. */
HttpReply receive_found(HttpRequest *request, HttpResponse *response, const Reception *how,
                        const char *found, size_t size);

/* {"lines":12,"position":7}, and whether it was known. */
HttpReply receive_counted(HttpResponse *response, const char *what, uint64_t count,
                          const Received *received);

/* Why nothing was taken, and the cure; of any status but STORED and KNOWN. */
const char *receive_reason(IntakeStatus status);

/* The same as an answer. */
HttpReply receive_outcome(const HttpRequest *request, HttpResponse *response, IntakeResult result);

odd_time receive_now(void); /* ns since 1970. */

#endif
