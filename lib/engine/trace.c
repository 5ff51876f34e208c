/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/trace.h"

#include <math.h>
#include <string.h>

#define HALVINGS_MAX 31
#define COUNT_MIN 64 /* Fewer are not halved. */

static double mean_of(double a, double b)
{
    return isnan(a) ? b : isnan(b) ? a : a + (b - a) / 2;
}

TracePoint trace_join(const TracePoint *first, const TracePoint *second)
{
    return (TracePoint){.time = first->time,
                        .row = first->row,
                        .low = fmin(first->low, second->low),
                        .high = fmax(first->high, second->high),
                        .expected = mean_of(first->expected, second->expected),
                        .lower = fmin(first->lower, second->lower),
                        .upper = fmax(first->upper, second->upper)};
}

bool trace_is_full(const Trace *trace)
{
    return trace->count == trace->capacity && trace->seen >> trace->halvings == trace->count;
}

bool trace_add(Trace *trace, Mem *mem, const TracePoint *sample)
{
    size_t at = (size_t)(trace->seen >> trace->halvings);
    if (at < trace->count) {
        trace->points[at] = trace_join(&trace->points[at], sample);
        trace->seen++;
        return true;
    }
    TracePoint *grown = mem_grow(mem, trace->points, &trace->capacity, at + 1, sizeof *grown);
    if (grown == NULL)
        return false;
    trace->points = grown;
    grown[trace->count++] = *sample;
    trace->seen++;
    return true;
}

/* Its memory is given back as far as there is some to copy to. */
void trace_halve(Trace *trace, Mem *mem)
{
    if (trace->count < COUNT_MIN || trace->halvings == HALVINGS_MAX)
        return;
    size_t count = (trace->count + 1) / 2;
    for (size_t i = 0; i < count; i++)
        trace->points[i] = 2 * i + 1 < trace->count
                               ? trace_join(&trace->points[2 * i], &trace->points[2 * i + 1])
                               : trace->points[2 * i];
    trace->count = count;
    trace->halvings++;
    TracePoint *smaller = mem_take(mem, count * sizeof *smaller);
    if (smaller == NULL)
        return;
    memcpy(smaller, trace->points, count * sizeof *smaller);
    mem_free(mem, trace->points, trace->capacity * sizeof *smaller);
    trace->points = smaller;
    trace->capacity = count;
}

void trace_close(Trace *trace, Mem *mem)
{
    mem_free(mem, trace->points, trace->capacity * sizeof *trace->points);
    *trace = (Trace){0};
}
