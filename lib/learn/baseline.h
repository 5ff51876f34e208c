/* SPDX-License-Identifier: Apache-2.0
 *
 * baseline.h - what can be said without a model: always the same, what was last, what was a day or
 * a week ago.  Who does not beat them is not worth being served.
 *
 * A class is said by how often each followed the one that was last (a day ago, a week ago) in the
 * rows before the test; a number is said as it was.
 *
 * SHAPE      ret is (rows of the part, outputs).  O(rows).
 * EXACTNESS  Only rows before a row count for it.
 */
#ifndef LEARN_BASELINE_H
#define LEARN_BASELINE_H
#include "learn/lesson.h"

typedef enum {
    BASELINE_CONSTANT = 0,
    BASELINE_LAST,
    BASELINE_DAY,
    BASELINE_WEEK,
    BASELINE_COUNT
} Baseline;

const char *baseline_name(Baseline baseline); /* "constant", "last value" ... */

/* False: it cannot be said, as there are no times, or none that repeat. */
bool baseline_say(const Lesson *lesson, Baseline baseline, LessonPart part, double *ret);

#endif
