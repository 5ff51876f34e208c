/* SPDX-License-Identifier: Apache-2.0
 *
 * series.h - the name of a metric series: name{label="value",...}, the same for the same labels.
 *
 * Labels are sorted by name, byte for byte; empty values are left out; values are quoted with \\,
 * \" and \n escaped.  Of a label that comes twice the last one counts.  A name that is no
 * identifier of Prometheus stands in quotes among the labels, as in Prometheus 3: {"my.name",...}.
 *
 * ERRORS     series_text gives 0 if there is no name, if there are more than SERIES_LABELS_MAX
 *            labels, or if the buffer is too small.
 */
#ifndef EVENT_SERIES_H
#define EVENT_SERIES_H
#include "base/str.h"

#define SERIES_LABELS_MAX 64

typedef struct {
    Str name, value;
} Label;

/* Writes the series' name; sorts `labels`.  A label "__name__" gives the name if `name` is empty.
 * Gives the bytes written. */
size_t series_text(Str name, Label *labels, size_t label_count, char *buffer, size_t size);

#endif
