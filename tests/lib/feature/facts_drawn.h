/* SPDX-License-Identifier: Apache-2.0
 *
 * facts_drawn.h - facts by chance, some of which come late, and what a window of them is, by going
 * through all of them.
 */
#ifndef FACTS_DRAWN_H
#define FACTS_DRAWN_H
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* Above: what cmocka needs first. */
#include <cmocka.h>

#include <math.h>
#include <stdio.h>

#include "base/rng.h"
#include "base/time.h"
#include "feature/table.h"

#define DRAWN_FROM (1764547200LL * NS_PER_S) /* 2025-12-01 */
#define DRAWN_COUNT 2000
#define DRAWN_ENTITIES 7
#define DRAWN_SPAN_S 3600

/* Of each aggregate, window and form of windows one; the last two are made of others. */
#define DRAWN_JSON                                                                                \
    "{\"features\":["                                                                             \
    "{\"name\":\"sum_5m\",\"from\":\"events\",\"entity\":\"u\",\"value\":\"x\",\"aggregate\":"    \
    "\"sum\",\"window\":\"5m\"},"                                                                 \
    "{\"name\":\"count_1m\",\"from\":\"events\",\"entity\":\"u\",\"aggregate\":\"count\","        \
    "\"window\":\"1m\",\"step\":\"1s\"},"                                                         \
    "{\"name\":\"max_t\",\"from\":\"events\",\"entity\":\"u\",\"value\":\"x\",\"aggregate\":"     \
    "\"max\",\"window\":\"2m\",\"windows\":\"tumbling\"},"                                        \
    "{\"name\":\"last_10s\",\"from\":\"events\",\"entity\":\"u\",\"value\":\"x\",\"aggregate\":"  \
    "\"last\",\"window\":\"10s\"},"                                                               \
    "{\"name\":\"std_lag\",\"from\":\"events\",\"entity\":\"u\",\"value\":\"x\",\"aggregate\":"   \
    "\"std\",\"window\":\"5m\",\"step\":\"30s\",\"lag\":\"1m\"},"                                 \
    "{\"name\":\"mean_i\",\"from\":\"events\",\"entity\":\"u\",\"value\":\"x\",\"aggregate\":"    \
    "\"mean\",\"window\":\"12s\",\"impute\":\"mean\"},"                                           \
    "{\"name\":\"ratio\",\"from\":\"features\",\"ratio\":\"sum_5m / count_1m\"}]}"
#define DRAWN_FEATURES 7
#define DRAWN_OF_FACTS 6

typedef struct {
    Fact fact;
    char entity[8];
} Drawn;

static inline void facts_draw(uint64_t seed, Drawn *drawn, size_t count)
{
    Rng rng = rng_seeded(seed);
    odd_time known = DRAWN_FROM;
    for (size_t i = 0; i < count; i++) {
        known += (odd_time)(rng_real(&rng) * DRAWN_SPAN_S / (double)count * 2e9);
        odd_time late = rng_next(&rng) % 4 == 0 ? (odd_time)(rng_real(&rng) * 200e9) : 0;
        drawn[i].fact = (Fact){.time = known - late,
                               .known = known,
                               .value = floor(rng_real(&rng) * 1000) / 10,
                               .hash = rng_next(&rng),
                               .feature = (uint32_t)(rng_next(&rng) % DRAWN_OF_FACTS)};
        snprintf(drawn[i].entity, sizeof drawn[i].entity, "u%d",
                 (int)(rng_next(&rng) % DRAWN_ENTITIES));
    }
}

/* The value of a feature of facts without imputing, of those facts that `sees` lets through. */
static inline double window_by_hand(const Feature *f, const Drawn *drawn, size_t count,
                                    size_t number, const char *entity, odd_time as_of,
                                    bool by_event)
{
    static _Alignas(8) char cell[4096];
    memset(cell, 0, sizeof cell);
    int64_t newest = 0, oldest = 0;
    bool is_last = f->aggregate->cell_bytes == 0;
    odd_time last = ODD_TIME_NONE;
    double last_value = NAN;
    if (!is_last) {
        newest = pane_of(as_of - f->lag_ns, f->step_ns) - f->is_tumbling;
        oldest = newest - f->window_ns / f->step_ns + 1;
    }
    for (size_t i = 0; i < count; i++) {
        const Fact *fact = &drawn[i].fact;
        if (fact->feature != number || strcmp(drawn[i].entity, entity) != 0 ||
            (by_event ? fact->time : fact->known) > as_of)
            continue;
        if (is_last && (fact->time > last || (fact->time == last && fact->value > last_value))) {
            last = fact->time;
            last_value = fact->value;
        }
        int64_t pane = is_last ? 0 : pane_of(fact->time, f->step_ns);
        if (!is_last && pane >= oldest && pane <= newest)
            f->aggregate->add(cell, (FactValue){.value = fact->value, .hash = fact->hash});
    }
    if (is_last)
        return last != ODD_TIME_NONE && as_of - last <= f->window_ns ? last_value : NAN;
    return f->aggregate->value(cell, &f->ask);
}

static inline bool same_bits(double a, double b)
{
    return (isnan(a) && isnan(b)) || memcmp(&a, &b, sizeof a) == 0;
}

#endif
