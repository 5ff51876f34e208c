/* SPDX-License-Identifier: Apache-2.0
 *
 * sql_show.h - the answer to a question in SQL as aligned columns, JSON or CSV.
 *
 * EXACTNESS  Numbers are written with as many figures as bring back the same double.  Missing is
 *            null in JSON and empty in the others.
 */
#ifndef CLI_SQL_SHOW_H
#define CLI_SQL_SHOW_H
#include "cli/options.h"
#include "cli/out.h"
#include "lake/sql_answer.h"

void sql_show(Out *out, const SqlAnswer *answer, Format format);

#endif
