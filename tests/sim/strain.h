/* SPDX-License-Identifier: Apache-2.0
 *
 * strain.h - how services and machines are at a minute: what a fault does to its place, and what
 * reaches those who call it.
 */
#ifndef SIM_STRAIN_H
#define SIM_STRAIN_H
#include "faults.h"

/* Lines that a service writes when it suffers. */
typedef enum {
    TROUBLE_BUG = 0,
    TROUBLE_REFUSED, /* The other one is not there.    */
    TROUBLE_TIMEOUT, /* It does not answer in time.    */
    TROUBLE_CERTIFICATE,
    TROUBLE_SPACE,
    TROUBLE_COLLECTING, /* Hardly any memory is left. */
    TROUBLE_PASSWORD,
    TROUBLE_STATEMENT,  /* A slow one, of a database. */
    TROUBLE_COUNT
} Trouble;

typedef struct {
    double latency_ms[SERVICE_COUNT];
    double usual_ms[SERVICE_COUNT];  /* Without any fault. */
    double errors[SERVICE_COUNT];    /* Share of its requests that fail.       */
    double requests[SERVICE_COUNT];  /* Times what is usual.                   */
    double leaked_mb[SERVICE_COUNT];
    double troubles[SERVICE_COUNT][TROUBLE_COUNT]; /* Lines a minute.          */
    bool   is_down[SERVICE_COUNT];
    bool   lines_silent[SERVICE_COUNT], samples_silent[HOST_COUNT];
    double filled[HOST_COUNT];       /* Share of what was free of its disk.    */
    double waits_for_disk[HOST_COUNT]; /* Share of a processor's time.         */
    double guesses[HOST_COUNT];      /* Lines a minute.                        */
    double clock_s[HOST_COUNT];      /* So much its clock is ahead.            */
    double unit;                     /* Of the feature of the model; 1: as usual. */
    int    cause;                    /* The service that others suffer from; -1: none. */
} Strain;

#define DISK_FULL_PART 0.75    /* When nothing can be written any more. */

int    strain_killed(const Fault *leak); /* The minute when it is killed. */
Strain strain_at(const Fault *faults, int minute);

#endif
