/* SPDX-License-Identifier: Apache-2.0 */
#include "api/otlp_grpc.h"

#include <stdio.h>
#include <stdlib.h>

#include "api/receive.h"

typedef struct {
    GrpcCall   *call;
    ApiContext *api;
    odd_decoded decoded;
    char        signal;
} Export;

static void export_answer(const Export *export)
{
    char   buffer[ODD_OTLP_ANSWER_BYTES];
    size_t size = odd_otlp_answer(export->signal, 0, &export->decoded, buffer);
    grpc_answer(export->call, buffer, size);
}

/* On the intake's thread. */
static void export_committed(void *context, IntakeResult result)
{
    const Export *export = context;
    int           retry_after_s = result.retry_after_s > 0 ? result.retry_after_s : 1;
    if (result.status == INTAKE_STORED || result.status == INTAKE_KNOWN) {
        atomic_fetch_add(&export->api->grpc_records, export->decoded.accepted);
        export_answer(export);
    } else {
        grpc_refuse(export->call, GRPC_UNAVAILABLE, retry_after_s, receive_reason(result.status));
    }
}

static void export_refuse(GrpcCall *call, const odd_decoded *decoded, odd_rc rc)
{
    switch (rc) {
    case ODD_SYNTAX: grpc_refuse(call, GRPC_INVALID_ARGUMENT, 0, decoded->message); break;
    case ODD_FULL:
        grpc_refuse(call, GRPC_RESOURCE_EXHAUSTED, 0,
                    "the request holds more than is taken at once; send smaller batches");
        break;
    default: grpc_refuse(call, GRPC_UNAVAILABLE, 1, "memory is short; send it again"); break;
    }
}

static void take(GrpcCall *call, const char *codec, char signal)
{
    ApiContext *api = call->context;
    odd_wire          wire = {.source = "otlp", .now = receive_now()};
    odd_events       *events;
    Export           *export = calloc(1, sizeof *export);
    if (export == NULL || odd_events_open(intake_masks(api->intake), wire.now, &events) != ODD_OK) {
        free(export);
        export_refuse(call, NULL, ODD_NOMEM);
        return;
    }
    *export = (Export){.call = call, .api = api, .signal = signal};
    call->state = export;
    call->state_free = free;
    odd_rc rc =
        odd_decode(codec, &wire, call->message, call->message_size, events, &export->decoded);
    tally_request(&api->tallies, codec, rc, &export->decoded, odd_events_count(events));
    if (rc == ODD_OK && odd_events_count(events).events > 0) {
        grpc_drop_message(call);
        intake_give(api->intake, events, export_committed, export);
        return;
    }
    odd_events_close(events);
    if (rc == ODD_OK)
        export_answer(export);
    else
        export_refuse(call, &export->decoded, rc);
}

static void take_logs(GrpcCall *call)
{
    take(call, "otlp_logs", 'l');
}

static void take_metrics(GrpcCall *call)
{
    take(call, "otlp_metrics", 'm');
}

static void take_traces(GrpcCall *call)
{
    take(call, "otlp_traces", 't');
}

#define SERVICE "/opentelemetry.proto.collector."
const GrpcMethod otlp_grpc_methods[OTLP_GRPC_METHODS] = {
    {SERVICE "logs.v1.LogsService/Export", take_logs},
    {SERVICE "metrics.v1.MetricsService/Export", take_metrics},
    {SERVICE "trace.v1.TraceService/Export", take_traces},
};
