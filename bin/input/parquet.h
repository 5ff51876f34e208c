/* SPDX-License-Identifier: Apache-2.0
 *
 * parquet.h - the rows of a Parquet file, as CSV with a header.
 *
 * A child process reads it: this program again, as `oddball parquet-child`, which is given the file
 * as PARQUET_DESCRIPTOR, writes CSV to its standard output and ends with status 0, or with a
 * sentence on standard error.  It starts when the first byte is asked for, and whatever is wrong
 * in the file, it ends with the child.
 */
#ifndef INPUT_PARQUET_H
#define INPUT_PARQUET_H
#include "input/tap.h"

#define PARQUET_CHILD_WORD "parquet-child" /* No command for a person. */
#define PARQUET_DESCRIPTOR 3

/* below: a descriptor's tap (descriptor.h).  NULL: no memory; `below` stays open. */
Tap *parquet_tap(Tap *below, const TapSetting *setting);

#endif
