/* SPDX-License-Identifier: Apache-2.0 */
#include "model/pending.h"

#include <assert.h>

#include "base/time.h"

#define CAPACITY_FIRST 256
#define SWEEPS 64 /* After so many all was looked through. */
#define JOINED_NS (3600 * NS_PER_S)
#define THINNED_MAX 40
#define JOINED_SHARE 8 /* Fewer than that are not worth looking for. */

/* The low bits choose the sample, so the place comes from the high ones. */
static size_t slot_of(uint64_t id, size_t capacity)
{
    return (size_t)(id >> 24) & (capacity - 1);
}

static PendingRow *slot_at(PendingRow *rows, size_t capacity, uint64_t id)
{
    size_t at = slot_of(id, capacity);
    while (rows[at].state != PENDING_NONE && rows[at].id != id)
        at = (at + 1) & (capacity - 1);
    return &rows[at];
}

PendingRow *pending_find(const Pending *pending, uint64_t id)
{
    if (pending->count == 0)
        return NULL;
    PendingRow *row = slot_at(pending->rows, pending->capacity, id);
    return row->state != PENDING_NONE ? row : NULL;
}

static void count_state(Pending *pending, uint8_t state, bool is_more)
{
    uint64_t change = is_more ? 1 : UINT64_MAX;
    if (state == PENDING_PREDICTION)
        pending->predictions += change;
    else if (state == PENDING_OUTCOME)
        pending->outcomes += change;
}

void pending_state(Pending *pending, PendingRow *row, PendingState state)
{
    count_state(pending, row->state, false);
    row->state = (uint8_t)state;
    count_state(pending, row->state, true);
}

/* Those behind it that would not be found any more move up. */
static void take_out(Pending *pending, size_t at)
{
    size_t mask = pending->capacity - 1, free = at;
    count_state(pending, pending->rows[at].state, false);
    for (size_t next = (at + 1) & mask; pending->rows[next].state != PENDING_NONE;
         next = (next + 1) & mask) {
        size_t home = slot_of(pending->rows[next].id, pending->capacity);
        if (((next - home) & mask) < ((next - free) & mask))
            continue;
        pending->rows[free] = pending->rows[next];
        free = next;
    }
    memset(&pending->rows[free], 0, sizeof pending->rows[free]);
    pending->count--;
}

static void take_over(Pending *pending, PendingRow *rows, size_t capacity)
{
    for (size_t i = 0; i < pending->capacity; i++)
        if (pending->rows[i].state != PENDING_NONE)
            *slot_at(rows, capacity, pending->rows[i].id) = pending->rows[i];
    mem_free(pending->mem, pending->rows, pending->capacity * sizeof *rows);
    pending->rows = rows;
    pending->capacity = capacity;
    pending->swept = 0;
}

static bool grow(Pending *pending)
{
    size_t capacity = pending->capacity > 0 ? 2 * pending->capacity : CAPACITY_FIRST;
    PendingRow *rows =
        capacity <= 2 * PENDING_MAX ? mem_take(pending->mem, capacity * sizeof *rows) : NULL;
    if (rows == NULL)
        return false;
    take_over(pending, rows, capacity);
    return true;
}

/* Those that had both are kept only as long as there is room. */
static bool drop_joined(Pending *pending)
{
    uint64_t joined = pending->count - pending->predictions - pending->outcomes;
    if (JOINED_SHARE * joined < pending->capacity)
        return false;
    for (size_t at = 0; at < pending->capacity;) {
        if (pending->rows[at].state == PENDING_JOINED)
            take_out(pending, at);
        else
            at++;
    }
    return true;
}

/* Every other id leaves the sample.  A place that is taken again is looked at again. */
static void thin(Pending *pending)
{
    pending->thinned++;
    for (size_t at = 0; at < pending->capacity;) {
        const PendingRow *row = &pending->rows[at];
        if (row->state != PENDING_NONE && !pending_samples(pending, row->id)) {
            pending->sampled_out += row->state != PENDING_JOINED;
            take_out(pending, at);
        } else {
            at++;
        }
    }
}

PendingRow *pending_add(Pending *pending, const PendingRow *row)
{
    assert(row->state != PENDING_NONE);
    while (pending_samples(pending, row->id) && 2 * (pending->count + 1) > pending->capacity &&
           !grow(pending)) {
        if (pending->capacity == 0 || pending->thinned == THINNED_MAX)
            return NULL;
        if (!drop_joined(pending))
            thin(pending);
    }
    if (!pending_samples(pending, row->id)) {
        pending->sampled_out++;
        return NULL;
    }
    PendingRow *to = slot_at(pending->rows, pending->capacity, row->id);
    assert(to->state == PENDING_NONE);
    *to = *row;
    pending->count++;
    count_state(pending, row->state, true);
    return to;
}

static bool is_over(Pending *pending, const PendingRow *row, odd_time now, int64_t wait_ns)
{
    odd_time age = time_minus(now, row->known);
    if (row->state == PENDING_JOINED)
        return age > JOINED_NS;
    if (row->state == PENDING_NONE || age <= wait_ns)
        return false;
    pending->expired_predictions += row->state == PENDING_PREDICTION;
    pending->expired_outcomes += row->state == PENDING_OUTCOME;
    return true;
}

void pending_sweep(Pending *pending, odd_time now, int64_t wait_ns)
{
    if (pending->count == 0)
        return;
    size_t end = pending->swept + pending->capacity / SWEEPS;
    for (size_t at = pending->swept; at < end;) {
        if (is_over(pending, &pending->rows[at], now, wait_ns))
            take_out(pending, at);
        else
            at++;
    }
    pending->swept = end < pending->capacity ? end : 0;
    if (pending->thinned > 0 && pending->swept == 0 && 8 * pending->count < pending->capacity)
        pending->thinned--;
}

void pending_close(Pending *pending)
{
    mem_free(pending->mem, pending->rows, pending->capacity * sizeof *pending->rows);
    *pending = (Pending){.mem = pending->mem};
}

void pending_save(const Pending *pending, ImageOut *out)
{
    Pending plain = *pending;
    plain.mem = NULL;
    plain.rows = NULL;
    image_put(out, &plain, sizeof plain);
    image_put_array(out, pending->rows, pending->capacity, pending->capacity,
                    sizeof *pending->rows);
}

void pending_load(Pending *pending, ImageIn *in)
{
    Mem *mem = pending->mem;
    size_t count;
    image_get(in, pending, sizeof *pending);
    pending->mem = mem;
    pending->rows = image_get_array(in, mem, &count, &pending->capacity, sizeof *pending->rows);
    in->failed |= (pending->capacity & (pending->capacity - 1)) != 0 ||
                  2 * pending->count > pending->capacity;
}
