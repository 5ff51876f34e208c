/* SPDX-License-Identifier: Apache-2.0
 *
 * ecs_document.h - a document as log shippers index it (Elastic Common Schema and its forerunners)
 * becomes a record.
 *
 * A field's name with dots is found as one name, as nested objects, or as both.
 *
 * SOURCE     service.name, else the container's name; else "HOST:FILE" by log.file.path, or the
 *            file alone; else the index.
 * TIME       @timestamp, timestamp, time: a stamp, or milliseconds since 1970.
 * LEVEL      log.level, level, severity, loglevel: a word, or the number that bunyan or syslog has.
 * TEXT       message, log, msg, event.original, the first that is a text; else the whole document.
 * ATTRIBUTES All other members of the document.
 * ERRORS     ODD_FULL.
 */
#ifndef EVENT_ECS_DOCUMENT_H
#define EVENT_ECS_DOCUMENT_H
#include "event/events.h"
#include "event/json.h"
#include "event/timestamp.h"

typedef struct {
    odd_events *events;
    TimeFrame   frame;
    TimeFormat  format; /* Of the stamp before; TIME_FORMAT_NONE at first. */
    JsonText    attributes;
} EcsReader;

void   ecs_begin(EcsReader *reader, odd_events *events, odd_time now, int32_t zone_s);
void   ecs_end(EcsReader *reader);
odd_rc ecs_document(EcsReader *reader, const JsonNode *document, Str text, Str index);

#endif
