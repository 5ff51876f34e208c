/* SPDX-License-Identifier: Apache-2.0 */
#include "serve/keepers.h"

#include <pthread.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "input/clock.h"

typedef struct {
    const SourceKind *kind;
    void             *self;
    pthread_t         thread;
} Keeper;

struct Keepers {
    SourceContext context;
    atomic_bool   stop;
    Keeper       *keepers;
    size_t        count;
};

static void *run(void *context)
{
    Keeper *keeper = context;
    keeper->kind->run(keeper->self);
    return NULL;
}

static void start(Keepers *keepers, const SourceKind *kind)
{
    Keeper *keeper = &keepers->keepers[keepers->count];
    *keeper = (Keeper){.kind = kind, .self = kind->open(&keepers->context)};
    if (keeper->self == NULL)
        return;
    if (pthread_create(&keeper->thread, NULL, run, keeper) == 0)
        keepers->count++;
    else
        kind->close(keeper->self);
}

Keepers *keepers_open(Intake *intake, const Settings *settings)
{
    Keepers *keepers = calloc(1, sizeof *keepers);
    if (keepers == NULL)
        return NULL;
    keepers->keepers = calloc(source_kinds_count + 1, sizeof *keepers->keepers);
    int descriptor = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (keepers->keepers == NULL || descriptor < 0) {
        if (descriptor >= 0)
            close(descriptor);
        free(keepers->keepers);
        free(keepers);
        return NULL;
    }
    keepers->context = (SourceContext){.intake = intake,
                                       .settings = settings,
                                       .stop = &keepers->stop,
                                       .stop_descriptor = descriptor,
                                       .zone_s = clock_local_zone};
    for (size_t i = 0; i < source_kinds_count; i++)
        start(keepers, source_kinds[i]);
    return keepers;
}

void keepers_close(Keepers *keepers)
{
    if (keepers == NULL)
        return;
    atomic_store(&keepers->stop, true);
    uint64_t one = 1;
    ssize_t written = write(keepers->context.stop_descriptor, &one, sizeof one);
    (void)written; /* An eventfd at zero takes it; and they look at `stop` as well. */
    for (size_t i = 0; i < keepers->count; i++)
        pthread_join(keepers->keepers[i].thread, NULL);
    for (size_t i = 0; i < keepers->count; i++)
        keepers->keepers[i].kind->close(keepers->keepers[i].self);
    close(keepers->context.stop_descriptor);
    free(keepers->keepers);
    free(keepers);
}

typedef struct {
    const char *kind;
    void (*tell)(void *context, const char *kind, const Watch *watch);
    void *context;
} Telling;

static void tell_with_kind(void *context, const Watch *watch)
{
    Telling *telling = context;
    telling->tell(telling->context, telling->kind, watch);
}

void keepers_describe(Keepers *keepers,
                      void (*tell)(void *context, const char *kind, const Watch *watch),
                      void *context)
{
    for (size_t i = 0; i < keepers->count; i++) {
        Keeper *keeper = &keepers->keepers[i];
        Telling telling = {.kind = keeper->kind->name, .tell = tell, .context = context};
        keeper->kind->describe(keeper->self, tell_with_kind, &telling);
    }
}
