/* SPDX-License-Identifier: Apache-2.0
 *
 * fields.h - a line of named fields (JSON, logfmt) as a record: time, level, host, component and
 * message are found by their usual names, the rest becomes " name=value" behind the message.
 *
 * SHAPE      A FieldList is large (16 KiB): keep one on the stack.
 * OWNERSHIP  Names and values point into the line.  The record points into the line or the buffer.
 * ERRORS     False when a list or the buffer is full: the line is then to be kept as plain text.
 */
#ifndef EVENT_FIELDS_H
#define EVENT_FIELDS_H
#include <stdint.h>

#include "event/record.h"
#include "event/timestamp.h"

#define FIELD_COUNT_MAX 256
#define FIELD_GROUPS_MAX 64

typedef enum {
    FIELD_BARE = 0, /* Number, true, null, array: its text as it stands. */
    FIELD_STRING,   /* Without its quotes; escapes still in it.          */
    FIELD_FLAG      /* logfmt: a name without a value.                   */
} FieldKind;

typedef struct {
    Str     name, value;
    int16_t group; /* Index in groups; -1: none. */
    uint8_t kind;  /* FieldKind                  */
} Field;

typedef struct { /* A nested object. */
    Str     name;
    int16_t group; /* The one around it; -1: none. */
} FieldGroup;

typedef struct {
    size_t     count, group_count;
    Field      fields[FIELD_COUNT_MAX];
    FieldGroup groups[FIELD_GROUPS_MAX];
} FieldList;

bool field_add(FieldList *list, Field field);
bool field_add_group(FieldList *list, FieldGroup group);

/* What the buffer must hold for a line of this size. */
size_t fields_buffer_bytes(size_t line_size);

/* The format of the field that tells the time, TIME_FORMAT_NONE if there is none. */
TimeFormat fields_time_format(const FieldList *list, const TimeFrame *frame);

/* How many of time, level and message the list tells. */
int fields_role_count(const FieldList *list);

bool fields_to_record(const FieldList *list, TimeFormat format, const TimeFrame *frame,
                      char *buffer, size_t buffer_bytes, Record *ret_record);

#endif
