/* SPDX-License-Identifier: Apache-2.0
 *
 * company.h - a small company that sells things: its services, its machines, who calls whom, and
 * how much there is to do at a time of the day and the week.
 */
#ifndef SIM_COMPANY_H
#define SIM_COMPANY_H
#include <oddball.h>
#include <stdbool.h>

#define NS_PER_S 1000000000LL
#define MINUTE_NS (60 * NS_PER_S)
#define DAY_MINUTES 1440
#define WEEK_MINUTES (7 * DAY_MINUTES)

typedef enum {
    ORDERS_DB = 0, /* Who is called stands before those who call. */
    SHOPPER_STATS,
    SCORING,
    PAYMENTS,
    CHECKOUT,
    CATALOG,
    ACCOUNTS,
    GATEWAY,
    SERVICE_COUNT
} ServiceName;

typedef enum { EDGE_1 = 0, APP_1, APP_2, DB_1, ML_1, HOST_COUNT } HostName;

typedef struct {
    const char *name, *version; /* version: without its last part. */
    HostName    host;
    double      requests;       /* A minute, on a usual day at noon. */
    double      latency_ms;     /* Its own, without those that it calls. */
    double      memory_mb;
    double      lines;          /* A minute, at noon. */
    unsigned    calls;          /* A bit for each. */
} Service;

extern const Service     company_services[SERVICE_COUNT];
extern const char *const company_hosts[HOST_COUNT];

#define COMPANY_MODEL "fraud"
#define COMPANY_MODEL_VERSION "7"

/* `caller` waits for `called`, or for one that does. */
bool company_depends(int caller, int called);

/* Of what there is to do at noon of a working day; time: UTC. */
double company_load(odd_time time);

#endif
