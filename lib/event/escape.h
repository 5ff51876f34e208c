/* SPDX-License-Identifier: Apache-2.0
 *
 * escape.h - backslash escapes of JSON strings turned into the bytes they stand for.
 *
 * SHAPE      Pure.  The result is never longer than the text.
 * ERRORS     None: an escape that is none stays as it stands; half a surrogate pair becomes U+FFFD.
 */
#ifndef EVENT_ESCAPE_H
#define EVENT_ESCAPE_H
#include "base/str.h"

/* Writes at most text.size bytes; gives their number. */
size_t escape_undo(Str text, char *buffer);

#endif
