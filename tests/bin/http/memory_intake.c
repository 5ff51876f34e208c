/* SPDX-License-Identifier: Apache-2.0
 *
 * An intake that keeps events in memory and answers from a thread of its own, as the real one does
 * behind its commit; what it takes and how it refuses is set by the test. */
#include "memory_intake.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define WAITING_MAX 4096

typedef struct {
    odd_events *events;
    IntakeDone  done;
    void       *context;
} Waiting;

struct Intake {
    pthread_mutex_t  lock;
    pthread_cond_t   filled;
    pthread_t        thread;
    Waiting          waiting[WAITING_MAX];
    size_t           count;
    bool             ending;
    uint64_t         position;
    IntakeStatus     status;
    int              delay_ms;
    odd_event_counts total;
    uint64_t         given;
};

static void count_events(Intake *intake, odd_event_counts counts)
{
    intake->total.events += counts.events;
    intake->total.lines += counts.lines;
    intake->total.records += counts.records;
    intake->total.samples += counts.samples;
    intake->total.changes += counts.changes;
    intake->total.bytes += counts.bytes;
}

static void answer(Intake *intake, Waiting waiting, IntakeStatus status)
{
    pthread_mutex_lock(&intake->lock);
    if (status == INTAKE_STORED)
        count_events(intake, odd_events_count(waiting.events));
    IntakeResult result = {status, 3, ++intake->position};
    pthread_mutex_unlock(&intake->lock);
    odd_events_close(waiting.events);
    waiting.done(waiting.context, result);
}

static void *intake_thread(void *context)
{
    Intake *intake = context;
    static Waiting batch[WAITING_MAX];
    pthread_mutex_lock(&intake->lock);
    while (!intake->ending || intake->count > 0) {
        if (intake->count == 0) {
            pthread_cond_wait(&intake->filled, &intake->lock);
            continue;
        }
        size_t       count = intake->count;
        IntakeStatus status = intake->ending ? INTAKE_STOPPED : intake->status;
        int          delay_ms = intake->delay_ms;
        memcpy(batch, intake->waiting, count * sizeof batch[0]);
        intake->count = 0;
        pthread_mutex_unlock(&intake->lock);
        if (delay_ms > 0)
            usleep((useconds_t)delay_ms * 1000);
        for (size_t i = 0; i < count; i++)
            answer(intake, batch[i], status);
        pthread_mutex_lock(&intake->lock);
    }
    pthread_mutex_unlock(&intake->lock);
    return NULL;
}

Intake *memory_intake_open(void)
{
    Intake *intake = calloc(1, sizeof *intake);
    if (intake == NULL)
        abort();
    pthread_mutex_init(&intake->lock, NULL);
    pthread_cond_init(&intake->filled, NULL);
    pthread_create(&intake->thread, NULL, intake_thread, intake);
    return intake;
}

void memory_intake_close(Intake *intake)
{
    pthread_mutex_lock(&intake->lock);
    intake->ending = true;
    pthread_cond_signal(&intake->filled);
    pthread_mutex_unlock(&intake->lock);
    pthread_join(intake->thread, NULL);
    free(intake);
}

void memory_intake_set(Intake *intake, IntakeStatus status, int delay_ms)
{
    pthread_mutex_lock(&intake->lock);
    intake->status = status;
    intake->delay_ms = delay_ms;
    pthread_mutex_unlock(&intake->lock);
}

MemoryCounts memory_intake_counts(Intake *intake)
{
    pthread_mutex_lock(&intake->lock);
    MemoryCounts counts = {intake->given, intake->total};
    pthread_mutex_unlock(&intake->lock);
    return counts;
}

void intake_give(Intake *intake, odd_events *events, IntakeDone done, void *context)
{
    pthread_mutex_lock(&intake->lock);
    bool room = intake->count < WAITING_MAX;
    intake->given++;
    if (room) {
        intake->waiting[intake->count++] = (Waiting){events, done, context};
        pthread_cond_signal(&intake->filled);
    }
    pthread_mutex_unlock(&intake->lock);
    if (room)
        return;
    odd_events_close(events);
    done(context, (IntakeResult){INTAKE_FULL, 1, 0});
}

static void waited(void *context, IntakeResult result)
{
    atomic_store((_Atomic uint64_t *)context,
                 result.status == INTAKE_STORED ? result.position + 1 : 1);
}

IntakeResult intake_wait(Intake *intake, odd_events *events)
{
    _Atomic uint64_t position = 0;
    intake_give(intake, events, waited, &position);
    while (atomic_load(&position) == 0)
        usleep(1000);
    uint64_t stored = atomic_load(&position) - 1;
    return (IntakeResult){stored > 0 ? INTAKE_STORED : INTAKE_FULL, 1, stored};
}

IntakeCounts intake_counts(Intake *intake)
{
    pthread_mutex_lock(&intake->lock);
    IntakeCounts counts = {.commits = intake->position,
                           .events = intake->total.events,
                           .masked = {[ODD_MASK_EMAIL] = 7}};
    pthread_mutex_unlock(&intake->lock);
    return counts;
}

IntakeStatus intake_outlook(const Intake *intake)
{
    return intake->status;
}

bool intake_has_room(const Intake *intake)
{
    return intake->status != INTAKE_FULL;
}

const odd_masks *intake_masks(const Intake *intake)
{
    (void)intake; /* What is secret in tests is not. */
    return NULL;
}
