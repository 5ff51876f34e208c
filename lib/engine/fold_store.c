/* SPDX-License-Identifier: Apache-2.0
 *
 * fold_store.c - the fold and the store meet: checkpoints, and the way back to the newest one. */
#include <assert.h>

#include "engine/fold.h"
#include "store/squeeze.h"
#include "store/store.h"

#define BOARD_PART ODD_SHARD_COUNT /* Behind the shards' first parts. */

#define PLAIN_SHARE 8 /* So much of the memory that is allowed may be copied as it is. */

typedef struct {
    int      number; /* Of all parts. */
    ImageOut image;
    uint64_t packed_size; /* Not 0: it is packed, and was so large. */
} Part;

struct odd_snapshot {
    Mem       mem;
    odd_fold *fold;
    uint64_t  position;
    Part     *parts; /* Those that have changed. */
    size_t    part_count, part_capacity;
    uint64_t  plain_bytes_max;
    Squeeze   squeeze;
    bool      recorded;
    bool      base_lost; /* The store wants all parts the next time. */
};

static int number_of(int shard, size_t part)
{
    return part == 0 ? shard : (int)part * ODD_SHARD_COUNT + 1 + shard;
}

static void place_of(int number, int *ret_shard, size_t *ret_part)
{
    int behind = number > BOARD_PART ? number - 1 : number;
    *ret_shard = behind % ODD_SHARD_COUNT;
    *ret_part = (size_t)(behind / ODD_SHARD_COUNT);
}

static ImageOut *part_add(odd_snapshot *snapshot, int number)
{
    Part *grown = mem_grow(&snapshot->mem, snapshot->parts, &snapshot->part_capacity,
                           snapshot->part_count + 1, sizeof *grown);
    if (grown == NULL)
        return NULL;
    snapshot->parts = grown;
    grown[snapshot->part_count] = (Part){.number = number, .image = {.mem = &snapshot->mem}};
    return &grown[snapshot->part_count++].image;
}

/* A snapshot is no second copy of all that is learnt: from some size on what it has is packed at
 * once, which takes longer. */
static bool last_part_packed(odd_snapshot *snapshot)
{
    Part *part = &snapshot->parts[snapshot->part_count - 1];
    Str packed, bytes = {.text = part->image.bytes, .size = part->image.size};
    if (snapshot->mem.bytes < snapshot->plain_bytes_max || bytes.size == 0)
        return true;
    if (squeeze_pack(&snapshot->squeeze, bytes, &packed) != ODD_OK)
        return false;
    ImageOut image = {.mem = &snapshot->mem};
    image_put(&image, packed.text, packed.size);
    image_close(&part->image);
    part->image = image;
    part->packed_size = bytes.size;
    return !image.failed;
}

static bool shard_take_parts(odd_snapshot *snapshot, int number)
{
    const odd_fold *fold = snapshot->fold;
    const Shard *shard = &fold->shards[number];
    for (size_t part = 0; part < shard_parts(shard); part++) {
        if (!shard_part_is_there(shard, part) ||
            (fold->has_checkpoint && !shard_part_changed(shard, part)))
            continue;
        ImageOut *image = part_add(snapshot, number_of(number, part));
        if (image == NULL)
            return false;
        shard_save(shard, part, image);
        if (image->failed || !last_part_packed(snapshot))
            return false;
    }
    return true;
}

/* Those that did not change are those of the checkpoint before. */
static bool parts_take(odd_snapshot *snapshot)
{
    for (int i = 0; i < ODD_SHARD_COUNT; i++)
        if (!shard_take_parts(snapshot, i))
            return false;
    ImageOut *board = part_add(snapshot, BOARD_PART);
    if (board == NULL)
        return false;
    fold_save_board(snapshot->fold, board);
    return !board->failed;
}

static void parts_mark(const odd_snapshot *snapshot, bool changed)
{
    for (size_t i = 0; i < snapshot->part_count; i++) {
        int shard;
        size_t part;
        place_of(snapshot->parts[i].number, &shard, &part);
        if (snapshot->parts[i].number != BOARD_PART)
            shard_part_mark(&snapshot->fold->shards[shard], part, changed);
    }
}

odd_rc odd_snapshot_take(odd_fold *fold, odd_snapshot **ret_snapshot)
{
    if (fold->merge_is_due || fold->fed != fold->position)
        return problem_say(&fold->problem, ODD_MISUSE, "a checkpoint stands behind a merge alone");
    Mem mem = {0};
    odd_snapshot *snapshot = mem_take(&mem, sizeof *snapshot);
    if (snapshot != NULL)
        *snapshot = (odd_snapshot){.mem = mem,
                                   .fold = fold,
                                   .position = fold->position,
                                   .plain_bytes_max = fold->options.memory_bytes_max / PLAIN_SHARE};
    if (snapshot == NULL || !parts_take(snapshot)) {
        odd_snapshot_close(snapshot);
        return problem_say(&fold->problem, ODD_NOMEM, "no memory left to save what was learnt");
    }
    squeeze_close(&snapshot->squeeze);
    parts_mark(snapshot, false);
    *ret_snapshot = snapshot;
    return ODD_OK;
}

odd_rc odd_snapshot_record(odd_snapshot *snapshot, odd_store *store, const char *const *lake_files,
                           size_t lake_file_count)
{
    StorePart *parts = mem_take(&snapshot->mem, snapshot->part_count * sizeof *parts);
    if (parts == NULL)
        return ODD_NOMEM;
    for (size_t i = 0; i < snapshot->part_count; i++) {
        const Part *part = &snapshot->parts[i];
        parts[i] = (StorePart){.number = part->number,
                               .bytes = {.text = part->image.bytes, .size = part->image.size},
                               .packed_size = part->packed_size};
    }
    odd_rc rc = store_checkpoint(store, snapshot->position, parts, snapshot->part_count, lake_files,
                                 lake_file_count);
    mem_free(&snapshot->mem, parts, snapshot->part_count * sizeof *parts);
    snapshot->recorded = rc == ODD_OK;
    snapshot->base_lost = rc == ODD_CORRUPT;
    return rc;
}

void odd_snapshot_close(odd_snapshot *snapshot)
{
    if (snapshot == NULL)
        return;
    odd_fold *fold = snapshot->fold;
    if (!snapshot->recorded)
        parts_mark(snapshot, true);
    for (size_t i = 0; i < snapshot->part_count; i++)
        image_close(&snapshot->parts[i].image);
    mem_free(&snapshot->mem, snapshot->parts, snapshot->part_capacity * sizeof *snapshot->parts);
    squeeze_close(&snapshot->squeeze);
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
    int       last; /* Of the parts that are there; they come in the order of their numbers. */
} Restore;

static odd_rc forget_all(odd_fold *fold)
{
    odd_rc rc = ODD_OK;
    for (int i = 0; rc == ODD_OK && i <= ODD_SHARD_COUNT; i++)
        rc = fold_forget(fold, i);
    return rc;
}

static odd_rc part_load(void *context, int number, Str bytes)
{
    Restore *restore = context;
    odd_fold *fold = restore->fold;
    ImageIn in = {.bytes = bytes};
    int shard;
    size_t part;
    if (number < 0)
        return ODD_CORRUPT;
    /* What is there already is of a newer checkpoint that turned out to be damaged. */
    odd_rc rc = number <= restore->last ? forget_all(fold) : ODD_OK;
    if (rc != ODD_OK)
        return rc;
    restore->last = number;
    if (number == BOARD_PART)
        return fold_load_board(fold, &in);
    place_of(number, &shard, &part);
    return shard_load(&fold->shards[shard], part, &in);
}

static odd_rc whole(odd_fold *fold)
{
    for (int i = 0; i < ODD_SHARD_COUNT; i++)
        if (!shard_is_whole(&fold->shards[i]))
            return problem_say(&fold->problem, ODD_CORRUPT,
                               "restoring what was learnt: parts of it are missing");
    return ODD_OK;
}

odd_rc odd_restore(odd_fold *fold, odd_store *store, uint64_t at_most)
{
    if (fold->fed != 0)
        return problem_say(&fold->problem, ODD_MISUSE, "only an empty fold can be restored");
    uint64_t position;
    Restore restore = {.fold = fold, .last = -1};
    odd_rc rc = store_restore(store, at_most, part_load, &restore, &position);
    if (rc == ODD_VERSION)
        return problem_say(
            &fold->problem, rc,
            "what was learnt was saved by another version of oddball, which this one "
            "cannot read: start that version again, or move the data directory away "
            "to begin anew");
    if (rc == ODD_MISUSE)
        return rc; /* Another seed; the story is told. */
    if (rc == ODD_DONE && (restore.last < 0 || forget_all(fold) == ODD_OK)) {
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
    return whole(fold);
}
