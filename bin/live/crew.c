/* SPDX-License-Identifier: Apache-2.0 */
#include "live/crew.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>

struct Crew {
    pthread_mutex_t lock;
    pthread_cond_t  begun, done;
    pthread_t      *threads;
    int             thread_count;
    void (*work)(void *context, int number);
    void           *context;
    int             count;
    atomic_int      next;
    unsigned        round;   /* Of crew_run. */
    int             working; /* Threads that have not finished this round. */
    bool            closing;
};

static void do_pieces(Crew *crew)
{
    for (;;) {
        int number = atomic_fetch_add(&crew->next, 1);
        if (number >= crew->count)
            return;
        crew->work(crew->context, number);
    }
}

static void *member(void *context)
{
    Crew *crew = context;
    unsigned round = 0;
    pthread_mutex_lock(&crew->lock);
    for (;;) {
        while (crew->round == round && !crew->closing)
            pthread_cond_wait(&crew->begun, &crew->lock);
        if (crew->closing)
            break;
        round = crew->round;
        pthread_mutex_unlock(&crew->lock);
        do_pieces(crew);
        pthread_mutex_lock(&crew->lock);
        if (--crew->working == 0)
            pthread_cond_signal(&crew->done);
    }
    pthread_mutex_unlock(&crew->lock);
    return NULL;
}

Crew *crew_open(int threads)
{
    Crew *crew = calloc(1, sizeof *crew);
    if (crew == NULL)
        return NULL;
    pthread_mutex_init(&crew->lock, NULL);
    pthread_cond_init(&crew->begun, NULL);
    pthread_cond_init(&crew->done, NULL);
    crew->threads = calloc((size_t)(threads > 1 ? threads : 1), sizeof *crew->threads);
    for (int i = 1; crew->threads != NULL && i < threads; i++) {
        if (pthread_create(&crew->threads[crew->thread_count], NULL, member, crew) != 0)
            break;
        crew->thread_count++;
    }
    if (crew->threads == NULL || (threads > 1 && crew->thread_count == 0)) {
        crew_close(crew);
        return NULL;
    }
    return crew;
}

void crew_close(Crew *crew)
{
    if (crew == NULL)
        return;
    pthread_mutex_lock(&crew->lock);
    crew->closing = true;
    pthread_cond_broadcast(&crew->begun);
    pthread_mutex_unlock(&crew->lock);
    for (int i = 0; i < crew->thread_count; i++)
        pthread_join(crew->threads[i], NULL);
    pthread_cond_destroy(&crew->done);
    pthread_cond_destroy(&crew->begun);
    pthread_mutex_destroy(&crew->lock);
    free(crew->threads);
    free(crew);
}

void crew_run(Crew *crew, int count, void (*work)(void *context, int number), void *context)
{
    pthread_mutex_lock(&crew->lock);
    crew->work = work;
    crew->context = context;
    crew->count = count;
    atomic_store(&crew->next, 0);
    crew->working = crew->thread_count;
    crew->round++;
    pthread_cond_broadcast(&crew->begun);
    pthread_mutex_unlock(&crew->lock);
    do_pieces(crew);
    pthread_mutex_lock(&crew->lock);
    while (crew->working > 0)
        pthread_cond_wait(&crew->done, &crew->lock);
    pthread_mutex_unlock(&crew->lock);
}
