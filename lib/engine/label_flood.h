/* SPDX-License-Identifier: Apache-2.0
 *
 * label_flood.h - which label makes the series of a source so many.
 *
 * SHAPE      At most LABEL_FLOOD_SERIES series of one shard are looked at, the newest ones.
 * OWNERSHIP  The texts that come back are the caller's buffers.
 * ERRORS     False: no source has more series than it may, or there is no memory to look.
 */
#ifndef ENGINE_LABEL_FLOOD_H
#define ENGINE_LABEL_FLOOD_H
#include "engine/fold.h"

#define LABEL_FLOOD_SERIES 4096
#define LABEL_FLOOD_SIZE 128 /* Of a name that is told. */

/* Of the source of which the most samples were refused, the label with the most values; "" where
 * its series have none. */
bool label_flood(const odd_fold *fold, char source[LABEL_FLOOD_SIZE], char label[LABEL_FLOOD_SIZE]);

#endif
