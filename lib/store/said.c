/* SPDX-License-Identifier: Apache-2.0 */
#include "store/said.h"

#include <assert.h>

#include "base/bytes.h"
#include "base/hash.h"

#define SUM_BYTES 8
#define SUM_SEED 0x6e6f746573ULL
#define HEAD_BYTES 8 /* Of said_write: bytes of the keys. */

odd_rc said_open(Said *said)
{
    said->run = events_open(NULL, 0);
    return said->run != NULL ? ODD_OK : ODD_NOMEM;
}

void said_close(Said *said)
{
    requests_close(&said->requests);
    readers_close(&said->readers);
    events_close(said->run);
    mem_free(&said->mem, said->stored.bytes, said->stored.capacity);
    mem_free(&said->mem, said->base.bytes, said->base.capacity);
    *said = (Said){0};
}

/* -- a commit ---------------------------------------------------------------------------------- */

void said_begin(Said *said)
{
    events_clear(said->run);
    said->keys_added = 0;
}

/* Back to a moment within the commit. */
static odd_rc back_to(Said *said, EventsMark mark, uint64_t keys_added, odd_rc rc)
{
    events_back_to(said->run, mark);
    requests_take_back(&said->requests, said->keys_added - keys_added);
    said->keys_added = keys_added;
    return rc;
}

static odd_rc add_key(Said *said, const Event *event)
{
    if (requests_has(&said->requests, event->text, event->known))
        return ODD_EXISTS;
    if (!events_key(said->run, event->text))
        return ODD_NOMEM;
    if (!requests_add(&said->requests, event->text, event->known))
        return ODD_NOMEM;
    said->keys_added++;
    return ODD_OK;
}

static odd_rc add_position(Said *said, const Event *event)
{
    return events_position(said->run, event->source, event->text) &&
                   readers_make_room(&said->readers, event->source, event->text)
               ? ODD_OK
               : ODD_NOMEM;
}

odd_rc said_add(Said *said, Str run)
{
    EventsMark mark = events_mark(said->run);
    uint64_t keys_added = said->keys_added;
    EventReader reader = {.bytes = run};
    Event event;
    EventRead read;
    while ((read = event_next(&reader, &event)) == EVENT_READ) {
        odd_rc rc = ODD_OK;
        said->run->known = event.known;
        if (event.kind == EVENT_KEY)
            rc = add_key(said, &event);
        else if (event.kind == EVENT_POSITION)
            rc = add_position(said, &event);
        if (rc != ODD_OK)
            return back_to(said, mark, keys_added, rc);
    }
    assert(read == EVENT_END); /* The run was encoded in this process. */
    return ODD_OK;
}

static Str sealed(const NotesRoom *room, size_t size)
{
    bytes_put_u64(room->bytes + size, hash_bytes(room->bytes, size, SUM_SEED));
    return (Str){.text = room->bytes, .size = size + SUM_BYTES};
}

static bool reserve(Said *said, NotesRoom *room, size_t size)
{
    char *bytes = mem_grow(&said->mem, room->bytes, &room->capacity, size + SUM_BYTES, 1);
    if (bytes != NULL)
        room->bytes = bytes;
    return bytes != NULL;
}

odd_rc said_end(Said *said, Str *ret_bytes)
{
    size_t size = said->run->size;
    if (size == 0) {
        *ret_bytes = STR("");
        return ODD_OK;
    }
    if (!reserve(said, &said->stored, size))
        return ODD_NOMEM;
    memcpy(said->stored.bytes, said->run->bytes, size);
    *ret_bytes = sealed(&said->stored, size);
    return ODD_OK;
}

void said_keep(Said *said)
{
    EventReader reader = {.bytes = {.text = said->run->bytes, .size = said->run->size}};
    Event event;
    while (event_next(&reader, &event) == EVENT_READ)
        if (event.kind == EVENT_POSITION)
            readers_set(&said->readers, event.source, event.text);
    said_begin(said);
}

void said_take_back(Said *said)
{
    requests_take_back(&said->requests, said->keys_added);
    said_begin(said);
}

/* -- at a start -------------------------------------------------------------------------------- */

static bool unseal(Str bytes, Str *ret)
{
    if (bytes.size < SUM_BYTES)
        return false;
    *ret = str_part(bytes, 0, bytes.size - SUM_BYTES);
    return hash_bytes(ret->text, ret->size, SUM_SEED) == bytes_get_u64(ret->text + ret->size);
}

static odd_rc learn_event(Said *said, const Event *event)
{
    if (event->kind == EVENT_KEY && !requests_has(&said->requests, event->text, event->known))
        return requests_add(&said->requests, event->text, event->known) ? ODD_OK : ODD_NOMEM;
    if (event->kind == EVENT_POSITION) {
        if (!readers_make_room(&said->readers, event->source, event->text))
            return ODD_NOMEM;
        readers_set(&said->readers, event->source, event->text);
    }
    return ODD_OK;
}

static odd_rc learn_run(Said *said, Str run)
{
    EventReader reader = {.bytes = run};
    Event event;
    EventRead read;
    while ((read = event_next(&reader, &event)) == EVENT_READ) {
        odd_rc rc = learn_event(said, &event);
        if (rc != ODD_OK)
            return rc;
    }
    return read == EVENT_END ? ODD_OK : ODD_CORRUPT;
}

odd_rc said_learn(Said *said, Str bytes)
{
    Str run;
    return unseal(bytes, &run) ? learn_run(said, run) : ODD_CORRUPT;
}

/* -- all of it: bytes of the keys, keys, and a run of all positions ---------------------------- */

static bool write_positions(const Readers *readers, odd_events *run)
{
    for (size_t i = 0; i < readers->count; i++) {
        const Reader *reader = &readers->items[i];
        Str source = {.text = reader->text, .size = reader->source_size};
        Str position = {.text = reader->text + reader->source_size + 1,
                        .size = reader->position_size};
        if (reader->set > 0 && !events_position(run, source, position))
            return false;
    }
    return true;
}

/* The keys of the commit that is being put together stand at the end of the ring: they are written
 * by themselves with their commit. */
odd_rc said_write(Said *said, Str *ret_bytes)
{
    size_t key_bytes = requests_bytes(&said->requests);
    size_t fresh_bytes = (size_t)said->keys_added * REQUEST_BYTES;
    odd_events *run = events_open(NULL, 0);
    if (run == NULL || !write_positions(&said->readers, run) ||
        !reserve(said, &said->base, HEAD_BYTES + key_bytes + run->size)) {
        events_close(run);
        return ODD_NOMEM;
    }
    char *bytes = said->base.bytes;
    requests_write(&said->requests, bytes + HEAD_BYTES);
    key_bytes -= fresh_bytes;
    bytes_put_u64(bytes, key_bytes);
    size_t size = HEAD_BYTES + key_bytes;
    if (run->size > 0)
        memcpy(bytes + size, run->bytes, run->size);
    size += run->size;
    events_close(run);
    *ret_bytes = sealed(&said->base, size);
    return ODD_OK;
}

odd_rc said_read(Said *said, Str bytes)
{
    Str plain;
    if (!unseal(bytes, &plain) || plain.size < HEAD_BYTES)
        return ODD_CORRUPT;
    uint64_t key_bytes = bytes_get_u64(plain.text);
    if (key_bytes > plain.size - HEAD_BYTES || key_bytes % REQUEST_BYTES != 0)
        return ODD_CORRUPT;
    size_t keys_end = HEAD_BYTES + (size_t)key_bytes;
    if (!requests_read(&said->requests, str_part(plain, HEAD_BYTES, keys_end)))
        return ODD_NOMEM;
    return learn_run(said, str_part(plain, keys_end, plain.size));
}
