/* SPDX-License-Identifier: Apache-2.0
 *
 * tally.h - what came in each format, and what of it was not taken: for /metrics.
 *
 * OWNERSHIP  A plain value in the ApiContext; all zero at the start.
 * THREADS    Any.
 */
#ifndef API_TALLY_H
#define API_TALLY_H
#include <oddball.h>
#include <stdatomic.h>
#include <stddef.h>

#define TALLY_FORMATS 20

typedef struct {
    _Atomic uint64_t requests;  /* All, whatever became of them.        */
    _Atomic uint64_t malformed; /* Of them, not of that format.         */
    _Atomic uint64_t events;    /* Lines, records, samples, changes that could be read. */
    _Atomic uint64_t rejected;  /* Likewise, refused one by one.        */
    _Atomic uint64_t cut;       /* Likewise, longer than allowed.       */
    _Atomic uint64_t masked;    /* Secrets that were replaced.          */
} Tally;

typedef struct {
    Tally formats[TALLY_FORMATS];
} Tallies;

extern const char *const tally_formats[TALLY_FORMATS]; /* As their codecs are called. */

/* One request: rc and `decoded` are of odd_decode; counts of its events. */
void tally_request(Tallies *tallies, const char *format, odd_rc rc, const odd_decoded *decoded,
                   odd_event_counts counts);

#endif
