/* SPDX-License-Identifier: Apache-2.0
 *
 * fail_on.h - for which findings the exit status is 1.
 *
 * A list of kinds of findings (new, rare, burst ...), or `any` (the default), `none`, or
 * `new-error`: a new kind of line that speaks of an error.
 */
#ifndef CLI_FAIL_ON_H
#define CLI_FAIL_ON_H
#include <stdbool.h>
#include <stddef.h>

bool fail_on_valid(const char *list);

/* list: NULL is `any`.  speaks_of_error: of the finding's sample (see below). */
bool fail_on_matches(const char *list, const char *kind, bool speaks_of_error);

/* Says error, fatal, critical, panic, exception, failed ... as a word of its own, in any case. */
bool speaks_of_error(const char *bytes, size_t size);

#endif
