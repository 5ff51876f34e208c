/* SPDX-License-Identifier: Apache-2.0 */
#include "model/stretches.h"

#include <assert.h>
#include <math.h>

#include "base/real.h"

#define AS_GOOD 10.0 /* Nats by which a run that goes on to the end may be worse. */

void stretches_begin(Stretches *stretches)
{
    memset(stretches, 0, sizeof *stretches);
    stretches->length = STRETCH_ROWS_FIRST;
}

static void halve(Stretches *stretches)
{
    for (size_t i = 0; i < STRETCH_COUNT_MAX / 2; i++) {
        for (size_t c = 0; c < CELL_COUNT; c++)
            stretches->counts[i][c] = stretches->counts[2 * i][c] + stretches->counts[2 * i + 1][c];
        stretches->first_row[i] = stretches->first_row[2 * i];
        stretches->last_row[i] = stretches->last_row[2 * i + 1];
        stretches->time[i] = stretches->time[2 * i];
    }
    memset(stretches->counts[STRETCH_COUNT_MAX / 2], 0, sizeof stretches->counts / 2);
    stretches->count = STRETCH_COUNT_MAX / 2;
    stretches->length *= 2;
    stretches->filled = (uint32_t)stretches->length;
}

void stretches_learn(Stretches *stretches, uint8_t cell, uint64_t row, odd_time time)
{
    if (stretches->count == 0 || stretches->filled == stretches->length) {
        if (stretches->count == STRETCH_COUNT_MAX)
            halve(stretches);
        stretches->first_row[stretches->count] = row;
        stretches->time[stretches->count] = time;
        stretches->count++;
        stretches->filled = 0;
    }
    stretches->counts[stretches->count - 1][cell]++;
    stretches->last_row[stretches->count - 1] = row;
    stretches->filled++;
}

void stretches_sum(const Stretches *stretches, StretchRun run, double *counts)
{
    memset(counts, 0, CELL_COUNT * sizeof *counts);
    for (uint32_t i = run.first; i <= run.last; i++)
        for (size_t c = 0; c < CELL_COUNT; c++)
            counts[c] += stretches->counts[i][c];
}

static double gain(const double *counts, const Expected *expected)
{
    double n = 0, sum = 0;
    for (size_t c = 0; c < CELL_COUNT; c++)
        n += counts[c];
    for (size_t c = 0; c < CELL_COUNT; c++)
        if (counts[c] > 0)
            sum += counts[c] * real_log(counts[c] / n / expected->share[c]);
    return sum;
}

/* open: what is left out of each row. */
static StretchRun oddest(const Stretches *stretches, const Expected *expected, double open)
{
    assert(stretches->count > 0);
    uint32_t   end = stretches->count - 1;
    StretchRun best = {0, end}, to_end = {0, end};
    double     best_gain = -INFINITY, end_gain = -INFINITY, counts[CELL_COUNT];
    for (uint32_t first = 0; first <= end; first++) {
        memset(counts, 0, sizeof counts);
        double n = 0;
        for (uint32_t last = first; last <= end; last++) {
            for (size_t c = 0; c < CELL_COUNT; c++) {
                counts[c] += stretches->counts[last][c];
                n += stretches->counts[last][c];
            }
            double now = gain(counts, expected) - n * open;
            if (now > best_gain) {
                best_gain = now;
                best = (StretchRun){first, last};
            }
            if (last == end && now > end_gain) {
                end_gain = now;
                to_end = (StretchRun){first, end};
            }
        }
    }
    return end_gain + AS_GOOD >= best_gain ? to_end : best;
}

StretchRun stretches_oddest(const Stretches *stretches, const Expected *expected)
{
    return oddest(stretches, expected, 0);
}

/* A reference of so many rows differs from the truth by cells / (2 rows) nats a row, on average;
 * twice that is left out. */
static double left_open(const Expected *expected)
{
    return expected->cells / expected->rows;
}

StretchRun stretches_burst(const Stretches *stretches, const Expected *expected)
{
    return oddest(stretches, expected, left_open(expected));
}

StretchRun stretches_since(const Stretches *stretches, const Expected *expected)
{
    assert(stretches->count > 0);
    uint32_t   end = stretches->count - 1;
    StretchRun best = {end, end};
    double     most = 0, open = left_open(expected), counts[CELL_COUNT] = {0}, n = 0;
    for (uint32_t first = end + 1; first-- > 0;) {
        for (size_t c = 0; c < CELL_COUNT; c++) {
            counts[c] += stretches->counts[first][c];
            n += stretches->counts[first][c];
        }
        double now = gain(counts, expected) - n * open;
        if (first == end || now > most) {
            most = now;
            best.first = first;
        }
    }
    return best;
}
