/* SPDX-License-Identifier: Apache-2.0 */
#include "base/time.h"

#include <stdio.h>

#define YEAR_MIN 1678
#define YEAR_MAX 2261
#define DAYS_PER_ERA 146097 /* 400 years */

static int64_t days_from_civil(int year, int month, int day)
{
    int64_t y = month <= 2 ? year - 1 : year;
    int64_t era = y / 400, year_of_era = y - era * 400;
    int64_t day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    return era * DAYS_PER_ERA + day_of_era - 719468;
}

static int is_leap(int year)
{
    return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

static int is_date(int year, int month, int day)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    if (year < YEAR_MIN || year > YEAR_MAX || month < 1 || month > 12 || day < 1)
        return 0;
    return day <= days[month - 1] + (month == 2 && is_leap(year));
}

static int is_clock(Civil c)
{
    return c.hour >= 0 && c.hour <= 23 && c.minute >= 0 && c.minute <= 59 && c.second >= 0 &&
           c.second <= 60 && c.nanosecond >= 0 && c.nanosecond < NS_PER_S;
}

odd_time time_from_civil(Civil c)
{
    if (!is_date(c.year, c.month, c.day) || !is_clock(c))
        return ODD_TIME_NONE;
    int64_t s = days_from_civil(c.year, c.month, c.day) * S_PER_DAY + c.hour * 3600 +
                c.minute * 60 + c.second;
    return s * NS_PER_S + c.nanosecond;
}

/* Rounds down, so that moments before 1970 fall on the right day. */
static int64_t divide_down(int64_t a, int64_t b)
{
    return a / b - (a % b < 0);
}

Civil time_to_civil(odd_time t)
{
    int64_t s = divide_down(t, NS_PER_S), days = divide_down(s, S_PER_DAY);
    int64_t clock = s - days * S_PER_DAY, z = days + 719468;
    int64_t era = divide_down(z, DAYS_PER_ERA), day_of_era = z - era * DAYS_PER_ERA;
    int64_t year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    int64_t shifted = (5 * day_of_year + 2) / 153; /* Month counted from March. */
    int64_t month = shifted < 10 ? shifted + 3 : shifted - 9;
    return (Civil){.year = (int)(year_of_era + era * 400 + (month <= 2)),
                   .month = (int)month,
                   .day = (int)(day_of_year - (153 * shifted + 2) / 5 + 1),
                   .hour = (int)(clock / 3600),
                   .minute = (int)(clock / 60 % 60),
                   .second = (int)(clock % 60),
                   .nanosecond = (int)(t - s * NS_PER_S)};
}

char *time_text(odd_time t, int digits, char *buffer)
{
    buffer[0] = '\0';
    if (t == ODD_TIME_NONE)
        return buffer;
    Civil c = time_to_civil(t);
    int at = snprintf(buffer, TIME_TEXT_SIZE, "%04d-%02d-%02dT%02d:%02d:%02d", c.year, c.month,
                      c.day, c.hour, c.minute, c.second);
    if (digits > 0)
        at += snprintf(buffer + at, TIME_TEXT_SIZE - (size_t)at, ".%09d", c.nanosecond) -
              (9 - digits);
    buffer[at] = 'Z';
    buffer[at + 1] = '\0';
    return buffer;
}
