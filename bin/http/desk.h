/* SPDX-License-Identifier: Apache-2.0
 *
 * desk.h - a few threads for routes that compute or wait, so that they disturb nobody.
 */
#ifndef HTTP_DESK_H
#define HTTP_DESK_H
#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>

#define DESK_THREADS 6
#define DESK_QUEUE_MAX 64

typedef struct {
    pthread_mutex_t lock;
    pthread_cond_t  filled;
    pthread_t       threads[DESK_THREADS];
    size_t          thread_count;
    void          (*run)(void *work);
    void           *queue[DESK_QUEUE_MAX];
    size_t          first, count;
    bool            ending;
} Desk;

bool desk_begin(Desk *desk, void (*run)(void *work)); /* False: too few threads; desk_end it. */
bool desk_put(Desk *desk, void *work);                /* False: the queue is full. */
void desk_end(Desk *desk); /* Runs what is queued, then ends the threads. */

#endif
