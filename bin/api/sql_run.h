/* SPDX-License-Identifier: Apache-2.0
 *
 * sql_run.h - a question in SQL for a request: bounded in number and time, and ended when whoever
 * asked goes away.
 *
 * LIMITS     Two questions run at a time, two more wait; further ones are answered 429.
 * THREADS    On a thread that may wait (ROUTE_SLOW).
 */
#ifndef API_SQL_RUN_H
#define API_SQL_RUN_H
#include "http/http.h"
#include "lake/sql_answer.h"

/* NULL: the answer, a problem with cause and cure as the group of the request words it, is written.
 */
SqlAnswer *sql_answer_for(HttpRequest *request, HttpResponse *response, const char *sql);

/* text as a literal of SQL, quotes and all, to the body of `sql`. */
void sql_literal(HttpResponse *sql, const char *text);

#endif
