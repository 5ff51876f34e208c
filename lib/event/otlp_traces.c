/* SPDX-License-Identifier: Apache-2.0
 *
 * otlp_traces.c - ExportTraceServiceRequest: spans are counted, and said to be rejected.
 *
 * The request itself succeeds, so that a client which exports all three signals goes on.
 */
#include "event/otlp.h"

static void refuse_span(Otlp *otlp, Str bytes)
{
    ProtoReader reader = {.bytes = bytes};
    ProtoField  field;
    while (otlp_next(otlp, &reader, &field))
        ;
    if (otlp->rc == ODD_OK)
        decoded_refuse(otlp->decoded, 1, "spans are not kept here: send logs and metrics");
}

static odd_rc decode(const odd_wire *wire, Str bytes, odd_events *events, odd_decoded *ret)
{
    return otlp_decode(wire, bytes, events, ret, &otlp_traces_request, refuse_span);
}

const Codec codec_otlp_traces = {.name = "otlp_traces", .decode = decode};
