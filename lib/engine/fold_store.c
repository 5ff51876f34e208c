/* SPDX-License-Identifier: Apache-2.0
 *
 * fold_store.c - the fold and the store meet: checkpoints, and the way back to the newest one. */
#include <assert.h>

#include "engine/fold.h"
#include "store/store.h"

#define BOARD_PART ODD_SHARD_COUNT /* Behind the shards'. */

struct odd_snapshot {
    Mem       mem;
    odd_fold *fold;
    uint64_t  position;
    ImageOut  images[ODD_SHARD_COUNT + 1]; /* Those with bytes are the parts of it. */
    bool      recorded;
    bool      base_lost; /* The store wants all parts the next time. */
};

/* Parts of shards that did not change are those of the checkpoint before. */
static bool parts_take(odd_snapshot *snapshot)
{
    odd_fold *fold = snapshot->fold;
    bool good = true;
    for (int i = 0; i <= ODD_SHARD_COUNT; i++) {
        ImageOut *image = &snapshot->images[i];
        image->mem = &snapshot->mem;
        if (i == BOARD_PART)
            fold_save_board(fold, image);
        else if (fold->shards[i].changed || !fold->has_checkpoint)
            shard_save(&fold->shards[i], image);
        good = good && !image->failed;
    }
    return good;
}

odd_rc odd_snapshot_take(odd_fold *fold, odd_snapshot **ret_snapshot)
{
    if (fold->merge_is_due || fold->fed != fold->position)
        return problem_say(&fold->problem, ODD_MISUSE, "a checkpoint stands behind a merge alone");
    Mem mem = {0};
    odd_snapshot *snapshot = mem_take(&mem, sizeof *snapshot);
    if (snapshot != NULL)
        *snapshot = (odd_snapshot){.mem = mem, .fold = fold, .position = fold->position};
    if (snapshot == NULL || !parts_take(snapshot)) {
        odd_snapshot_close(snapshot);
        return problem_say(&fold->problem, ODD_NOMEM, "no memory left to save what was learnt");
    }
    for (int i = 0; i < ODD_SHARD_COUNT; i++)
        fold->shards[i].changed = false;
    *ret_snapshot = snapshot;
    return ODD_OK;
}

odd_rc odd_snapshot_record(odd_snapshot *snapshot, odd_store *store, const char *const *lake_files,
                           size_t lake_file_count)
{
    StorePart parts[ODD_SHARD_COUNT + 1];
    size_t count = 0;
    for (int i = 0; i <= ODD_SHARD_COUNT; i++)
        if (snapshot->images[i].size > 0)
            parts[count++] = (StorePart){.number = i,
                                         .bytes = {.text = snapshot->images[i].bytes,
                                                   .size = snapshot->images[i].size}};
    odd_rc rc =
        store_checkpoint(store, snapshot->position, parts, count, lake_files, lake_file_count);
    snapshot->recorded = rc == ODD_OK;
    snapshot->base_lost = rc == ODD_CORRUPT;
    return rc;
}

void odd_snapshot_close(odd_snapshot *snapshot)
{
    if (snapshot == NULL)
        return;
    odd_fold *fold = snapshot->fold;
    for (int i = 0; i <= ODD_SHARD_COUNT; i++) {
        if (i < ODD_SHARD_COUNT && snapshot->images[i].size > 0)
            fold->shards[i].changed |= !snapshot->recorded;
        image_close(&snapshot->images[i]);
    }
    if (snapshot->recorded)
        fold->has_checkpoint = true;
    if (snapshot->base_lost)
        fold->has_checkpoint = false;
    Mem mem = snapshot->mem;
    mem_free(&mem, snapshot, sizeof *snapshot);
}

odd_rc odd_checkpoint(odd_fold *fold, odd_store *store, const char *const *lake_files,
                      size_t lake_file_count)
{
    odd_snapshot *snapshot = NULL;
    odd_rc rc = odd_snapshot_take(fold, &snapshot);
    if (rc != ODD_OK)
        return rc;
    assert(snapshot != NULL);
    rc = odd_snapshot_record(snapshot, store, lake_files, lake_file_count);
    odd_snapshot_close(snapshot);
    return rc == ODD_OK ? rc
                        : problem_say(&fold->problem, rc, "saving what was learnt: %s",
                                      odd_store_catalog_errmsg(store));
}

typedef struct {
    odd_fold *fold;
    bool      loaded[ODD_SHARD_COUNT + 1]; /* Something of an image is there. */
} Restore;

/* What is there already is of a newer checkpoint that turned out to be damaged. */
static odd_rc part_load(void *context, int number, Str bytes)
{
    Restore *restore = context;
    odd_fold *fold = restore->fold;
    ImageIn in = {.bytes = bytes};
    if (number < 0 || number > BOARD_PART)
        return ODD_CORRUPT;
    odd_rc rc = restore->loaded[number] ? fold_forget(fold, number) : ODD_OK;
    if (rc != ODD_OK)
        return rc;
    restore->loaded[number] = true;
    return number == BOARD_PART ? fold_load_board(fold, &in)
                                : shard_load(&fold->shards[number], &in);
}

static odd_rc forget_loaded(const Restore *restore)
{
    odd_rc rc = ODD_OK;
    for (int i = 0; rc == ODD_OK && i <= ODD_SHARD_COUNT; i++)
        if (restore->loaded[i])
            rc = fold_forget(restore->fold, i);
    return rc;
}

odd_rc odd_restore(odd_fold *fold, odd_store *store, uint64_t at_most)
{
    if (fold->fed != 0)
        return problem_say(&fold->problem, ODD_MISUSE, "only an empty fold can be restored");
    uint64_t position;
    Restore restore = {.fold = fold};
    odd_rc rc = store_restore(store, at_most, part_load, &restore, &position);
    if (rc == ODD_VERSION)
        return problem_say(
            &fold->problem, rc,
            "what was learnt was saved by another version of oddball, which this one "
            "cannot read: start that version again, or move the data directory away "
            "to begin anew");
    if (rc == ODD_DONE && forget_loaded(&restore) == ODD_OK) {
        /* What was before the journal cannot be learnt again: its rows of the lake are to stay. */
        fold->fed = fold->position = store_first(store) - 1;
        return rc;
    }
    if (rc != ODD_OK)
        return problem_say(
            &fold->problem, rc == ODD_DONE ? ODD_NOMEM : rc, "restoring what was learnt: %s",
            rc == ODD_DONE ? odd_strerror(ODD_NOMEM) : odd_store_catalog_errmsg(store));
    fold->has_checkpoint = true;
    fold_tell_shards(fold);
    return ODD_OK;
}
