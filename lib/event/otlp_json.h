/* SPDX-License-Identifier: Apache-2.0
 *
 * otlp_json.h - an OTLP request in JSON becomes the same request in protobuf.
 *
 * Protocol Buffers' JSON with OTLP's deviations: ids are hexadecimal, enums are numbers only, names
 * are lowerCamelCase only; names that are not known are ignored, integers of 64 bits come as
 * strings or as numbers, null is as if the name were not there.
 *
 * A request of unknown names alone is taken, and gets a warning: a message, and nothing rejected.
 *
 * OWNERSHIP  The writer's memory is the caller's to free.
 * ERRORS     ODD_SYNTAX with the path of the value that cannot be read:
 *            resourceLogs[0].scopeLogs[1].logRecords[7].timeUnixNano.  ODD_FULL, ODD_NOMEM.
 */
#ifndef EVENT_OTLP_JSON_H
#define EVENT_OTLP_JSON_H
#include "event/codec.h"
#include "event/otlp_schema.h"

odd_rc otlp_json_to_protobuf(Str text, const OtlpMessage *request, ProtoWriter *writer,
                             odd_decoded *ret);

/* As the codec of protobuf does it, once it is that. */
odd_rc otlp_json_decode(const odd_wire *wire, Str text, odd_events *events, odd_decoded *ret,
                        const OtlpMessage *request, const Codec *codec);

#endif
