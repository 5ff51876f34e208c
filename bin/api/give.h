/* SPDX-License-Identifier: Apache-2.0
 *
 * give.h - events of a request go to the intake, and the request is answered behind the commit.
 *
 * OWNERSHIP  give_events takes the events, also when it refuses.
 */
#ifndef API_GIVE_H
#define API_GIVE_H
#include "api/api.h"

/* Writes the answer once the outcome is known; status INTAKE_STORED or INTAKE_KNOWN.  On any thread,
 * and quick. */
typedef void (*GiveAnswer)(HttpRequest *request, HttpResponse *response, IntakeResult result,
                           odd_event_counts counts);

/* Other outcomes are answered through the group's `refuse` (NULL: http_problem) with Retry-After.
 * Returns HTTP_LATER. */
HttpReply give_events(HttpRequest *request, HttpResponse *response, odd_events *events,
                      GiveAnswer answer);

/* Empty events for a request, or NULL: then the answer is written, and to be returned as HTTP_NOW. */
odd_events *give_open(HttpRequest *request, HttpResponse *response);

#endif
