/* SPDX-License-Identifier: Apache-2.0
 *
 * serve_lake.h - the child's side: does the job that is on standard input, and answers on standard
 * output (frames.h).
 */
#ifndef LAKE_SERVE_LAKE_H
#define LAKE_SERVE_LAKE_H

#define LAKE_CHILD_WORD "lake-child" /* oddball lake-child: no command for a person. */

int lake_serve(void); /* The exit status: 0, the answer says the rest. */

#endif
