/* SPDX-License-Identifier: Apache-2.0
 *
 * hub.h - what is told to many listeners as server-sent events, each at its own speed.
 *
 * The newest HUB_FRAMES_MAX events are kept; who is slower than that is told how many it missed.
 *
 * OWNERSHIP  The hub outlives its listeners and whoever tells it.
 * THREADS    Any.
 */
#ifndef API_HUB_H
#define API_HUB_H
#include "http/http.h"

#define HUB_FRAMES_MAX 256
#define HUB_LISTENERS_MAX 64

typedef struct Hub Hub;

Hub *hub_open(void); /* NULL: no memory. */
void hub_close(Hub *hub); /* Nobody listens any more. */

/* data: one line, or several; NULL: what it was is lost.  Quick: it waits for nobody. */
void hub_tell(Hub *hub, const char *event, const char *data);

/* Answers a request with a stream of what is told from now on, or behind the event with the id
 * `last` (NULL: none) if that is known still. */
HttpReply hub_listen(Hub *hub, HttpRequest *request, HttpResponse *response, const char *last);

#endif
