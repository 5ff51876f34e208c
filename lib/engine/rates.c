/* SPDX-License-Identifier: Apache-2.0
 *
 * rates.c - how many of each pattern a minute, in a shard: windows close by the sources' own
 * clocks.
 *
 * A window is judged when it is over: when a later line of its pattern came, or when a tick finds
 * that the watermark of the pattern's source has passed it, so that silence is seen too.  One that
 * is still open is judged each time that its count doubles, so that a burst is told at once.  What
 * comes regularly is missed as soon as its pause is longer than any that it made. */
#include "base/time.h"
#include "engine/shard.h"

#define WINDOW_NS (60 * NS_PER_S)
#define LATENESS_NS (10 * NS_PER_S) /* Lines may be so late and still count. */
#define IDLE_NS (30 * NS_PER_S)     /* A live source that says nothing for so long has no more. */
#define LIVE_NS (600 * NS_PER_S)    /* Its newest line was about so new when it came. */
#define EMPTY_WINDOWS_MAX 16        /* That are looked at of a pause. */
#define COUNT_MIN 8
#define PAUSE_MEANS 3     /* A pause is looked at from so many mean gaps on ... */
#define PAUSE_STEP 1.25   /* ... and then each time that it is so much longer.  */
#define PHASE_SHARE 8     /* A pause longer than this part of its whole past: a phase is over. */
#define PAST_NS (600 * NS_PER_S) /* It must have come for so long to be missed. */

odd_time shard_watermark(const Shard *shard, uint32_t source)
{
    const Feed *feed = &shard->feeds[source];
    if (feed->newest == ODD_TIME_NONE)
        return ODD_TIME_NONE;
    bool is_live = time_minus(feed->known, feed->newest) < LIVE_NS;
    if (is_live && shard->now != ODD_TIME_NONE && time_minus(shard->now, feed->known) > IDLE_NS)
        return time_plus(shard->now, -IDLE_NS);
    return time_plus(feed->newest, -LATENESS_NS);
}

/* Those of the years before 1970 have negative numbers, each as long as any other. */
static int64_t window_of(odd_time time)
{
    return time / WINDOW_NS - (time % WINDOW_NS < 0);
}

/* The first window of all began before time can tell. */
static odd_time window_start(int64_t window)
{
    return window >= INT64_MIN / WINDOW_NS ? window * WINDOW_NS : INT64_MIN + 1;
}

static void window_close(Shard *shard, PatternRef reference, Rate *rate, int64_t window,
                         uint32_t count)
{
    odd_time start = window_start(window);
    Judgement judgement;
    count_rate_score(&rate->rate, start, count, &judgement);
    if (judgement.alarm >= shard->threshold)
        shard_rate_candidate(shard, reference, start, time_plus(start, WINDOW_NS), count,
                             judgement);
    count_rate_learn(&rate->rate, start, count);
}

/* All windows before `until`, empty ones among them. */
static void windows_close(Shard *shard, PatternRef reference, Rate *rate, int64_t until)
{
    window_close(shard, reference, rate, rate->window, rate->count);
    int64_t empty = until - rate->window - 1;
    for (int64_t i = empty < EMPTY_WINDOWS_MAX ? empty : EMPTY_WINDOWS_MAX; i > 0; i--)
        window_close(shard, reference, rate, until - i, 0);
    rate->window = until;
    rate->count = 0;
}

static void judge_open(Shard *shard, const Line *line, const Rate *rate)
{
    if (rate->count < COUNT_MIN || (rate->count & (rate->count - 1)) != 0)
        return;
    Judgement judgement;
    count_rate_score(&rate->rate, line->spot.time, rate->count, &judgement);
    if (judgement.expected >= rate->count || judgement.alarm < shard->threshold)
        return;
    judgement.reason = "burst";
    shard_rate_candidate(shard, line->signal, window_start(rate->window), line->spot.time,
                         rate->count, judgement);
}

/* What comes regularly: a pause of several mean gaps never was. */
static void judge_pause(Shard *shard, PatternRef reference, Rate *rate, odd_time watermark)
{
    const Interval *interval = &rate->interval;
    if (rate->silent || !interval->timed || watermark <= rate->check_after)
        return;
    Judgement judgement;
    int64_t past =
        time_minus(interval->last_time, shard->db->signals.signals[reference].first.time);
    int64_t pause = time_minus(watermark, interval->last_time);
    interval_score(interval, watermark, &judgement);
    double pause_s = (double)pause / (double)NS_PER_S;
    rate->check_after = time_plus(interval->last_time, time_ns_of(pause_s * PAUSE_STEP));
    if (judgement.alarm < shard->threshold || !(judgement.upper < pause_s) || past < PAST_NS ||
        pause > past / PHASE_SHARE)
        return;
    rate->silent = true;
    judgement.reason = "silent";
    judgement.expected = pause_s / judgement.expected;
    shard_rate_candidate(shard, reference, interval->last_time, watermark, 0, judgement);
}

static void interval_line(Rate *rate, odd_time time)
{
    Interval *interval = &rate->interval;
    if (interval->timed && time < interval->last_time)
        return; /* A little late: it makes no gap, neither here nor on the way forward again. */
    interval_learn(interval, time);
    double mean_s = interval->tail.count > 0 ? interval->gap_sum_s / interval->tail.count : 0;
    rate->check_after = time_plus(time, time_ns_of(mean_s * PAUSE_MEANS + 1));
    rate->silent = false;
}

void shard_rates_line(Shard *shard, const Line *line)
{
    Rate *rate = signals_rate(&shard->db->signals, line->signal);
    if (rate == NULL || line->spot.time == ODD_TIME_NONE)
        return;
    interval_line(rate, line->spot.time);
    int64_t window = window_of(line->spot.time);
    if (!rate->opened) {
        rate->opened = true;
        rate->window = window;
    }
    if (window > rate->window)
        windows_close(shard, line->signal, rate, window);
    if (window < rate->window)
        return; /* Its window is closed: kept, and not counted. */
    rate->count++;
    judge_open(shard, line, rate);
}

void shard_rates_tick(Shard *shard)
{
    Signals *signals = &shard->db->signals;
    for (uint32_t i = 0; i < signals->signal_count; i++) {
        const Signal *signal = &signals->signals[i];
        if (signal->rate == NONE || !signals->rates[signal->rate].opened)
            continue;
        odd_time watermark = shard_watermark(shard, signal->last.source);
        Rate *rate = &signals->rates[signal->rate];
        if (watermark == ODD_TIME_NONE)
            continue;
        judge_pause(shard, i, rate, watermark);
        if (window_of(watermark) > rate->window)
            windows_close(shard, i, rate, window_of(watermark));
    }
}
