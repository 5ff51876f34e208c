/* SPDX-License-Identifier: Apache-2.0
 *
 * detector.h - what every detector is: a flat state that scores one observation, then learns it.
 *
 * SHAPE      State is one flat block without pointers, its size fixed at creation: saving it is
 *            writing it.  Zero-filled plus init() is the empty state.
 * EXACTNESS  score reads, learn writes; score(t) depends on what was learnt before t alone.  Same
 *            observations: same bytes of state.
 * UNITS      surprise is -log10 of a calibrated probability; alarm is the surprise that something
 *            new begins here.
 */
#ifndef DETECT_DETECTOR_H
#define DETECT_DETECTOR_H
#include <oddball.h>
#include <stdint.h>

typedef struct {
    odd_time time;   /* ns, or the row number where the source has no time.      */
    uint64_t symbol; /* Categorical detectors: which one.  0 is a symbol too.    */
    double   value;  /* Numeric detectors: how much.                             */
} Observation;

typedef struct {
    double      surprise;
    double      alarm;
    double      expected, lower, upper; /* Of value; NaN: does not apply.                      */
    const char *reason;                 /* Static, one or two words: "new", "rare", "more" ... */
} Judgement;

typedef struct {
    const char *name;   /* Stable; stored beside every score it makes. */
    const char *source; /* The paper, as a reader would cite it.       */
    uint32_t    version;
    size_t (*state_bytes)(void);
    void (*init)(void *state, uint64_t seed);
    void (*score)(const void *state, const Observation *o, Judgement *ret_judgement);
    void (*learn)(void *state, const Observation *o);
    void (*merge)(void *state, const void *other); /* The other's past joins; NULL: cannot. */
} odd_detector;

#endif
