/* SPDX-License-Identifier: Apache-2.0
 *
 * question.h - which findings a person is asked about: those whose answer would change most.
 *
 * ALGORITHM  Of findings that are alike (incident/like.h) one is asked about.  What its answer
 *            would change: the days on which its like was told, times how likely it is expected.
 *            That is learnt from the answers that there are: of its like, of its kind, of all, each
 *            worth two answers of the next; what shares an incident with something real is held for
 *            real.  Most first.  Beside them a share by chance, a finding in QUESTION_ONE_IN by the
 *            hash of its id, whatever was answered: of these alone the precision is estimated
 *            (stats/wilson.h).
 * SHAPE      O(n log n) for n findings; at most QUESTIONS_A_DAY_MAX questions.
 * EXACTNESS  Depends on the findings and on nothing that was asked before; of equals the later one.
 */
#ifndef INCIDENT_QUESTION_H
#define INCIDENT_QUESTION_H
#include <oddball.h>
#include <stdbool.h>

#include "base/mem.h"

#define QUESTIONS_A_DAY 3 /* The usual number. */
#define QUESTIONS_A_DAY_MAX 20
#define QUESTION_ONE_IN 32

typedef enum { ANSWER_NONE = 0, ANSWER_REAL, ANSWER_EXPECTED, ANSWER_UNSURE } Answer;

typedef struct {       /* A finding of late, as far as it matters here. */
    uint64_t id;       /* Hashes: its own, ... */
    uint64_t signal;   /* ... what a verdict of it is said of, ... */
    uint64_t like;     /* ... what is like it, ... */
    uint64_t incident; /* ... and what it is part of. */
    odd_time time;
    uint8_t  kind;
    uint8_t  answer;   /* Answer */
    bool     is_held;  /* Held back by a verdict: nobody is asked. */
    bool     was_today; /* The answer: it is one of those of this day. */
} Asked;

typedef struct {
    size_t at;          /* In the findings. */
    size_t like, days;  /* Findings like it that nobody answered, and the days they are of. */
    double real;        /* How likely it is real, by the answers. */
    bool   by_chance;
} QuestionAsked;

/* It is one of the share by chance. */
bool question_is_by_chance(uint64_t id);

/* In the order of their times.  Gives how many questions there are, at most `a_day` less those that
 * were answered today.  mem: of what is needed meanwhile; SIZE_MAX: there is none. */
size_t questions_choose(const Asked *findings, size_t count, size_t a_day, Mem *mem,
                        QuestionAsked ret[QUESTIONS_A_DAY_MAX]);

typedef struct {
    size_t answers, real;
    double estimate, lower, upper; /* NaN: no answers. */
} PrecisionEstimate;

/* Of those by chance that were answered real or expected; the interval holds 95 percent. */
PrecisionEstimate questions_precision(const Asked *findings, size_t count);

#endif
