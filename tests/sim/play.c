/* SPDX-License-Identifier: Apache-2.0 */
#include "play.h"

#include <assert.h>
#include <string.h>

#define FIRST_MONDAY (1764547200 * NS_PER_S) /* 2025-12-01 00:00:00 UTC */
#define DEPLOYS_A_DAY 2
#define TOPIC_DEPLOYS 2

odd_time play_time(const Play *play, int minute)
{
    return play->begins + minute * MINUTE_NS;
}

const Start *play_start(const Play *play, int service, int minute)
{
    const Start *last = NULL;
    for (int i = 0; i < play->start_count; i++)
        if (play->starts[i].service == service && play->starts[i].minute <= minute)
            last = &play->starts[i];
    return last;
}

/* Among the others by time. */
static void add_start(Play *play, Start start)
{
    assert(play->start_count < PLAY_STARTS_MAX);
    int at = play->start_count++;
    for (; at > 0 && play->starts[at - 1].minute > start.minute; at--)
        play->starts[at] = play->starts[at - 1];
    play->starts[at] = start;
}

static bool is_ill(const Play *play, int service, int minute)
{
    for (int i = 0; i < FAULT_COUNT; i++) {
        const Fault *f = &play->faults[i];
        if (f->service == service && minute > f->first - FAULTS_AFTER &&
            minute < f->last + FAULTS_AFTER)
            return true;
    }
    return false;
}

/* Nobody deploys what is ill, and most deploys change nothing that anybody sees. */
static void add_usual_deploys(Play *play)
{
    for (int day = 0; day < WEEK_MINUTES / DAY_MINUTES; day++) {
        Dice dice = dice_of(play->seed, day, TOPIC_DEPLOYS);
        for (int i = 0; i < DEPLOYS_A_DAY; i++) {
            int minute = day * DAY_MINUTES + 540 + dice_below(&dice, 480);
            int service = SHOPPER_STATS + dice_below(&dice, SERVICE_COUNT - SHOPPER_STATS);
            if (!is_ill(play, service, minute))
                add_start(play, (Start){START_DEPLOY, service, minute, 0, dice_below(&dice, 4) > 0,
                                        false});
        }
    }
}

static void add_starts_of(Play *play, const Fault *f)
{
    if (f->sort == FAULT_DEPLOY) {
        add_start(play, (Start){START_DEPLOY, f->service, f->first, 0, true, true});
        add_start(play, (Start){START_ROLLBACK, f->service, f->last, 0, true, false});
    } else if (f->sort == FAULT_DRIFT) {
        add_start(play, (Start){START_SCHEMA, f->service, f->first, 0, f->size < 0.5, true});
        add_start(play, (Start){START_SCHEMA, f->service, f->last, 0, f->size < 0.5, false});
    } else if (f->sort == FAULT_LEAK) {
        add_start(play, (Start){START_KILLED, f->service, strain_killed(f) + 2, 0, false, false});
    }
}

/* A build of its own for each deploy. */
static void count_builds(Play *play)
{
    int builds[SERVICE_COUNT] = {0};
    for (int i = 0; i < play->start_count; i++) {
        Start *start = &play->starts[i];
        builds[start->service] += start->sort == START_DEPLOY || start->sort == START_SCHEMA;
        builds[start->service] -= start->sort == START_ROLLBACK;
        start->build = builds[start->service];
    }
}

void play_open(Play *play, uint64_t seed)
{
    memset(play, 0, sizeof *play);
    play->seed = seed;
    play->begins = FIRST_MONDAY + (odd_time)(seed % 7) * DAY_MINUTES * MINUTE_NS;
    faults_make(seed, play->faults);
    for (int service = 0; service < SERVICE_COUNT; service++)
        add_start(play, (Start){START_BEFORE, service, -9000 - 1000 * service, 3, false, false});
    add_usual_deploys(play);
    for (int i = 0; i < FAULT_COUNT; i++)
        add_starts_of(play, &play->faults[i]);
    count_builds(play);
}

void play_next_week(Play *play, uint64_t seed)
{
    Play before = *play;
    play_open(play, seed);
    play->begins = before.begins + WEEK_MINUTES * MINUTE_NS;
    memcpy(play->counters, before.counters, sizeof play->counters);
    memcpy(play->truths, before.truths, sizeof play->truths);
    for (int i = 0; i < PLAY_OUTCOMES_MAX; i++)
        play->truths[i].minute -= WEEK_MINUTES;
    play->prediction_count = before.prediction_count;
    play->outcome_count = before.outcome_count;
}

odd_rc play_minute(Play *play, odd_events *events)
{
    Strain strain = strain_at(play->faults, play->minute);
    odd_events_clear(events, play_time(play, play->minute + 1));
    odd_rc rc = play_changes(play, events);
    if (rc == ODD_OK)
        rc = play_lines(play, &strain, events);
    if (rc == ODD_OK)
        rc = play_metrics(play, &strain, events);
    if (rc == ODD_OK)
        rc = play_scores(play, &strain, events);
    if (rc == ODD_OK)
        rc = odd_events_tick(events);
    play->minute++;
    return rc;
}
