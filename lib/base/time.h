/* SPDX-License-Identifier: Apache-2.0
 *
 * time.h - the calendar: days since 1970 and nanoseconds, without clock, zone or locale.
 *
 * ALGORITHM  Proleptic Gregorian calendar by eras of 400 years (Howard Hinnant, "chrono-compatible
 *            low-level date algorithms", 2013).
 * UNITS      odd_time: ns since 1970-01-01 UTC, from 1677-09-21 to 2262-04-11.
 * ERRORS     time_from_civil gives ODD_TIME_NONE outside that span or for a date that is none.
 */
#ifndef BASE_TIME_H
#define BASE_TIME_H
#include <oddball.h>

#define NS_PER_S 1000000000LL
#define S_PER_DAY 86400LL

typedef struct {
    int year, month, day;     /* month 1..12, day 1..31       */
    int hour, minute, second; /* second 0..60 (leap)          */
    int nanosecond;
} Civil;

odd_time time_from_civil(Civil c);
Civil    time_to_civil(odd_time t);

/* "2026-11-23T20:15:00.123456789Z", fraction cut to `digits` (0, 3, 6 or 9).  buffer holds
 * TIME_TEXT_SIZE bytes; ODD_TIME_NONE gives "".  Returns buffer. */
#define TIME_TEXT_SIZE 40
char *time_text(odd_time t, int digits, char *buffer);

#endif
