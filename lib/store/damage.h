/* SPDX-License-Identifier: Apache-2.0
 *
 * damage.h - what was found damaged when a store was opened and restored: which file, which
 * commits that costs, and a sentence of it with what helps.
 *
 * SHAPE      DAMAGES_MAX are kept, further ones are counted.
 * OWNERSHIP  A plain value.
 */
#ifndef STORE_DAMAGE_H
#define STORE_DAMAGE_H
#include "base/problem.h"
#include "store/folder.h"

#define DAMAGES_MAX 16
#define DAMAGE_CAUSE_SIZE 300
#define DAMAGE_SENTENCE_SIZE 1024

typedef enum {
    DAMAGE_JOURNAL,    /* A file of the journal was put aside; first and last are its commits.   */
    DAMAGE_END,        /* The journal ends early; likewise, of what is missing.                  */
    DAMAGE_CATALOG,    /* The catalog was put aside, and a new one begun.                        */
    DAMAGE_CATALOG_PART, /* The same, and what could be read of the old one is in it.            */
    DAMAGE_CHECKPOINT, /* A checkpoint cannot be read; last is its commit.                       */
    DAMAGE_SECRET      /* The key of the masks was put aside, and a new one made.                */
} DamageKind;

typedef struct {
    DamageKind kind;
    uint64_t   n;                      /* Of a journal file.                           */
    uint64_t   first, last;            /* 0: not known.                                */
    char       file[FOLDER_NAME_SIZE]; /* As it is called now.                         */
    char       was[FOLDER_NAME_SIZE];  /* As it was called; "": it still is.           */
    char       cause[DAMAGE_CAUSE_SIZE];
    char       sentence[DAMAGE_SENTENCE_SIZE];
} Damage;

typedef struct {
    Damage items[DAMAGES_MAX];
    size_t count, more;
} Damages;

void damages_add(Damages *damages, const Damage *damage);

/* Writes the sentences of all that have none yet.  learnt: commits up to it are in a checkpoint and
 * in the lake; first: the journal goes back so far. */
void damages_tell(Damages *damages, uint64_t learnt, uint64_t first);

#endif
