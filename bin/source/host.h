/* SPDX-License-Identifier: Apache-2.0
 *
 * host.h - this machine's metrics, from /proc and /sys: one file for each area.
 *
 * Names and units are those of Prometheus' node_exporter where it has them.  The number of series
 * is bounded: virtual devices are left out, and processors beyond HOST_CPUS_MAX are summed.
 *
 * THREADS    One look at a time.
 */
#ifndef SOURCE_HOST_H
#define SOURCE_HOST_H
#include "source/proc.h"
#include "source/samples.h"

#define HOST_CPUS_MAX 32     /* With more, all are told as one. */
#define HOST_DEVICES_MAX 256 /* Of disks, of networks, of file systems. */
#define HOST_UNITS_MAX 512

typedef struct {
    const char *proc, *sys; /* "/proc", "/sys" */
    ProcText    text;       /* Room to read into. */
} Host;

void host_cpu(Host *host, Samples *samples);      /* Modes, load, interrupts, processes. */
void host_memory(Host *host, Samples *samples);   /* Memory, swap, paging.               */
void host_disk(Host *host, Samples *samples);     /* Disks and file systems.             */
void host_network(Host *host, Samples *samples);  /* Interfaces, sockets, TCP.           */
void host_pressure(Host *host, Samples *samples); /* Pressure stall information.         */
void host_units(Host *host, Samples *samples);    /* Control groups (v2) of units.       */

/* All areas. */
void host_look(Host *host, Samples *samples);

#endif
