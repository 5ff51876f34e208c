/* SPDX-License-Identifier: Apache-2.0
 *
 * codec.h - what every wire format is: the bytes of one whole request in, events out.
 *
 * One file, one format: lib/event/NAME.c holds `const Codec codec_NAME`, and the list in
 * lib/event/meson.build has one line for it.
 *
 * ERRORS     ODD_OK: `ret` says how much was taken, and how much was refused and why.  ODD_SYNTAX:
 *            the bytes are not that format, and `ret->message` says where and why; what was added
 *            before is taken back by odd_decode.  ODD_FULL: more than `events` may hold.
 * EXACTNESS  Pure: the same bytes and wire give the same events.  Time and stack are bounded by
 *            the number of bytes: no recursion on their depth.
 */
#ifndef EVENT_CODEC_H
#define EVENT_CODEC_H
#include "event/events.h"

typedef struct {
    const char *name;
    odd_rc (*decode)(const odd_wire *wire, Str bytes, odd_events *events, odd_decoded *ret);
    size_t (*whole)(Str bytes); /* Of bodies without end: how many bytes may be decoded before the
                                   rest is there.  NULL: the format wants all of them. */
} Codec;

extern const Codec *const codecs[]; /* Written by the build. */
extern const size_t       codecs_count;
const Codec *codec_find(const char *name); /* NULL: no such format. */

/* One more was refused; the first reason is kept. */
void decoded_refuse(odd_decoded *decoded, uint64_t count, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Gives ODD_SYNTAX, with its reason. */
odd_rc decoded_fail(odd_decoded *decoded, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

#endif
