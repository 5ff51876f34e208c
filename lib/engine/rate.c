/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/rate.h"

#include <string.h>

static bool is_upwards(const char *reason)
{
    return strcmp(reason, "high") == 0 || strcmp(reason, "shift up") == 0 ||
           strcmp(reason, "up") == 0 || strcmp(reason, "noisy") == 0;
}

/* In the words of lines.  Of two lines nobody is told, however seldom one came. */
static void say(double count, Judgement *judgement)
{
    bool up = is_upwards(judgement->reason);
    judgement->reason = up ? "more" : count > 0 ? "less" : "silent";
    if (up ? count < judgement->expected + RATE_MORE_MIN : count >= judgement->expected)
        judgement->alarm = 0;
}

void rate_score(const Rate *rate, const WatchTable *watches, odd_time time, double count,
                Judgement *ret_judgement)
{
    if (rate->watch == WATCH_NONE)
        count_start_score(&rate->start, count, ret_judgement);
    else
        series_score(watch_table_at(watches, rate->watch), time, count, ret_judgement);
    say(count, ret_judgement);
}

static void grow(Rate *rate, WatchTable *watches)
{
    rate->watch = watch_table_add(watches);
    if (rate->watch != WATCH_NONE)
        series_begin_counts(watch_table_change(watches, rate->watch), RATE_WINDOW_S, &rate->start);
}

void rate_learn(Rate *rate, WatchTable *watches, odd_time time, double count, bool may_grow)
{
    if (rate->watch == WATCH_NONE && may_grow)
        grow(rate, watches);
    if (rate->watch == WATCH_NONE)
        count_start_learn(&rate->start, count);
    else
        series_learn(watch_table_change(watches, rate->watch), time, count);
}

/* Windows that it has seen. */
static uint32_t past_of(const Rate *rate, const WatchTable *watches)
{
    return rate->watch == WATCH_NONE ? rate->start.windows
                                     : watch_table_at(watches, rate->watch)->count;
}

void rate_merge(Rate *into, Rate *from, WatchTable *watches)
{
    if (past_of(from, watches) > past_of(into, watches)) {
        uint32_t watch = into->watch;
        into->watch = from->watch;
        from->watch = watch;
        into->start = from->start;
        into->band = from->band;
    }
    if (from->watch != WATCH_NONE)
        watch_table_give_back(watches, from->watch);
    from->watch = WATCH_NONE;
    pause_merge(&into->pause, &from->pause);
}
