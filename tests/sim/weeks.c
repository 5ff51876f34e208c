/* SPDX-License-Identifier: Apache-2.0 */
#include "weeks.h"

#include <assert.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

typedef struct {
    uint64_t first_seed;
    int      weeks, first, step;
    Judged  *judged;
} Part;

static void *play_part(void *context)
{
    const Part *part = context;
    for (int i = part->first; i < part->weeks; i += part->step) {
        Stage *stage = stage_open(part->first_seed + (uint64_t)i);
        stage_play(stage, WEEK_MINUTES, 1);
        stage_ask(stage);
        part->judged[i] = judge(&stage->play, &stage->tale);
        stage_close(stage);
    }
    return NULL;
}

void weeks_play(uint64_t first_seed, int weeks, int threads, Judged *ret_judged)
{
    pthread_t ids[STAGE_THREADS_MAX];
    Part parts[STAGE_THREADS_MAX];
    assert(threads <= STAGE_THREADS_MAX);
    for (int i = 0; i < threads; i++) {
        parts[i] = (Part){first_seed, weeks, i, threads, ret_judged};
        if (pthread_create(&ids[i], NULL, play_part, &parts[i]) != 0) {
            fprintf(stderr, "sim: no thread\n");
            abort();
        }
    }
    for (int i = 0; i < threads; i++)
        pthread_join(ids[i], NULL);
}
