/* SPDX-License-Identifier: Apache-2.0 */
#include "event/calendar_span.h"

#include "base/ascii.h"
#include "base/time.h"

#define DAY_S 86400
#define HOUR_S 3600
#define CLOCK_HOURS_MAX 24
#define OFFSET_HOURS_MAX 24
#define CHANGE_AT_S (2 * HOUR_S) /* As POSIX has it. */
#define ABBREVIATION_MIN 3

/* -- reading ----------------------------------------------------------------------------------- */

typedef struct {
    Str    text;
    size_t at;
} Reading;

static bool is_next(Reading *r, char c)
{
    if (r->at >= r->text.size || r->text.text[r->at] != c)
        return false;
    r->at++;
    return true;
}

static bool at_end(const Reading *r)
{
    return r->at == r->text.size;
}

static bool number(Reading *r, int most, int *ret)
{
    int value = 0;
    size_t from = r->at;
    for (; r->at < r->text.size && ascii_is_digit(r->text.text[r->at]); r->at++) {
        value = 10 * value + (r->text.text[r->at] - '0');
        if (value > most)
            return false;
    }
    *ret = value;
    return r->at > from;
}

/* "22", "22:00", "22:00:30". */
static bool clock_time(Reading *r, int hours_max, int *ret_s)
{
    int hours, minutes = 0, seconds = 0;
    if (!number(r, hours_max, &hours) || (is_next(r, ':') && !number(r, 59, &minutes)) ||
        (is_next(r, ':') && !number(r, 59, &seconds)))
        return false;
    *ret_s = hours * HOUR_S + minutes * 60 + seconds;
    return *ret_s <= hours_max * HOUR_S;
}

static bool signed_time(Reading *r, int hours_max, int *ret_s)
{
    bool is_negative = is_next(r, '-');
    if (!is_negative)
        is_next(r, '+');
    if (!clock_time(r, hours_max, ret_s))
        return false;
    *ret_s = is_negative ? -*ret_s : *ret_s;
    return true;
}

/* -- zones ------------------------------------------------------------------------------------- */

/* "CET", or "<+03>". */
static bool abbreviation(Reading *r)
{
    size_t from = r->at;
    if (is_next(r, '<')) {
        while (r->at < r->text.size && r->text.text[r->at] != '>')
            r->at++;
        return is_next(r, '>');
    }
    while (r->at < r->text.size && ascii_is_letter(r->text.text[r->at]))
        r->at++;
    return r->at - from >= ABBREVIATION_MIN;
}

static bool change(Reading *r, ZoneChange *ret)
{
    ret->at_s = CHANGE_AT_S;
    return is_next(r, ',') && is_next(r, 'M') && number(r, 12, &ret->month) && ret->month > 0 &&
           is_next(r, '.') && number(r, 5, &ret->week) && ret->week > 0 && is_next(r, '.') &&
           number(r, 6, &ret->day) &&
           (!is_next(r, '/') || signed_time(r, 7 * CLOCK_HOURS_MAX, &ret->at_s));
}

/* POSIX counts west of Greenwich. */
static bool posix_rule(Reading *r, ZoneRule *zone)
{
    int west;
    if (!abbreviation(r) || !signed_time(r, OFFSET_HOURS_MAX, &west))
        return false;
    zone->usual_s = -west;
    if (at_end(r))
        return true;
    if (!abbreviation(r))
        return false;
    zone->has_summer = true;
    zone->summer_s = zone->usual_s + HOUR_S;
    if (!at_end(r) && r->text.text[r->at] != ',') {
        if (!signed_time(r, OFFSET_HOURS_MAX, &west))
            return false;
        zone->summer_s = -west;
    }
    return change(r, &zone->begins) && change(r, &zone->ends) && at_end(r);
}

bool zone_rule_read(Str text, ZoneRule *ret)
{
    ZoneRule zone = {.has_summer = false};
    Reading r = {.text = text};
    bool is_offset = text.size > 0 && (text.text[0] == '+' || text.text[0] == '-');
    bool is_utc = text.size == 0 || str_equal(text, STR("UTC")) || str_equal(text, STR("Z"));
    if (!is_utc && !(is_offset ? signed_time(&r, OFFSET_HOURS_MAX, &zone.usual_s) && at_end(&r)
                               : posix_rule(&r, &zone)))
        return false;
    *ret = zone;
    return true;
}

/* Since 1970. */
static int64_t days_from_date(int year, int month)
{
    Civil first = {.year = year, .month = month, .day = 1};
    return time_from_civil(first) / (DAY_S * NS_PER_S);
}

static int weekday_of(int64_t days) /* 0 is Sunday; the first of 1970 was a Thursday. */
{
    return (int)(((days + 4) % 7 + 7) % 7);
}

/* Seconds since 1970 by the clock on the wall. */
static int64_t change_in(const ZoneChange *change, int year)
{
    int64_t first = days_from_date(year, change->month);
    int64_t next =
        change->month < 12 ? days_from_date(year, change->month + 1) : days_from_date(year + 1, 1);
    int64_t day = first + (change->day - weekday_of(first) + 7) % 7 + 7 * (change->week - 1);
    while (day >= next)
        day -= 7;
    return day * DAY_S + change->at_s;
}

static int64_t seconds_of(odd_time time)
{
    return time / NS_PER_S - (time % NS_PER_S < 0);
}

static int64_t day_of(int64_t seconds)
{
    return seconds / DAY_S - (seconds % DAY_S < 0);
}

int zone_rule_offset(const ZoneRule *zone, odd_time time)
{
    if (!zone->has_summer)
        return zone->usual_s;
    int64_t now = seconds_of(time);
    int year = time_to_civil(time_plus(time, zone->usual_s * NS_PER_S)).year;
    int64_t begins = change_in(&zone->begins, year) - zone->usual_s;
    int64_t ends = change_in(&zone->ends, year) - zone->summer_s;
    bool is_summer = begins < ends ? now >= begins && now < ends : now >= begins || now < ends;
    return is_summer ? zone->summer_s : zone->usual_s;
}

/* -- spans ------------------------------------------------------------------------------------- */

static bool day_name(Reading *r, int *ret)
{
    static const char names[7][4] = {"sun", "mon", "tue", "wed", "thu", "fri", "sat"};
    Str word = str_part(r->text, r->at, r->at + 3 < r->text.size ? r->at + 3 : r->text.size);
    for (int i = 0; i < 7; i++)
        if (str_equal(word, str_of(names[i]))) {
            r->at += 3;
            *ret = i;
            return true;
        }
    return false;
}

static bool days(Reading *r, unsigned *ret)
{
    unsigned found = 0;
    int from, to;
    if (str_equal(str_part(r->text, 0, r->text.size < 5 ? r->text.size : 5), STR("daily"))) {
        r->at = 5;
        *ret = 0x7f;
        return true;
    }
    do {
        if (!day_name(r, &from))
            return false;
        to = from;
        if (is_next(r, '-') && !day_name(r, &to))
            return false;
        for (int day = from;; day = (day + 1) % 7) {
            found |= 1u << day;
            if (day == to)
                break;
        }
    } while (is_next(r, ','));
    *ret = found;
    return true;
}

bool calendar_span_read(Str text, CalendarSpan *ret)
{
    CalendarSpan span;
    Reading r = {.text = text};
    if (!days(&r, &span.days) || !is_next(&r, ' ') ||
        !clock_time(&r, CLOCK_HOURS_MAX, &span.from_s) || !is_next(&r, '-') ||
        !clock_time(&r, CLOCK_HOURS_MAX, &span.until_s) || !at_end(&r) || span.from_s >= DAY_S)
        return false;
    if (span.until_s <= span.from_s)
        span.until_s += DAY_S;
    *ret = span;
    return true;
}

bool calendar_span_holds(const CalendarSpan *span, const ZoneRule *zone, odd_time first,
                         odd_time last)
{
    int64_t from = seconds_of(first) + zone_rule_offset(zone, first);
    int64_t to = seconds_of(last) + zone_rule_offset(zone, last);
    for (int64_t day = day_of(from) - 1; day <= day_of(from); day++) {
        bool is_one = (span->days & 1u << weekday_of(day)) != 0;
        int64_t begins = day * DAY_S + span->from_s, ends = day * DAY_S + span->until_s;
        if (is_one && from >= begins && to >= begins && from < ends && to < ends)
            return true;
    }
    return false;
}
