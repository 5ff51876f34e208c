/* SPDX-License-Identifier: Apache-2.0
 *
 * progress.h - one line on standard error that says how far the reading is.
 *
 * Only on a terminal, only after half a second, redrawn ten times a second, wiped at the end.
 * UNITS      Seconds of the monotonic clock; bytes as they lie on the disk.
 */
#ifndef CLI_PROGRESS_H
#define CLI_PROGRESS_H
#include <stdbool.h>
#include <stdint.h>

typedef struct {
    bool   wanted, drawn;
    double begun_s, shown_s;
} Progress;

typedef struct {
    uint64_t rows, done, total; /* total 0: not known. */
    double   seconds;           /* Of the clock now.   */
} ProgressState;

void progress_begin(Progress *progress, bool quiet, double begun_s);
void progress_show(Progress *progress, ProgressState state);
void progress_end(Progress *progress);

#endif
