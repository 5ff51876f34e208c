/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/words.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define NS_PER_S 1000000000LL

void words_count(Buffer *out, uint64_t count)
{
    char digits[32];
    int size = snprintf(digits, sizeof digits, "%" PRIu64, count);
    for (int i = 0; i < size; i++) {
        if (i > 0 && (size - i) % 3 == 0)
            buffer_puts(out, ",");
        buffer_add(out, digits + i, 1);
    }
}

void words_counted(Buffer *out, uint64_t count, const char *one, const char *many)
{
    words_count(out, count);
    buffer_format(out, " %s", count == 1 ? one : many);
}

void words_seconds(Buffer *out, double seconds)
{
    if (seconds < 0.9995)
        buffer_format(out, "%.0f ms", seconds * 1000);
    else if (seconds < 59.95)
        buffer_format(out, "%.1f s", seconds);
    else if (seconds < 3600)
        buffer_format(out, "%d min %d s", (int)seconds / 60, (int)seconds % 60);
    else
        buffer_format(out, "%d h %d min", (int)(seconds / 3600), (int)(seconds / 60) % 60);
}

/* Three figures at most, with the prefix that this takes. */
static void words_scaled(Buffer *out, double value, const char *const *prefixes, int count)
{
    int i = 0;
    for (; i + 1 < count && value >= 999.5; i++)
        value /= 1000;
    buffer_format(out, "%.*f %s", i > 0 && value < 9.95 ? 1 : 0, value, prefixes[i]);
}

void words_rate(Buffer *out, double per_second)
{
    static const char *const prefixes[] = {"", "k ", "M ", "G "};
    words_scaled(out, per_second, prefixes, 4);
}

static void words_clock(Buffer *out, odd_time time, char between, int64_t *ret_ns)
{
    int64_t seconds = time / NS_PER_S - (time % NS_PER_S < 0);
    *ret_ns = time - seconds * NS_PER_S;
    time_t whole = (time_t)seconds;
    struct tm tm;
    gmtime_r(&whole, &tm);
    const struct {
        int number, digits;
        char after;
    } parts[] = {{tm.tm_year + 1900, 4, '-'}, {tm.tm_mon + 1, 2, '-'}, {tm.tm_mday, 2, between},
                 {tm.tm_hour, 2, ':'},        {tm.tm_min, 2, ':'},     {tm.tm_sec, 2, '\0'}};
    for (int i = 0; i < 6; i++) { /* Years of odd_time are 1677 to 2262. */
        buffer_number(out, (uint64_t)parts[i].number, parts[i].digits);
        buffer_add(out, &parts[i].after, i < 5);
    }
}

void words_time(Buffer *out, odd_time time)
{
    int64_t ns;
    if (time != ODD_TIME_NONE)
        words_clock(out, time, ' ', &ns);
}

void words_time_iso(Buffer *out, odd_time time)
{
    if (time == ODD_TIME_NONE)
        return;
    int64_t ns;
    words_clock(out, time, 'T', &ns);
    buffer_puts(out, ".");
    buffer_number(out, (uint64_t)(ns / 1000), 6);
    buffer_puts(out, "Z");
}

void words_exact(Buffer *out, double value)
{
    char text[32];
    for (int figures = 15; figures <= 17; figures++) {
        snprintf(text, sizeof text, "%.*g", figures, value);
        if (strtod(text, NULL) == value)
            break;
    }
    buffer_puts(out, text);
}
