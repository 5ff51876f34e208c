/* SPDX-License-Identifier: Apache-2.0 */
#include "store/notes.h"

#include <assert.h>

#include "base/bytes.h"
#include "base/hash.h"

#define SUM_BYTES 8
#define SUM_SEED 0x6e6f746573ULL
#define HEAD_BYTES 8 /* Of notes_write: bytes of the keys. */

odd_rc notes_open(Notes *notes)
{
    notes->run = events_open(NULL, 0);
    return notes->run != NULL ? ODD_OK : ODD_NOMEM;
}

void notes_close(Notes *notes)
{
    requests_close(&notes->requests);
    readers_close(&notes->readers);
    events_close(notes->run);
    mem_free(&notes->mem, notes->stored.bytes, notes->stored.capacity);
    mem_free(&notes->mem, notes->base.bytes, notes->base.capacity);
    *notes = (Notes){0};
}

/* -- a commit ---------------------------------------------------------------------------------- */

void notes_begin(Notes *notes)
{
    events_clear(notes->run);
    notes->keys_added = 0;
}

/* Back to a moment within the commit. */
static odd_rc back_to(Notes *notes, EventsMark mark, uint64_t keys_added, odd_rc rc)
{
    events_back_to(notes->run, mark);
    requests_take_back(&notes->requests, notes->keys_added - keys_added);
    notes->keys_added = keys_added;
    return rc;
}

static odd_rc add_key(Notes *notes, const Event *event)
{
    if (requests_has(&notes->requests, event->text, event->known))
        return ODD_EXISTS;
    if (!events_key(notes->run, event->text))
        return ODD_NOMEM;
    if (!requests_add(&notes->requests, event->text, event->known))
        return ODD_NOMEM;
    notes->keys_added++;
    return ODD_OK;
}

static odd_rc add_position(Notes *notes, const Event *event)
{
    return events_position(notes->run, event->source, event->text) &&
                   readers_make_room(&notes->readers, event->source, event->text)
               ? ODD_OK
               : ODD_NOMEM;
}

odd_rc notes_add(Notes *notes, Str run)
{
    EventsMark mark = events_mark(notes->run);
    uint64_t keys_added = notes->keys_added;
    EventReader reader = {.bytes = run};
    Event event;
    EventRead read;
    while ((read = event_next(&reader, &event)) == EVENT_READ) {
        odd_rc rc = ODD_OK;
        notes->run->known = event.known;
        if (event.kind == EVENT_KEY)
            rc = add_key(notes, &event);
        else if (event.kind == EVENT_POSITION)
            rc = add_position(notes, &event);
        if (rc != ODD_OK)
            return back_to(notes, mark, keys_added, rc);
    }
    assert(read == EVENT_END); /* The run was encoded in this process. */
    return ODD_OK;
}

static Str sealed(const NotesRoom *room, size_t size)
{
    bytes_put_u64(room->bytes + size, hash_bytes(room->bytes, size, SUM_SEED));
    return (Str){.text = room->bytes, .size = size + SUM_BYTES};
}

static bool reserve(Notes *notes, NotesRoom *room, size_t size)
{
    char *bytes = mem_grow(&notes->mem, room->bytes, &room->capacity, size + SUM_BYTES, 1);
    if (bytes != NULL)
        room->bytes = bytes;
    return bytes != NULL;
}

odd_rc notes_end(Notes *notes, Str *ret_bytes)
{
    size_t size = notes->run->size;
    if (size == 0) {
        *ret_bytes = STR("");
        return ODD_OK;
    }
    if (!reserve(notes, &notes->stored, size))
        return ODD_NOMEM;
    memcpy(notes->stored.bytes, notes->run->bytes, size);
    *ret_bytes = sealed(&notes->stored, size);
    return ODD_OK;
}

void notes_keep(Notes *notes)
{
    EventReader reader = {.bytes = {.text = notes->run->bytes, .size = notes->run->size}};
    Event event;
    while (event_next(&reader, &event) == EVENT_READ)
        if (event.kind == EVENT_POSITION)
            readers_set(&notes->readers, event.source, event.text);
    notes_begin(notes);
}

void notes_take_back(Notes *notes)
{
    requests_take_back(&notes->requests, notes->keys_added);
    notes_begin(notes);
}

/* -- at a start -------------------------------------------------------------------------------- */

static bool unseal(Str bytes, Str *ret)
{
    if (bytes.size < SUM_BYTES)
        return false;
    *ret = str_part(bytes, 0, bytes.size - SUM_BYTES);
    return hash_bytes(ret->text, ret->size, SUM_SEED) == bytes_get_u64(ret->text + ret->size);
}

static odd_rc learn_event(Notes *notes, const Event *event)
{
    if (event->kind == EVENT_KEY && !requests_has(&notes->requests, event->text, event->known))
        return requests_add(&notes->requests, event->text, event->known) ? ODD_OK : ODD_NOMEM;
    if (event->kind == EVENT_POSITION) {
        if (!readers_make_room(&notes->readers, event->source, event->text))
            return ODD_NOMEM;
        readers_set(&notes->readers, event->source, event->text);
    }
    return ODD_OK;
}

static odd_rc learn_run(Notes *notes, Str run)
{
    EventReader reader = {.bytes = run};
    Event event;
    EventRead read;
    while ((read = event_next(&reader, &event)) == EVENT_READ) {
        odd_rc rc = learn_event(notes, &event);
        if (rc != ODD_OK)
            return rc;
    }
    return read == EVENT_END ? ODD_OK : ODD_CORRUPT;
}

odd_rc notes_learn(Notes *notes, Str bytes)
{
    Str run;
    return unseal(bytes, &run) ? learn_run(notes, run) : ODD_CORRUPT;
}

/* -- all of it: bytes of the keys, keys, and a run of all positions ------------------------------ */

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
odd_rc notes_write(Notes *notes, Str *ret_bytes)
{
    size_t key_bytes = requests_bytes(&notes->requests);
    size_t fresh_bytes = (size_t)notes->keys_added * REQUEST_BYTES;
    odd_events *run = events_open(NULL, 0);
    if (run == NULL || !write_positions(&notes->readers, run) ||
        !reserve(notes, &notes->base, HEAD_BYTES + key_bytes + run->size)) {
        events_close(run);
        return ODD_NOMEM;
    }
    char *bytes = notes->base.bytes;
    requests_write(&notes->requests, bytes + HEAD_BYTES);
    key_bytes -= fresh_bytes;
    bytes_put_u64(bytes, key_bytes);
    size_t size = HEAD_BYTES + key_bytes;
    if (run->size > 0)
        memcpy(bytes + size, run->bytes, run->size);
    size += run->size;
    events_close(run);
    *ret_bytes = sealed(&notes->base, size);
    return ODD_OK;
}

odd_rc notes_read(Notes *notes, Str bytes)
{
    Str plain;
    if (!unseal(bytes, &plain) || plain.size < HEAD_BYTES)
        return ODD_CORRUPT;
    uint64_t key_bytes = bytes_get_u64(plain.text);
    if (key_bytes > plain.size - HEAD_BYTES || key_bytes % REQUEST_BYTES != 0)
        return ODD_CORRUPT;
    size_t keys_end = HEAD_BYTES + (size_t)key_bytes;
    if (!requests_read(&notes->requests, str_part(plain, HEAD_BYTES, keys_end)))
        return ODD_NOMEM;
    return learn_run(notes, str_part(plain, keys_end, plain.size));
}
