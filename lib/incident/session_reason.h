/* SPDX-License-Identifier: Apache-2.0
 *
 * session_reason.h - in which way a session went another way than the others, in words.
 *
 * OWNERSHIP  Text is written into the caller's buffer, terminated, cut at its end if too long.
 */
#ifndef INCIDENT_SESSION_REASON_H
#define INCIDENT_SESSION_REASON_H
#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"

typedef enum {
    SESSION_TRAIT_RARE = 0, /* It has a pattern that few sessions have.       */
    SESSION_TRAIT_MISSING,  /* It lacks a pattern that nearly all have.       */
    SESSION_TRAIT_COUNT,    /* It has a pattern more or less often than most. */
    SESSION_TRAIT_ORDER     /* Two patterns come the other way round than in most. */
} SessionTraitKind;

typedef struct {
    SessionTraitKind kind;
    Str              pattern;
    Str              other;        /* Of an order: comes after `pattern` here.      */
    bool             at_end;       /* Of an order: their last events break it.      */
    uint32_t         count, usual; /* Here; usually.                                */
    uint32_t         sessions, of; /* So many of so many sessions have such a trait. */
} SessionTrait;

size_t session_reason_write(const SessionTrait *trait, char *buffer, size_t size);

#endif
