/* SPDX-License-Identifier: Apache-2.0
 *
 * simulated_day.h - a made day of a small plant: sources of lines, of records and of samples, with
 * what is odd in it known.
 *
 * EXACTNESS  The same events for the same seed, minute by minute.
 */
#ifndef SIMULATED_DAY_H
#define SIMULATED_DAY_H
#include "event/events.h"

#define DAY_MINUTES 1440
#define DAY_SOURCES 12
#define DAY_START (1764547200LL * 1000000000LL) /* 2025-12-01 00:00:00 UTC */
#define MINUTE_NS (60LL * 1000000000LL)

/* What is odd. */
#define DAY_SHIFT_MINUTE 200   /* "load" of web-3 is higher by 300, for 30 minutes.  */
#define DAY_NEW_MINUTE 900     /* "backup failed ..." in app-3.log, once.            */
#define DAY_BURST_MINUTE 1000  /* "cache miss" of app-5.log, 40 times as often.      */
#define DAY_SILENT_MINUTE 1200 /* "heartbeat" of app-7.log comes no more.            */

/* The events of one minute, without a tick. */
void day_minute(uint64_t seed, int minute, odd_events *events);

#endif
