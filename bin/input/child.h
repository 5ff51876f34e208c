/* SPDX-License-Identifier: Apache-2.0
 *
 * child.h - this program once more, as a child that has a few descriptors and nothing else.
 *
 * OWNERSHIP  Descriptors stay the caller's.
 */
#ifndef INPUT_CHILD_H
#define INPUT_CHILD_H
#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#define CHILD_DESCRIPTOR_SAFE 64 /* Above all that a child has. */

/* *descriptor moves up there, so that no one is overwritten on the way.  False: errno says why, it
 * is where it was. */
bool child_lift(int *descriptor);

/* given: the descriptor that the child has as number i, or -1.  All others are closed in it; each
 * is up there.  word: its first argument.  0, or errno. */
int child_spawn(const char *program, const char *word, const int *given, size_t count, pid_t *pid);

#endif
