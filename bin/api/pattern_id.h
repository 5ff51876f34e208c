/* SPDX-License-Identifier: Apache-2.0
 *
 * pattern_id.h - what an id of a log pattern looks like in a path.
 */
#ifndef API_PATTERN_ID_H
#define API_PATTERN_ID_H
#include <stdbool.h>
#include <string.h>

#define PATTERN_ID_DIGITS 16

static inline bool pattern_id_is_one(const char *id)
{
    return strlen(id) == PATTERN_ID_DIGITS && strspn(id, "0123456789abcdef") == PATTERN_ID_DIGITS;
}

#endif
