/* SPDX-License-Identifier: Apache-2.0
 *
 * history.h - a span of time in steps, as a request asks for it and as SQL counts it.
 */
#ifndef API_HISTORY_H
#define API_HISTORY_H
#include "api/ask.h"
#include "api/put.h"
#include "lake/sql_answer.h"

#define HISTORY_STEPS_MAX 10000

typedef struct {
    odd_time from, to; /* [from, to) */
    int64_t  step_ns;
} History;

/* The parameters from (so long before `to`) and to (now); the step stays 0.  False: the answer is
 * written. */
bool history_window(const Ask *ask, int64_t usual_ns, History *ret_history);

/* A literal of SQL, to its body. */
void sql_moment(HttpResponse *sql, odd_time time);

/* The parameters from (a day ago), to (now) and step (so that there are at most `steps_usual`).
 * False: the answer is written. */
bool history_ask(const Ask *ask, int64_t steps_usual, History *ret_history);

/* A row for each step that has any: its number, then `what` of its rows, oldest first.  They are
 *     rows: "SELECT time FROM logs WHERE pattern ="      id: what that column is
 * The parameter source picks those of one source.  NULL: the answer is written. */
SqlAnswer *history_run(const Ask *ask, const History *history, const char *what, const char *rows,
                       const char *id);

/* "from", "to" and "step_s" into the object that is open. */
void history_members(const History *history, Put *put);

/* The number of the first step and the one behind the last. */
int64_t history_first(const History *history);
int64_t history_end(const History *history);

#endif
