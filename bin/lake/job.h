/* SPDX-License-Identifier: Apache-2.0
 *
 * job.h - which descriptors the child of the lake is given.
 */
#ifndef LAKE_JOB_H
#define LAKE_JOB_H

#define JOB_CAT_DESCRIPTOR 9  /* Where lines go.                       */
#define JOB_HOT_DESCRIPTOR 10 /* And one for each odd_table behind it. */

#endif
