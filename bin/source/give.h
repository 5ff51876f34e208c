/* SPDX-License-Identifier: Apache-2.0
 *
 * give.h - hands events to the intake until they are durable.
 *
 * The intake takes the events also when it refuses them, so they are filled in anew for each
 * attempt, from what the source has kept.
 *
 * ERRORS     give is false when the server stops before the events are durable; then the reader's
 *            position is the one before, and the next start reads them again.
 */
#ifndef SOURCE_GIVE_H
#define SOURCE_GIVE_H
#include "source/source.h"

#define NS_PER_S INT64_C(1000000000)
#define NS_PER_MS INT64_C(1000000)

/* Adds what is to be given; false: no memory. */
typedef bool (*GiveFill)(void *what, odd_events *events);

/* known: when it came; `refusals` counts the attempts that the intake refused. */
bool give(const SourceContext *context, odd_time known, GiveFill fill, void *what,
          atomic_uint_fast64_t *refusals);

/* Waits; true: the server stops. */
bool give_pause(const SourceContext *context, int64_t wait_ns);

bool     give_stopped(const SourceContext *context);
int64_t  monotonic_now(void); /* ns */

#endif
