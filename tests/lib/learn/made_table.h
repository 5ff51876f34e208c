/* SPDX-License-Identifier: Apache-2.0
 *
 * made_table.h - tables to learn from, made by a seed: days of visits, of which some end in a sale.
 *
 * OWNERSHIP  The text is static, and stands until the next call.
 */
#ifndef TESTS_LEARN_MADE_TABLE_H
#define TESTS_LEARN_MADE_TABLE_H
#include <stdio.h>
#include <string.h>

#include "base/rng.h"
#include "base/time.h"

#define TABLE_BYTES (1 << 20)
static char table_text[TABLE_BYTES];

/* time, pages, minutes, region, sold (yes or no), paid; hourly, from 2026-01-01. */
static inline const char *table_make(int rows, uint64_t seed)
{
    static const char *const regions[] = {"north", "south", "east"};
    Rng rng = rng_seeded(seed);
    size_t at = (size_t)snprintf(table_text, TABLE_BYTES, "time,pages,minutes,region,sold,paid\n");
    for (int i = 0; i < rows; i++) {
        char time[TIME_TEXT_SIZE];
        double pages = (double)rng_below(&rng, 20), minutes = 10 * rng_real(&rng);
        uint64_t region = rng_below(&rng, 3);
        double chance = pages > 10 ? 0.9 : region == 1 && minutes > 5 ? 0.8 : 0.1;
        double paid = 3 * pages + (region == 2 ? 20 : 0) + 4 * (rng_real(&rng) - 0.5);
        time_text(1767225600LL * NS_PER_S + i * 3600LL * NS_PER_S, 0, time);
        at += (size_t)snprintf(table_text + at, TABLE_BYTES - at, "%s,%g,%.3f,%s,%s,%.2f\n", time,
                               pages, minutes, regions[region],
                               rng_real(&rng) < chance ? "yes" : "no", paid);
    }
    return table_text;
}

#endif
