/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/judge.h"

#include "base/time.h"
#include "stats/combine.h"

/* What each kind of evidence may claim of the chance of error, as 1 / share. */
#define LINE_LOOKS 2.0
#define VALUE_LOOKS 4.0
#define RATE_LOOKS 4.0

#define RATE_WINDOW_NS (RATE_WINDOW_S * NS_PER_S)
#define RATE_WINDOW_LINES 1000 /* Where there is no time. */
#define RATE_CATCH_UP_MAX 16   /* Empty windows learnt of a gap: more cost time in a slow log. */
#define RATE_COUNT_MIN 8

static Gravity gravity_of(const odd_db *db, const Line *line)
{
    uint8_t trouble = db->signals.signals[line->signal].trouble;
    uint8_t level = line->level > trouble ? line->level : trouble;
    return level >= LEVEL_ERROR  ? GRAVITY_ERROR
           : level == LEVEL_WARN ? GRAVITY_WARNING
                                 : GRAVITY_PLAIN;
}

static double seen_before(const odd_db *db, uint32_t reference)
{
    const Signal *signal = &db->signals.signals[reference];
    return (double)(signal->records[SIDE_JUDGED] + signal->records[SIDE_REFERENCE] +
                    signal->frames[SIDE_JUDGED] + signal->frames[SIDE_REFERENCE]);
}

/* Chain rule, not independence: the share of lines so grave, times the share of those so new. */
static Judgement judge_novelty(const odd_db *db, const Line *line)
{
    const Family *family = &db->families[line->family];
    Gravity gravity = gravity_of(db, line);
    uint64_t all = 0, grave = 0;
    for (int i = 0; i < GRAVITY_COUNT; i++) {
        all += family->lines[i];
        grave += i >= (int)gravity ? family->lines[i] : 0;
    }
    Judgement judgement = {0};
    novelty_score(&family->novelty[gravity], seen_before(db, line->signal), &judgement);
    double severity = severity_surprise(grave, all);
    if (severity > judgement.surprise)
        judgement.reason = "severity";
    judgement.surprise = combine_bonferroni(judgement.surprise + severity, LINE_LOOKS);
    return judgement;
}

Judgement judge_values(const odd_db *db, const Line *line, uint32_t *ret_place)
{
    Judgement oddest = {0};
    uint32_t looks = 0;
    *ret_place = 0;
    for (uint32_t i = 0; i < line->place_count; i++) {
        LinePlace filled = line->places[i];
        if (filled.known == NONE || category_is_free(&db->signals.places[filled.known].category))
            continue;
        Judgement judgement = {0};
        category_score(&db->signals.places[filled.known].category,
                       line->lexed->values[filled.at.value].hash, &judgement);
        looks++;
        if (judgement.surprise > oddest.surprise) {
            oddest = judgement;
            *ret_place = i;
        }
    }
    oddest.surprise = combine_bonferroni(oddest.surprise, VALUE_LOOKS * (looks > 0 ? looks : 1));
    oddest.reason = "value";
    return oddest;
}

static int64_t window_of(const Line *line)
{
    return line->spot.time != ODD_TIME_NONE ? line->spot.time / RATE_WINDOW_NS
                                            : (int64_t)(line->spot.sequence / RATE_WINDOW_LINES);
}

/* The open window is not over, so only too many can be told; looked at when the count doubles,
 * which keeps a long burst from being judged at every line. */
static Judgement judge_rate(const odd_db *db, const Line *line)
{
    Judgement judgement = {0};
    uint32_t index = db->signals.signals[line->signal].rate;
    if (index == NONE || db->signals.rates[index].window != window_of(line))
        return judgement;
    const Rate *rate = &db->signals.rates[index];
    uint32_t count = rate->count + 1;
    if (count < RATE_COUNT_MIN || (count & (count - 1)) != 0)
        return judgement;
    rate_score(rate, &db->signals.watches, line->spot.time, count, &judgement);
    if (judgement.expected >= count)
        return (Judgement){0};
    judgement.surprise = combine_bonferroni(judgement.surprise, RATE_LOOKS);
    judgement.reason = "burst";
    return judgement;
}

Judgement judge_line(const odd_db *db, const Line *line)
{
    uint32_t place;
    const Judgement all[] = {judge_novelty(db, line), judge_values(db, line, &place),
                             db->taker == NULL ? judge_rate(db, line) : (Judgement){0}};
    Judgement oddest = all[0];
    for (size_t i = 1; i < sizeof all / sizeof all[0]; i++)
        if (all[i].surprise > oddest.surprise)
            oddest = all[i];
    if (oddest.surprise <= 0)
        return (Judgement){.reason = ""};
    return oddest;
}

static void learn_window(odd_db *db, const Line *line, Rate *rate, int64_t window, uint32_t count)
{
    bool timed = line->spot.time != ODD_TIME_NONE;
    rate_learn(rate, &db->signals.watches, timed ? window * RATE_WINDOW_NS : ODD_TIME_NONE, count,
               signals_rate_may_grow(&db->signals, line->signal));
}

/* Windows that are over are learnt, empty ones among them. */
static void learn_rate(odd_db *db, const Line *line)
{
    Rate *rate = signals_rate(&db->signals, line->signal);
    if (rate == NULL)
        return;
    int64_t window = window_of(line);
    if (window > rate->window && rate->count > 0) {
        int64_t missed = window - rate->window - 1;
        learn_window(db, line, rate, rate->window, rate->count);
        for (int64_t i = missed < RATE_CATCH_UP_MAX ? missed : RATE_CATCH_UP_MAX; i > 0; i--)
            learn_window(db, line, rate, window - i, 0);
    }
    if (window > rate->window || rate->count == 0) {
        rate->window = window;
        rate->count = 0;
    }
    rate->count++;
}

void judge_learn(odd_db *db, const Line *line)
{
    Family *family = &db->families[line->family];
    Gravity gravity = gravity_of(db, line);
    family->lines[gravity]++;
    novelty_learn(&family->novelty[gravity], seen_before(db, line->signal));
    for (uint32_t i = 0; i < line->place_count; i++) {
        LinePlace filled = line->places[i];
        if (filled.known != NONE && !category_is_free(&db->signals.places[filled.known].category))
            category_learn(&db->signals.places[filled.known].category,
                           line->lexed->values[filled.at.value].hash);
    }
    if (db->taker == NULL) /* A shard closes windows by its own clock (rates.h). */
        learn_rate(db, line);
}
