/* SPDX-License-Identifier: Apache-2.0
 *
 * metric_together.h - many metrics of one machine that are odd at the same time, in plain words:
 * "47 of 400 series of instance web-3 are odd at once, where 11 are usual; most of all
 * `node_load1`, `http_requests_total` (code 500)".
 *
 * OWNERSHIP  Text is written into the caller's buffer, terminated, cut at its end if too long.
 */
#ifndef INCIDENT_METRIC_TOGETHER_H
#define INCIDENT_METRIC_TOGETHER_H
#include <stdint.h>

#include "base/str.h"

#define CROWDED_TOLD_MAX 3

typedef struct {
    uint32_t odd, series; /* Of how many. */
    double   expected;    /* So many are odd at other times. */
    Str      source, who; /* A target (event/target.h); "": the source as a whole. */
    Str      most[CROWDED_TOLD_MAX]; /* The oddest series. */
    uint32_t most_count;
} Crowded;

size_t metric_together(const Crowded *crowded, char *buffer, size_t size);
size_t metric_together_how_rare(const Crowded *crowded, char *buffer, size_t size);

#endif
