/* SPDX-License-Identifier: Apache-2.0
 *
 * tap.h - where bytes flow from: a file, what is unpacked from it, what is recoded from that.
 *
 * Taps stand on each other: UTF-16 on gzip on a file.  Each one is read in order, once.
 *
 * OWNERSHIP  tap_close closes the tap and all below it.
 * ERRORS     A tap that can't go on writes one sentence into the notes of its TapSetting and ends;
 *            what it gave before stays good.
 * THREADS    One tap, one thread at a time (any).
 */
#ifndef INPUT_TAP_H
#define INPUT_TAP_H
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "input/notes.h"

#define TAP_PEEK_MAX (1 << 20)

typedef struct Tap Tap;
struct Tap {
    size_t (*read)(Tap *tap, char *to, size_t size); /* 0: the end, not asked again.    */
    void   (*close)(Tap *tap);                       /* Frees this tap, not what is below. */
    Tap     *below;                                  /* NULL: none.                     */
    char    *head; /* Peeked and not yet read. */
    size_t   head_from, head_to;
    uint64_t given; /* Bytes read from it so far. */
    bool     ended;
};

typedef struct {                   /* What all taps of one input share.  Outlives them. */
    const char        *name;       /* To show in sentences.                             */
    Notes             *notes;
    const atomic_bool *stop;       /* True: end as if there were no more.  NULL: never. */
    uint64_t           unpacked_bytes_max; /* See unpack.h.                             */
    uint64_t           unpacked_ratio_max;
    bool              *broken;     /* Set when a fault ends a tap before its time.  NULL: untold. */
} TapSetting;

size_t tap_read(Tap *tap, char *to, size_t size); /* 1..size bytes, 0 at the end.  size > 0. */
bool   tap_stopped(const TapSetting *setting);
void   tap_break(const TapSetting *setting); /* To be said by a tap that can't go on. */
bool   tap_is_cut_off(const TapSetting *setting); /* By a fault or a stop: its last line is torn. */
void   tap_close(Tap *tap); /* NULL is a no-op. */

/* The next bytes without taking them: `size` (at most TAP_PEEK_MAX), or fewer at the end.  Valid
 * until the next call on the tap.  *ret is never NULL. */
size_t tap_peek(Tap *tap, size_t size, const char **ret);

#endif
