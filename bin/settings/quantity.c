/* SPDX-License-Identifier: Apache-2.0 */
#include "settings/quantity.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define NS_PER_S 1000000000LL
#define SPAN_S_MAX 9000000000LL /* Below 2^63 ns, which is 292 years. */

bool quantity_integer(const char *text, int64_t low, int64_t high, int64_t *ret)
{
    if (!isdigit((unsigned char)text[text[0] == '-']))
        return false;
    char *end;
    errno = 0;
    long long value = strtoll(text, &end, 10);
    if (*end || errno || value < low || value > high)
        return false;
    *ret = value;
    return true;
}

/* Digits with a point perhaps: no locale, sign, exponent, "nan" or "inf". */
static const char *real_read(const char *text, double *ret)
{
    double value = 0, unit = 1;
    int digits = 0;
    bool point = false;
    for (; isdigit((unsigned char)*text) || (*text == '.' && !point); text++) {
        if (*text == '.') {
            point = true;
            continue;
        }
        if (++digits > 18)
            return NULL;
        value = value * 10 + (*text - '0');
        unit *= point ? 10 : 1;
    }
    *ret = value / unit;
    return digits > 0 ? text : NULL;
}

bool quantity_real(const char *text, double low, double high, double *ret)
{
    double value;
    const char *end = real_read(text, &value);
    if (!end || *end || value < low || value > high)
        return false;
    *ret = value;
    return true;
}

bool quantity_bytes(const char *text, uint64_t *ret)
{
    double value;
    const char *end = real_read(text, &value);
    if (!end)
        return false;
    static const char units[] = "kmgt";
    int shift = 0;
    const char *unit = *end ? strchr(units, tolower((unsigned char)*end)) : NULL;
    if (unit) {
        shift = 10 * (int)(unit - units + 1);
        end++;
        if (strcasecmp(end, "ib") == 0)
            end += 2;
    }
    if (strcasecmp(end, "b") == 0)
        end++;
    value *= (double)(1ULL << shift);
    if (*end || value < 1 || value >= 1e18)
        return false;
    *ret = (uint64_t)value;
    return true;
}

bool quantity_span(const char *text, int64_t *ret_ns)
{
    double value;
    const char *end = real_read(text, &value);
    if (!end || !end[0])
        return false;
    static const struct {
        const char *name;
        double      seconds;
    } units[] = {{"ns", 1e-9}, {"us", 1e-6}, {"ms", 1e-3}, {"s", 1},      {"m", 60},
                 {"min", 60},  {"h", 3600},  {"d", 86400}, {"w", 604800}, {"y", 31557600}};
    for (size_t i = 0; i < sizeof units / sizeof units[0]; i++) {
        double seconds = value * units[i].seconds;
        if (strcmp(end, units[i].name) == 0 && seconds < (double)SPAN_S_MAX) {
            *ret_ns = (int64_t)(seconds * (double)NS_PER_S + 0.5);
            return true;
        }
    }
    return false;
}

static bool two_digits(const char *text, int high, int *ret)
{
    if (!isdigit((unsigned char)text[0]) || !isdigit((unsigned char)text[1]))
        return false;
    *ret = (text[0] - '0') * 10 + (text[1] - '0');
    return *ret <= high;
}

bool quantity_zone(const char *text, int32_t *ret_seconds)
{
    if (strcasecmp(text, "z") == 0 || strcasecmp(text, "utc") == 0) {
        *ret_seconds = 0;
        return true;
    }
    int hours, minutes = 0;
    if ((text[0] != '+' && text[0] != '-') || !two_digits(text + 1, 14, &hours))
        return false;
    const char *rest = text + 3;
    if (*rest == ':')
        rest++;
    if (rest != text + 3 || *rest) {
        if (!two_digits(rest, 59, &minutes) || rest[2])
            return false;
    }
    *ret_seconds = (text[0] == '-' ? -1 : 1) * (hours * 3600 + minutes * 60);
    return true;
}

/* Epoch numbers tell their unit by their size: 10 digits are seconds until the year 2286. */
static bool epoch_read(const char *text, odd_time *ret)
{
    int64_t value;
    if (!quantity_integer(text, 0, INT64_MAX, &value))
        return false;
    size_t digits = strlen(text);
    int64_t unit = digits <= 10 ? NS_PER_S : digits <= 13 ? 1000000 : digits <= 16 ? 1000 : 1;
    if (value > INT64_MAX / unit)
        return false;
    *ret = value * unit;
    return true;
}

static const char *fraction_read(const char *text, int64_t *ret_ns)
{
    *ret_ns = 0;
    if (*text != '.' && *text != ',')
        return text;
    int64_t unit = NS_PER_S / 10;
    for (text++; isdigit((unsigned char)*text); text++, unit /= 10)
        *ret_ns += unit * (*text - '0');
    return text;
}

static bool iso_read(const char *text, odd_time *ret)
{
    struct tm tm = {0};
    int32_t zone_s = 0;
    int64_t fraction_ns = 0;
    const char *end = strptime(text, "%Y-%m-%d", &tm);
    if (!end || end - text != 10)
        return false;
    if (*end == 'T' || *end == 't' || *end == ' ') {
        const char *clock = end + 1;
        end = strptime(clock, "%H:%M:%S", &tm);
        if (!end)
            end = strptime(clock, "%H:%M", &tm);
        if (!end)
            return false;
        end = fraction_read(end, &fraction_ns);
    }
    if (*end == ' ')
        end++;
    if (*end && !quantity_zone(end, &zone_s))
        return false;
    int day = tm.tm_mday;
    int64_t seconds = timegm(&tm);
    if (tm.tm_mday != day || seconds > SPAN_S_MAX || seconds < -SPAN_S_MAX)
        return false; /* 30 February has become March. */
    *ret = (seconds - zone_s) * NS_PER_S + fraction_ns;
    return true;
}

bool quantity_moment(const char *text, Moment *ret)
{
    Moment moment = {.kind = MOMENT_TIME};
    if (strcmp(text, "now") == 0)
        moment.kind = MOMENT_NOW;
    else if (quantity_span(text, &moment.time))
        moment.kind = MOMENT_BEFORE_END;
    else if (!epoch_read(text, &moment.time) && !iso_read(text, &moment.time))
        return false;
    *ret = moment;
    return true;
}

odd_time moment_resolve(Moment moment, odd_time now, odd_time end)
{
    switch (moment.kind) {
    case MOMENT_NONE:
        return 0;
    case MOMENT_NOW:
        return now;
    case MOMENT_BEFORE_END:
        return end < INT64_MIN + moment.time ? INT64_MIN + 1 : end - moment.time;
    case MOMENT_TIME:
        break;
    }
    return moment.time;
}
