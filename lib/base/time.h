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

/* Times lie up to 584 years apart, more than 64 bits hold: sums, differences stay at the ends. */
static inline int64_t time_minus(odd_time a, odd_time b)
{
    int64_t difference;
    if (!__builtin_sub_overflow(a, b, &difference))
        return difference;
    return a < b ? INT64_MIN : INT64_MAX;
}

static inline odd_time time_plus(odd_time t, int64_t ns)
{
    odd_time sum;
    if (!__builtin_add_overflow(t, ns, &sum))
        return sum;
    return ns < 0 ? INT64_MIN + 1 : INT64_MAX; /* INT64_MIN is ODD_TIME_NONE. */
}

static inline int64_t time_ns_of(double seconds)
{
    double ns = seconds * (double)NS_PER_S;
    if (ns >= 0x1p63)
        return INT64_MAX;
    return ns >= -0x1p63 ? (int64_t)ns : INT64_MIN;
}

/* "2026-11-23T20:15:00.123456789Z", fraction cut to `digits` (0, 3, 6 or 9).  buffer holds
 * TIME_TEXT_SIZE bytes; ODD_TIME_NONE gives "".  Returns buffer. */
#define TIME_TEXT_SIZE 40
char *time_text(odd_time t, int digits, char *buffer);

#endif
