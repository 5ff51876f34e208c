/* SPDX-License-Identifier: Apache-2.0
 *
 * fold_store.c - the fold and the store meet: checkpoints, and the way back to the newest one. */
#include "engine/fold.h"
#include "store/store.h"

#define BOARD_PART ODD_SHARD_COUNT /* Behind the shards'. */

static void images_close(ImageOut *images)
{
    for (int i = 0; i <= ODD_SHARD_COUNT; i++)
        image_close(&images[i]);
}

/* Parts of shards that did not change are those of the checkpoint before. */
static size_t parts_save(const odd_fold *fold, ImageOut *images, StorePart *parts)
{
    size_t count = 0;
    for (int i = 0; i <= ODD_SHARD_COUNT; i++) {
        if (i < ODD_SHARD_COUNT && !fold->shards[i].changed && fold->has_checkpoint)
            continue;
        if (i < ODD_SHARD_COUNT)
            shard_save(&fold->shards[i], &images[i]);
        else
            fold_save_board(fold, &images[i]);
        parts[count++] =
            (StorePart){.number = i, .bytes = {.text = images[i].bytes, .size = images[i].size}};
    }
    return count;
}

odd_rc odd_checkpoint(odd_fold *fold, odd_store *store, const char *const *lake_files,
                      size_t lake_file_count)
{
    if (fold->merge_is_due || fold->fed != fold->position)
        return problem_say(&fold->problem, ODD_MISUSE, "a checkpoint stands behind a merge alone");
    Mem mem = {0};
    ImageOut images[ODD_SHARD_COUNT + 1];
    StorePart parts[ODD_SHARD_COUNT + 1];
    for (int i = 0; i <= ODD_SHARD_COUNT; i++)
        images[i] = (ImageOut){.mem = &mem};
    size_t count = parts_save(fold, images, parts);
    odd_rc rc = ODD_OK;
    for (int i = 0; i <= ODD_SHARD_COUNT; i++)
        if (images[i].failed)
            rc = problem_say(&fold->problem, ODD_NOMEM, "no memory left to save what was learnt");
    if (rc == ODD_OK)
        rc = store_checkpoint(store, fold->position, parts, count, lake_files, lake_file_count);
    if (rc != ODD_OK && rc != ODD_NOMEM)
        problem_say(&fold->problem, rc, "saving what was learnt: %s", odd_store_errmsg(store));
    images_close(images);
    if (rc != ODD_OK)
        return rc;
    for (int i = 0; i < ODD_SHARD_COUNT; i++)
        fold->shards[i].changed = false;
    fold->has_checkpoint = true;
    return ODD_OK;
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
        return problem_say(&fold->problem, rc == ODD_DONE ? ODD_NOMEM : rc,
                           "restoring what was learnt: %s",
                           rc == ODD_DONE ? odd_strerror(ODD_NOMEM) : odd_store_errmsg(store));
    fold->has_checkpoint = true;
    fold_tell_shards(fold);
    return ODD_OK;
}
