/* SPDX-License-Identifier: Apache-2.0
 *
 * loki_stream.h - one stream pushed to Loki: its labels say whose lines these are; each entry
 * becomes a record.
 *
 * SOURCE     By the labels: the service (service_name, service, app, application, container,
 *            container_name, compose_service); else "HOST:FILENAME" by host, hostname, instance or
 *            node_name, or the file name alone; else "HOST/journal:UNIT", or "journal:UNIT"; else
 *            the job; else that of the wire.
 * LEVEL      By level, detected_level or severity, of the entry's metadata or of the stream.
 * ATTRIBUTES Labels and metadata, flat; of a name that both have, the metadata's counts.
 * OWNERSHIP  What labels and metadata point to belongs to the caller, until the next stream.
 * ERRORS     ODD_FULL.  A time outside of the years that odd_time knows is no time.
 */
#ifndef EVENT_LOKI_STREAM_H
#define EVENT_LOKI_STREAM_H
#include "event/codec.h"
#include "event/json_text.h"
#include "event/label_list.h"

#define LOKI_METADATA_MAX 128 /* An entry with more is refused. */

typedef struct {
    const odd_wire *wire;
    odd_events     *events;
    odd_decoded    *decoded;
    LabelList       labels; /* To be filled before loki_stream. */
    char            scratch[EVENT_SERIES_BYTES_MAX]; /* For label_list_begin. */
    char            source_text[EVENT_NAME_BYTES_MAX];
    Str             source;
    Level           level;
    JsonText        attributes, with_metadata;
} LokiPush;

typedef struct {
    odd_time time;
    Str      line;
    Label    metadata[LOKI_METADATA_MAX];
    size_t   metadata_count;
    bool     has_too_many;
} LokiEntry;

void loki_begin(LokiPush *push, const odd_wire *wire, odd_events *events, odd_decoded *decoded);
void loki_end(LokiPush *push);

/* The labels are there: what comes now is of this stream. */
void   loki_stream(LokiPush *push);
odd_rc loki_entry(LokiPush *push, const LokiEntry *entry);

/* Empties an entry but for its arrays. */
void loki_entry_begin(LokiEntry *entry);
void loki_metadata_add(LokiEntry *entry, Str name, Str value);

/* Seconds and nanoseconds, or ODD_TIME_NONE. */
odd_time loki_time(int64_t s, int64_t ns);

#endif
