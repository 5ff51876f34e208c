/* SPDX-License-Identifier: Apache-2.0 */
#include "input/unpack.h"

#include <assert.h>
#include <inttypes.h>
#include <string.h>

void unpack_begin(Unpack *unpack, Tap *below, const char *format, const TapSetting *setting)
{
    unpack->tap.below = below;
    unpack->format = format;
    unpack->setting = setting;
}

size_t unpack_refill(Unpack *unpack)
{
    size_t waiting = unpack->to - unpack->from;
    memmove(unpack->piece, unpack->piece + unpack->from, waiting);
    unpack->from = 0;
    unpack->to = waiting;
    if (waiting < sizeof unpack->piece)
        unpack->to += tap_read(unpack->tap.below, (char *)unpack->piece + waiting,
                               sizeof unpack->piece - waiting);
    return unpack->to;
}

void unpack_use(Unpack *unpack, size_t count)
{
    assert(count <= unpack->to - unpack->from);
    unpack->from += count;
    unpack->packed += count;
}

bool unpack_allows(Unpack *unpack, size_t made)
{
    uint64_t bytes_max = unpack->setting->unpacked_bytes_max;
    uint64_t ratio_max = unpack->setting->unpacked_ratio_max;
    char     size[SIZE_TEXT_SIZE];
    unpack->unpacked += made;
    if (unpack->unpacked > (bytes_max != 0 ? bytes_max : UNPACKED_BYTES_MAX)) {
        notes_add(unpack->setting->notes,
                  "%s unpacks to more than %s: the rest was left out; to read it all, unpack it "
                  "yourself and name the result",
                  unpack->setting->name, size_text(unpack->unpacked, size));
        unpack->done = true;
    } else if (unpack->unpacked > UNPACKED_FREE_BYTES &&
               unpack->unpacked / (ratio_max != 0 ? ratio_max : UNPACKED_RATIO_MAX) >
                   unpack->packed) {
        notes_add(unpack->setting->notes,
                  "%s looks like a compression bomb: %" PRIu64 " packed bytes gave %s so far; the "
                  "rest was left out; if you trust it, unpack it yourself and name the result",
                  unpack->setting->name, unpack->packed, size_text(unpack->unpacked, size));
        unpack->done = true;
    }
    if (unpack->done)
        tap_break(unpack->setting);
    return !unpack->done;
}

void unpack_end_truncated(Unpack *unpack)
{
    char size[SIZE_TEXT_SIZE];
    unpack->done = true;
    if (tap_stopped(unpack->setting))
        return;
    tap_break(unpack->setting);
    notes_add(
        unpack->setting->notes,
        "%s is truncated: its %s data ends at byte %" PRIu64 " without an end mark; the first "
        "%s of text were read, the rest is missing; copy it again from where it came",
        unpack->setting->name, unpack->format, unpack->packed, size_text(unpack->unpacked, size));
}

void unpack_end_damaged(Unpack *unpack, const char *why, const char *cure)
{
    char size[SIZE_TEXT_SIZE];
    unpack->done = true;
    tap_break(unpack->setting);
    notes_add(unpack->setting->notes,
              "%s is damaged: its %s data is wrong near byte %" PRIu64 " (%s); the first %s of "
              "text were read, the rest is missing; %s",
              unpack->setting->name, unpack->format, unpack->packed, why,
              size_text(unpack->unpacked, size), cure);
}

void unpack_end_followed(Unpack *unpack)
{
    unpack->done = true;
    notes_add(unpack->setting->notes,
              "%s has something else behind its %s data, at byte %" PRIu64 ": that was left out",
              unpack->setting->name, unpack->format, unpack->packed);
}
