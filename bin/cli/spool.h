/* SPDX-License-Identifier: Apache-2.0
 *
 * spool.h - scored rows kept aside until the input has ended: what they are called is known then.
 *
 * A signal's id is the one that survives at the end of the input, while rows are scored as they
 * come; there may be more of them than memory has room for.
 *
 * SHAPE      An unlinked file in $TMPDIR or /tmp, written and then read once from its start.
 * OWNERSHIP  spool_open/spool_close.  A row that was read lives until the next is read.
 * ERRORS     false, and errno.
 */
#ifndef CLI_SPOOL_H
#define CLI_SPOOL_H
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include <oddball.h>

#define SPOOL_REASON_MAX 64 /* Bytes of a reason; the rest is cut. */

typedef struct {
    int64_t  row;
    odd_time time;
    int64_t  reference; /* For odd_signal. */
    double   surprise;
    uint32_t reason_size;
    char     reason[SPOOL_REASON_MAX];
} SpoolRow;

typedef struct {
    FILE *file;
} Spool;

bool spool_open(Spool *spool);
bool spool_write(Spool *spool, const SpoolRow *row);
bool spool_rewind(Spool *spool);
bool spool_read(Spool *spool, SpoolRow *ret_row); /* false, and errno 0: no more. */
void spool_close(Spool *spool);

#endif
