/* SPDX-License-Identifier: Apache-2.0
 *
 * unzstd.h - what a zstd file holds, as it flows.
 *
 * ALGORITHM  RFC 8878 by libzstd; several frames follow each other, skippable ones are skipped.
 *            A frame may ask for a window of at most 2^ZSTD_WINDOW_LOG_MAX bytes.
 */
#ifndef INPUT_UNZSTD_H
#define INPUT_UNZSTD_H
#include "input/tap.h"

#define ZSTD_WINDOW_LOG_MAX 27 /* 128 MiB, what `zstd -d` takes unasked. */

Tap *unzstd_tap(Tap *below, const TapSetting *setting); /* NULL: no memory; `below` stays open. */

#endif
