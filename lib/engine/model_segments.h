/* SPDX-License-Identifier: Apache-2.0
 *
 * model_segments.h - groups of a model's rows (a country, an age): their columns, their quality.
 */
#ifndef ENGINE_MODEL_SEGMENTS_H
#define ENGINE_MODEL_SEGMENTS_H
#include <stdbool.h>
#include <stdint.h>

#include "model/bins.h"
#include "model/gap.h"

#define SEGMENT_GROUPS_MAX 256

typedef struct {
    uint32_t       watch; /* Of the column that tells groups apart. */
    uint8_t        cell;
    GroupSums      before, now;
} SegmentGroup;

typedef struct {
    SegmentGroup   groups[SEGMENT_GROUPS_MAX];
    size_t         group_count, column_count, watch_count;
    uint32_t       columns[SEGMENT_GROUPS_MAX]; /* Watches that tell groups apart, and */
    uint32_t       first[SEGMENT_GROUPS_MAX];   /* the first group of each.            */
    GroupSums      all_before, all_now;
    uint32_t      *before, *now; /* (groups, watches, CELL_COUNT) */
    size_t         bytes;        /* Of each. */
} ModelSegments;

#endif
