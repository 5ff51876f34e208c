/* SPDX-License-Identifier: Apache-2.0
 *
 * listening.h - which well-known exporters of Prometheus listen on this machine, as far as the
 * kernel's list of sockets tells.
 *
 * SHAPE      Ports are those that https://github.com/prometheus/prometheus/wiki/Default-port-
 *            allocations gives them.  Whether one answers as an exporter is for the caller to see.
 */
#ifndef SOURCE_LISTENING_H
#define SOURCE_LISTENING_H
#include "source/proc.h"

#define LISTENING_MAX 64

typedef struct {
    int         port;
    const char *job;  /* "node" */
    bool        six;  /* Only on IPv6. */
} Listening;

/* proc: "/proc".  Gives how many of `ret`, which holds LISTENING_MAX, were filled. */
size_t listening_find(ProcText *text, const char *proc, Listening *ret);

const char *listening_job(int port); /* NULL: no exporter is known for it. */

#endif
