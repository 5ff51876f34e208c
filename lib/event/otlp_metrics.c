/* SPDX-License-Identifier: Apache-2.0
 *
 * otlp_metrics.c - ExportMetricsServiceRequest: each data point is a sample, or some.
 *
 * gauge, sum               name; integers become doubles, exact up to 2^53.
 * histogram                name_count, name_sum, name_bucket{le="..."} (counted up to each bound,
 *                          the last one +Inf), name_min, name_max.
 * exponential histogram    name_count, name_sum, name_zero_count, name_min, name_max; its buckets
 *                          are left out, since their bounds change with every change of scale.
 * summary                  name_count, name_sum, name{quantile="..."}.
 *
 * What the sender left out (sum, min, max) gives no sample.  Deltas stay deltas and are not named
 * otherwise: a sum's temporality is not kept.  Labels, names and refusals: otlp_point.h.
 *
 * ERRORS     A histogram is refused whose bounds do not ascend or do not fit to its buckets, or
 *            that has more than HISTOGRAM_BUCKETS_MAX; so is a number that is none.
 */
#include <math.h>

#include "base/bytes.h"
#include "event/otlp.h"
#include "event/otlp_point.h"

#define HISTOGRAM_BUCKETS_MAX 1024

enum { DATA_GAUGE = 5, DATA_SUM = 7, DATA_HISTOGRAM = 9, DATA_EXPONENTIAL = 10, DATA_SUMMARY = 11 };

typedef struct {
    bool   is_there;
    double value;
} Optional;

static Optional optional(const ProtoField *field)
{
    return (Optional){.is_there = true, .value = proto_double(field->value)};
}

/* What the three kinds of point with a count have in common. */
typedef struct {
    uint64_t count, zero_count;
    Optional sum, min, max;
} Totals;

static void put(OtlpPoint *point, const char *suffix, double value)
{
    point_put(point, str_of(suffix), STR(""), STR(""), value);
}

static void put_optional(OtlpPoint *point, const char *suffix, Optional number)
{
    if (number.is_there)
        put(point, suffix, number.value);
}

static void put_totals(OtlpPoint *point, const Totals *totals)
{
    put(point, "_count", (double)totals->count);
    put_optional(point, "_sum", totals->sum);
    put_optional(point, "_min", totals->min);
    put_optional(point, "_max", totals->max);
}

static void number_point(Otlp *otlp, Str name, Str bytes)
{
    OtlpPoint   point;
    Optional    number = {0};
    ProtoReader reader = {.bytes = bytes};
    ProtoField  field;
    point_open(&point, otlp, name);
    while (otlp_next(otlp, &reader, &field)) {
        switch (field.tag) {
        case PROTO_TAG(3, PROTO_FIXED64): point.time = field.value; break;
        case PROTO_TAG(4, PROTO_FIXED64): number = optional(&field); break;
        case PROTO_TAG(6, PROTO_FIXED64):
            number = (Optional){.is_there = true, .value = (double)(int64_t)field.value};
            break;
        case PROTO_TAG(7, PROTO_BYTES): point_label(&point, field.bytes); break;
        case PROTO_TAG(8, PROTO_VARINT): point.flags = field.value; break;
        default: otlp_other(otlp, &otlp_number_point, &field, &reader);
        }
    }
    if (!number.is_there && (point.flags & 1) == 0)
        point_refuse(&point, "it has no value");
    put(&point, "", number.value);
    point_close(&point);
}

/* The numbers of 8 bytes in a repeated field, packed or not, one by one. */
typedef struct {
    ProtoReader reader;
    uint32_t    number;
    Str         packed;
} Numbers;

static bool numbers_next(Otlp *otlp, Numbers *numbers, uint64_t *ret)
{
    ProtoField field;
    while (numbers->packed.size == 0) {
        if (!otlp_next(otlp, &numbers->reader, &field))
            return false;
        if (field.tag == PROTO_TAG(numbers->number, PROTO_BYTES)) {
            numbers->packed = field.bytes;
        } else if (field.tag == PROTO_TAG(numbers->number, PROTO_FIXED64)) {
            *ret = field.value;
            return true;
        }
    }
    if (numbers->packed.size < 8) {
        otlp_fail(otlp, numbers->packed.text, "packed numbers are cut off");
        return false;
    }
    *ret = bytes_get_u64(numbers->packed.text);
    numbers->packed = str_part(numbers->packed, 8, numbers->packed.size);
    return true;
}

static const char *buckets_problem(Otlp *otlp, Numbers counts, Numbers bounds)
{
    size_t   count_count = 0, bound_count = 0;
    uint64_t bits;
    double   last = -(double)INFINITY;
    for (; numbers_next(otlp, &bounds, &bits); bound_count++) {
        double bound = proto_double(bits);
        if (!(bound > last) && !(bound_count == 0 && bound == last))
            return "its bounds do not ascend";
        last = bound;
    }
    uint64_t all = 0;
    for (; numbers_next(otlp, &counts, &bits); count_count++) {
        if (all + bits < all)
            return "its buckets hold more than 64 bits count";
        all += bits;
    }
    if (count_count > HISTOGRAM_BUCKETS_MAX)
        return "it has more than 1024 buckets";
    bool fits = count_count == 0 ? bound_count == 0 : count_count == bound_count + 1;
    return fits ? NULL : "its buckets are not one more than its bounds";
}

static void put_buckets(OtlpPoint *point, Numbers counts, Numbers bounds, uint64_t count)
{
    uint64_t bits, more, all = 0;
    while (numbers_next(point->otlp, &bounds, &bits) && numbers_next(point->otlp, &counts, &more)) {
        char   buffer[REAL_TEXT_SIZE];
        double bound = proto_double(bits);
        Str    le = isinf(bound) ? STR("-Inf") : real_text(bound, buffer);
        all += more;
        if (bound < (double)INFINITY)
            point_put(point, STR("_bucket"), STR("le"), le, (double)all);
    }
    point_put(point, STR("_bucket"), STR("le"), STR("+Inf"), (double)count);
}

static void histogram_point(Otlp *otlp, Str name, Str bytes)
{
    OtlpPoint   point;
    Totals      totals = {0};
    ProtoReader reader = {.bytes = bytes};
    Numbers     counts = {.reader = reader, .number = 6}, bounds = {.reader = reader, .number = 7};
    ProtoField  field;
    point_open(&point, otlp, name);
    while (otlp_next(otlp, &reader, &field)) {
        switch (field.tag) {
        case PROTO_TAG(3, PROTO_FIXED64): point.time = field.value; break;
        case PROTO_TAG(4, PROTO_FIXED64): totals.count = field.value; break;
        case PROTO_TAG(5, PROTO_FIXED64): totals.sum = optional(&field); break;
        case PROTO_TAG(9, PROTO_BYTES): point_label(&point, field.bytes); break;
        case PROTO_TAG(10, PROTO_VARINT): point.flags = field.value; break;
        case PROTO_TAG(11, PROTO_FIXED64): totals.min = optional(&field); break;
        case PROTO_TAG(12, PROTO_FIXED64): totals.max = optional(&field); break;
        default: otlp_other(otlp, &otlp_histogram_point, &field, &reader);
        }
    }
    const char *problem = buckets_problem(otlp, counts, bounds);
    if (problem != NULL)
        point_refuse(&point, problem);
    put_totals(&point, &totals);
    put_buckets(&point, counts, bounds, totals.count);
    point_close(&point);
}

static void exponential_point(Otlp *otlp, Str name, Str bytes)
{
    OtlpPoint   point;
    Totals      totals = {0};
    ProtoReader reader = {.bytes = bytes};
    ProtoField  field;
    point_open(&point, otlp, name);
    while (otlp_next(otlp, &reader, &field)) {
        switch (field.tag) {
        case PROTO_TAG(1, PROTO_BYTES): point_label(&point, field.bytes); break;
        case PROTO_TAG(3, PROTO_FIXED64): point.time = field.value; break;
        case PROTO_TAG(4, PROTO_FIXED64): totals.count = field.value; break;
        case PROTO_TAG(5, PROTO_FIXED64): totals.sum = optional(&field); break;
        case PROTO_TAG(7, PROTO_FIXED64): totals.zero_count = field.value; break;
        case PROTO_TAG(10, PROTO_VARINT): point.flags = field.value; break;
        case PROTO_TAG(12, PROTO_FIXED64): totals.min = optional(&field); break;
        case PROTO_TAG(13, PROTO_FIXED64): totals.max = optional(&field); break;
        default: otlp_other(otlp, &otlp_exponential_point, &field, &reader);
        }
    }
    put_totals(&point, &totals);
    put(&point, "_zero_count", (double)totals.zero_count);
    point_close(&point);
}

static void put_quantile(OtlpPoint *point, Str bytes)
{
    double      quantile = 0, value = 0;
    ProtoReader reader = {.bytes = bytes};
    ProtoField  field;
    while (otlp_next(point->otlp, &reader, &field)) {
        switch (field.tag) {
        case PROTO_TAG(1, PROTO_FIXED64): quantile = proto_double(field.value); break;
        case PROTO_TAG(2, PROTO_FIXED64): value = proto_double(field.value); break;
        default: otlp_other(point->otlp, &otlp_quantile, &field, &reader);
        }
    }
    char buffer[REAL_TEXT_SIZE];
    if (!(quantile >= 0 && quantile <= 1))
        point_refuse(point, "a quantile is not between 0 and 1");
    point_put(point, STR(""), STR("quantile"), real_text(quantile, buffer), value);
}

static void summary_point(Otlp *otlp, Str name, Str bytes)
{
    OtlpPoint   point;
    Totals      totals = {0};
    ProtoReader reader = {.bytes = bytes}, quantiles = reader;
    ProtoField  field;
    point_open(&point, otlp, name);
    while (otlp_next(otlp, &reader, &field)) {
        switch (field.tag) {
        case PROTO_TAG(3, PROTO_FIXED64): point.time = field.value; break;
        case PROTO_TAG(4, PROTO_FIXED64): totals.count = field.value; break;
        case PROTO_TAG(5, PROTO_FIXED64): totals.sum = optional(&field); break;
        case PROTO_TAG(7, PROTO_BYTES): point_label(&point, field.bytes); break;
        case PROTO_TAG(8, PROTO_VARINT): point.flags = field.value; break;
        default: otlp_other(otlp, &otlp_summary_point, &field, &reader);
        }
    }
    put_totals(&point, &totals);
    /* Time and labels may stand behind the quantiles, hence the second look. */
    while (otlp_next(otlp, &quantiles, &field))
        if (field.tag == PROTO_TAG(6, PROTO_BYTES))
            put_quantile(&point, field.bytes);
    point_close(&point);
}

static void walk_points(Otlp *otlp, Str name, uint32_t kind, Str data)
{
    ProtoReader reader = {.bytes = data};
    ProtoField  field;
    while (otlp_next(otlp, &reader, &field)) {
        if (field.tag != PROTO_TAG(1, PROTO_BYTES)) {
            otlp_other(otlp, &otlp_data, &field, &reader);
            continue;
        }
        switch (kind) {
        case DATA_HISTOGRAM: histogram_point(otlp, name, field.bytes); break;
        case DATA_EXPONENTIAL: exponential_point(otlp, name, field.bytes); break;
        case DATA_SUMMARY: summary_point(otlp, name, field.bytes); break;
        default: number_point(otlp, name, field.bytes);
        }
    }
}

static void take_metric(Otlp *otlp, Str bytes)
{
    Str         name = STR(""), data = STR("");
    uint32_t    kind = 0;
    ProtoReader reader = {.bytes = bytes};
    ProtoField  field;
    while (otlp_next(otlp, &reader, &field)) {
        switch (field.tag) {
        case PROTO_TAG(1, PROTO_BYTES): name = field.bytes; break;
        case PROTO_TAG(DATA_GAUGE, PROTO_BYTES):
        case PROTO_TAG(DATA_SUM, PROTO_BYTES):
        case PROTO_TAG(DATA_HISTOGRAM, PROTO_BYTES):
        case PROTO_TAG(DATA_EXPONENTIAL, PROTO_BYTES):
        case PROTO_TAG(DATA_SUMMARY, PROTO_BYTES):
            kind = proto_number(&field);
            data = field.bytes;
            break;
        default: otlp_other(otlp, &otlp_metric, &field, &reader);
        }
    }
    walk_points(otlp, name, kind, data);
}

static odd_rc decode(const odd_wire *wire, Str bytes, odd_events *events, odd_decoded *ret)
{
    return otlp_decode(wire, bytes, events, ret, &otlp_metrics_request, take_metric);
}

const Codec codec_otlp_metrics = {.name = "otlp_metrics", .decode = decode};
