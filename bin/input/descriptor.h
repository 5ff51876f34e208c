/* SPDX-License-Identifier: Apache-2.0
 *
 * descriptor.h - the bytes of an open file, pipe or terminal.
 *
 * A regular file is read to the size that it had when opened, then to the size that it had grown
 * to by then, and no further: a busy writer is not chased for ever.  A file that shrank, was
 * replaced or vanished meanwhile is read to its end through its open descriptor, and noted.
 * A pipe is waited for in short steps, so that a request to stop is heard.
 *
 * OWNERSHIP  The tap closes the descriptor, unless it is standard input.
 */
#ifndef INPUT_DESCRIPTOR_H
#define INPUT_DESCRIPTOR_H
#include "input/tap.h"

/* path: where it was opened, to see whether it is still the same; NULL if it has none.
 * Gives NULL without memory, and leaves the descriptor open. */
Tap *descriptor_tap(int descriptor, const char *path, const TapSetting *setting);

/* Of such a tap: a descriptor of its own of the same regular file, for whom can read anywhere in
 * it; -1: it is no such file, or errno. */
int descriptor_again(const Tap *tap);

#endif
