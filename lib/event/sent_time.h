/* SPDX-License-Identifier: Apache-2.0
 *
 * sent_time.h - the member `time` of what a program sends as JSON: a usual spelling, or ns since
 * 1970; where it is missing, when it came.
 *
 * ERRORS     false: it is no time.
 */
#ifndef EVENT_SENT_TIME_H
#define EVENT_SENT_TIME_H
#include <oddball.h>
#include <stdbool.h>

#include "event/json.h"

bool sent_time(const JsonNode *object, const odd_wire *wire, odd_time *ret);

#endif
