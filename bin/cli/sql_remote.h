/* SPDX-License-Identifier: Apache-2.0
 *
 * sql_remote.h - asks a running server in SQL: POST /api/v1/sql.
 *
 * ERRORS     NULL, after a sentence on standard error.
 */
#ifndef CLI_SQL_REMOTE_H
#define CLI_SQL_REMOTE_H
#include <stdatomic.h>

#include "cli/house.h"
#include "lake/sql_answer.h"

SqlAnswer *sql_remote(const House *house, const char *sql, const atomic_bool *stop);

#endif
