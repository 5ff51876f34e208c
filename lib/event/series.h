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
#include <stdbool.h>

#include "base/str.h"

#define SERIES_LABELS_MAX 64

typedef struct {
    Str name, value;
} Label;

/* Writes the series' name; sorts `labels`.  A label "__name__" gives the name if `name` is empty.
 * Gives the bytes written. */
size_t series_text(Str name, Label *labels, size_t label_count, char *buffer, size_t size);

/* The other way round, of any text: the name, and the labels one after the other, as they are
 * written but for the quotes around them.  First with *at = 0.  False: no more. */
Str  series_name(Str series);
bool series_next_label(Str series, size_t *at, Label *ret_label);

/* A label's value by its name; empty: there is no such label. */
Str series_label(Str series, Str name);

#endif
