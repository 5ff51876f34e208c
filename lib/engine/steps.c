/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/steps.h"

#include "stats/episode.h"

#define STEP_LINES_MIN 32 /* Of all patterns, on the mean. */

/* How many steps so many lines fill. */
static int steps_wanted(uint64_t line_count)
{
    uint64_t wanted = line_count / STEP_LINES_MIN;
    if (wanted < EPISODE_BUCKET_COUNT_MIN)
        return EPISODE_BUCKET_COUNT_MIN;
    return wanted < TIMELINE_BUCKETS ? (int)wanted : TIMELINE_BUCKETS;
}

static double last_share(const Timeline *timeline, const Steps *steps)
{
    double span = (double)(timeline->newest - timeline->start) + 1;
    double step = (double)timeline->width * (double)steps->width;
    double share = span / step - (double)(steps->count - 1);
    return share < 1 && share > 0 ? share : 1;
}

Steps steps_make(const Timeline *timeline, uint64_t line_count)
{
    int buckets = (int)timeline->bucket_count, most = steps_wanted(line_count);
    if (buckets == 0)
        return (Steps){.last_share = 1};
    Steps steps = {.width = (buckets + most - 1) / most};
    steps.count = (buckets + steps.width - 1) / steps.width;
    steps.last_share = last_share(timeline, &steps);
    return steps;
}

void steps_add_up(const Steps *steps, const uint32_t *counts, uint32_t *ret_counts)
{
    for (int i = 0; i < steps->count; i++) {
        ret_counts[i] = 0;
        for (int k = i * steps->width; k < (i + 1) * steps->width && k < TIMELINE_BUCKETS; k++)
            ret_counts[i] += counts[k];
    }
}
