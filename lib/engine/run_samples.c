/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/run_samples.h"

#include <stdbool.h>

#define HALVINGS_MAX 31

static bool is_due(const RunSamples *kept, uint64_t number)
{
    return (number & ((UINT64_C(1) << kept->halvings) - 1)) == 0;
}

/* Its memory stays, for those that come. */
static void halve(RunSamples *kept)
{
    for (size_t i = 0; i * 2 < kept->count; i++)
        kept->samples[i] = kept->samples[i * 2];
    kept->count = (kept->count + 1) / 2;
    kept->halvings += kept->halvings < HALVINGS_MAX;
}

void run_samples_add(RunSamples *kept, Mem *mem, RunSample sample)
{
    uint64_t number = kept->seen++;
    if (!is_due(kept, number))
        return;
    RunSample *grown =
        mem_grow(mem, kept->samples, &kept->capacity, kept->count + 1, sizeof *grown);
    if (grown != NULL) {
        kept->samples = grown;
    } else if (kept->count > 1) {
        halve(kept);
        if (!is_due(kept, number))
            return;
    } else {
        return;
    }
    kept->samples[kept->count++] = sample;
}

void run_samples_close(RunSamples *kept, Mem *mem)
{
    mem_free(mem, kept->samples, kept->capacity * sizeof *kept->samples);
    *kept = (RunSamples){0};
}
