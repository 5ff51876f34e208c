/* SPDX-License-Identifier: Apache-2.0
 *
 * quantity.h - what a person types for a number, a size, a span of time, a moment or a zone.
 *
 * UNITS      Sizes in bytes: 512M, 2G, 64k (binary).  Spans: 90s 15m 2h 7d 4w (2.5h too).  Moments:
 *            ISO 8601 (a date, with a time, with a zone or in UTC), epoch in s, ms, us or ns by its
 *            number of digits, `now`, or a span (that long before the end, which is known later).
 * ERRORS     false, and *ret is as it was.
 */
#ifndef SETTINGS_QUANTITY_H
#define SETTINGS_QUANTITY_H
#include <stdbool.h>
#include <stdint.h>

#include <oddball.h>

typedef enum { MOMENT_NONE = 0, MOMENT_TIME, MOMENT_BEFORE_END, MOMENT_NOW } MomentKind;

typedef struct {
    MomentKind kind;
    odd_time   time; /* A time, or the ns before the end. */
} Moment;

bool quantity_integer(const char *text, int64_t low, int64_t high, int64_t *ret);
bool quantity_real(const char *text, double low, double high, double *ret);
bool quantity_bytes(const char *text, uint64_t *ret);
bool quantity_span(const char *text, int64_t *ret_ns);
bool quantity_zone(const char *text, int32_t *ret_seconds); /* +HH:MM, -HHMM, +HH, Z, UTC */
bool quantity_moment(const char *text, Moment *ret);

/* now: for MOMENT_NOW.  end: what a span counts back from.  Gives 0 for MOMENT_NONE: no limit. */
odd_time moment_resolve(Moment moment, odd_time now, odd_time end);

#endif
