/* SPDX-License-Identifier: Apache-2.0
 *
 * tiers.h - one metric series under both watches: the one that is always on, and its shape.
 *
 * Both see what is measured: of a counter its rate.  What they expect is told in the series' own
 * unit.
 *
 * SHAPE      No state of its own.  Without a shape a sample costs half a microsecond, with one some
 *            microseconds more.
 * OWNERSHIP  Both states are the caller's; shape may be NULL, and may come later than the watch.
 * ERRORS     As detect/series.h.
 */
#ifndef DETECT_TIERS_H
#define DETECT_TIERS_H
#include "detect/series.h"
#include "detect/shape.h"

void tiers_put(SeriesWatch *watch, ShapeWatch *shape, odd_time time, double value,
               Judgement *ret_judgement);
void tiers_score(const SeriesWatch *watch, const ShapeWatch *shape, odd_time time, double value,
                 Judgement *ret_judgement);

#endif
