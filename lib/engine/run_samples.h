/* SPDX-License-Identifier: Apache-2.0
 *
 * run_samples.h - the samples of a series, kept to be compared with those of another run.
 *
 * SHAPE      One record a sample.  Where memory is short every second one of the series goes, and
 *            from then on as few are kept.
 * OWNERSHIP  The memory is the caller's Mem; run_samples_close gives it back.
 * ERRORS     A series for which there is no memory at all keeps none, though it has seen some.
 */
#ifndef ENGINE_RUN_SAMPLES_H
#define ENGINE_RUN_SAMPLES_H
#include <oddball.h>

#include "base/mem.h"

typedef struct {
    odd_time time;
    double   value;
    uint64_t row;
} RunSample;

typedef struct {
    RunSample *samples;
    size_t      count, capacity;
    uint64_t    seen; /* All that came. */
    uint32_t    halvings; /* One of 2^halvings is kept. */
} RunSamples; /* All zero is empty. */

void run_samples_add(RunSamples *kept, Mem *mem, RunSample sample);
void run_samples_close(RunSamples *kept, Mem *mem);

#endif
