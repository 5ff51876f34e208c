/* SPDX-License-Identifier: Apache-2.0
 *
 * otlp_point.h - a data point on its way to be samples: its labels, its time, its refusal.
 *
 * labels   The point's attributes; before them, so that an attribute of the same name counts
 *          instead, service_name, service_instance_id and host_name of the resource.  Values that
 *          are no text become it: 5, 0.5, true, base64, JSON.
 * names    As they came: dots are legal, and series.h quotes them.
 *
 * SHAPE      10 KiB, on the stack of one point.
 * OWNERSHIP  Texts point into the request, or into the point.
 * ERRORS     A point is refused whole: no time, labels that do not fit (SERIES_LABELS_MAX,
 *            EVENT_SERIES_BYTES_MAX), no name.
 */
#ifndef EVENT_OTLP_POINT_H
#define EVENT_OTLP_POINT_H
#include "event/otlp.h"
#include "event/series.h"

typedef struct {
    Otlp    *otlp;
    Str      name;       /* Of the metric. */
    uint64_t time, flags;
    Label    labels[SERIES_LABELS_MAX + 1]; /* The last one is for what point_put adds. */
    size_t   label_count;
    JsonText label_text; /* In label_room. */
    char     label_room[EVENT_SERIES_BYTES_MAX];
    bool     has_room;   /* For its labels. */
    EventsMark mark;
    const char *refused; /* NULL: not yet. */
} OtlpPoint;

void point_open(OtlpPoint *point, Otlp *otlp, Str name);
void point_label(OtlpPoint *point, Str key_value);

/* A sample of the series name + suffix, with one more label where its name is not empty.  A point
 * without a recorded value (flags) gives Prometheus's mark of staleness, whatever the value. */
void point_put(OtlpPoint *point, Str suffix, Str label, Str label_value, double value);
void point_refuse(OtlpPoint *point, const char *why);

/* Counts it, as accepted or as refused; what a refused one has put is taken back. */
void point_close(OtlpPoint *point);

#endif
