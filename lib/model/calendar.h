/* SPDX-License-Identifier: Apache-2.0
 *
 * calendar.h - all time since some moment in at most 128 steps of equal length.
 *
 * Steps begin as minutes.  When there are too many, they become twice as long, and two become one:
 * so any time fits, and each step is a sum of steps before.  Steps in which
 * nothing came take no place.
 *
 * SHAPE      Flat.  What belongs to a step lies with the caller, by the number of its place.
 * EXACTNESS  Bounds of steps are multiples of their length since 1970.
 */
#ifndef MODEL_CALENDAR_H
#define MODEL_CALENDAR_H
#include <oddball.h>
#include <stdbool.h>

#define CALENDAR_STEPS 128
#define CALENDAR_NONE UINT32_MAX

typedef struct {
    int64_t  number; /* Of the step since 1970.           */
    uint32_t place;  /* Where the caller keeps its things. */
    uint32_t unused;
} CalendarStep;

typedef struct {
    int64_t    length_ns;
    uint32_t   count, unused;
    CalendarStep steps[CALENDAR_STEPS]; /* By number. */
} Calendar; /* All zero is empty. */

/* The place of the step that holds `time`; CALENDAR_NONE: there is none yet. */
uint32_t calendar_find(const Calendar *calendar, odd_time time);
/* Makes one; the calendar is not full.  What lies at its place is of no step. */
uint32_t calendar_add(Calendar *calendar, odd_time time);

static inline bool calendar_is_full(const Calendar *calendar)
{
    return calendar->count == CALENDAR_STEPS;
}

/* Steps twice as long: merge is told of each two that become one, `from` is of no step then. */
typedef void (*CalendarMerge)(void *context, uint32_t into, uint32_t from);
void calendar_double(Calendar *calendar, CalendarMerge merge, void *context);

odd_time calendar_time(const Calendar *calendar, uint32_t step); /* When the step begins. */

#endif
