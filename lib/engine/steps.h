/* SPDX-License-Identifier: Apache-2.0
 *
 * steps.h - a ruler's buckets added up, so that each step holds lines enough to judge.
 *
 * SHAPE      At most TIMELINE_BUCKETS steps, at least EPISODE_BUCKET_COUNT_MIN if the ruler has as
 *            many buckets; the last one may reach beyond the newest line (last_share).
 * EXACTNESS  No count is lost: steps add up to the buckets.
 */
#ifndef ENGINE_STEPS_H
#define ENGINE_STEPS_H
#include "engine/timeline.h"

typedef struct {
    int    count, width; /* Steps; the ruler's buckets in each.           */
    double last_share;   /* How much of the last step the lines cover.   */
} Steps;

Steps steps_make(const Timeline *timeline, uint64_t line_count); /* No line: no step. */

/* counts is (TIMELINE_BUCKETS), ret_counts is (TIMELINE_BUCKETS) of which steps.count are set. */
void steps_add_up(const Steps *steps, const uint32_t *counts, uint32_t *ret_counts);

#endif
