/* SPDX-License-Identifier: Apache-2.0
 *
 * continuation.h - does a line look like a part of the one before: a stack frame, a cause, a brace?
 *
 * SHAPE      A pure function of the line.
 */
#ifndef EVENT_CONTINUATION_H
#define EVENT_CONTINUATION_H
#include "base/str.h"

bool continuation_looks(Str line);

#endif
