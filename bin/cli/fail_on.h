/* SPDX-License-Identifier: Apache-2.0
 *
 * fail_on.h - for which findings the exit status is 1.
 *
 * A list of kinds of findings (new, rare, burst ...), or `any` (the default), `none`, or
 * `new-error`: a new kind of line (in a scan: a rare one, or one more severe than its like), of
 * level error or worse, or that speaks of an error.
 */
#ifndef CLI_FAIL_ON_H
#define CLI_FAIL_ON_H
#include <stdbool.h>
#include <stddef.h>

/* What a list may hold. */
#define FAIL_ON_CHOICES \
    "any,none,new,new-error,rare,burst,more,less,silent,value,severity,session,gone"

/* list: NULL is `any`.  error: the finding is of level error or worse, or speaks of one. */
bool fail_on_matches(const char *list, const char *kind, bool error);

/* Says error, fatal, critical, panic, exception, failed ... as a word of its own, in any case. */
bool speaks_of_error(const char *bytes, size_t size);

#endif
