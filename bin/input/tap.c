/* SPDX-License-Identifier: Apache-2.0 */
#include "input/tap.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

static size_t tap_draw(Tap *tap, char *to, size_t size)
{
    if (tap->ended)
        return 0;
    size_t got = tap->read(tap, to, size);
    assert(got <= size);
    tap->ended = got == 0;
    return got;
}

size_t tap_read(Tap *tap, char *to, size_t size)
{
    assert(size > 0);
    size_t waiting = tap->head_to - tap->head_from;
    if (waiting > 0) {
        size_t part = waiting < size ? waiting : size;
        memcpy(to, tap->head + tap->head_from, part);
        tap->head_from += part;
        tap->given += part;
        return part;
    }
    size_t got = tap_draw(tap, to, size);
    tap->given += got;
    return got;
}

size_t tap_peek(Tap *tap, size_t size, const char **ret)
{
    assert(size <= TAP_PEEK_MAX);
    *ret = "";
    if (tap->head == NULL)
        tap->head = malloc(TAP_PEEK_MAX);
    if (tap->head == NULL)
        return 0;
    size_t waiting = tap->head_to - tap->head_from;
    memmove(tap->head, tap->head + tap->head_from, waiting);
    tap->head_from = 0;
    tap->head_to = waiting;
    while (tap->head_to < size) {
        size_t got = tap_draw(tap, tap->head + tap->head_to, size - tap->head_to);
        if (got == 0)
            break;
        tap->head_to += got;
    }
    *ret = tap->head;
    return tap->head_to < size ? tap->head_to : size;
}

bool tap_stopped(const TapSetting *setting)
{
    return setting->stop != NULL && atomic_load_explicit(setting->stop, memory_order_relaxed);
}

void tap_break(const TapSetting *setting)
{
    if (setting->broken != NULL)
        *setting->broken = true;
}

bool tap_is_cut_off(const TapSetting *setting)
{
    return tap_stopped(setting) || (setting->broken != NULL && *setting->broken);
}

void tap_close(Tap *tap)
{
    while (tap != NULL) {
        Tap *below = tap->below;
        free(tap->head);
        tap->close(tap);
        tap = below;
    }
}
