/* SPDX-License-Identifier: Apache-2.0 */
#include "model/calendar.h"

#include <assert.h>
#include <string.h>

#include "base/time.h"

#define LENGTH_FIRST (60 * NS_PER_S)

static int64_t number_of(const Calendar *calendar, odd_time time)
{
    int64_t length = calendar->length_ns > 0 ? calendar->length_ns : LENGTH_FIRST;
    return time / length - (time % length < 0);
}

/* The first step that is not before it. */
static uint32_t lower_bound(const Calendar *calendar, int64_t number)
{
    uint32_t low = 0, high = calendar->count;
    while (low < high) {
        uint32_t middle = (low + high) / 2;
        if (calendar->steps[middle].number < number)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

uint32_t calendar_find(const Calendar *calendar, odd_time time)
{
    int64_t number = number_of(calendar, time);
    if (calendar->count > 0 && calendar->steps[calendar->count - 1].number == number)
        return calendar->steps[calendar->count - 1].place;
    uint32_t at = lower_bound(calendar, number);
    return at < calendar->count && calendar->steps[at].number == number ? calendar->steps[at].place
                                                                        : CALENDAR_NONE;
}

static uint32_t free_place(const Calendar *calendar)
{
    bool taken[CALENDAR_STEPS] = {false};
    for (uint32_t i = 0; i < calendar->count; i++)
        taken[calendar->steps[i].place] = true;
    uint32_t place = 0;
    while (taken[place])
        place++;
    return place;
}

uint32_t calendar_add(Calendar *calendar, odd_time time)
{
    assert(!calendar_is_full(calendar));
    if (calendar->length_ns == 0)
        calendar->length_ns = LENGTH_FIRST;
    int64_t number = number_of(calendar, time);
    uint32_t at = lower_bound(calendar, number), place = free_place(calendar);
    memmove(&calendar->steps[at + 1], &calendar->steps[at],
            (calendar->count - at) * sizeof *calendar->steps);
    calendar->steps[at] = (CalendarStep){.number = number, .place = place};
    calendar->count++;
    return place;
}

void calendar_double(Calendar *calendar, CalendarMerge merge, void *context)
{
    uint32_t kept = 0;
    calendar->length_ns *= 2;
    for (uint32_t i = 0; i < calendar->count; i++) {
        CalendarStep step = calendar->steps[i];
        step.number = step.number / 2 - (step.number % 2 < 0);
        if (kept > 0 && calendar->steps[kept - 1].number == step.number)
            merge(context, calendar->steps[kept - 1].place, step.place);
        else
            calendar->steps[kept++] = step;
    }
    memset(&calendar->steps[kept], 0, (CALENDAR_STEPS - kept) * sizeof *calendar->steps);
    calendar->count = kept;
}

odd_time calendar_time(const Calendar *calendar, uint32_t step)
{
    assert(step < calendar->count);
    return calendar->steps[step].number * calendar->length_ns;
}
