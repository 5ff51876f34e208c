/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/fold_sources.h"

static FoldSource *source_add(FoldSources *list, Str name, const char *kind)
{
    FoldSource *grown =
        mem_grow(&list->mem, list->sources, &list->capacity, list->count + 1, sizeof *grown);
    if (grown == NULL)
        return NULL;
    list->sources = grown;
    grown[list->count] = (FoldSource){.name = name,
                                      .kind = kind,
                                      .first_time = ODD_TIME_NONE,
                                      .last_time = ODD_TIME_NONE,
                                      .known = ODD_TIME_NONE};
    return &grown[list->count++];
}

static bool add_lines(FoldSources *list, const Shard *shard, uint32_t number)
{
    const Source *source = &shard->db->sources[number];
    const Feed *feed = &shard->feeds[number];
    FoldSource *made =
        source_add(list, names_text(&shard->sources, number),
                   feed->is_structured ? "records" : layout_kind_name(&source->layout));
    if (made == NULL)
        return false;
    made->rows = source->counts.rows;
    made->records = source->counts.records;
    made->bytes = source->counts.bytes;
    made->cut = source->counts.cut_rows;
    made->late = feed->late;
    made->early = feed->early;
    made->first_time = source->counts.first_time;
    made->last_time = source->counts.last_time;
    made->known = feed->known;
    return true;
}

static FoldSource *metric_source(FoldSources *list, Str name)
{
    bool is_new;
    uint32_t number = names_add(&list->metric_names, name, &is_new);
    if (number == NAME_NONE)
        return NULL;
    if (!is_new)
        return &list->sources[list->metric_numbers[number]];
    uint32_t *grown = mem_grow(&list->mem, list->metric_numbers, &list->metric_capacity, number + 1,
                               sizeof *grown);
    if (grown == NULL)
        return NULL;
    list->metric_numbers = grown;
    grown[number] = (uint32_t)list->count;
    return source_add(list, name, "samples");
}

static bool add_samples(FoldSources *list, const Shard *shard, uint32_t number)
{
    const MetricSource *source = &shard->metric_sources[number];
    FoldSource *sum = metric_source(list, names_text(&shard->metric_source_names, number));
    if (sum == NULL)
        return false;
    sum->series += source->series;
    sum->watched += source->watched;
    sum->samples += source->samples;
    sum->judged += source->judged;
    sum->refused += source->refused;
    sum->late += source->late;
    if (source->known > sum->known)
        sum->known = source->known;
    if (source->samples == 0)
        return true;
    if (sum->first_time == ODD_TIME_NONE || source->first_time < sum->first_time)
        sum->first_time = source->first_time;
    if (source->last_time > sum->last_time)
        sum->last_time = source->last_time;
    return true;
}

bool fold_sources_open(const odd_fold *fold, FoldSources *ret)
{
    *ret = (FoldSources){0};
    ret->metric_names = (Names){.mem = &ret->mem, .seed = fold->options.seed};
    bool good = true;
    for (int i = 0; good && i < ODD_SHARD_COUNT; i++) {
        const Shard *shard = &fold->shards[i];
        for (uint32_t k = 0; good && k < shard->db->source_count; k++)
            good = add_lines(ret, shard, k);
        for (uint32_t k = 0; good && k < shard->metric_source_names.count; k++)
            good = add_samples(ret, shard, k);
    }
    if (!good)
        fold_sources_close(ret);
    return good;
}

void fold_sources_close(FoldSources *list)
{
    mem_free(&list->mem, list->sources, list->capacity * sizeof *list->sources);
    mem_free(&list->mem, list->metric_numbers, list->metric_capacity * sizeof(uint32_t));
    names_close(&list->metric_names);
    *list = (FoldSources){0};
}
