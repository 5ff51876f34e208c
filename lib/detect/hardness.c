/* SPDX-License-Identifier: Apache-2.0 */
#include "detect/hardness.h"

#include <stdlib.h>
#include <string.h>

#define SHARE 0.5f
#define CLIP 1.5f

static int by_size(const void *a, const void *b)
{
    const float x = *(const float *)a, y = *(const float *)b;
    return (x > y) - (x < y);
}

static float most_near(const Hardness *hardness, uint32_t part)
{
    float most = 0;
    for (uint32_t i = 0; i < 3; i++) {
        const float peak = hardness->peaks[(part + HARDNESS_PARTS - 1 + i) % HARDNESS_PARTS];
        most = peak > most ? peak : most;
    }
    return most;
}

/* Against the median of all parts; a part that was not visited is 0, and then nothing is known. */
static float ratio_of(const Hardness *hardness, uint32_t part)
{
    float sorted[HARDNESS_PARTS];
    memcpy(sorted, hardness->peaks, sizeof sorted);
    qsort(sorted, HARDNESS_PARTS, sizeof *sorted, by_size);
    const float median = sorted[HARDNESS_PARTS / 2];
    return sorted[0] > 0 ? most_near(hardness, part) / median : 0;
}

double hardness_ratio(const Hardness *hardness)
{
    return hardness->ratio > 1 ? (double)hardness->ratio : 1;
}

static void end_visit(Hardness *hardness)
{
    float *peak = &hardness->peaks[hardness->part];
    if (!(*peak > 0)) {
        *peak = hardness->visit;
        return;
    }
    const float most = CLIP * *peak;
    *peak += SHARE * ((hardness->visit < most ? hardness->visit : most) - *peak);
}

void hardness_learn(Hardness *hardness, double phase, double score)
{
    const uint32_t part = (uint32_t)(phase * HARDNESS_PARTS) % HARDNESS_PARTS;
    if (part != hardness->part) {
        end_visit(hardness);
        hardness->part = part;
        hardness->visit = 0;
        hardness->ratio = ratio_of(hardness, part);
    }
    if (score > (double)hardness->visit)
        hardness->visit = (float)score;
}
