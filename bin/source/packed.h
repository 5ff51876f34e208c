/* SPDX-License-Identifier: Apache-2.0
 *
 * packed.h - the rotated log that was compressed, read once, from the place where its plain file
 * was left.
 *
 * Places count unpacked bytes, so a log may be compressed between two starts.  A file that ends
 * early is still being written: it is read again later, from the place reached.
 */
#ifndef SOURCE_PACKED_H
#define SOURCE_PACKED_H
#include "source/tail.h"

bool packed_fits(const char *path, Print head); /* It begins so. */

TailAnswer packed_slice(Tail *tail, char *room, TailSlice *ret);
void       packed_close(Tail *tail);

#endif
