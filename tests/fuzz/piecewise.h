/* SPDX-License-Identifier: Apache-2.0
 *
 * piecewise.h - a tap over the bytes of a fuzz target, given in pieces of one size.
 *
 * OWNERSHIP  tap_close frees the tap; the bytes stay the caller's.
 */
#ifndef FUZZ_PIECEWISE_H
#define FUZZ_PIECEWISE_H
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "input/tap.h"

typedef struct {
    Tap            tap;
    const uint8_t *bytes;
    size_t         size, at, piece;
} Piecewise;

static inline size_t piecewise_read(Tap *tap, char *to, size_t size)
{
    Piecewise *p = (Piecewise *)tap;
    size_t     part = p->piece < size ? p->piece : size;
    if (part > p->size - p->at)
        part = p->size - p->at;
    if (part > 0)
        memcpy(to, p->bytes + p->at, part);
    p->at += part;
    return part;
}

static inline void piecewise_close(Tap *tap)
{
    free(tap);
}

static inline Tap *piecewise_tap(const uint8_t *bytes, size_t size, size_t piece)
{
    Piecewise *p = calloc(1, sizeof *p);
    assert(p != NULL);
    *p = (Piecewise){.tap = {.read = piecewise_read, .close = piecewise_close},
                     .bytes = bytes,
                     .size = size,
                     .piece = piece};
    return &p->tap;
}

#endif
