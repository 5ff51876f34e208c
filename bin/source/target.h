/* SPDX-License-Identifier: Apache-2.0
 *
 * target.h - one address that is scraped: what its samples are called, and one scrape of it.
 *
 * As Prometheus does, each scrape gives `up`, `scrape_duration_seconds` and
 * `scrape_samples_scraped` too.
 *
 * OWNERSHIP  A Target owns its texts; target_free.
 * THREADS    One scrape of a target at a time.
 */
#ifndef SOURCE_TARGET_H
#define SOURCE_TARGET_H
#include "http/client.h"
#include "source/source.h"

#define TARGET_TEXT_SIZE 320
#define TARGET_BYTES_MAX (64u << 20) /* Of an answer, unpacked. */
#define TARGET_TIME_S 10.0

typedef struct {
    char    *url;
    char     name[TARGET_TEXT_SIZE];     /* To show: without a user, a password or a query. */
    char     job[64], instance[TARGET_TEXT_SIZE];
    char     source[TARGET_TEXT_SIZE + 80];  /* JOB/INSTANCE */
    int      local_port; /* Of this machine, at the usual path; 0: another place. */
    bool     found;      /* By us; else it was named. */
    bool     proven;     /* It has answered as an exporter. */
    bool     seen;       /* While looking around. */
    bool     busy;       /* It is being scraped. */
    int64_t  due_ns;     /* On the clock that never jumps. */
    int64_t  unseen_ns;  /* Since when nobody listens there; 0: somebody does. */
    uint64_t samples, bytes;
    char     problem[400]; /* "" if the last scrape was good. */
} Target;

/* job NULL: told by the port, else "scrape".  NULL: no memory. */
Target *target_new(const char *url, const char *job);
void    target_free(Target *target);

typedef struct {
    const SourceContext  *context;
    Client               *client;
    double                interval_s;
    atomic_uint_fast64_t *refusals;
} TargetScrape;

typedef struct {
    bool     good, stopped;
    uint64_t samples, bytes;
    char     problem[400];
} TargetResult;

/* Asks, and gives what came.  What did not prove to be an exporter yet gives nothing. */
TargetResult target_scrape(const Target *target, const TargetScrape *scrape);

#endif
