/* SPDX-License-Identifier: Apache-2.0 */
#include "store/requests.h"

#include <assert.h>

#include "base/bytes.h"
#include "base/hash.h"

#define SLOT_COUNT (1u << 19)
#define FIRST_SEED 0x6b657973ULL
#define SECOND_SEED 0x7365636f6e64ULL

static Request key_of(Str text, odd_time known)
{
    return (Request){.first_hash = hash_bytes(text.text, text.size, FIRST_SEED),
                 .second_hash = hash_bytes(text.text, text.size, SECOND_SEED),
                 .known = known};
}

static uint32_t home(const Requests *requests, const Request *key)
{
    uint64_t hash = hash_add(hash_add(requests->seed, key->first_hash), key->second_hash);
    return (uint32_t)hash & (SLOT_COUNT - 1);
}

static uint32_t following(uint32_t slot)
{
    return (slot + 1) & (SLOT_COUNT - 1);
}

static Request *ring_at(const Requests *requests, uint64_t count)
{
    return &requests->ring[count % REQUESTS_MAX];
}

/* Where the key is, or the empty slot where it would be. */
static uint32_t find(const Requests *requests, const Request *key)
{
    uint32_t slot = home(requests, key);
    for (; requests->slots[slot] != 0; slot = following(slot)) {
        const Request *other = &requests->ring[requests->slots[slot] - 1];
        if (other->first_hash == key->first_hash && other->second_hash == key->second_hash)
            break;
    }
    return slot;
}

bool requests_has(const Requests *requests, Str text, odd_time now)
{
    if (requests->ring == NULL)
        return false;
    Request key = key_of(text, now);
    uint32_t slot = find(requests, &key);
    if (requests->slots[slot] == 0)
        return false;
    odd_time known = requests->ring[requests->slots[slot] - 1].known;
    return known >= now || now - known <= REQUEST_AGE_NS_MAX;
}

/* An emptied slot must not hide what was put behind it: each such one moves forward. */
static void empty_slot(Requests *requests, uint32_t hole)
{
    for (uint32_t slot = following(hole); requests->slots[slot] != 0; slot = following(slot)) {
        uint32_t wanted = home(requests, &requests->ring[requests->slots[slot] - 1]);
        if (((slot - wanted) & (SLOT_COUNT - 1)) >= ((slot - hole) & (SLOT_COUNT - 1))) {
            requests->slots[hole] = requests->slots[slot];
            hole = slot;
        }
    }
    requests->slots[hole] = 0;
}

/* A key that came again after a day has two places in the ring; its slot names the newer one. */
static void forget(Requests *requests, uint64_t count)
{
    const Request *key = ring_at(requests, count);
    uint32_t slot = find(requests, key);
    if (requests->slots[slot] == count % REQUESTS_MAX + 1)
        empty_slot(requests, slot);
}

static bool make_room(Requests *requests)
{
    if (requests->ring != NULL)
        return true;
    Request *ring = mem_take(&requests->mem, REQUESTS_MAX * sizeof *ring);
    uint32_t *slots = mem_take(&requests->mem, SLOT_COUNT * sizeof *slots);
    if (ring == NULL || slots == NULL) {
        mem_free(&requests->mem, ring, REQUESTS_MAX * sizeof *ring);
        mem_free(&requests->mem, slots, SLOT_COUNT * sizeof *slots);
        return false;
    }
    requests->ring = ring;
    requests->slots = slots;
    return true;
}

static void add(Requests *requests, Request key)
{
    if (requests->end - requests->oldest == REQUESTS_MAX)
        forget(requests, requests->oldest++);
    uint32_t slot = find(requests, &key);
    *ring_at(requests, requests->end) = key;
    requests->slots[slot] = (uint32_t)(requests->end % REQUESTS_MAX) + 1;
    requests->end++;
}

bool requests_add(Requests *requests, Str text, odd_time known)
{
    if (!make_room(requests))
        return false;
    add(requests, key_of(text, known));
    return true;
}

void requests_take_back(Requests *requests, uint64_t count)
{
    assert(count <= requests->end - requests->oldest);
    for (; count > 0; count--)
        forget(requests, --requests->end);
}

void requests_close(Requests *requests)
{
    mem_free(&requests->mem, requests->ring, REQUESTS_MAX * sizeof *requests->ring);
    mem_free(&requests->mem, requests->slots, SLOT_COUNT * sizeof *requests->slots);
    *requests = (Requests){0};
}

size_t requests_bytes(const Requests *requests)
{
    return (size_t)(requests->end - requests->oldest) * REQUEST_BYTES;
}

void requests_write(const Requests *requests, char *bytes)
{
    for (uint64_t count = requests->oldest; count < requests->end;
         count++, bytes += REQUEST_BYTES) {
        const Request *key = ring_at(requests, count);
        bytes_put_u64(bytes, key->first_hash);
        bytes_put_u64(bytes + 8, key->second_hash);
        bytes_put_u64(bytes + 16, (uint64_t)key->known);
    }
}

bool requests_read(Requests *requests, Str bytes)
{
    assert(requests->end == 0);
    if (bytes.size % REQUEST_BYTES != 0)
        return false;
    if (bytes.size > 0 && !make_room(requests))
        return false;
    for (size_t at = 0; at < bytes.size; at += REQUEST_BYTES)
        add(requests, (Request){.first_hash = bytes_get_u64(bytes.text + at),
                        .second_hash = bytes_get_u64(bytes.text + at + 8),
                        .known = (odd_time)bytes_get_u64(bytes.text + at + 16)});
    return true;
}
