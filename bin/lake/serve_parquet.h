/* SPDX-License-Identifier: Apache-2.0
 *
 * serve_parquet.h - the child that reads a Parquet file (input/parquet.h): CSV to standard output.
 */
#ifndef LAKE_SERVE_PARQUET_H
#define LAKE_SERVE_PARQUET_H

/* descriptor: the file.  The exit status: 0; or 1, and why on standard error, in one sentence.
 * With 0 a sentence there says what was left out.  Ends the process where it got so far. */
int parquet_serve(int descriptor);

#endif
