/* SPDX-License-Identifier: Apache-2.0
 *
 * unpack.h - what all decompressors share: input in pieces, caps on the output, one sentence at
 * the first fault.
 *
 * Unpacking streams, so memory is bounded whatever is packed.  Two caps bound the time: an input
 * gives at most UNPACKED_BYTES_MAX, and, once it has given UNPACKED_FREE_BYTES, at most
 * UNPACKED_RATIO_MAX times its packed size.  (gzip can't pack better than 1032 to 1; zstd packs
 * a log of one line repeated about 10,000 to 1, a log with time stamps below 100 to 1.)
 */
#ifndef INPUT_UNPACK_H
#define INPUT_UNPACK_H
#include "input/tap.h"

#define UNPACKED_BYTES_MAX (UINT64_C(64) << 30)
#define UNPACKED_RATIO_MAX 5000
#define UNPACKED_FREE_BYTES (UINT64_C(256) << 20)
#define UNPACK_PIECE_BYTES 65536

typedef struct {
    Tap               tap; /* Must be first. */
    const TapSetting *setting;
    const char       *format; /* "gzip", "zstd" */
    unsigned char     piece[UNPACK_PIECE_BYTES];
    size_t            from, to; /* Of the piece, what is not yet unpacked. */
    uint64_t          packed;   /* Bytes of the input used so far.         */
    uint64_t          unpacked;
    bool              done;
} Unpack;

void   unpack_begin(Unpack *unpack, Tap *below, const char *format, const TapSetting *setting);
size_t unpack_refill(Unpack *unpack); /* Bytes waiting in the piece; fewer than before the end: 0 new. */
void   unpack_use(Unpack *unpack, size_t count); /* The decoder took them. */
bool   unpack_allows(Unpack *unpack, size_t made); /* Counts; false: over a cap, noted, done. */

/* Each says it in a sentence and ends the tap. */
void unpack_end_truncated(Unpack *unpack);
void unpack_end_damaged(Unpack *unpack, const char *why, const char *cure);
void unpack_end_followed(Unpack *unpack); /* By something else behind the end. */

#endif
