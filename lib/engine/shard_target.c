/* SPDX-License-Identifier: Apache-2.0
 *
 * shard_target.c - whose samples came since the last tick: sources as a whole, and what their
 * series are of.  Shards see a part of the series of each; who fell silent is known where they meet
 * (presence.h). */
#include "base/hash.h"
#include "engine/shard.h"
#include "event/target.h"

#define PLACE_SEED 0x706c616365ULL

uint64_t shard_place(Str source, Str series)
{
    char target[TARGET_TEXT_SIZE];
    size_t size = target_text(series, target);
    return hash_bytes(target, size, hash_bytes(source.text, source.size, PLACE_SEED));
}

uint32_t shard_target(Shard *shard, uint64_t place, uint32_t source, uint32_t series)
{
    Names *names = &shard->target_names;
    Str name = {.text = (const char *)&place, .size = sizeof place};
    Target *grown = mem_grow(&shard->mem, shard->targets, &shard->target_capacity, names->count + 1,
                             sizeof *grown);
    if (grown == NULL)
        return NAME_NONE;
    shard->targets = grown;
    bool is_new;
    uint32_t number = names_add(names, name, &is_new);
    if (number != NAME_NONE && is_new)
        grown[number] = (Target){.place = place, .source = source, .series = series};
    return number;
}

/* Without memory for the list it is heard at a later tick. */
void shard_hear(Shard *shard, uint32_t number, odd_time known)
{
    if (number == NAME_NONE)
        return;
    Target *target = &shard->targets[number];
    target->known = known;
    if (target->heard == shard->ticks + 1)
        return;
    Heard *grown = mem_grow(&shard->way_mem, shard->heard, &shard->heard_capacity,
                            shard->heard_count + 1, sizeof *grown);
    if (grown == NULL)
        return;
    shard->heard = grown;
    target->heard_at = (uint32_t)shard->heard_count;
    grown[shard->heard_count++] = (Heard){.target = number};
    target->heard = shard->ticks + 1;
}

static bool is_odder(HeardSeries a, HeardSeries b)
{
    if (a.surprise > b.surprise || a.surprise < b.surprise)
        return a.surprise > b.surprise;
    return a.shard != b.shard ? a.shard < b.shard : a.series < b.series;
}

void heard_keep_oddest(HeardSeries *most, HeardSeries series)
{
    for (int i = 0; i < HEARD_MOST; i++) {
        if (!is_odder(series, most[i]))
            continue;
        HeardSeries next = most[i];
        most[i] = series;
        series = next;
    }
}

void shard_hear_odd(Shard *shard, const Series *series, double surprise)
{
    if (series->target == NAME_NONE)
        return;
    const Target *target = &shard->targets[series->target];
    if (target->heard != shard->ticks + 1)
        return;
    Heard *heard = &shard->heard[target->heard_at];
    together_add(&heard->moment, surprise);
    if (surprise > TOGETHER_ODD_SURPRISE)
        heard_keep_oddest(heard->most, (HeardSeries){.surprise = (float)surprise,
                                                     .shard = (uint32_t)shard->number,
                                                     .series = series->number});
}
