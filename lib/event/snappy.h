/* SPDX-License-Identifier: Apache-2.0
 *
 * snappy.h - one block of snappy unpacked: the format in which metrics and logs are pushed.
 *
 * ALGORITHM  libsnappy.  The block format only, never the framed one.
 * OWNERSHIP  snappy_unpack takes a block of mem, snappy_free gives it back.
 * ERRORS     ODD_SYNTAX: no snappy, or a size that so few bytes cannot hold.  ODD_FULL: more than
 *            bytes_max.  ODD_NOMEM.  All with a sentence in `decoded`, and before a byte of
 *            memory is taken for it.
 */
#ifndef EVENT_SNAPPY_H
#define EVENT_SNAPPY_H
#include "base/mem.h"
#include "event/codec.h"

#define SNAPPY_BYTES_MAX (64u << 20) /* Of a request, unpacked. */

odd_rc snappy_unpack(Mem *mem, Str packed, size_t bytes_max, odd_decoded *decoded, Str *ret_bytes);
void snappy_free(Mem *mem, Str bytes);

#endif
