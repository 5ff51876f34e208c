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
    size_t mask = pending->capacity - 1, free = at, tail = pending->tail_bytes;
    count_state(pending, pending->rows[at].state, false);
    for (size_t next = (at + 1) & mask; pending->rows[next].state != PENDING_NONE;
         next = (next + 1) & mask) {
        size_t home = slot_of(pending->rows[next].id, pending->capacity);
        if (((next - home) & mask) < ((next - free) & mask))
            continue;
        pending->rows[free] = pending->rows[next];
        if (tail > 0)
            memcpy(pending->tails + free * tail, pending->tails + next * tail, tail);
        free = next;
    }
    memset(&pending->rows[free], 0, sizeof pending->rows[free]);
    pending->count--;
}

static void give_back(Pending *pending)
{
    mem_free(pending->mem, pending->rows, pending->capacity * sizeof *pending->rows);
    mem_free(pending->mem, pending->tails, pending->capacity * pending->tail_bytes);
    pending->rows = NULL;
    pending->tails = NULL;
}

/* Into a table of another size, with tails of another size: those of the same size are kept.
 * False: no memory. */
static bool take_over(Pending *pending, size_t capacity, uint32_t tail)
{
    PendingRow *rows = mem_take(pending->mem, capacity * sizeof *rows);
    uint8_t *tails = tail > 0 ? mem_take(pending->mem, capacity * tail) : NULL;
    if (rows == NULL || (tails == NULL && tail > 0)) {
        mem_free(pending->mem, rows, capacity * sizeof *rows);
        mem_free(pending->mem, tails, capacity * tail);
        return false;
    }
    for (size_t i = 0; i < pending->capacity; i++) {
        PendingRow *from = &pending->rows[i];
        if (from->state == PENDING_NONE)
            continue;
        PendingRow *to = slot_at(rows, capacity, from->id);
        *to = *from;
        if (tail == pending->tail_bytes && tail > 0)
            memcpy(tails + (size_t)(to - rows) * tail, pending_tail(pending, from), tail);
        to->has_tail = from->has_tail && tail == pending->tail_bytes;
    }
    give_back(pending);
    pending->rows = rows;
    pending->tails = tails;
    pending->tail_bytes = tail;
    pending->capacity = capacity;
    pending->swept = 0;
    return true;
}

static bool fits(size_t capacity, uint32_t tail)
{
    return capacity <= 2 * PENDING_MAX &&
           capacity * (sizeof(PendingRow) + tail) <= PENDING_BYTES_MAX;
}

static bool grow(Pending *pending)
{
    size_t capacity = pending->capacity > 0 ? 2 * pending->capacity : CAPACITY_FIRST;
    return fits(capacity, pending->tail_bytes) && take_over(pending, capacity, pending->tail_bytes);
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

bool pending_tails(Pending *pending, uint32_t bytes)
{
    size_t capacity = pending->capacity > 0 ? pending->capacity : CAPACITY_FIRST;
    for (size_t i = 0; i < pending->capacity; i++)
        pending->rows[i].has_tail = false;
    while (!fits(capacity, bytes))
        capacity /= 2;
    while (2 * pending->count > capacity)
        if (!drop_joined(pending))
            thin(pending);
    if (take_over(pending, capacity, bytes))
        return true;
    mem_free(pending->mem, pending->tails, pending->capacity * pending->tail_bytes);
    pending->tails = NULL;
    pending->tail_bytes = 0;
    return false;
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
    give_back(pending);
    *pending = (Pending){.mem = pending->mem};
}

void pending_save(const Pending *pending, ImageOut *out)
{
    Pending plain = *pending;
    plain.mem = NULL;
    plain.rows = NULL;
    plain.tails = NULL;
    image_put(out, &plain, sizeof plain);
    image_put_array(out, pending->rows, pending->capacity, pending->capacity,
                    sizeof *pending->rows);
    size_t tails = pending->capacity * pending->tail_bytes;
    image_put_array(out, pending->tails, tails, tails, 1);
}

void pending_load(Pending *pending, ImageIn *in)
{
    Mem *mem = pending->mem;
    size_t count, tails = 0;
    image_get(in, pending, sizeof *pending);
    pending->mem = mem;
    pending->tails = NULL;
    pending->rows = image_get_array(in, mem, &count, &pending->capacity, sizeof *pending->rows);
    pending->tails = image_get_array(in, mem, &count, &tails, 1);
    in->failed |= tails != pending->capacity * pending->tail_bytes;
    in->failed |= (pending->capacity & (pending->capacity - 1)) != 0 ||
                  2 * pending->count > pending->capacity;
}
