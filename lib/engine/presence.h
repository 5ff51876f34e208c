/* SPDX-License-Identifier: Apache-2.0
 *
 * presence.h - who sends samples, and who has fallen silent: sources, and the machines, pods and
 * services that their series are of.
 *
 * A pause is measured by when samples came, not by what time they say.  A target of a source that
 * is silent as a whole is not missed for itself.
 *
 * SHAPE      PRESENCE_MAX targets; beyond, those that are silent for a day go, else new ones are
 *            not watched for silence.
 * EXACTNESS  Depends on what each shard heard between ticks, not on their order.
 */
#ifndef ENGINE_PRESENCE_H
#define ENGINE_PRESENCE_H
#include "detect/pause.h"
#include "engine/shard.h"
#include "event/target.h"

#define PRESENCE_MAX 16384

typedef struct {
    Pause    pause;
    uint64_t place, source_place; /* The same: it is the source as a whole. */
    odd_time heard;               /* Since the last tick; ODD_TIME_NONE: not. */
    Together together;            /* Its series. */
    odd_time told;                /* That they were odd together; ODD_TIME_NONE: never. */
    TogetherMoment moment;        /* Since the last tick. */
    HeardSeries most[HEARD_MOST];
    char     source[CANDIDATE_SOURCE_BYTES];
    char     text[TARGET_TEXT_SIZE];
} PresenceTarget;

typedef struct {
    Mem            *mem;
    Names           places;  /* By the bytes of place; the same numbers. */
    PresenceTarget *targets;
    size_t          capacity;
    odd_time        now;     /* Of the last tick; ODD_TIME_NONE: none. */
    odd_time        swept;   /* When room was last made. */
} Presence;

void presence_open(Presence *presence, Mem *mem);
void presence_close(Presence *presence);

/* The source of what is odd of it, and what it is called there. */
void presence_name(const PresenceTarget *target, Candidate *candidate);

void presence_hear(Presence *presence, const Shard *shard); /* All that it heard since its tick. */

/* Behind the shards.  take gets one candidate for each that is missed, of a surprise of at least
 * `least` after correction for all that are watched. */
odd_rc presence_tick(Presence *presence, odd_time now, double least,
                     odd_rc (*take)(void *context, const Candidate *candidate), void *context);

void presence_save(const Presence *presence, ImageOut *out);
void presence_load(Presence *presence, ImageIn *in); /* Into one that was just opened. */

#endif
