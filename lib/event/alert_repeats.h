/* SPDX-License-Identifier: Apache-2.0
 *
 * alert_repeats.h - which alerts came just now, so that one that is sent every minute is not
 * written down every minute.
 *
 * A repeat that says nothing new is one event in ALERT_REPEAT_MINUTES.
 *
 * SHAPE      A table of hashes in one flat block; two alerts in one slot are both written down.
 * THREADS    Any: a slot is one word.
 * EXACTNESS  A repeat is taken for what it is; another alert is taken for one with a chance of one
 *            in 2^40.
 */
#ifndef EVENT_ALERT_REPEATS_H
#define EVENT_ALERT_REPEATS_H
#include "event/alert.h"

#define ALERT_REPEAT_MINUTES 5

/* alerts: NULL: none is one.  What is no repeat is noted. */
bool alert_is_repeat(odd_alerts *alerts, const Alert *alert, odd_time now);

#endif
