/* SPDX-License-Identifier: Apache-2.0
 *
 * job.h - which descriptors the child of the lake is given.
 */
#ifndef LAKE_JOB_H
#define LAKE_JOB_H
#include <oddball.h>

#define JOB_CAT_DESCRIPTOR 9  /* Where lines go. */
#define JOB_HOT_DESCRIPTOR 10 /* One of each odd_table; then again one of each. */
#define JOB_MORE_DESCRIPTOR (JOB_HOT_DESCRIPTOR + ODD_TABLE_COUNT)
#define JOB_DESCRIPTORS (JOB_MORE_DESCRIPTOR + ODD_TABLE_COUNT)

#endif
