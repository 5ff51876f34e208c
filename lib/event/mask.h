/* SPDX-License-Identifier: Apache-2.0
 *
 * mask.h - secrets and personal data leave a text before it is stored.
 *
 * Each is replaced by what it was and a token, "<email:4f1c2a90>", so that equal values stay equal
 * and nobody can tell them.  Rules come first, in their order, then what is found by default.
 *
 * ALGORITHM  The token is the lower half of SipHash-2-4 of the value, with the installation's key.
 *            What counts as the value: of a card its digits, of an address its small letters.
 * SHAPE      Line by line; only the block of a private key goes over line ends.  Time is linear in
 *            the text, and nearly that of reading it where nothing is to be found.
 * OWNERSHIP  Masks are made once and only read from then on, by any number of threads.
 * EXACTNESS  Masking again changes nothing.  A line of JSON stays one: quotes and escapes are left
 *            alone, and a number becomes a string.
 */
#ifndef EVENT_MASK_H
#define EVENT_MASK_H
#include <oddball.h>

#include "base/mem.h"
#include "base/siphash.h"
#include "base/str.h"

#define MASK_RULES_MAX 64

typedef struct odd_masks Masks;

typedef struct { /* Where masked texts are built; all zero is an empty one. */
    char  *text;
    size_t size, capacity;
    char  *spare; /* What the text is built from, where it was built here too. */
    size_t spare_capacity;
} MaskRoom;

/* As odd_masks_open. */
odd_rc masks_open(const odd_mask *rules, size_t rule_count, bool defaults,
                  const unsigned char key[SIPHASH_KEY_BYTES], char *problem, size_t problem_size,
                  Masks **ret_masks);
void   masks_close(Masks *masks); /* NULL is a no-op. */

/* The text with its secrets masked: itself if it has none, else built in `room`, valid until the
 * next call with that room.  Adds to `counts` how many of each kind were masked.  False: no
 * memory. */
bool masks_apply(const Masks *masks, Mem *mem, MaskRoom *room, Str text, Str *ret_text,
                 uint64_t counts[ODD_MASK_KIND_COUNT]);

const char *mask_kind_name(odd_mask_kind kind);

void mask_room_free(MaskRoom *room, Mem *mem);

#endif
