/* SPDX-License-Identifier: Apache-2.0
 *
 * series_watch.c - the door for a program that watches a number of its own. */
#include "detect/series.h"

#include <math.h>
#include <string.h>

#include "base/hash.h"
#include "base/mem.h"

#define SNAPSHOT_MAGIC 0x5345524f4444ull
#define SNAPSHOT_VERSION 2u
#define BOUND_DEVIATIONS 3.29 /* Bounds are that far from what is expected: 1 in 1000. */

typedef struct {
    uint64_t    magic;
    uint32_t    version, size;
    SeriesWatch watch;
    uint64_t    checksum; /* Of all before it. */
} Snapshot;

struct odd_series {
    Mem         mem;
    SeriesWatch watch;
    Snapshot   *snapshot; /* The last one that was asked for; NULL: none was. */
};

odd_rc odd_series_open(const odd_options *options, odd_series **series)
{
    (void)options; /* None of them is about one series. */
    Mem mem = {0};
    odd_series *opened = mem_take(&mem, sizeof *opened);
    if (opened == NULL)
        return ODD_NOMEM;
    opened->mem = mem;
    *series = opened;
    return ODD_OK;
}

void odd_series_close(odd_series *series)
{
    if (series == NULL)
        return;
    Mem mem = series->mem;
    mem_free(&mem, series->snapshot, sizeof *series->snapshot);
    mem_free(&mem, series, sizeof *series);
}

static void answer(const Judgement *judged, double value, odd_judgement *judgement)
{
    *judgement = (odd_judgement){
        .surprise = judged->surprise,
        .alarm = judged->alarm,
        .expected = judged->expected,
        .lower = judged->lower,
        .upper = judged->upper,
        .reason = judged->reason,
    };
    double deviation = value > judged->expected ? judged->upper - judged->expected
                                                : judged->expected - judged->lower;
    if (deviation > 0)
        judgement->effect = fabs(value - judged->expected) * BOUND_DEVIATIONS / deviation;
}

void odd_series_score(const odd_series *series, odd_time time, double value,
                      odd_judgement *judgement)
{
    Judgement judged;
    series_score(&series->watch, time, value, &judged);
    answer(&judged, value, judgement);
}

void odd_series_put(odd_series *series, odd_time time, double value, odd_judgement *judgement)
{
    Judgement judged;
    series_put(&series->watch, time, value, &judged);
    if (judgement != NULL)
        answer(&judged, value, judgement);
}

static uint64_t checksum_of(const Snapshot *snapshot)
{
    return hash_bytes(snapshot, offsetof(Snapshot, checksum), SNAPSHOT_MAGIC);
}

odd_rc odd_series_snapshot(odd_series *series, const void **bytes, size_t *size)
{
    if (series->snapshot == NULL)
        series->snapshot = mem_take(&series->mem, sizeof *series->snapshot);
    Snapshot *snapshot = series->snapshot;
    if (snapshot == NULL)
        return ODD_NOMEM;
    memset(snapshot, 0, sizeof *snapshot);
    snapshot->magic = SNAPSHOT_MAGIC;
    snapshot->version = SNAPSHOT_VERSION;
    snapshot->size = sizeof *snapshot;
    snapshot->watch = series->watch;
    snapshot->checksum = checksum_of(snapshot);
    *bytes = snapshot;
    *size = sizeof *snapshot;
    return ODD_OK;
}

odd_rc odd_series_restore(odd_series *series, const void *bytes, size_t size)
{
    Snapshot read;
    if (size < sizeof read)
        return ODD_CORRUPT;
    memcpy(&read, bytes, sizeof read);
    if (read.magic != SNAPSHOT_MAGIC)
        return ODD_CORRUPT;
    if (read.version != SNAPSHOT_VERSION || read.size != sizeof read)
        return ODD_VERSION;
    if (size != sizeof read || read.checksum != checksum_of(&read))
        return ODD_CORRUPT;
    series->watch = read.watch;
    return ODD_OK;
}
