/* SPDX-License-Identifier: Apache-2.0
 *
 * frozen.h - a checkpoint on its way: what the fold knew at a position, and the rows up to there
 * that are not in the lake yet.
 *
 * It is taken right behind a merge, in a moment; the fold learns on, with no hot rows, while a
 * child writes the frozen ones.  Then it is closed, or, where that failed, given back.
 *
 * OWNERSHIP  A Frozen that is there owns its rows, files and snapshot.
 * THREADS    All of them while nobody else uses the fold.
 */
#ifndef LIVE_FROZEN_H
#define LIVE_FROZEN_H
#include <oddball.h>
#include <stdbool.h>

#include "live/hot.h"

typedef struct {
    bool          there;
    uint64_t      position;
    odd_snapshot *snapshot;
    HotRows       rows;
    int           whole[ODD_TABLE_COUNT]; /* Files of the small tables, or -1. */
} Frozen; /* All zero is none. */

/* On failure the rows are hot as they were, and the fold has the story. */
odd_rc frozen_take(Frozen *frozen, odd_fold *fold, HotRows *hot);

/* The rows are hot again, before those that came since.  False: no memory for them, and the frozen
 * ones are lost. */
bool frozen_give_back(Frozen *frozen, HotRows *hot);

void frozen_close(Frozen *frozen); /* None is a no-op. */

/* The small tables, which are written and asked as wholes: a file of each, others -1. */
odd_rc whole_open(odd_fold *fold, int whole[ODD_TABLE_COUNT]);
void   whole_close(const int whole[ODD_TABLE_COUNT]);

#endif
