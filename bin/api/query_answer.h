/* SPDX-License-Identifier: Apache-2.0
 *
 * query_answer.h - numbers at steps of time as Prometheus and Loki answer with them: a vector for
 * one moment, a matrix for many.
 *
 * SHAPE      The table has a row for each number: what its series is (`keys` columns), the number
 *            of its step, the number.  Rows of a series stand together, its steps in their order.
 */
#ifndef API_QUERY_ANSWER_H
#define API_QUERY_ANSWER_H
#include <oddball.h>

#include "http/http.h"
#include "lake/sql_answer.h"

#define QUERY_STEPS_MAX 11000 /* As Prometheus has it. */

typedef struct {
    odd_time first;   /* The moment of step 0.                     */
    int64_t  step_ns;
    int64_t  last;    /* The number of the last step, from 0.      */
    bool     instant; /* There is but one, and the answer says so. */
} QuerySteps;

typedef struct {
    const QuerySteps *steps;
    size_t            keys;
    /* The object of its labels. */
    void (*labels)(const void *context, const SqlAnswer *answer, size_t row, HttpResponse *json);
    const void       *context;
} QuerySeries;

/* "resultType" and "result" into the object that is open. */
void query_series_put(const QuerySeries *series, const SqlAnswer *answer, HttpResponse *json);

/* [1795464000.25,"17.5"] */
void query_number_put(HttpResponse *json, odd_time time, double number);

/* The text of a cell; "": it is none. */
const char *query_cell(const SqlAnswer *answer, size_t row, size_t column);

#endif
