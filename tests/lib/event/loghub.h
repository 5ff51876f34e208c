/* SPDX-License-Identifier: Apache-2.0
 *
 * loghub.h - the raw lines and the published messages of a Loghub 2k set, read into memory.
 *
 * OWNERSHIP  loghub_open owns all lines until loghub_close.
 * ERRORS     loghub_open: false if there is no such set in the data folder, or no data folder.
 */
#ifndef TESTS_LOGHUB_H
#define TESTS_LOGHUB_H
#include "base/str.h"

#define LOGHUB_LINES_MAX 2048
#define LOGHUB_SET_COUNT 16

extern const char *const loghub_sets[LOGHUB_SET_COUNT];

typedef struct {
    char  *raw_bytes, *table_bytes; /* What the lines point into. */
    Str    raw[LOGHUB_LINES_MAX];
    Str    content[LOGHUB_LINES_MAX];
    size_t count;
} Loghub;

bool loghub_open(const char *set, Loghub *ret_loghub);
void loghub_close(Loghub *loghub);

/* The share (0 to 1) of lines whose message equals the published one: from the raw lines, or from
 * the published messages alone, in which no header must be found.  The sample begins at first_row. */
double loghub_share(const Loghub *loghub, bool is_raw, size_t first_row, int shown);

#endif
