/* SPDX-License-Identifier: Apache-2.0
 *
 * cause.h - what is the matter with a model: its inputs, what they mean, or what feeds it.
 *
 * ALGORITHM  If outcomes differ from what was promised for just these rows, they mean something
 *            else now: concept.  If they only follow the promise, it is the inputs, harmful if the
 *            promise itself is worse.  Faults come before all, since they look like anything.
 * SHAPE      Pure.
 */
#ifndef MODEL_CAUSE_H
#define MODEL_CAUSE_H
#include <stdbool.h>

typedef enum {
    CAUSE_NONE = 0,
    CAUSE_PIPELINE,
    CAUSE_CONCEPT,
    CAUSE_HARMFUL,  /* Inputs drifted to where the model is worse. */
    CAUSE_HARMLESS, /* They drifted, and it is as good as before.  */
    CAUSE_COUNT
} Cause;

#define CAUSE_FAULT_SHARE 0.005 /* Of the rows: faults of fewer explain nothing. */

typedef struct {
    bool fault;    /* What comes in is missing, no number, never seen, far out of its range. */
    bool inputs;   /* They drifted by more than is tolerated. */
    bool worse;    /* The model errs more than it did. */
    bool promised; /* It was estimated to be worse. */
    bool beyond;   /* It errs more than was promised (cause_is_beyond). */
} CauseSigns;

Cause       cause_of(CauseSigns signs);
const char *cause_name(Cause cause);
const char *cause_sentence(Cause cause);

/* More errors a row than were promised, by more than chance and by so much that it matters.
 * variance: of the promise. */
bool cause_is_beyond(double errors, double promised, double variance, bool of_numbers);

#endif
