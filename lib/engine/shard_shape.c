/* SPDX-License-Identifier: Apache-2.0
 *
 * shard_shape.c - which series of a shard have their shape watched as well: those that have one.
 *
 * Each series is tried in its turn.  After as many samples as the shape remembers it keeps its seat
 * only if the shape says much better what comes next than the watch that every series has; a seat
 * is taken away only for another that wants it. */
#include "engine/shard.h"

#define TURN_NS (600 * NS_PER_S) /* Looking at all series costs time. */
#define HEARD_NS (3600 * NS_PER_S)
#define FIT_SAMPLES 64 /* Before that nobody knows what kind of numbers they are. */

static bool is_heard(const Shard *shard, const Series *series)
{
    return time_minus(shard->now, series->last_time) <= HEARD_NS;
}

static bool keeps_seat(const Shard *shard, uint32_t seat)
{
    uint32_t number = shard->shapes.taken[seat];
    if (number == SEAT_NONE)
        return false;
    const ShapeWatch *shape = shape_desk_at(&shard->shapes, seat);
    return is_heard(shard, shard_series(shard, number)) &&
           (shape->fast.count < SHAPE_LAGS || shape_watch_is_clear(shape));
}

static bool is_fit(const Shard *shard, const Series *series)
{
    if (series->watch == WATCH_NONE || !is_heard(shard, series) ||
        shape_desk_has(&shard->shapes, series->number))
        return false;
    const SeriesWatch *watch = watch_table_at(&shard->watches, series->watch);
    SeriesClass class = series_class(&watch->kind);
    return watch->count >= FIT_SAMPLES && class != SERIES_CONSTANT && class != SERIES_SPARSE;
}

/* The next one that is fit, in their order, round and round; NULL: none. */
static const Series *next_fit(const Shard *shard)
{
    uint32_t count = shard->series.count;
    for (uint32_t i = 0; i < count; i++) {
        const Series *series = shard_series(shard, (shard->shapes.next + i) % count);
        if (is_fit(shard, series))
            return series;
    }
    return NULL;
}

/* False: there is no memory for its shape. */
static bool seat_series(Shard *shard, uint32_t seat, const Series *series)
{
    if (!shape_desk_give(&shard->shapes, seat, series->number))
        return false;
    shard->shapes.next = series->number + 1;
    shard->changed = true;
    return true;
}

void shard_shape_tick(Shard *shard, odd_time before)
{
    if (before == ODD_TIME_NONE || before / TURN_NS == shard->now / TURN_NS)
        return;
    for (uint32_t seat = 0; seat < SHAPE_SEATS; seat++) {
        if (keeps_seat(shard, seat))
            continue;
        const Series *next = next_fit(shard);
        if (next == NULL || !seat_series(shard, seat, next))
            return;
    }
}
