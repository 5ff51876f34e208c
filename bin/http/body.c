/* SPDX-License-Identifier: Apache-2.0 */
#include "http/body.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "input/gunzip.h"
#include "input/unzstd.h"

#define BODY_BYTES_MIN 4096
#define BODY_RATIO_MAX 5000 /* As for files: text that was packed honestly is far below. */

BodyPacking body_packing(const char *content_encoding)
{
    static const struct {
        const char *name;
        BodyPacking packing;
    } all[] = {{"identity", BODY_PLAIN}, {"", BODY_PLAIN},           {"gzip", BODY_GZIP},
               {"x-gzip", BODY_GZIP},    {"deflate", BODY_DEFLATE}, {"zstd", BODY_ZSTD}};
    if (content_encoding == NULL)
        return BODY_PLAIN;
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
        if (strcasecmp(content_encoding, all[i].name) == 0)
            return all[i].packing;
    }
    return BODY_UNKNOWN;
}

/* One byte more than asked for, so that there is a NUL behind the last one. */
static BodyFault body_grow(Body *body, size_t capacity)
{
    BodyBudget *budget = body->budget;
    size_t      more = capacity + 1 - body->capacity;
    if (atomic_fetch_add(&budget->bytes, more) + more > budget->bytes_max) {
        atomic_fetch_sub(&budget->bytes, more);
        return BODY_NO_ROOM;
    }
    char *bytes = realloc(body->bytes, capacity + 1);
    if (bytes == NULL) {
        atomic_fetch_sub(&budget->bytes, more);
        return BODY_NO_ROOM;
    }
    body->bytes = bytes;
    body->capacity = capacity + 1;
    return BODY_GOOD;
}

BodyFault body_reserve(Body *body, size_t size)
{
    if (size > body->budget->body_bytes_max)
        return BODY_TOO_LARGE;
    return size < body->capacity ? BODY_GOOD : body_grow(body, size);
}

BodyFault body_add(Body *body, const char *bytes, size_t size)
{
    size_t max = body->budget->body_bytes_max;
    if (size > max - body->size)
        return BODY_TOO_LARGE;
    if (body->size + size >= body->capacity) {
        size_t capacity = body->capacity * 2 > BODY_BYTES_MIN ? body->capacity * 2 : BODY_BYTES_MIN;
        capacity = capacity < body->size + size ? body->size + size : capacity;
        BodyFault fault = body_grow(body, capacity < max ? capacity : max);
        if (fault != BODY_GOOD)
            return fault;
    }
    memcpy(body->bytes + body->size, bytes, size);
    body->size += size;
    body->bytes[body->size] = '\0';
    return BODY_GOOD;
}

void body_free(Body *body)
{
    atomic_fetch_sub(&body->budget->bytes, body->capacity);
    free(body->bytes);
    *body = (Body){.budget = body->budget};
}

/* The tap at the bottom: bytes that are in memory. */
typedef struct {
    Tap         tap; /* Must be first. */
    const Body *body;
    size_t      at;
} BodyTap;

static size_t body_tap_read(Tap *tap, char *to, size_t size)
{
    BodyTap *from = (BodyTap *)tap;
    size_t   waiting = from->body->size - from->at;
    size_t   part = waiting < size ? waiting : size;
    memcpy(to, from->body->bytes + from->at, part);
    from->at += part;
    return part;
}

static void body_tap_close(Tap *tap)
{
    (void)tap; /* It stands on the stack of body_unpack. */
}

static Tap *body_tap(BodyPacking packing, Tap *below, const TapSetting *setting)
{
    switch (packing) {
    case BODY_GZIP: return gunzip_tap(below, setting);
    case BODY_DEFLATE: return inflate_tap(below, setting);
    default: return unzstd_tap(below, setting);
    }
}

/* Reads the tap to its end. */
static BodyFault body_draw(Body *to, Tap *tap)
{
    char      piece[16384];
    BodyFault fault = BODY_GOOD;
    size_t    got;
    while (fault == BODY_GOOD && (got = tap_read(tap, piece, sizeof piece)) > 0)
        fault = body_add(to, piece, got);
    return fault;
}

BodyFault body_unpack(Body *body, BodyPacking packing, char *why, size_t why_size)
{
    Notes      notes = {0};
    bool       broken = false;
    size_t     cap = body->budget->body_bytes_max;
    TapSetting setting = {.name = "the body",
                          .notes = &notes,
                          .unpacked_bytes_max = cap + 1,
                          .unpacked_ratio_max = BODY_RATIO_MAX,
                          .broken = &broken};
    BodyTap    below = {.tap = {.read = body_tap_read, .close = body_tap_close}, .body = body};
    Body       plain = {.budget = body->budget};
    BodyFault  fault = BODY_NO_ROOM;
    Tap       *tap = body_tap(packing, &below.tap, &setting);
    if (tap != NULL) {
        fault = body_draw(&plain, tap);
        tap_close(tap);
    }
    if (fault == BODY_GOOD && notes.count > 0) {
        fault = BODY_DAMAGED;
        snprintf(why, why_size, "%s", notes.sentences[0]);
    }
    notes_free(&notes);
    body_free(body);
    if (fault != BODY_GOOD)
        body_free(&plain);
    else
        *body = plain;
    return fault;
}
