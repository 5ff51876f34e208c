/* SPDX-License-Identifier: Apache-2.0
 *
 * student.h - how likely a deviation is so large when its scale is itself an estimate.
 *
 * ALGORITHM  Student's t as an incomplete beta function (NIST DLMF 8.17; W. S. Gosset, 1908).
 * SHAPE      Scalars.
 * UNITS      log10 of P(|T| >= |t|).
 * EXACTNESS  As stats/incomplete.h: exact far into the tail.
 */
#ifndef STATS_STUDENT_H
#define STATS_STUDENT_H

double student_both(double t, double freedom); /* freedom > 0 */

#endif
