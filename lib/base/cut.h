/* SPDX-License-Identifier: Apache-2.0
 *
 * cut.h - texts that are longer than there is room, cut so that no UTF-8 character is torn.
 *
 * EXACTNESS  Of a text that fits nothing is cut; what is no UTF-8 is cut at any byte that does not
 *            go on with a character.
 */
#ifndef BASE_CUT_H
#define BASE_CUT_H
#include "base/str.h"

size_t cut_at_character(Str text, size_t bytes_max); /* The size that is left. */

/* Into `size` bytes (1 or more), terminated. */
void cut_into(char *to, size_t size, Str text);

#endif
