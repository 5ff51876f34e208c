/* SPDX-License-Identifier: Apache-2.0
 *
 * out.h - where an answer goes: a file descriptor that remembers what went wrong.
 *
 * A reader that closed the pipe has seen enough: that is no error, the rest is not written, and the
 * program ends with the status that it would have had.  Everything else (disk full, I/O) is one.
 *
 * OWNERSHIP  out_flush writes the buffer, which renderers fill; out_close ends it.
 * ERRORS     Kept in `problem` (an errno) until the end: nothing needs a check in between.
 */
#ifndef CLI_OUT_H
#define CLI_OUT_H
#include <stdbool.h>

#include "cli/buffer.h"

#define OUT_BYTES_MAX 65536 /* Flushed when the buffer is larger. */

typedef struct {
    int    descriptor;
    int    problem; /* errno of the first write that failed, or 0. */
    bool   closed;  /* The reader went away.                       */
    Buffer text;
} Out;

void out_flush(Out *out);   /* Writes all.                      */
void out_step(Out *out);    /* Writes if there is much.         */
bool out_close(Out *out);   /* Writes all; true if all is well. */

#endif
