/* SPDX-License-Identifier: Apache-2.0
 *
 * faults.h - what goes wrong in a week, where and when: the truth.
 *
 * EXACTNESS  The same for the same seed.  Each sort once a week, in an order by chance, never two
 *            at once; nothing in the first two days.
 */
#ifndef SIM_FAULTS_H
#define SIM_FAULTS_H
#include "company.h"

/* X(name, words) */
#define FAULT_MAP(X)                                                                          \
    X(DEPLOY, "bad deploy")           /* Some of its requests fail, until it is rolled back. */ \
    X(LEAK, "memory leak")            /* It grows for hours, is killed, and begins anew.    */ \
    X(DISK, "full disk")              /* It fills for hours; then nothing can be written.   */ \
    X(SLOW, "slow dependency")        /* A database that others wait for.                   */ \
    X(SILENT, "silent source")        /* Lines of a service, or samples of a machine.       */ \
    X(GUESSING, "password guessing")  /* By ssh, or at the accounts of customers.           */ \
    X(DRIFT, "drift after a schema")  /* A feature in another unit, behind a new schema.    */ \
    X(CERTIFICATE, "old certificate") /* Nobody can call it any more.                       */ \
    X(CLOCK, "clock jump")            /* Of a machine, for half an hour or so.              */
typedef enum {
#define X(name, words) FAULT_##name,
    FAULT_MAP(X)
#undef X
        FAULT_COUNT
} FaultSort;

typedef struct {
    FaultSort sort;
    int       service;     /* Where it began; -1: in none.      */
    int       host;        /* Its machine, or the one itself.   */
    int       first, last; /* Minutes of the week: while it is. */
    int       variant;     /* 0 or 1, as the sort has them.     */
    double    size;        /* From 0, hardly to be seen, to 1.  */
} Fault;

#define FAULTS_CALM (2 * DAY_MINUTES)
#define FAULTS_AFTER 60 /* Minutes, in which what comes of it may be told yet. */

void        faults_make(uint64_t seed, Fault faults[FAULT_COUNT]); /* By time. */
const char *fault_words(FaultSort sort);

/* Of the whole time it lasts, how much is over; below 0 or above 1: it is not. */
double fault_part(const Fault *fault, int minute);

#endif
