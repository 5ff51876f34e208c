/* SPDX-License-Identifier: Apache-2.0
 *
 * confine.h - what a child may do at most, whatever is wrong in a question or in DuckDB.
 *
 * The settings of DuckDB forbid it already; this is the wall behind.  What the kernel does not
 * offer is left out.
 */
#ifndef LAKE_CONFINE_H
#define LAKE_CONFINE_H
#include <stdbool.h>
#include <sys/resource.h>

/* Processor seconds and bytes of memory; 0: no limit.  No core files. */
void confine_resources(rlim_t seconds, rlim_t memory_bytes);

/* From now on no file is opened to write, and none to read but below the folder; no file that is
 * open grows, unless it is for lines. */
void confine_to_reading(const char *folder, bool lines);

/* From now on no file is opened to write, and none to read but this one. */
void confine_to_file(const char *file);

#endif
