/* SPDX-License-Identifier: Apache-2.0 */
#include "model/weekly.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/clip.h"
#include "base/real.h"

#define HOUR_NS (3600 * INT64_C(1000000000))
#define DAY_NS (24 * HOUR_NS)
#define ROWS_OF_BLOCK 5     /* As many on average, or the next longer block is taken.           */
#define LEAN 4.0            /* Blocks of its parent that a slot's mean and size count.          */
#define CLIP 2.0            /* Usual sizes that the level follows at most.                      */
#define SPREAD_BLOCKS 100.0 /* So fast is learnt that all blocks scatter more, or less.         */
#define SPREAD_MOST 4.0     /* Usual sizes of one block, as far as it counts for that.          */
#define OWN_BLOCKS 12.0     /* A rung is told as the block's own if its slot has seen so many.  */
#define LUCK 4.0            /* Times its blocks: money that a reference without drift may have. */
#define ROOTS_MAX 4
#define MONEY_MAX 1e30
#define SIZE_LEAST 1e-6

/* Tried on the reference. */
static const double gains[] = {0, 0.006, 0.025, 0.08, 0.16, 0.3, 0.5, 0.75};
static const double echoes[] = {0, 0.2, 0.4, 0.6, 0.8};

/* -- slots ----------------------------------------------------------------------------------- */

static int64_t floor_of(int64_t a, int64_t b)
{
    return a / b - (a % b < 0);
}

static size_t slot_of(const Weekly *weekly, int64_t index, WeeklyRung rung)
{
    int64_t per_day = DAY_NS / weekly->length_ns;
    int64_t day = floor_of(index, per_day), hour = index - day * per_day;
    int64_t weekday = day + 4 - 7 * floor_of(day + 4, 7); /* 0: Sunday. */
    bool    is_free = weekday == 0 || weekday == 6;
    switch (rung) {
    case RUNG_ALL:
        return 0;
    case RUNG_HOUR:
        return (size_t)hour;
    case RUNG_KIND_OF_DAY:
        return (size_t)(hour + (is_free ? per_day : 0));
    case RUNG_WEEK:
    case RUNG_COUNT:
        break;
    }
    return (size_t)(weekday * per_day + hour);
}

static double usual(const Weekly *weekly, int64_t index)
{
    return (double)weekly->mean[RUNG_WEEK][slot_of(weekly, index, RUNG_WEEK)];
}

static double size_at(const Weekly *weekly, int64_t index)
{
    return (double)weekly->size[RUNG_WEEK][slot_of(weekly, index, RUNG_WEEK)] + SIZE_LEAST;
}

static double value_of(const WeeklyBlock *block)
{
    return block->sum / (double)block->rows;
}

/* Means of slots of one rung, each leaning on its parent; `away` (of each block) is averaged. */
static void climb(const Weekly *weekly, const WeeklyBlock *blocks, const double *away,
                  float table[RUNG_COUNT][WEEKLY_SLOTS], float counts[RUNG_COUNT][WEEKLY_SLOTS])
{
    double sums[WEEKLY_SLOTS];
    for (WeeklyRung rung = RUNG_ALL; rung < RUNG_COUNT; rung++) {
        memset(sums, 0, sizeof sums);
        memset(counts[rung], 0, sizeof counts[rung]);
        for (size_t b = 0; b < weekly->block_count; b++) {
            size_t slot = slot_of(weekly, blocks[b].index, rung);
            sums[slot] += away[b];
            counts[rung][slot] += 1;
        }
        for (size_t b = 0; b < weekly->block_count; b++) {
            size_t slot = slot_of(weekly, blocks[b].index, rung);
            double n = (double)counts[rung][slot], lean = rung > RUNG_ALL ? LEAN : 0, parent = 0;
            if (rung > RUNG_ALL)
                parent = (double)table[rung - 1][slot_of(weekly, blocks[b].index, rung - 1)];
            table[rung][slot] = (float)((sums[slot] + lean * parent) / (n + lean));
        }
    }
}

/* Slots that no block of the reference was in have what their parents have. */
static void fill(const Weekly *weekly, float table[RUNG_COUNT][WEEKLY_SLOTS])
{
    int64_t week = 7 * DAY_NS / weekly->length_ns;
    for (int64_t index = 0; index < week; index++)
        for (WeeklyRung rung = RUNG_HOUR; rung < RUNG_COUNT; rung++) {
            size_t slot = slot_of(weekly, index, rung);
            if (!((double)weekly->blocks[rung][slot] > 0))
                table[rung][slot] = table[rung - 1][slot_of(weekly, index, rung - 1)];
        }
}

/* -- level ----------------------------------------------------------------------------------- */

/* What is expected behind a block that was so far away; most: that is followed. */
static void follow(Weekly *weekly, double away, double most)
{
    double followed = clipped(away, most);
    weekly->level += weekly->gain * followed;
    weekly->after = weekly->echo * (weekly->after + followed);
}

static double away_of(const Weekly *weekly, const WeeklyBlock *block)
{
    return value_of(block) - usual(weekly, block->index) - weekly->level - weekly->after;
}

/* What is left of each block beside its slot and the level; gives its mean size. */
static double follow_all(Weekly *weekly, const WeeklyBlock *blocks, double size, double *ret_away)
{
    double sum = 0;
    weekly->level = weekly->after = 0;
    for (size_t b = 0; b < weekly->block_count; b++) {
        ret_away[b] = away_of(weekly, &blocks[b]);
        follow(weekly, ret_away[b], CLIP * size);
        sum += fabs(ret_away[b]);
    }
    return sum / (double)weekly->block_count;
}

static double units_of(const Weekly *weekly, int64_t index, double away)
{
    return away / (size_at(weekly, index) * weekly->spread);
}

/* Level and spread behind a block that was so far away, in the value's units and in usual ones. */
static void step_on(Weekly *weekly, int64_t index, double away, double units)
{
    follow(weekly, away, CLIP * size_at(weekly, index));
    weekly->spread +=
        (fabs(clipped(units * weekly->spread, SPREAD_MOST)) - weekly->spread) / SPREAD_BLOCKS;
}

/* -- ranks and bets -------------------------------------------------------------------------- */

static int order_of_floats(const void *left, const void *right)
{
    float a = *(const float *)left, b = *(const float *)right;
    return (a > b) - (a < b);
}

static size_t at_least(const Weekly *weekly, float away)
{
    size_t from = 0, to = weekly->block_count;
    while (from < to) {
        size_t middle = (from + to) / 2;
        if (weekly->away[middle] < away)
            from = middle + 1;
        else
            to = middle;
    }
    return weekly->block_count - from;
}

static double pays(double chance, uint32_t roots)
{
    static const double powers[] = {0.1, 0.4};
    double sum = 0;
    for (int i = 0; i < 2; i++)
        sum += powers[i] * real_exp((powers[i] - 1) * real_log(chance)) / 2;
    for (uint32_t i = 0; i < roots; i++)
        sum = sqrt(sum);
    return sum;
}

static double next_money(const Weekly *weekly, double money, double chance)
{
    double next = (money + 1) * pays(chance, weekly->roots);
    return next < MONEY_MAX ? next : MONEY_MAX;
}

/* units: of the reference's blocks, in their order. */
static void temper(Weekly *weekly, const double *units)
{
    double n = weekly->block_count;
    for (weekly->roots = 0; weekly->roots < ROOTS_MAX; weekly->roots++) {
        double money = 0, most = 0;
        for (size_t b = 0; b < weekly->block_count; b++) {
            double chance = (double)at_least(weekly, (float)fabs(units[b])) / n;
            money = next_money(weekly, money, chance);
            most = money > most ? money : most;
        }
        if (most <= LUCK * n)
            return;
    }
}

/* -- making it ------------------------------------------------------------------------------- */

int64_t weekly_length(const odd_time *times, size_t n)
{
    static const int64_t lengths[] = {HOUR_NS, 6 * HOUR_NS, DAY_NS};
    for (size_t i = 0; i < sizeof lengths / sizeof lengths[0]; i++) {
        size_t blocks = 0, rows = 0;
        int64_t last = INT64_MIN;
        for (size_t row = 0; row < n; row++) {
            if (times[row] == ODD_TIME_NONE)
                continue;
            int64_t index = floor_of(times[row], lengths[i]);
            rows++;
            blocks += index > last;
            last = index > last ? index : last;
        }
        if (blocks >= WEEKLY_BLOCKS_MIN && blocks <= WEEKLY_BLOCKS_MAX &&
            rows >= ROWS_OF_BLOCK * blocks)
            return lengths[i];
    }
    return 0;
}

static size_t gather(const double *values, const odd_time *times, size_t n, int64_t length,
                     WeeklyBlock *blocks)
{
    size_t count = 0;
    for (size_t row = 0; row < n; row++) {
        if (times[row] == ODD_TIME_NONE || isnan(values[row]))
            continue;
        int64_t index = floor_of(times[row], length);
        if (count > 0 && index < blocks[count - 1].index)
            continue;
        if (count == 0 || index > blocks[count - 1].index) {
            if (count == WEEKLY_BLOCKS_MAX)
                break;
            blocks[count++] = (WeeklyBlock){.index = index};
        }
        blocks[count - 1].sum += clipped(values[row], WEEKLY_VALUE_MAX);
        blocks[count - 1].rows++;
    }
    return count;
}

static bool is_thin(const Weekly *weekly, const WeeklyBlock *block)
{
    return block->rows * 3 < weekly->rows_usual;
}

static size_t drop_thin(const Weekly *weekly, WeeklyBlock *blocks, size_t count)
{
    size_t kept = 0;
    for (size_t b = 0; b < count; b++)
        if (!is_thin(weekly, &blocks[b]))
            blocks[kept++] = blocks[b];
    return kept;
}

static void find_gain(Weekly *weekly, const WeeklyBlock *blocks, double *away)
{
    double size = follow_all(weekly, blocks, 0, away), least = INFINITY;
    size_t best = 0, echo_count = sizeof echoes / sizeof echoes[0];
    size_t count = sizeof gains / sizeof gains[0] * echo_count;
    for (size_t i = 0; i <= count; i++) {
        size_t way = i < count ? i : best;
        weekly->gain = gains[way / echo_count];
        weekly->echo = echoes[way % echo_count];
        double left = follow_all(weekly, blocks, size, away);
        if (left < least) {
            least = left;
            best = way;
        }
    }
}

bool weekly_make(const double *values, const odd_time *times, size_t n, int64_t length_ns,
                 WeeklyBlock *scratch, Weekly *ret)
{
    double away[WEEKLY_BLOCKS_MAX], sizes[WEEKLY_BLOCKS_MAX];
    assert(length_ns > 0);
    memset(ret, 0, sizeof *ret);
    ret->length_ns = length_ns;
    size_t count = gather(values, times, n, length_ns, scratch), rows = 0;
    for (size_t b = 0; b < count; b++)
        rows += scratch[b].rows;
    ret->rows_usual = count > 0 ? (uint32_t)(rows / count) : 0;
    ret->block_count = (uint32_t)drop_thin(ret, scratch, count);
    if (ret->block_count < WEEKLY_BLOCKS_MIN)
        return false;
    for (size_t b = 0; b < ret->block_count; b++)
        away[b] = value_of(&scratch[b]);
    climb(ret, scratch, away, ret->mean, ret->blocks);
    fill(ret, ret->mean);
    find_gain(ret, scratch, away);
    for (size_t b = 0; b < ret->block_count; b++)
        sizes[b] = fabs(away[b]);
    climb(ret, scratch, sizes, ret->size, ret->blocks);
    fill(ret, ret->size);
    ret->spread = 1;
    ret->level = ret->after = 0;
    for (size_t b = 0; b < ret->block_count; b++) {
        double left = away_of(ret, &scratch[b]);
        away[b] = units_of(ret, scratch[b].index, left);
        ret->away[b] = (float)fabs(away[b]);
        step_on(ret, scratch[b].index, left, away[b]);
    }
    qsort(ret->away, ret->block_count, sizeof *ret->away, order_of_floats);
    temper(ret, away);
    return true;
}

/* -- rows ------------------------------------------------------------------------------------ */

static WeeklyRung rung_of(const Weekly *weekly, int64_t index)
{
    WeeklyRung rung = RUNG_WEEK;
    while (rung > RUNG_ALL &&
           (double)weekly->blocks[rung][slot_of(weekly, index, rung)] < OWN_BLOCKS)
        rung--;
    return rung;
}

bool weekly_end(Weekly *weekly, WeeklyVerdict *ret)
{
    WeeklyBlock block = weekly->open;
    memset(&weekly->open, 0, sizeof weekly->open);
    if (block.rows == 0 || is_thin(weekly, &block))
        return false;
    double away = away_of(weekly, &block);
    double units = units_of(weekly, block.index, away);
    double chance =
        ((double)at_least(weekly, (float)fabs(units)) + 1) / ((double)weekly->block_count + 1);
    weekly->money = next_money(weekly, weekly->money, chance);
    step_on(weekly, block.index, away, units);
    *ret = (WeeklyVerdict){.block = block,
                           .effect = away,
                           .chance = chance,
                           .money = weekly->money,
                           .rung = rung_of(weekly, block.index)};
    return true;
}

bool weekly_learn(Weekly *weekly, double value, odd_time time, uint64_t row, WeeklyVerdict *ret)
{
    if (time == ODD_TIME_NONE || isnan(value))
        return false;
    int64_t index = floor_of(time, weekly->length_ns);
    if (weekly->open.rows > 0 && index < weekly->open.index)
        return false; /* Late. */
    bool is_told = weekly->open.rows > 0 && index > weekly->open.index && weekly_end(weekly, ret);
    if (weekly->open.rows == 0 || index > weekly->open.index)
        weekly->open = (WeeklyBlock){.index = index, .first_row = row, .time = time};
    weekly->open.sum += clipped(value, WEEKLY_VALUE_MAX);
    weekly->open.rows++;
    weekly->open.last_row = row;
    return is_told;
}

const char *weekly_rung_name(WeeklyRung rung)
{
    static const char *const names[RUNG_COUNT] = {"all", "hour", "hour of working days",
                                                  "hour of the week"};
    assert(rung < RUNG_COUNT);
    return names[rung];
}
