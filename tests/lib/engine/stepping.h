/* SPDX-License-Identifier: Apache-2.0
 *
 * stepping.h - all shards of a fold are stepped by so many threads, each its own share.
 */
#ifndef STEPPING_H
#define STEPPING_H
#include <pthread.h>

#include "folding.h"

#define STEPPING_THREADS_MAX 8

typedef struct {
    odd_fold *fold;
    int       first, step;
} Stepper;

static inline void *stepper_work(void *context)
{
    Stepper *stepper = context;
    for (int i = stepper->first; i < ODD_SHARD_COUNT; i += stepper->step)
        if (odd_fold_step(stepper->fold, i) != ODD_OK)
            return stepper;
    return NULL;
}

static inline void step_all(odd_fold *fold, int threads)
{
    pthread_t ids[STEPPING_THREADS_MAX];
    Stepper steppers[STEPPING_THREADS_MAX];
    assert_in_range(threads, 1, STEPPING_THREADS_MAX);
    for (int i = 0; i < threads; i++) {
        steppers[i] = (Stepper){.fold = fold, .first = i, .step = threads};
        assert_int_equal(pthread_create(&ids[i], NULL, stepper_work, &steppers[i]), 0);
    }
    for (int i = 0; i < threads; i++) {
        void *failed;
        pthread_join(ids[i], &failed);
        assert_null(failed);
    }
}

#endif
