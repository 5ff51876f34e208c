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
odd_rc answer_series(odd_db *db, const odd_question *question, odd_rows **ret_rows);
odd_rc answer_notes(odd_db *db, const odd_question *question, odd_rows **ret_rows);

odd_rc sessions_add_findings(odd_db *db); /* A candidate for each odd session. */
odd_rc series_add_differences(odd_db *db); /* A candidate for each change of a series. */
odd_rc spells_add_findings(odd_db *db);   /* A candidate for each spell of a series. */

/* What of the tables of series could not be read, as rows of answer_notes. */
void series_notes(const odd_db *db, odd_rows *rows);

#endif
