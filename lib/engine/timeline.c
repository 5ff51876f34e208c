/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/timeline.h"

#include <assert.h>
#include <string.h>

Timeline timeline_make(int64_t width, int64_t jump_max)
{
    assert(width > 0);
    return (Timeline){.width = width, .jump_max = jump_max};
}

/* One clock that is wrong for one line must not stretch the ruler over centuries: a step ahead of
 * more than jump_max counts only once a second moment lies there too. */
static int64_t timeline_believed(Timeline *timeline, int64_t moment)
{
    if (moment <= timeline->newest ||
        (uint64_t)moment - (uint64_t)timeline->newest <= (uint64_t)timeline->jump_max) {
        timeline->jumping = false;
        return moment;
    }
    bool confirmed = timeline->jumping && moment >= timeline->jumped_to;
    timeline->jumping = !confirmed;
    timeline->jumped_to = moment;
    return confirmed ? moment : timeline->newest;
}

uint32_t timeline_bucket(Timeline *timeline, int64_t moment)
{
    if (timeline->bucket_count == 0) {
        timeline->start = timeline->newest = moment;
        timeline->bucket_count = 1;
        return 0;
    }
    moment = timeline_believed(timeline, moment);
    if (moment <= timeline->start)
        return 0;
    uint64_t ahead = (uint64_t)moment - (uint64_t)timeline->start;
    while (ahead / (uint64_t)timeline->width >= TIMELINE_BUCKETS) {
        timeline->width *= 2;
        timeline->doublings++;
        timeline->bucket_count = (timeline->bucket_count + 1) / 2;
    }
    uint32_t bucket = (uint32_t)(ahead / (uint64_t)timeline->width);
    if (moment > timeline->newest)
        timeline->newest = moment;
    if (bucket >= timeline->bucket_count)
        timeline->bucket_count = bucket + 1;
    return bucket;
}

int64_t timeline_moment(const Timeline *timeline, uint32_t bucket)
{
    return timeline->start + (int64_t)bucket * timeline->width;
}

void history_follow(History *history, const Timeline *timeline)
{
    for (; history->doublings < timeline->doublings; history->doublings++) {
        for (uint32_t i = 0; i < TIMELINE_BUCKETS / 2; i++)
            history->counts[i] = history->counts[2 * i] + history->counts[2 * i + 1];
        memset(history->counts + TIMELINE_BUCKETS / 2, 0, sizeof history->counts / 2);
    }
}

void history_add(History *history, const Timeline *timeline, uint32_t bucket)
{
    history_follow(history, timeline);
    history->counts[bucket]++;
}

void history_merge(History *history, const History *other, const Timeline *timeline)
{
    History copy = *other;
    history_follow(&copy, timeline);
    history_follow(history, timeline);
    for (uint32_t i = 0; i < TIMELINE_BUCKETS; i++)
        history->counts[i] += copy.counts[i];
}

void marks_follow(Marks *marks, const Timeline *timeline)
{
    for (; marks->doublings < timeline->doublings; marks->doublings++) {
        for (uint32_t i = 0; i < MARK_COUNT / 2; i++)
            marks->marks[i] = marks->marks[2 * i].spot.sequence != 0 ? marks->marks[2 * i]
                                                                     : marks->marks[2 * i + 1];
        memset(marks->marks + MARK_COUNT / 2, 0, sizeof marks->marks / 2);
    }
}

Mark *marks_add(Marks *marks, const Timeline *timeline, uint32_t bucket, Spot spot)
{
    marks_follow(marks, timeline);
    Mark *mark = &marks->marks[bucket / MARK_BUCKETS];
    if (mark->spot.sequence != 0)
        return NULL;
    *mark = (Mark){.spot = spot};
    return mark;
}

MarkSpan marks_find(Marks *marks, const Timeline *timeline, uint32_t first, uint32_t last)
{
    marks_follow(marks, timeline);
    MarkSpan found = {0};
    const Mark *before = NULL;
    for (uint32_t i = 0; i <= last / MARK_BUCKETS; i++) {
        const Mark *mark = &marks->marks[i];
        if (mark->spot.sequence == 0)
            continue;
        bool by_time = mark->spot.time != ODD_TIME_NONE;
        int64_t moment = by_time ? mark->spot.time : (int64_t)mark->spot.sequence;
        if (moment < timeline_moment(timeline, first)) {
            before = mark;
            continue;
        }
        found.last = mark;
        if (found.first == NULL)
            found.first = mark;
    }
    return found.first != NULL ? found : (MarkSpan){before, before};
}
