/* SPDX-License-Identifier: Apache-2.0
 *
 * calendar_span.h - spans that come again: "sat,sun 22:00-04:00", in a time zone of its own.
 *
 * Days are mon ... sun, lists and spans of them ("mon-fri"), or daily; one that ends at or before
 * its beginning ends on the next day.  A zone is UTC, an offset as +01:00, or a rule as POSIX
 * writes them, with summer time: "CET-1CEST,M3.5.0,M10.5.0/3".  So no table of zones is needed, and
 * a replay on another machine, in another year, says the same.
 *
 * ERRORS     False; nothing is written.
 * EXACTNESS  To the second, from 1970 on.  In an hour that comes twice the wall clock counts.
 */
#ifndef EVENT_CALENDAR_SPAN_H
#define EVENT_CALENDAR_SPAN_H
#include <oddball.h>
#include <stdbool.h>

#include "base/str.h"

typedef struct { /* When the clock is put forward, or back: the week's day of a month. */
    int month, week, day; /* 1 to 12; 1 to 5, the last; 0 is Sunday. */
    int at_s;             /* Of that day, by the clock before. */
} ZoneChange;

typedef struct {
    int        usual_s, summer_s; /* East of UTC. */
    bool       has_summer;
    ZoneChange begins, ends; /* Of summer. */
} ZoneRule;

typedef struct {
    unsigned days;           /* Bits: 0 is Sunday. */
    int      from_s, until_s; /* Of a day; until_s may be of the next one. */
} CalendarSpan;

bool zone_rule_read(Str text, ZoneRule *ret); /* "": UTC. */
int  zone_rule_offset(const ZoneRule *zone, odd_time time);
bool calendar_span_read(Str text, CalendarSpan *ret);

/* Both times lie in one and the same of these spans. */
bool calendar_span_holds(const CalendarSpan *span, const ZoneRule *zone, odd_time first,
                         odd_time last);

#endif
