/* SPDX-License-Identifier: Apache-2.0
 *
 * known.h - the names of all machines, services and models that ever sent something, so that they
 * are known where a text names them.
 *
 * SHAPE      KNOWN_MAX; further names are not known.
 * EXACTNESS  What a saved fold knows, its shards hold: it is learnt from them again.
 */
#ifndef ENGINE_KNOWN_H
#define ENGINE_KNOWN_H
#include "engine/shard.h"
#include "incident/who.h"

#define KNOWN_MAX 65536
#define MENTIONS_MAX 4

typedef struct {
    char   names[MENTIONS_MAX][WHO_NAME_SIZE];
    size_t count;
} Mentions;

typedef struct {
    Names  names;
    size_t sources[ODD_SHARD_COUNT], targets[ODD_SHARD_COUNT]; /* Of each shard, learnt. */
    size_t models[ODD_SHARD_COUNT];
} Known;

void known_open(Known *known, Mem *mem);
void known_close(Known *known);

/* Those of a shard that are new. */
void known_learn(Known *known, const Shard *shard);

/* Whom the text names, but for those of `own`; they are added. */
void known_mentions(const Known *known, const Who *own, Str text, Mentions *mentions);

#endif
