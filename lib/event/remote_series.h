/* SPDX-License-Identifier: Apache-2.0
 *
 * remote_series.h - one series of Prometheus remote write, 1.0 or 2.0: its samples become events.
 *
 * Both versions lay out samples and histograms alike, and differ in how labels are written.  A
 * native histogram becomes a sample of NAME_count and one of NAME_sum.  The source is
 * "prometheus:JOB" by the label job, else wire->source.  Values are kept to the bit: the marker of
 * a series that ended is a NaN of its own.
 *
 * ERRORS     ODD_SYNTAX: the bytes are torn.  ODD_FULL.  A series without a name, with labels that
 *            are too many, too long or cannot be read is refused with all its samples; and so is a
 *            sample outside of the years that odd_time knows.
 */
#ifndef EVENT_REMOTE_SERIES_H
#define EVENT_REMOTE_SERIES_H
#include "event/codec.h"
#include "event/protobuf.h"
#include "event/series.h"

#define REMOTE_LABELS 1 /* Numbers of fields of a series that both versions share. */
#define REMOTE_SAMPLES 2

typedef struct {
    Label       labels[SERIES_LABELS_MAX];
    size_t      count;
    const char *fault; /* Why they are refused; NULL: they are not. */
} RemoteLabels;

typedef struct RemoteWrite RemoteWrite;

struct RemoteWrite {
    const odd_wire *wire;
    odd_events     *events;
    odd_decoded    *decoded;
    uint32_t        histograms; /* Number of their field in a series. */
    /* Adds what a field with REMOTE_LABELS says.  ODD_SYNTAX: it is torn. */
    odd_rc (*read_labels)(const RemoteWrite *write, const ProtoField *field, RemoteLabels *labels);
    const void *symbols; /* For read_labels. */
};

void remote_labels_add(RemoteLabels *labels, Str name, Str value);

odd_rc remote_series(const RemoteWrite *write, Str message);

/* Gives ODD_SYNTAX: what could not be read, and what the reader says. */
odd_rc remote_torn(odd_decoded *decoded, const char *what, const ProtoReader *reader);

#endif
