/* SPDX-License-Identifier: Apache-2.0
 *
 * extent.h - how much was read, in words: lines and patterns of logs, rows and series of metrics.
 */
#ifndef CLI_EXTENT_H
#define CLI_EXTENT_H
#include "cli/buffer.h"
#include "cli/report.h"

void extent_rows(Buffer *out, const Report *report, uint64_t rows); /* "12 lines", "12 rows"   */
void extent_signals(Buffer *out, const Report *report); /* "3 patterns", "2 series", or both */

#endif
