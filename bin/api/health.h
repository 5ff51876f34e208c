/* SPDX-License-Identifier: Apache-2.0
 *
 * health.h - whether the server takes data now.
 */
#ifndef API_HEALTH_H
#define API_HEALTH_H
#include "http/http.h"

/* Why it does not, half a sentence, static; NULL: it does. */
const char *health_reason(const HttpRequest *request);

#endif
