/* SPDX-License-Identifier: Apache-2.0 */
#include "incident/title.h"

#include "base/time.h"

#define AT_ONCE_NS (5 * NS_PER_S)
#define MINUTE_S 60
#define HOUR_S 3600

void span_write(Writer *w, odd_time span)
{
    int64_t seconds = (span < 0 ? -span : span) / NS_PER_S;
    if (seconds < 2 * MINUTE_S)
        writer_add(w, "%lld s", (long long)seconds);
    else if (seconds < 2 * HOUR_S)
        writer_add(w, "%lld min", (long long)(seconds / MINUTE_S));
    else if (seconds < 2 * S_PER_DAY)
        writer_add(w, "%lld h", (long long)(seconds / HOUR_S));
    else
        writer_add(w, "%lld days", (long long)(seconds / S_PER_DAY));
}

static bool holds(const char *sentence, const char *where)
{
    return where[0] == '\0' || strstr(sentence, where) != NULL;
}

static void part_write(Writer *w, const TitlePart *part, bool with_where)
{
    size_t size = strlen(part->sentence);
    if (size > 0 && part->sentence[size - 1] == '.')
        size--;
    if (with_where && !holds(part->sentence, part->where))
        writer_add(w, "%s: ", part->where);
    writer_add(w, "%.*s", (int)size, part->sentence);
}

static void later_write(Writer *w, odd_time first, odd_time onset)
{
    odd_time late = time_minus(onset, first);
    if (late < AT_ONCE_NS && late > -AT_ONCE_NS) {
        writer_add(w, "at once ");
        return;
    }
    span_write(w, late);
    writer_add(w, late > 0 ? " later " : " before ");
}

void title_write(Writer *w, const TitlePart *parts, size_t count, size_t more)
{
    for (size_t i = 0; i < count; i++) {
        if (i > 0) {
            writer_add(w, "; ");
            later_write(w, parts[0].onset, parts[i].onset);
        }
        part_write(w, &parts[i], count > 1);
    }
    if (more > 0)
        writer_add(w, "; %zu more finding%s", more, more > 1 ? "s" : "");
}
