/* SPDX-License-Identifier: Apache-2.0
 *
 * quantity.h - numbers with their units, as people say them: "2.1 GiB", "0.4 to 0.6 GiB", "84 %".
 *
 * OWNERSHIP  Text is written into the caller's Writer.
 */
#ifndef INCIDENT_QUANTITY_H
#define INCIDENT_QUANTITY_H
#include "incident/metric_words.h"
#include "incident/writer.h"

#define QUANTITY_DIGITS 3 /* That count, usually. */

/* per_second: it is how fast something grows.  digits: that count. */
void quantity_write(Writer *w, double value, MetricUnit unit, bool per_second, int digits);
/* So many digits that two numbers can be told apart, two at least. */
int  quantity_digits(double a, double b);
void quantity_write_range(Writer *w, double lower, double upper, MetricUnit unit, bool per_second);

#endif
