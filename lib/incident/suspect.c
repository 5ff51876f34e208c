/* SPDX-License-Identifier: Apache-2.0 */
#include "incident/suspect.h"

#include <math.h>

#include "base/time.h"

#define SURPRISE_MOST 12.0
#define SURPRISE_POINTS 2.0
#define DEVIATION_POINTS 2.0
#define DEVIATION_HALF 20.0      /* So many deviations have half of the points. */
#define FIRST_POINTS 3.0
#define FIRST_HALF_NS (180.0 * NS_PER_S)
#define CHANGE_POINTS 4.0        /* Of a change, ... */
#define BEFORE_OWN_POINTS 1.0    /* ... more than the findings of its own place, ... */
#define SEEN_POINTS 0.5          /* ... but one that was sent comes before one that was seen. */
#define NEW_POINTS 1.0
#define NAMED_POINTS 2.0
#define NAMED_MOST 3.0
#define SILENT_POINTS 1.0
#define INPUT_POINTS (-1.5)      /* What comes into a model came from somewhere. */
#define HINT_POINTS (-1.0)
#define IMPACT_POINTS (-100.0)   /* Behind all others. */

const char *role_word(Role role)
{
    static const char *const words[ROLE_COUNT] = {"cause", "failure", "impact", "change"};
    return role < ROLE_COUNT ? words[role] : "";
}

static odd_time first_onset(const Suspect *suspects, size_t count)
{
    odd_time first = suspects[0].onset;
    for (size_t i = 1; i < count; i++)
        if (suspects[i].onset < first)
            first = suspects[i].onset;
    return first;
}

static double points_of_onset(odd_time late)
{
    if (late <= SUSPECT_DELAY_NS)
        return FIRST_POINTS;
    double beyond = (double)(late - SUSPECT_DELAY_NS);
    return FIRST_POINTS * FIRST_HALF_NS / (FIRST_HALF_NS + beyond);
}

static double points_of_nature(Nature nature)
{
    if (nature_is_impact(nature))
        return IMPACT_POINTS;
    if (nature == NATURE_CHANGE)
        return CHANGE_POINTS;
    if (nature == NATURE_INPUT)
        return INPUT_POINTS;
    return nature == NATURE_SILENCE ? SILENT_POINTS : 0;
}

static double points_of(const Suspect *s, odd_time first)
{
    double surprise = s->surprise < SURPRISE_MOST ? s->surprise : SURPRISE_MOST;
    double far = isnan(s->deviations) ? 0 : fabs(s->deviations);
    double named = (double)s->named_by - (double)s->names;
    named = named < -NAMED_MOST ? -NAMED_MOST : named > NAMED_MOST ? NAMED_MOST : named;
    double points = SURPRISE_POINTS * surprise / SURPRISE_MOST;
    points += DEVIATION_POINTS * far / (far + DEVIATION_HALF);
    points += points_of_onset(time_minus(s->onset, first));
    points += NAMED_POINTS * named + points_of_nature(s->nature);
    if (s->is_new)
        points += NEW_POINTS;
    if (s->is_hint)
        points += HINT_POINTS;
    return points;
}

/* By insertion: an incident has few of them, and equals stay in their order. */
static void order_by_points(const Suspect *suspects, size_t count, size_t *order)
{
    for (size_t i = 0; i < count; i++) {
        size_t at = i;
        for (; at > 0 && suspects[order[at - 1]].points < suspects[i].points; at--)
            order[at] = order[at - 1];
        order[at] = i;
    }
}

static void changes_before_their_own(Suspect *suspects, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (suspects[i].change < 0)
            continue;
        Suspect *change = &suspects[suspects[i].change];
        double least = suspects[i].points + (change->is_seen ? SEEN_POINTS : BEFORE_OWN_POINTS);
        if (change->points < least)
            change->points = least;
    }
}

void suspects_rank(Suspect *suspects, size_t count, size_t *order)
{
    odd_time first = count > 0 ? first_onset(suspects, count) : 0;
    for (size_t i = 0; i < count; i++)
        suspects[i].points = points_of(&suspects[i], first);
    changes_before_their_own(suspects, count);
    order_by_points(suspects, count, order);
}

Role suspect_role(const Suspect *suspect, size_t rank)
{
    if (nature_is_impact(suspect->nature))
        return ROLE_IMPACT;
    if (rank == 0)
        return ROLE_CAUSE;
    return suspect->nature == NATURE_CHANGE ? ROLE_CHANGE : ROLE_FAILURE;
}
