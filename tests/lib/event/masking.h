/* SPDX-License-Identifier: Apache-2.0
 *
 * masking.h - a text masked at once, for tests.
 *
 * OWNERSHIP  The text that comes back is to be freed.
 */
#ifndef TESTS_MASKING_H
#define TESTS_MASKING_H
#include <stdlib.h>

#include "event/mask.h"

static const unsigned char masking_key[SIPHASH_KEY_BYTES] = "sixteen bytes...";

static inline Masks *masking_defaults(void)
{
    Masks *masks = NULL;
    char problem[256];
    return masks_open(NULL, 0, true, masking_key, problem, sizeof problem, &masks) == ODD_OK ? masks
                                                                                             : NULL;
}

/* NUL-terminated; NULL: no memory. */
static inline char *masking_apply(const Masks *masks, Str text, size_t *ret_size, uint64_t *count)
{
    Mem mem = {0};
    MaskRoom room = {0};
    Str masked;
    char *copy = NULL;
    uint64_t counts[ODD_MASK_KIND_COUNT] = {0};
    bool good = masks_apply(masks, &mem, &room, text, &masked, counts);
    for (int kind = 0; kind < ODD_MASK_KIND_COUNT; kind++)
        *count += counts[kind];
    if (good && (copy = malloc(masked.size + 1)) != NULL) {
        if (masked.size > 0)
            memcpy(copy, masked.text, masked.size);
        copy[masked.size] = '\0';
        *ret_size = masked.size;
    }
    mask_room_free(&room, &mem);
    return copy;
}

#endif
