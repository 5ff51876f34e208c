/* SPDX-License-Identifier: Apache-2.0
 *
 * problem.h - the sentence that goes with an error: what was attempted on what, and why it failed.
 *
 * OWNERSHIP  A plain value; the text is cut at its end if it is too long.
 */
#ifndef BASE_PROBLEM_H
#define BASE_PROBLEM_H
#include <oddball.h>

#define PROBLEM_SIZE 2048

typedef struct {
    char text[PROBLEM_SIZE]; /* Terminated; "" is no problem. */
} Problem;

/* Gives rc, so that an error and its sentence are one statement. */
odd_rc problem_say(Problem *problem, odd_rc rc, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

#endif
