/* SPDX-License-Identifier: Apache-2.0
 *
 * denial.h - why a file may not be read, and the command that would allow it.
 *
 * OWNERSHIP  The texts lie in the Denial, until it is used again.
 */
#ifndef SOURCE_DENIAL_H
#define SOURCE_DENIAL_H
#include "source/source.h"

typedef struct {
    char cause[512], cure[4608];
} Denial;

/* error: an errno met at `path`; NULL: at nothing in particular.  Sets state, cause and cure. */
void denial_tell(Denial *denial, const char *path, int error, Watch *watch);

/* The command that makes this user a member of a group. */
void denial_group(Denial *denial, const char *group);

#endif
