/* SPDX-License-Identifier: Apache-2.0
 *
 * finding_kind.h - the kind of finding that a rule names: one of those that there are, or stars
 * that stand for some.
 *
 * ERRORS     False with a sentence that names the nearest.
 */
#ifndef SETTINGS_FINDING_KIND_H
#define SETTINGS_FINDING_KIND_H
#include <stdbool.h>

#define FINDING_KIND_PROBLEM_SIZE 160

/* "" names none, and is good. */
bool finding_kind_check(const char *kind, char problem[FINDING_KIND_PROBLEM_SIZE]);

#endif
