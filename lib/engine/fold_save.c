/* SPDX-License-Identifier: Apache-2.0
 *
 * fold_save.c - what of a fold is not in its shards, as bytes and back. */
#include <inttypes.h>

#include "engine/fold.h"

typedef struct {
    uint32_t version, shard_count;
    uint64_t position, ticks, changes, torn, batches_left_out;
    odd_time now, back;
    uint64_t seed;
} FoldPlain;

void fold_save_board(const odd_fold *fold, ImageOut *out)
{
    FoldPlain plain = {.version = IMAGE_VERSION,
                       .shard_count = ODD_SHARD_COUNT,
                       .position = fold->position,
                       .ticks = fold->ticks,
                       .changes = fold->changes,
                       .torn = fold->torn,
                       .batches_left_out = fold->skeleton.batches_left_out,
                       .now = fold->now,
                       .back = fold->back,
                       .seed = fold->options.seed};
    image_put(out, &plain, sizeof plain);
    board_save(&fold->board, out);
    presence_save(&fold->presence, out);
    feature_table_save(&fold->features, out);
}

odd_rc fold_load_board(odd_fold *fold, ImageIn *in)
{
    FoldPlain plain = {0};
    image_get(in, &plain, sizeof plain);
    if (plain.version != IMAGE_VERSION || plain.shard_count != ODD_SHARD_COUNT)
        return ODD_VERSION;
    if (plain.seed != fold->options.seed)
        return problem_say(&fold->problem, ODD_MISUSE,
                           "what is there was learnt with the seed %" PRIu64 ", and cannot go on "
                           "with %" PRIu64 ": set the seed as it was, or move the data directory "
                           "away to begin anew",
                           plain.seed, fold->options.seed);
    board_load(&fold->board, in);
    presence_load(&fold->presence, in);
    odd_rc rc = feature_table_load(&fold->features, in);
    if (rc != ODD_OK)
        return rc;
    fold->fed_known = fold->features.now;
    fold->features_position = plain.position;
    for (int i = 0; i < ODD_SHARD_COUNT; i++)
        shard_features_are(&fold->shards[i], fold->features.set);
    fold->position = fold->fed = plain.position;
    fold->ticks = plain.ticks;
    fold->changes = plain.changes;
    fold->torn = plain.torn;
    fold->skeleton.batches_left_out = plain.batches_left_out;
    fold->now = plain.now;
    fold->back = plain.back;
    return image_at_end(in) ? ODD_OK : ODD_CORRUPT;
}
