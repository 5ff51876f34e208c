/* SPDX-License-Identifier: Apache-2.0
 *
 * told.h - candidates become findings: corrected, grouped, within the budget, as rows.
 *
 * OWNERSHIP  A Told owns its findings and their texts; it lives in the odd_db until the next
 *            question of its kind, so that odd_explain can be asked.  Samples and rows are borrowed
 *            from what was learnt, and read before told_answer returns.
 * ERRORS     ODD_NOMEM; of more than CANDIDATES_MAX the rest is counted in `overflow`.
 */
#ifndef ENGINE_TOLD_H
#define ENGINE_TOLD_H
#include "engine/db.h"
#include "incident/finding.h"

#define CANDIDATES_MAX 20000 /* More than anybody reads; further ones are counted, not kept. */

#define ODD_SURPRISE 3.0 /* From here on it is odd. */

/* Takes a candidate about a signal, if it is odd: fills in its pattern, sample and level.  Of those
 * that are not, the closest to odd is remembered. */
odd_rc told_add(odd_db *db, Finding finding);

/* Groups, cuts to the question's span and count and to the budget, and gives the rows. */
odd_rc told_answer(odd_db *db, const odd_question *question, odd_rows **ret_rows);

/* The finding of that rank in the last answer; NULL: there is none, and the db says so. */
const Finding *told_ranked(odd_db *db, int rank);

void told_clear(odd_db *db);

#endif
