/* SPDX-License-Identifier: Apache-2.0
 *
 * trace.h - the line of a series with what was expected, kept to be drawn.
 *
 * SHAPE      A point a sample; halved, a point for two, four, eight ... of them.
 * OWNERSHIP  The memory is the caller's Mem; trace_close gives it back.
 * ERRORS     Without memory for more, trace_add is false and the sample is not kept.
 */
#ifndef ENGINE_TRACE_H
#define ENGINE_TRACE_H
#include <oddball.h>
#include <stdbool.h>

#include "base/mem.h"

typedef struct {
    odd_time time; /* Of its first sample, as is the row. */
    uint64_t row;
    double   low, high;              /* Least and greatest value. */
    double   expected, lower, upper; /* NaN: nothing was.         */
} TracePoint;

typedef struct {
    TracePoint *points;
    size_t      count, capacity;
    uint64_t    seen;     /* Samples.                     */
    uint32_t    halvings; /* A point is of 2^halvings.    */
} Trace; /* All zero is empty. */

bool trace_is_full(const Trace *trace); /* The next sample needs memory. */
bool trace_add(Trace *trace, Mem *mem, const TracePoint *sample);
void trace_halve(Trace *trace, Mem *mem);
void trace_close(Trace *trace, Mem *mem);

/* Two neighbours as one. */
TracePoint trace_join(const TracePoint *first, const TracePoint *second);

#endif
