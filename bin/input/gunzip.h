/* SPDX-License-Identifier: Apache-2.0
 *
 * gunzip.h - what a gzip file holds, or a zlib stream, as it flows.
 *
 * ALGORITHM  RFC 1951 and 1952 by zlib; several members follow each other, NULs behind the last
 *            are padding.  RFC 1950 has one stream and nothing behind it.
 */
#ifndef INPUT_GUNZIP_H
#define INPUT_GUNZIP_H
#include "input/tap.h"

/* NULL: no memory; `below` stays open. */
Tap *gunzip_tap(Tap *below, const TapSetting *setting);
Tap *inflate_tap(Tap *below, const TapSetting *setting); /* Of zlib: HTTP's "deflate". */

#endif
