/* SPDX-License-Identifier: Apache-2.0
 *
 * masks.c - the door for masks: what of a text is not to be stored. */
#include "event/mask.h"

odd_rc odd_masks_open(const odd_mask *rules, size_t rule_count, int defaults,
                      const unsigned char key[16], char *problem, size_t problem_size,
                      odd_masks **masks)
{
    return masks_open(rules, rule_count, defaults != 0, key, problem, problem_size, masks);
}

const char *odd_mask_kind_name(odd_mask_kind kind)
{
    return mask_kind_name(kind);
}

void odd_masks_close(odd_masks *masks)
{
    masks_close(masks);
}
