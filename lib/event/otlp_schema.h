/* SPDX-License-Identifier: Apache-2.0
 *
 * otlp_schema.h - the messages of OTLP, as far as they are read: the names that their fields have
 * in JSON, their numbers and types on the wire.
 *
 * What is not listed here is skipped in both forms: descriptions, units, exemplars, links.
 *
 * OWNERSHIP  Static.
 */
#ifndef EVENT_OTLP_SCHEMA_H
#define EVENT_OTLP_SCHEMA_H
#include <stdbool.h>
#include <stdint.h>

#include "event/protobuf.h"

typedef enum {
    OTLP_TEXT,
    OTLP_BASE64, /* Bytes, base64 in JSON.        */
    OTLP_HEX,    /* Bytes, hexadecimal in JSON.   */
    OTLP_MESSAGE,
    OTLP_BOOL,
    OTLP_INT,    /* int32, int64 and enums.       */
    OTLP_UINT,   /* uint32.                       */
    OTLP_FIXED,  /* fixed64.                      */
    OTLP_SFIXED, /* sfixed64.                     */
    OTLP_REAL    /* double.                       */
} OtlpKind;

typedef struct OtlpMessage OtlpMessage;

typedef struct {
    const char        *name; /* In JSON. */
    uint8_t            number;
    OtlpKind           kind;
    bool               repeated;
    const OtlpMessage *message; /* Of OTLP_MESSAGE. */
} OtlpField;

struct OtlpMessage {
    const char      *name;
    const OtlpField *fields;
    size_t           field_count;
};

/* The requests; their inner messages follow from them.  All three are built alike: groups of a
 * resource (1), of a resource's scopes (2), of a scope's items (2). */
extern const OtlpMessage otlp_logs_request, otlp_metrics_request, otlp_traces_request;

/* Those that are read by name. */
extern const OtlpMessage otlp_resource_group, otlp_resource, otlp_scope_group, otlp_scope;
extern const OtlpMessage otlp_key_value, otlp_any_value, otlp_array_value, otlp_key_value_list;
extern const OtlpMessage otlp_log_record;
extern const OtlpMessage otlp_metric, otlp_data, otlp_number_point, otlp_histogram_point;
extern const OtlpMessage otlp_exponential_point, otlp_summary_point, otlp_quantile;

/* By the number on the wire, or by the name in JSON; NULL: not listed. */
const OtlpField *otlp_field_of_number(const OtlpMessage *message, uint32_t number);
const OtlpField *otlp_field_of_name(const OtlpMessage *message, Str name);

/* Whether a field may come with this type: repeated numbers come packed too. */
bool otlp_field_fits(const OtlpField *field, ProtoType type);

#endif
