/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/label_flood.h"

#include <stdio.h>

#include "event/series.h"

#define PAIR_SIZE 1024 /* Of a label and its value that are compared. */

typedef struct {
    Mem mem;
    Names labels, pairs; /* Names; names with values. */
    uint32_t values[SERIES_LABELS_MAX];
} Look;

/* The shard and the source that had to refuse the most. */
static const Shard *worst_shard(const odd_fold *fold, uint32_t *ret_source)
{
    const Shard *worst = NULL;
    uint64_t refused = 0;
    for (int i = 0; i < ODD_SHARD_COUNT; i++) {
        const Shard *shard = &fold->shards[i];
        for (uint32_t k = 0; k < shard->metric_source_names.count; k++) {
            if (shard->metric_sources[k].refused <= refused)
                continue;
            refused = shard->metric_sources[k].refused;
            worst = shard;
            *ret_source = k;
        }
    }
    return worst;
}

static bool look_at(Look *look, Str series)
{
    Label label;
    char pair[PAIR_SIZE];
    for (size_t at = 0; series_next_label(series, &at, &label);) {
        bool is_new;
        uint32_t number = names_add(&look->labels, label.name, &is_new);
        int size = snprintf(pair, sizeof pair, "%.*s=%.*s", (int)label.name.size, label.name.text,
                            (int)label.value.size, label.value.text);
        if (size < 0 || (number == NAME_NONE && look->labels.count < SERIES_LABELS_MAX))
            return false;
        if (number == NAME_NONE)
            continue;
        Str text = {.text = pair,
                    .size = (size_t)size < sizeof pair ? (size_t)size : sizeof pair - 1};
        if (names_add(&look->pairs, text, &is_new) == NAME_NONE)
            return false;
        look->values[number] += is_new;
    }
    return true;
}

static void most_values(const Look *look, char label[LABEL_FLOOD_SIZE])
{
    uint32_t most = 0;
    for (uint32_t i = 1; i < look->labels.count; i++)
        if (look->values[i] > look->values[most])
            most = i;
    Str name = look->labels.count > 0 ? names_text(&look->labels, most) : STR("");
    snprintf(label, LABEL_FLOOD_SIZE, "%.*s", (int)name.size, name.text);
}

bool label_flood(const odd_fold *fold, char source[LABEL_FLOOD_SIZE], char label[LABEL_FLOOD_SIZE])
{
    uint32_t number = 0;
    const Shard *shard = worst_shard(fold, &number);
    if (shard == NULL)
        return false;
    Look look = {0};
    look.labels = (Names){.mem = &look.mem, .count_max = SERIES_LABELS_MAX};
    look.pairs = (Names){.mem = &look.mem};
    size_t count = shard->series_names.count, looked = 0;
    bool good = true;
    for (size_t i = count; good && i-- > 0 && looked < LABEL_FLOOD_SERIES;) {
        if (shard_series(shard, (uint32_t)i)->source != number)
            continue;
        looked++;
        good = look_at(&look, shard_series_name(shard, (uint32_t)i));
    }
    Str name = names_text(&shard->metric_source_names, number);
    snprintf(source, LABEL_FLOOD_SIZE, "%.*s", (int)name.size, name.text);
    most_values(&look, label);
    names_close(&look.labels);
    names_close(&look.pairs);
    return good;
}
