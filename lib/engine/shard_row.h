/* SPDX-License-Identifier: Apache-2.0
 *
 * shard_row.h - a learnt line as a row of the lake: its template and variables, or whole.
 *
 * EXACTNESS  What is written gives back the line's bytes; what is not UTF-8 is written raw.
 */
#ifndef ENGINE_SHARD_ROW_H
#define ENGINE_SHARD_ROW_H
#include "engine/shard.h"

void shard_row(Shard *shard, const Line *line, const Item *item, const Origin *origin);

#endif
