/* SPDX-License-Identifier: Apache-2.0
 *
 * squeeze.h - bytes made small and back, by zstd.
 *
 * OWNERSHIP  What was packed lies in the Squeeze until the next packing; unpacked is into the
 *            caller's room.
 * ERRORS     squeeze_unpack: ODD_CORRUPT unless exactly `size` bytes come out.  ODD_FULL: more than
 *            SQUEEZE_BYTES_MAX.  ODD_NOMEM.
 */
#ifndef STORE_SQUEEZE_H
#define STORE_SQUEEZE_H
#include <oddball.h>

#include "base/image.h"
#include "base/mem.h"
#include "base/str.h"

#define SQUEEZE_BYTES_MAX (1u << 30)
#define SQUEEZE_BYTES_KEPT (16u << 20) /* By squeeze_trim. */

typedef struct {
    Mem    mem;
    void  *packer, *unpacker;
    char  *packed;
    size_t packed_capacity;
} Squeeze; /* All zero is ready. */

odd_rc squeeze_pack(Squeeze *squeeze, Str bytes, Str *ret_packed);
odd_rc squeeze_unpack(Squeeze *squeeze, Str packed, char *room, uint64_t size);
/* All that was packed, behind what is in `out`. */
odd_rc squeeze_unpack_whole(Squeeze *squeeze, Str packed, ImageOut *out);
void   squeeze_trim(Squeeze *squeeze); /* Gives up the room of something unusually large. */
void   squeeze_close(Squeeze *squeeze);

#endif
