/* SPDX-License-Identifier: Apache-2.0
 *
 * mask.h - secrets and personal data leave a text before it is stored.
 *
 * Each is replaced by what it was and a token, "<email:4f1c2a90>", so that equal values stay equal
 * and nobody can tell them.
 *
 * OWNERSHIP  Masks are made once and only read from then on, by any number of threads.
 */
#ifndef EVENT_MASK_H
#define EVENT_MASK_H
#include <oddball.h>

#include "base/mem.h"
#include "base/str.h"

typedef struct odd_masks Masks;

typedef struct { /* Where a masked text is built. */
    char  *text;
    size_t size, capacity;
} MaskRoom;

/* The text with its secrets masked: itself if it has none, else built in `room`, valid until the
 * next call with that room.  Adds to *count how many were masked.  False: no memory. */
bool masks_apply(const Masks *masks, Mem *mem, MaskRoom *room, Str text, Str *ret_text,
                 uint64_t *count);

#endif
