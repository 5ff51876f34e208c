/* SPDX-License-Identifier: Apache-2.0
 *
 * otlp_logs_json.c - the request of otlp_logs.c in JSON: the same events. */
#include "event/otlp.h"
#include "event/otlp_json.h"

static odd_rc decode(const odd_wire *wire, Str bytes, odd_events *events, odd_decoded *ret)
{
    return otlp_json_decode(wire, bytes, events, ret, &otlp_logs_request, &codec_otlp_logs);
}

const Codec codec_otlp_logs_json = {.name = "otlp_logs_json", .decode = decode};
