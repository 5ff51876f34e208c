/* SPDX-License-Identifier: Apache-2.0 */
#include "source/print.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define FNV_BASIS UINT64_C(0xcbf29ce484222325)
#define FNV_PRIME UINT64_C(0x100000001b3)

Print print_of(const void *bytes, size_t size)
{
    const unsigned char *p = bytes;
    Print                print = {.hash = FNV_BASIS, .size = (uint32_t)size};
    for (size_t i = 0; i < size; i++)
        print.hash = (print.hash ^ p[i]) * FNV_PRIME;
    return print;
}

bool print_fits(Print print, const void *bytes, size_t size)
{
    if (print.size == 0)
        return true;
    return size >= print.size && print_of(bytes, print.size).hash == print.hash;
}

#define HEAD_FORMAT "{\"version\":1,\"changed\":%" PRId64 ",\"files\":["
#define HEAD_SCAN "{\"version\":1,\"changed\":%" SCNd64 ",\"files\":[%n"

void places_write(const Places *places, char *text)
{
    assert(places->count <= PLACES_MAX);
    int at = snprintf(text, PLACES_TEXT_SIZE, HEAD_FORMAT, places->changed_ns);
    for (size_t i = 0; i < places->count; i++) {
        const Place *place = &places->places[i];
        at +=
            snprintf(text + at, (size_t)(PLACES_TEXT_SIZE - at),
                     "%s{\"device\":%" PRIu64 ",\"inode\":%" PRIu64 ",\"offset\":%" PRIu64
                     ",\"head\":\"%016" PRIx64 "/%" PRIu32 "\",\"trail\":\"%016" PRIx64 "/%" PRIu32
                     "\",\"cutting\":%d}",
                     i > 0 ? "," : "", place->device, place->inode, place->offset, place->head.hash,
                     place->head.size, place->trail.hash, place->trail.size, place->cutting);
    }
    snprintf(text + at, (size_t)(PLACES_TEXT_SIZE - at), "]}");
}

static bool place_read(const char *text, Place *ret, int *ret_size)
{
    Place place = {0};
    Print *head = &place.head, *trail = &place.trail;
    int    cutting = 0, size = 0;
    int got = sscanf(text,
                     "{\"device\":%" SCNu64 ",\"inode\":%" SCNu64 ",\"offset\":%" SCNu64
                     ",\"head\":\"%" SCNx64 "/%" SCNu32 "\",\"trail\":\"%" SCNx64 "/%" SCNu32
                     "\",\"cutting\":%d}%n",
                     &place.device, &place.inode, &place.offset, &head->hash, &head->size,
                     &trail->hash, &trail->size, &cutting, &size);
    if (got != 8 || size == 0 || place.head.size > PRINT_HEAD_BYTES ||
        place.trail.size > PRINT_TRAIL_BYTES || place.trail.size > place.offset)
        return false;
    place.cutting = cutting != 0;
    *ret = place;
    *ret_size = size;
    return true;
}

bool places_read(const char *text, Places *ret)
{
    Places places = {0};
    int    size = 0;
    if (sscanf(text, HEAD_SCAN, &places.changed_ns, &size) != 1 || size == 0)
        return false;
    text += size;
    while (*text == '{') {
        if (places.count == PLACES_MAX || !place_read(text, &places.places[places.count], &size))
            return false;
        places.count++;
        text += size;
        text += *text == ',';
    }
    if (strcmp(text, "]}") != 0)
        return false;
    *ret = places;
    return true;
}
