/* SPDX-License-Identifier: Apache-2.0
 *
 * host.c - the source that looks at this machine every host_interval_s seconds.
 */
#include "source/host.h"

#include <stdlib.h>

#include "input/clock.h"
#include "source/give.h"

#define HOST_SOURCE "host"
#define INTERVAL_S_MIN 0.1

typedef struct {
    const SourceContext *context;
    Host                 host;
    Samples              samples;
    int64_t              interval_ns;
    atomic_uint_fast64_t given, missed, refusals;
} HostSource;

void host_look(Host *host, Samples *samples)
{
    host_cpu(host, samples);
    host_memory(host, samples);
    host_disk(host, samples);
    host_network(host, samples);
    host_pressure(host, samples);
    host_units(host, samples);
}

static void *host_open(const SourceContext *context)
{
    double interval_s = context->settings->host_interval_s;
    if (!context->settings->host)
        return NULL;
    HostSource *source = calloc(1, sizeof *source);
    if (source == NULL)
        return NULL;
    if (!(interval_s >= INTERVAL_S_MIN))
        interval_s = INTERVAL_S_MIN;
    source->context = context;
    source->host = (Host){.proc = "/proc", .sys = "/sys"};
    source->interval_ns = (int64_t)(interval_s * (double)NS_PER_S);
    return source;
}

/* Looks come at whole multiples of the interval, so that those of several machines meet. */
static void host_run(void *self)
{
    HostSource *source = self;
    while (!give_stopped(source->context)) {
        odd_time now = clock_now();
        samples_begin(&source->samples, HOST_SOURCE, now);
        host_look(&source->host, &source->samples);
        if (!give(source->context, now, samples_fill, &source->samples, &source->refusals))
            return;
        atomic_fetch_add(&source->given, source->samples.count);
        int64_t took = clock_now() - now;
        if (took > source->interval_ns)
            atomic_fetch_add(&source->missed, (uint64_t)(took / source->interval_ns));
        if (give_pause(source->context, source->interval_ns - clock_now() % source->interval_ns))
            return;
    }
}

static void host_describe(void *self, void (*tell)(void *context, const Watch *watch),
                          void *context)
{
    HostSource *source = self;
    Watch       watch = {.name = HOST_SOURCE,
                         .events = atomic_load(&source->given),
                         .dropped = atomic_load(&source->missed)};
    tell(context, &watch);
}

static void host_close(void *self)
{
    HostSource *source = self;
    proc_free(&source->host.text);
    samples_free(&source->samples);
    free(source);
}

const SourceKind source_host = {.name = "host",
                                .summary = "this machine's metrics, from /proc and /sys",
                                .open = host_open,
                                .run = host_run,
                                .describe = host_describe,
                                .close = host_close};
