/* SPDX-License-Identifier: Apache-2.0
 *
 * otlp.h - the walk over an OTLP request, the same for logs, metrics and traces, and the mapping
 * of what they share.
 *
 * The requests in JSON become those bytes first (otlp_json.h), so that there is one mapping.
 *
 * source       The resource's service.name, else its host.name, else that of the wire.
 * logs         See otlp_logs.c.   metrics  See otlp_metrics.c.   traces  Counted and rejected.
 * accepted     Log records, and data points, as OTLP counts them: a point of a histogram is one.
 * AnyValue     Becomes JSON: bytes as base64, integers with all digits, reals that are not finite
 *              as "NaN" and the like, nothing at all as null.
 *
 * SHAPE      Two looks at a group of a resource or a scope: what it belongs to may stand behind it.
 * OWNERSHIP  An Otlp lives as long as one decode; texts point into the request or into it.
 * ERRORS     The first one stays in rc, ends every walk, and gives no event.  A field with another
 *            wire type than its own is one, and so are values nested deeper than OTLP_DEPTH_MAX.
 */
#ifndef EVENT_OTLP_H
#define EVENT_OTLP_H
#include "event/codec.h"
#include "event/json_text.h"
#include "event/otlp_schema.h"

#define OTLP_DEPTH_MAX 64 /* Of lists in a value. */

/* Attributes beyond are left out whole, and counted as cut: what is kept stays JSON. */
#define OTLP_RESOURCE_BYTES_MAX 16384
#define OTLP_ATTRIBUTES_BYTES_MAX EVENT_LINE_BYTES_MAX

typedef struct Otlp {
    const odd_wire *wire;
    Str             request;
    odd_events     *events;
    odd_decoded    *decoded;
    odd_rc          rc;
    Str             service, instance, host; /* Of the resource; each empty if not said. */
    Str             source;
    Str             scope;
    JsonText        resource;   /* "resource.a":1,"resource.b":"x" */
    JsonText        attributes; /* Of the record at work. */
    JsonText        body;
} Otlp;

typedef void OtlpItem(Otlp *otlp, Str bytes);

/* Each item (log record, metric, span) of a request.  Gives rc. */
odd_rc otlp_decode(const odd_wire *wire, Str bytes, odd_events *events, odd_decoded *ret,
                   const OtlpMessage *request, OtlpItem *item);

/* The next field; false at the end, and when the walk has ended. */
bool otlp_next(Otlp *otlp, ProtoReader *reader, ProtoField *ret);

/* A field that the caller does not read: unknown, or known and of a wrong type. */
void otlp_other(Otlp *otlp, const OtlpMessage *message, const ProtoField *field,
                const ProtoReader *reader);

void otlp_fail(Otlp *otlp, const char *at, const char *problem); /* at: in the request. */
void otlp_full(Otlp *otlp);

typedef struct {
    Str key, value; /* value: an AnyValue's bytes. */
} KeyValue;
KeyValue otlp_read_key_value(Otlp *otlp, Str bytes);

typedef struct {
    uint32_t number; /* Of its field; 0: nothing. */
    uint64_t bits;   /* BOOL, INT, REAL */
    Str      bytes;
} AnyValue;
enum { ANY_TEXT = 1, ANY_BOOL, ANY_INT, ANY_REAL, ANY_ARRAY, ANY_MAP, ANY_BYTES };

AnyValue otlp_read_any(Otlp *otlp, Str bytes);
void     otlp_put_any(Otlp *otlp, JsonText *text, AnyValue any); /* otlp_any.c */

/* A member of an object: its name is prefix and key.  Left out where text would become longer than
 * bytes_max. */
void otlp_put_attribute(Otlp *otlp, JsonText *text, Str prefix, Str key_value, size_t bytes_max);

/* What was put since `mark` is taken back where the text became longer than bytes_max. */
void otlp_keep(Otlp *otlp, JsonText *text, size_t mark, size_t bytes_max);

/* A time of OTLP; 0, which is unknown there, and what is beyond 2262: ODD_TIME_NONE. */
static inline odd_time otlp_time(uint64_t time_unix_nano)
{
    return time_unix_nano == 0 || time_unix_nano > INT64_MAX ? ODD_TIME_NONE
                                                             : (odd_time)time_unix_nano;
}

extern const Codec codec_otlp_logs, codec_otlp_metrics, codec_otlp_traces;

#endif
