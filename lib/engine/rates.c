/* SPDX-License-Identifier: Apache-2.0
 *
 * rates.c - how many of each pattern a minute, in a shard: windows close by the sources' own
 * clocks.
 *
 * A window is judged when it is over: when a later line of its pattern came, or when a tick finds
 * that the watermark of the pattern's source has passed it, so that silence is seen too.  One that
 * is still open is judged each time that its count doubles, so that a burst is told at once.  What
 * comes regularly is missed as soon as its pause is longer than any that it made.
 *
 * A window in which something came, or was missed, is a row for the lake. */
#include <math.h>

#include "base/time.h"
#include "engine/shard.h"
#include "event/utf8.h"

#define WINDOW_NS (RATE_WINDOW_S * NS_PER_S)
#define LATENESS_NS (10 * NS_PER_S) /* Lines may be so late and still count. */
#define IDLE_NS (30 * NS_PER_S)     /* A live source that says nothing for so long has no more. */
#define LIVE_NS (600 * NS_PER_S)    /* Its newest line was about so new when it came. */
#define EMPTY_WINDOWS_MAX 16        /* That are looked at of a pause. */
#define COUNT_MIN 8
#define EXPECTED_MIN 0.5 /* Where less was expected, none is worth no row. */

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

static void row(Shard *shard, PatternRef reference, Rate *rate, odd_time start, uint32_t count,
                const Judgement *judgement)
{
    band_follow(&rate->band, judgement);
    double surprise = band_surprise(judgement->surprise);
    if (count == 0 && surprise == 0 && !(judgement->expected >= EXPECTED_MIN))
        return;
    Table *rows = &shard->rates;
    uint32_t source = shard->db->signals.signals[reference].last.source;
    char room[UTF8_SHOWN_BYTES * EVENT_NAME_BYTES_MAX];
    table_time(rows, start);
    table_text(rows, utf8_shown(names_text(&shard->sources, source), room));
    table_hash(rows, shard_pattern_id(shard, reference));
    table_int(rows, count);
    if (isnan(judgement->expected)) {
        for (int i = 0; i < 4; i++)
            table_missing(rows);
    } else {
        table_real(rows, rate->band.expected);
        table_real(rows, rate->band.lower);
        table_real(rows, rate->band.upper);
        table_real(rows, surprise);
    }
    table_int(rows, (int64_t)shard->position);
}

static void window_close(Shard *shard, PatternRef reference, Rate *rate, int64_t window,
                         uint32_t count)
{
    odd_time start = window_start(window);
    Judgement judgement;
    WatchTable *watches = &shard->db->signals.watches;
    rate_score(rate, watches, start, count, &judgement);
    bool is_faint = judgement.alarm < shard->threshold;
    if (!is_faint || shard_may_raise(shard, judgement.alarm))
        shard_rate_candidate(shard, reference, start, time_plus(start, WINDOW_NS), count, judgement,
                             is_faint);
    rate_learn(rate, watches, start, count, signals_rate_may_grow(&shard->db->signals, reference));
    row(shard, reference, rate, start, count, &judgement);
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
    rate_score(rate, &shard->db->signals.watches, line->spot.time, rate->count, &judgement);
    bool is_faint = judgement.alarm < shard->threshold;
    if (judgement.expected >= rate->count || (is_faint && !shard_may_raise(shard, judgement.alarm)))
        return;
    judgement.reason = "burst";
    shard_rate_candidate(shard, line->signal, window_start(rate->window), line->spot.time,
                         rate->count, judgement, is_faint);
}

static void judge_pause(Shard *shard, PatternRef reference, Rate *rate, odd_time watermark)
{
    Judgement judgement, usual;
    odd_time from = rate->pause.interval.last_time;
    if (watermark <= rate->pause.check_after)
        return;
    rate_score(rate, &shard->db->signals.watches, window_start(window_of(watermark)), 0, &usual);
    double pace = isnan(usual.expected) ? 0 : usual.expected / RATE_WINDOW_S;
    if (pause_judge(&rate->pause, watermark, pace, shard->threshold, &judgement))
        shard_rate_candidate(shard, reference, from, watermark, 0, judgement, false);
}

void shard_rates_line(Shard *shard, const Line *line)
{
    Rate *rate = signals_rate(&shard->db->signals, line->signal);
    if (rate == NULL || line->spot.time == ODD_TIME_NONE)
        return;
    pause_event(&rate->pause, line->spot.time);
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
