/* SPDX-License-Identifier: Apache-2.0
 *
 * fold_sources.h - all sources of a fold in one list: of lines, and of samples, whose series lie in
 * many shards and are added up.
 *
 * OWNERSHIP  fold_sources_close frees the list; names point into the fold.
 * ERRORS     False: no memory.
 * EXACTNESS  In the order of the shards, and in a shard in the order of first sight.
 */
#ifndef ENGINE_FOLD_SOURCES_H
#define ENGINE_FOLD_SOURCES_H
#include "engine/fold.h"

typedef struct {
    Str         name;
    const char *kind; /* A layout's, "records" or "samples". */
    uint64_t    rows, records, series, watched, samples, judged, refused, bytes, cut, late, early;
    odd_time    first_time, last_time, known;
} FoldSource;

typedef struct {
    Mem         mem;
    FoldSource *sources;
    size_t      count, capacity;
    Names       metric_names; /* Number n is source metric_numbers[n]. */
    uint32_t   *metric_numbers;
    size_t      metric_capacity;
} FoldSources;

bool fold_sources_open(const odd_fold *fold, FoldSources *ret);
void fold_sources_close(FoldSources *list);

#endif
