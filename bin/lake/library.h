/* SPDX-License-Identifier: Apache-2.0
 *
 * library.h - where libduckdb.so is.
 *
 * The one that was given; else the one that was installed with this program; else, for a program
 * that was built and not installed, the one that it was built beside.
 */
#ifndef LAKE_LIBRARY_H
#define LAKE_LIBRARY_H
#include <stdbool.h>
#include <stddef.h>

#define LIBRARY_PATH_MAX 4096

/* given may be NULL or "".  False: *ret_problem is a sentence, to be freed. */
bool library_find(const char *given, char *path, size_t size, char **ret_problem);

#endif
