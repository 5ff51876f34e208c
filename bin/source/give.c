/* SPDX-License-Identifier: Apache-2.0 */
#include "source/give.h"

#include <poll.h>
#include <time.h>

#define NO_MEMORY_WAIT_S 1

static int64_t clock_ns(clockid_t clock)
{
    struct timespec now = {0};
    clock_gettime(clock, &now);
    return now.tv_sec * NS_PER_S + now.tv_nsec;
}

int64_t monotonic_now(void)
{
    return clock_ns(CLOCK_MONOTONIC);
}

bool give_stopped(const SourceContext *context)
{
    return atomic_load_explicit(context->stop, memory_order_relaxed);
}

bool give_pause(const SourceContext *context, int64_t wait_ns)
{
    struct pollfd stop = {.fd = context->stop_descriptor, .events = POLLIN};
    int64_t       until = monotonic_now() + wait_ns;
    while (!give_stopped(context)) {
        int64_t rest_ms = (until - monotonic_now() + NS_PER_MS - 1) / NS_PER_MS;
        if (rest_ms <= 0)
            return false;
        poll(&stop, 1, (int)(rest_ms < 1000 ? rest_ms : 1000));
    }
    return true;
}

static IntakeResult attempt(const SourceContext *context, odd_time known, GiveFill fill, void *what)
{
    odd_events *events;
    if (odd_events_open(intake_masks(context->intake), known, &events) != ODD_OK)
        return (IntakeResult){.status = INTAKE_FAILED, .retry_after_s = NO_MEMORY_WAIT_S};
    if (!fill(what, events)) {
        odd_events_close(events);
        return (IntakeResult){.status = INTAKE_FAILED, .retry_after_s = NO_MEMORY_WAIT_S};
    }
    return intake_wait(context->intake, events);
}

bool give(const SourceContext *context, odd_time known, GiveFill fill, void *what,
          atomic_uint_fast64_t *refusals)
{
    for (;;) {
        IntakeResult result = attempt(context, known, fill, what);
        if (result.status == INTAKE_STORED || result.status == INTAKE_KNOWN)
            return true;
        if (result.status == INTAKE_STOPPED)
            return false;
        atomic_fetch_add_explicit(refusals, 1, memory_order_relaxed);
        if (give_pause(context, result.retry_after_s * NS_PER_S))
            return false;
    }
}
