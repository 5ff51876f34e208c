/* SPDX-License-Identifier: Apache-2.0 */
#include "detect/session_reason.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>

#define NUMBER_SIZE 16

static const char *number_text(uint32_t number, char *buffer)
{
    char digits[NUMBER_SIZE];
    int  size = snprintf(digits, sizeof digits, "%" PRIu32, number);
    char *at = buffer;
    for (int i = 0; i < size; i++) {
        *at++ = digits[i];
        if ((size - i) % 3 == 1 && i + 1 < size)
            *at++ = ',';
    }
    *at = '\0';
    return buffer;
}

static int trait_text(const ShapeTrait *trait, const char *pattern, char *buffer, size_t size)
{
    char sessions[2 * NUMBER_SIZE], of[2 * NUMBER_SIZE];
    number_text(trait->sessions, sessions);
    number_text(trait->of, of);
    switch (trait->kind) {
    case TRAIT_RARE:
        return snprintf(buffer, size, "\"%s\": %s of %s sessions have it", pattern, sessions, of);
    case TRAIT_MISSING:
        return snprintf(buffer, size, "without \"%s\", as %s of %s sessions", pattern, sessions,
                        of);
    case TRAIT_COUNT:
        return snprintf(buffer, size, "%" PRIu32 " x \"%s\", usually %" PRIu32, trait->count,
                        pattern, trait->usual);
    case TRAIT_KINDS:
        break;
    }
    return 0;
}

size_t session_reason(const SessionJudgement *judgement, SessionPatternText *pattern_text,
                      void *context, char *buffer, size_t size)
{
    assert(size > 0);
    size_t used = 0;
    buffer[0] = '\0';
    for (int i = 0; i < SHAPE_TRAITS_MAX && judgement->traits[i].evidence > 0; i++) {
        char pattern[SESSION_PATTERN_BYTES_MAX + 4];
        size_t whole =
            pattern_text(context, judgement->traits[i].symbol, pattern, SESSION_PATTERN_BYTES_MAX);
        bool cut = whole > SESSION_PATTERN_BYTES_MAX;
        size_t shown = cut ? SESSION_PATTERN_BYTES_MAX : whole;
        memcpy(pattern + shown, cut ? "..." : "", cut ? 4 : 1);
        if (used > 0)
            used += (size_t)snprintf(buffer + used, size - used, "; ");
        if (used >= size)
            break;
        used += (size_t)trait_text(&judgement->traits[i], pattern, buffer + used, size - used);
        if (used >= size)
            break;
    }
    return used < size ? used : size - 1;
}
