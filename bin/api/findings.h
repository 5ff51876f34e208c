/* SPDX-License-Identifier: Apache-2.0
 *
 * findings.h - what findings and incidents are asked for by.
 */
#ifndef API_FINDINGS_H
#define API_FINDINGS_H
#include "api/list.h"

typedef struct { /* NULL: any. */
    const char *state, *source, *kind, *incident;
} FindingFilter;

extern const List list_verdicts; /* Without a filter. */
extern const List list_findings; /* Its filter is a FindingFilter. */

/* The parameters since and until, and state; false: the answer is written. */
bool ask_span_of_time(const Ask *ask, odd_time *ret_since, odd_time *ret_until);
bool ask_state(const Ask *ask, const char **ret_state);
bool state_wanted(const char *wish, const odd_rows *rows); /* wish: of ask_state, or NULL. */

#endif
