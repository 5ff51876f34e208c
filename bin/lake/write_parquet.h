/* SPDX-License-Identifier: Apache-2.0
 *
 * write_parquet.h - a CSV file of ours becomes a Parquet file; loads DuckDB.
 *
 * ERRORS     false, and a sentence in `problem`; nothing is left of the file.
 */
#ifndef LAKE_WRITE_PARQUET_H
#define LAKE_WRITE_PARQUET_H
#include <stdbool.h>
#include <stddef.h>

/* library: libduckdb.so; NULL: where it is installed.  kinds: as of odd_parquet_write_kinds. */
bool write_parquet(const char *library, const char *csv, const char *kinds, const char *to,
                   char *problem, size_t size);

#endif
