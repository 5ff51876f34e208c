/* SPDX-License-Identifier: Apache-2.0
 *
 * gunzip.h - what a gzip file holds, as it flows.
 *
 * ALGORITHM  RFC 1951 and 1952 by zlib; several members follow each other, NULs behind the last
 *            are padding.
 */
#ifndef INPUT_GUNZIP_H
#define INPUT_GUNZIP_H
#include "input/tap.h"

Tap *gunzip_tap(Tap *below, const TapSetting *setting); /* NULL: no memory; `below` stays open. */

#endif
