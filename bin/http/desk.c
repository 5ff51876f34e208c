/* SPDX-License-Identifier: Apache-2.0 */
#include "http/desk.h"

#include <string.h>

static void *desk_thread(void *context)
{
    Desk *desk = context;
    pthread_mutex_lock(&desk->lock);
    for (;;) {
        while (desk->count == 0 && !desk->ending)
            pthread_cond_wait(&desk->filled, &desk->lock);
        if (desk->count == 0)
            break;
        void *work = desk->queue[desk->first];
        desk->first = (desk->first + 1) % DESK_QUEUE_MAX;
        desk->count--;
        pthread_mutex_unlock(&desk->lock);
        desk->run(work);
        pthread_mutex_lock(&desk->lock);
    }
    pthread_mutex_unlock(&desk->lock);
    return NULL;
}

bool desk_begin(Desk *desk, void (*run)(void *work))
{
    memset(desk, 0, sizeof *desk);
    pthread_mutex_init(&desk->lock, NULL);
    pthread_cond_init(&desk->filled, NULL);
    desk->run = run;
    while (desk->thread_count < DESK_THREADS &&
           pthread_create(&desk->threads[desk->thread_count], NULL, desk_thread, desk) == 0)
        desk->thread_count++;
    return desk->thread_count == DESK_THREADS;
}

bool desk_put(Desk *desk, void *work)
{
    pthread_mutex_lock(&desk->lock);
    bool room = desk->count < DESK_QUEUE_MAX && !desk->ending;
    if (room) {
        desk->queue[(desk->first + desk->count) % DESK_QUEUE_MAX] = work;
        desk->count++;
        pthread_cond_signal(&desk->filled);
    }
    pthread_mutex_unlock(&desk->lock);
    return room;
}

void desk_end(Desk *desk)
{
    pthread_mutex_lock(&desk->lock);
    desk->ending = true;
    pthread_cond_broadcast(&desk->filled);
    pthread_mutex_unlock(&desk->lock);
    for (size_t i = 0; i < desk->thread_count; i++)
        pthread_join(desk->threads[i], NULL);
    pthread_cond_destroy(&desk->filled);
    pthread_mutex_destroy(&desk->lock);
}
