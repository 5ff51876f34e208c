/* SPDX-License-Identifier: Apache-2.0
 *
 * findings_text.h - the findings of a fold as the interface writes them.
 *
 * OWNERSHIP  The caller frees the text.
 */
#ifndef SERVE_FINDINGS_TEXT_H
#define SERVE_FINDINGS_TEXT_H
#include <oddball.h>

/* One JSON object on each line, as GET /api/v1/findings gives it, the earliest first.  NULL: no
 * memory. */
char *findings_text(odd_fold *fold, odd_time since, odd_time until);

#endif
