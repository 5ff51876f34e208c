/* SPDX-License-Identifier: Apache-2.0
 *
 * fail_on.h - for which findings the exit status is 1.
 *
 * A list of kinds of findings (new, rare, burst ...), or `any` (the default), `none`, or
 * `new-error`: a new kind of line (in a scan: a rare one, or one more severe than its like), of
 * level error or worse, or that speaks of an error; or `worse`: a metric that went where it should
 * not, as a list of directions says: up, down or any (the default), for all series or, in the form
 * `GLOB=up`, for those whose name matches; the last that matches counts.  Worse in any direction is
 * what scatters more, has more gaps, moves differently or is gone.
 */
#ifndef CLI_FAIL_ON_H
#define CLI_FAIL_ON_H
#include <stdbool.h>
#include <stddef.h>

/* What a list may hold. */
#define FAIL_ON_CHOICES \
    "any,none,new,new-error,worse,rare,burst,more,less,silent,value,severity,session,gone,high,"   \
    "low,level,spread,season,shape,gap"

/* list: NULL is `any`.  error: the finding is of level error or worse, or speaks of one.  worse: as
 * below. */
bool fail_on_matches(const char *list, const char *kind, bool error, bool worse);

bool directions_are_good(const char *directions);

/* directions: NULL is `any`.  A kind of a metric's finding, its series, and its effect. */
bool is_worse(const char *directions, const char *kind, const char *series, double effect);

/* Says error, fatal, critical, panic, exception, failed ... as a word of its own, in any case. */
bool speaks_of_error(const char *bytes, size_t size);

#endif
