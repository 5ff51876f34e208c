/* SPDX-License-Identifier: Apache-2.0
 *
 * answer.h - the views of odd_query, one function each.
 *
 * OWNERSHIP  The caller owns the rows, which outlive the odd_db.
 * ERRORS     ODD_NOMEM, and nothing is written; odd_query has the sentence.
 */
#ifndef ENGINE_ANSWER_H
#define ENGINE_ANSWER_H
#include "engine/db.h"

odd_rc answer_findings(odd_db *db, const odd_question *question, odd_rows **ret_rows);
odd_rc answer_diff(odd_db *db, const odd_question *question, odd_rows **ret_rows);
odd_rc answer_patterns(odd_db *db, const odd_question *question, odd_rows **ret_rows);
odd_rc answer_scores(odd_db *db, const odd_question *question, odd_rows **ret_rows);
odd_rc answer_sessions(odd_db *db, const odd_question *question, odd_rows **ret_rows);
odd_rc answer_samples(odd_db *db, const odd_question *question, odd_rows **ret_rows);
odd_rc answer_sources(odd_db *db, const odd_question *question, odd_rows **ret_rows);
odd_rc answer_timeline(odd_db *db, const odd_question *question, odd_rows **ret_rows);
odd_rc answer_notes(odd_db *db, const odd_question *question, odd_rows **ret_rows);

odd_rc sessions_add_findings(odd_db *db); /* A candidate for each odd session. */

#endif
