/* SPDX-License-Identifier: Apache-2.0
 *
 * otlp_metrics_json.c - the request of otlp_metrics.c in JSON: the same events. */
#include "event/otlp.h"
#include "event/otlp_json.h"

static odd_rc decode(const odd_wire *wire, Str bytes, odd_events *events, odd_decoded *ret)
{
    return otlp_json_decode(wire, bytes, events, ret, &otlp_metrics_request, &codec_otlp_metrics);
}

const Codec codec_otlp_metrics_json = {.name = "otlp_metrics_json", .decode = decode};
