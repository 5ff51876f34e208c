/* SPDX-License-Identifier: Apache-2.0
 *
 * play.h - a week of the company as events, a minute at a time: lines, samples, changes,
 * predictions and their outcomes.
 *
 * OWNERSHIP  A plain value; play_open makes it anew.
 * ERRORS     odd_rc of the events.
 * EXACTNESS  The same events for the same seed.
 */
#ifndef SIM_PLAY_H
#define SIM_PLAY_H
#include "dice.h"
#include "strain.h"

#define BACKUP_BEGINS 150 /* Of the database, minutes of the day. */
#define BACKUP_ENDS 170
#define PLAY_STARTS_MAX 64
#define PLAY_SERIES_MAX 256
#define PLAY_OUTCOMES_MAX 8192 /* That are waited for. */

typedef enum {
    START_BEFORE = 0,
    START_DEPLOY,
    START_ROLLBACK,
    START_SCHEMA,
    START_KILLED
} StartSort;

typedef struct { /* A service begins anew. */
    StartSort sort;
    int       service, minute, build;
    bool      is_sent; /* Somebody tells of the change. */
    bool      is_bad;
} Start;

typedef struct {
    int  minute, number;
    bool is_fraud;
} Truth;

typedef struct {
    uint64_t seed;
    odd_time begins;
    int      minute;   /* The next one. */
    Fault    faults[FAULT_COUNT];
    Start    starts[PLAY_STARTS_MAX]; /* By time. */
    int      start_count;
    double   counters[PLAY_SERIES_MAX];
    int      series;   /* Of those, the next one of this minute. */
    Truth    truths[PLAY_OUTCOMES_MAX];
    int      prediction_count, outcome_count;
} Play;

void play_open(Play *play, uint64_t seed);
/* The week behind it, of the same company: with faults and deploys of its own seed, and with what
 * was counted and is waited for. */
void play_next_week(Play *play, uint64_t seed);
/* The events of the next minute and a tick behind them; what was in `events` goes. */
odd_rc   play_minute(Play *play, odd_events *events);
odd_time play_time(const Play *play, int minute);
/* The last time that a service began, by then. */
const Start *play_start(const Play *play, int service, int minute);

/* The parts of a minute, in this order. */
odd_rc play_changes(Play *play, odd_events *events);
odd_rc play_lines(Play *play, const Strain *strain, odd_events *events);
odd_rc play_metrics(Play *play, const Strain *strain, odd_events *events);
odd_rc play_scores(Play *play, const Strain *strain, odd_events *events);

#endif
