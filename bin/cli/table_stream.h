/* SPDX-License-Identifier: Apache-2.0
 *
 * table_stream.h - a file that is one table: found, opened and unpacked, for who reads its blocks.
 *
 * OWNERSHIP  The stream is lent to `take`.
 * ERRORS     false, after a sentence on standard error.
 */
#ifndef CLI_TABLE_STREAM_H
#define CLI_TABLE_STREAM_H
#include <stdatomic.h>

#include "input/stream.h"

typedef bool (*TableTake)(void *context, Stream *stream);

/* False too if `take` says so, or the file is broken.  stop: NULL: nobody stops it. */
bool table_stream(const char *name, const atomic_bool *stop, TableTake take, void *context);

#endif
