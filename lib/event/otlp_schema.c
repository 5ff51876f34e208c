/* SPDX-License-Identifier: Apache-2.0 */
#include "event/otlp_schema.h"

#define MESSAGE(variable, called, listed)                                                          \
    const OtlpMessage variable = {                                                                 \
        .name = (called), .fields = (listed), .field_count = sizeof(listed) / sizeof(listed)[0]}

static const OtlpField array_value_fields[] = {
    {"values", 1, OTLP_MESSAGE, true, &otlp_any_value},
};
MESSAGE(otlp_array_value, "ArrayValue", array_value_fields);

static const OtlpField key_value_list_fields[] = {
    {"values", 1, OTLP_MESSAGE, true, &otlp_key_value},
};
MESSAGE(otlp_key_value_list, "KeyValueList", key_value_list_fields);

static const OtlpField any_value_fields[] = {
    {"stringValue", 1, OTLP_TEXT, false, NULL},
    {"boolValue", 2, OTLP_BOOL, false, NULL},
    {"intValue", 3, OTLP_INT, false, NULL},
    {"doubleValue", 4, OTLP_REAL, false, NULL},
    {"arrayValue", 5, OTLP_MESSAGE, false, &otlp_array_value},
    {"kvlistValue", 6, OTLP_MESSAGE, false, &otlp_key_value_list},
    {"bytesValue", 7, OTLP_BASE64, false, NULL},
};
MESSAGE(otlp_any_value, "AnyValue", any_value_fields);

static const OtlpField key_value_fields[] = {
    {"key", 1, OTLP_TEXT, false, NULL},
    {"value", 2, OTLP_MESSAGE, false, &otlp_any_value},
};
MESSAGE(otlp_key_value, "KeyValue", key_value_fields);

static const OtlpField resource_fields[] = {
    {"attributes", 1, OTLP_MESSAGE, true, &otlp_key_value},
};
MESSAGE(otlp_resource, "Resource", resource_fields);

static const OtlpField scope_fields[] = {
    {"name", 1, OTLP_TEXT, false, NULL},
};
MESSAGE(otlp_scope, "InstrumentationScope", scope_fields);

/* What all groups have in common, for the walk over bytes. */
static const OtlpField resource_group_fields[] = {
    {"resource", 1, OTLP_MESSAGE, false, &otlp_resource},
    {"scopes", 2, OTLP_MESSAGE, true, &otlp_scope_group},
};
MESSAGE(otlp_resource_group, "a resource's group", resource_group_fields);

static const OtlpField scope_group_fields[] = {
    {"scope", 1, OTLP_MESSAGE, false, &otlp_scope},
    {"items", 2, OTLP_MESSAGE, true, NULL},
};
MESSAGE(otlp_scope_group, "a scope's group", scope_group_fields);

static const OtlpField log_record_fields[] = {
    {"timeUnixNano", 1, OTLP_FIXED, false, NULL},
    {"severityNumber", 2, OTLP_INT, false, NULL},
    {"severityText", 3, OTLP_TEXT, false, NULL},
    {"body", 5, OTLP_MESSAGE, false, &otlp_any_value},
    {"attributes", 6, OTLP_MESSAGE, true, &otlp_key_value},
    {"traceId", 9, OTLP_HEX, false, NULL},
    {"spanId", 10, OTLP_HEX, false, NULL},
    {"observedTimeUnixNano", 11, OTLP_FIXED, false, NULL},
    {"eventName", 12, OTLP_TEXT, false, NULL},
};
MESSAGE(otlp_log_record, "LogRecord", log_record_fields);

static const OtlpField scope_logs_fields[] = {
    {"scope", 1, OTLP_MESSAGE, false, &otlp_scope},
    {"logRecords", 2, OTLP_MESSAGE, true, &otlp_log_record},
};
static MESSAGE(scope_logs, "ScopeLogs", scope_logs_fields);

static const OtlpField resource_logs_fields[] = {
    {"resource", 1, OTLP_MESSAGE, false, &otlp_resource},
    {"scopeLogs", 2, OTLP_MESSAGE, true, &scope_logs},
};
static MESSAGE(resource_logs, "ResourceLogs", resource_logs_fields);

static const OtlpField logs_request_fields[] = {
    {"resourceLogs", 1, OTLP_MESSAGE, true, &resource_logs},
};
MESSAGE(otlp_logs_request, "ExportLogsServiceRequest", logs_request_fields);

static const OtlpField number_point_fields[] = {
    {"timeUnixNano", 3, OTLP_FIXED, false, NULL},
    {"asDouble", 4, OTLP_REAL, false, NULL},
    {"asInt", 6, OTLP_SFIXED, false, NULL},
    {"attributes", 7, OTLP_MESSAGE, true, &otlp_key_value},
    {"flags", 8, OTLP_UINT, false, NULL},
};
MESSAGE(otlp_number_point, "NumberDataPoint", number_point_fields);

static const OtlpField histogram_point_fields[] = {
    {"timeUnixNano", 3, OTLP_FIXED, false, NULL},
    {"count", 4, OTLP_FIXED, false, NULL},
    {"sum", 5, OTLP_REAL, false, NULL},
    {"bucketCounts", 6, OTLP_FIXED, true, NULL},
    {"explicitBounds", 7, OTLP_REAL, true, NULL},
    {"attributes", 9, OTLP_MESSAGE, true, &otlp_key_value},
    {"flags", 10, OTLP_UINT, false, NULL},
    {"min", 11, OTLP_REAL, false, NULL},
    {"max", 12, OTLP_REAL, false, NULL},
};
MESSAGE(otlp_histogram_point, "HistogramDataPoint", histogram_point_fields);

static const OtlpField exponential_point_fields[] = {
    {"attributes", 1, OTLP_MESSAGE, true, &otlp_key_value},
    {"timeUnixNano", 3, OTLP_FIXED, false, NULL},
    {"count", 4, OTLP_FIXED, false, NULL},
    {"sum", 5, OTLP_REAL, false, NULL},
    {"zeroCount", 7, OTLP_FIXED, false, NULL},
    {"flags", 10, OTLP_UINT, false, NULL},
    {"min", 12, OTLP_REAL, false, NULL},
    {"max", 13, OTLP_REAL, false, NULL},
};
MESSAGE(otlp_exponential_point, "ExponentialHistogramDataPoint", exponential_point_fields);

static const OtlpField quantile_fields[] = {
    {"quantile", 1, OTLP_REAL, false, NULL},
    {"value", 2, OTLP_REAL, false, NULL},
};
MESSAGE(otlp_quantile, "ValueAtQuantile", quantile_fields);

static const OtlpField summary_point_fields[] = {
    {"timeUnixNano", 3, OTLP_FIXED, false, NULL},
    {"count", 4, OTLP_FIXED, false, NULL},
    {"sum", 5, OTLP_REAL, false, NULL},
    {"quantileValues", 6, OTLP_MESSAGE, true, &otlp_quantile},
    {"attributes", 7, OTLP_MESSAGE, true, &otlp_key_value},
    {"flags", 8, OTLP_UINT, false, NULL},
};
MESSAGE(otlp_summary_point, "SummaryDataPoint", summary_point_fields);

/* Of all kinds of metric the points are field 1. */
static const OtlpField data_fields[] = {
    {"dataPoints", 1, OTLP_MESSAGE, true, NULL},
};
MESSAGE(otlp_data, "a metric's data", data_fields);

static const OtlpField number_data_fields[] = {
    {"dataPoints", 1, OTLP_MESSAGE, true, &otlp_number_point},
};
static MESSAGE(number_data, "Gauge or Sum", number_data_fields);

static const OtlpField histogram_data_fields[] = {
    {"dataPoints", 1, OTLP_MESSAGE, true, &otlp_histogram_point},
};
static MESSAGE(histogram_data, "Histogram", histogram_data_fields);

static const OtlpField exponential_data_fields[] = {
    {"dataPoints", 1, OTLP_MESSAGE, true, &otlp_exponential_point},
};
static MESSAGE(exponential_data, "ExponentialHistogram", exponential_data_fields);

static const OtlpField summary_data_fields[] = {
    {"dataPoints", 1, OTLP_MESSAGE, true, &otlp_summary_point},
};
static MESSAGE(summary_data, "Summary", summary_data_fields);

static const OtlpField metric_fields[] = {
    {"name", 1, OTLP_TEXT, false, NULL},
    {"gauge", 5, OTLP_MESSAGE, false, &number_data},
    {"sum", 7, OTLP_MESSAGE, false, &number_data},
    {"histogram", 9, OTLP_MESSAGE, false, &histogram_data},
    {"exponentialHistogram", 10, OTLP_MESSAGE, false, &exponential_data},
    {"summary", 11, OTLP_MESSAGE, false, &summary_data},
};
MESSAGE(otlp_metric, "Metric", metric_fields);

static const OtlpField scope_metrics_fields[] = {
    {"scope", 1, OTLP_MESSAGE, false, &otlp_scope},
    {"metrics", 2, OTLP_MESSAGE, true, &otlp_metric},
};
static MESSAGE(scope_metrics, "ScopeMetrics", scope_metrics_fields);

static const OtlpField resource_metrics_fields[] = {
    {"resource", 1, OTLP_MESSAGE, false, &otlp_resource},
    {"scopeMetrics", 2, OTLP_MESSAGE, true, &scope_metrics},
};
static MESSAGE(resource_metrics, "ResourceMetrics", resource_metrics_fields);

static const OtlpField metrics_request_fields[] = {
    {"resourceMetrics", 1, OTLP_MESSAGE, true, &resource_metrics},
};
MESSAGE(otlp_metrics_request, "ExportMetricsServiceRequest", metrics_request_fields);

static const OtlpField span_fields[] = {
    {"traceId", 1, OTLP_HEX, false, NULL},
    {"spanId", 2, OTLP_HEX, false, NULL},
    {"name", 5, OTLP_TEXT, false, NULL},
};
static MESSAGE(span, "Span", span_fields);

static const OtlpField scope_spans_fields[] = {
    {"scope", 1, OTLP_MESSAGE, false, &otlp_scope},
    {"spans", 2, OTLP_MESSAGE, true, &span},
};
static MESSAGE(scope_spans, "ScopeSpans", scope_spans_fields);

static const OtlpField resource_spans_fields[] = {
    {"resource", 1, OTLP_MESSAGE, false, &otlp_resource},
    {"scopeSpans", 2, OTLP_MESSAGE, true, &scope_spans},
};
static MESSAGE(resource_spans, "ResourceSpans", resource_spans_fields);

static const OtlpField traces_request_fields[] = {
    {"resourceSpans", 1, OTLP_MESSAGE, true, &resource_spans},
};
MESSAGE(otlp_traces_request, "ExportTraceServiceRequest", traces_request_fields);

const OtlpField *otlp_field_of_number(const OtlpMessage *message, uint32_t number)
{
    for (size_t i = 0; i < message->field_count; i++)
        if (message->fields[i].number == number)
            return &message->fields[i];
    return NULL;
}

const OtlpField *otlp_field_of_name(const OtlpMessage *message, Str name)
{
    for (size_t i = 0; i < message->field_count; i++)
        if (str_equal(str_of(message->fields[i].name), name))
            return &message->fields[i];
    return NULL;
}

static ProtoType type_of(OtlpKind kind)
{
    switch (kind) {
    case OTLP_TEXT:
    case OTLP_BASE64:
    case OTLP_HEX:
    case OTLP_MESSAGE: return PROTO_BYTES;
    case OTLP_BOOL:
    case OTLP_INT:
    case OTLP_UINT: return PROTO_VARINT;
    case OTLP_FIXED:
    case OTLP_SFIXED:
    case OTLP_REAL: break;
    }
    return PROTO_FIXED64;
}

bool otlp_field_fits(const OtlpField *field, ProtoType type)
{
    return type == type_of(field->kind) || (field->repeated && type == PROTO_BYTES);
}
