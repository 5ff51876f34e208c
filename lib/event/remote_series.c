/* SPDX-License-Identifier: Apache-2.0 */
#include "event/remote_series.h"

#define NS_PER_MS INT64_C(1000000)
#define STALE_BITS UINT64_C(0x7ff0000000000002) /* "The series ended", as Prometheus writes it. */
#define SOURCE_PREFIX "prometheus:"

enum { SAMPLE_VALUE = 1, SAMPLE_TIME };
enum { HISTOGRAM_COUNT_INT = 1, HISTOGRAM_COUNT_FLOAT, HISTOGRAM_SUM, HISTOGRAM_TIME = 15 };

void remote_labels_add(RemoteLabels *labels, Str name, Str value)
{
    if (labels->count == SERIES_LABELS_MAX)
        labels->fault = "it has too many labels";
    else
        labels->labels[labels->count++] = (Label){.name = name, .value = value};
}

odd_rc remote_torn(odd_decoded *decoded, const char *what, const ProtoReader *reader)
{
    return decoded_fail(decoded, "%s cannot be read: %s, at its byte %zu", what, reader->problem,
                        reader->at);
}

static bool time_of(const RemoteWrite *write, uint64_t bits, odd_time *ret)
{
    int64_t ms = (int64_t)bits;
    if (ms > INT64_MAX / NS_PER_MS || ms < -(INT64_MAX / NS_PER_MS)) {
        decoded_refuse(write->decoded, 1, "a sample of %lld ms since 1970: no such year is known",
                       (long long)ms);
        return false;
    }
    *ret = ms * NS_PER_MS;
    return true;
}

/* Samples of one series, one behind the other. */
typedef struct {
    Str  source, series;
    bool is_open;
} Run;

static odd_rc run_add(const RemoteWrite *write, Run *run, odd_time time, double value)
{
    bool good = run->is_open ? events_sample(write->events, time, value)
                             : events_series(write->events, run->source, run->series, time, value);
    run->is_open = true;
    return good ? ODD_OK : ODD_FULL;
}

static odd_rc add_sample(const RemoteWrite *write, Run *run, Str sample)
{
    ProtoReader reader = {.bytes = sample};
    ProtoField  field;
    uint64_t    value = 0, ms = 0;
    while (proto_next(&reader, &field)) {
        if (field.tag == PROTO_TAG(SAMPLE_VALUE, PROTO_FIXED64))
            value = field.value;
        else if (field.tag == PROTO_TAG(SAMPLE_TIME, PROTO_VARINT))
            ms = field.value;
    }
    if (reader.problem != NULL)
        return remote_torn(write->decoded, "a sample", &reader);
    odd_time time;
    if (!time_of(write, ms, &time))
        return ODD_OK;
    write->decoded->accepted++;
    return run_add(write, run, time, proto_double(value));
}

static odd_rc add_histogram(const RemoteWrite *write, Str source, Str name_count, Str name_sum,
                            Str histogram)
{
    ProtoReader reader = {.bytes = histogram};
    ProtoField  field;
    double      count = 0;
    uint64_t    sum = 0, ms = 0;
    while (proto_next(&reader, &field)) {
        switch (field.tag) {
        case PROTO_TAG(HISTOGRAM_COUNT_INT, PROTO_VARINT): count = (double)field.value; break;
        case PROTO_TAG(HISTOGRAM_COUNT_FLOAT, PROTO_FIXED64):
            count = proto_double(field.value);
            break;
        case PROTO_TAG(HISTOGRAM_SUM, PROTO_FIXED64): sum = field.value; break;
        case PROTO_TAG(HISTOGRAM_TIME, PROTO_VARINT): ms = field.value; break;
        default: break;
        }
    }
    if (reader.problem != NULL)
        return remote_torn(write->decoded, "a histogram", &reader);
    odd_time time;
    if (!time_of(write, ms, &time))
        return ODD_OK;
    if (sum == STALE_BITS)
        count = proto_double(STALE_BITS);
    write->decoded->accepted++;
    write->decoded->histograms++;
    bool good = events_series(write->events, source, name_count, time, count) &&
                events_series(write->events, source, name_sum, time, proto_double(sum));
    return good ? ODD_OK : ODD_FULL;
}

static odd_rc add_samples(const RemoteWrite *write, Str source, Str series, ProtoReader reader)
{
    Run        run = {.source = source, .series = series};
    ProtoField field;
    odd_rc     rc = ODD_OK;
    while (rc == ODD_OK && proto_next(&reader, &field))
        if (field.tag == PROTO_TAG(REMOTE_SAMPLES, PROTO_BYTES))
            rc = add_sample(write, &run, field.bytes);
    return rc;
}

/* The last one counts, as in the series' name. */
static Str label_of(const RemoteLabels *labels, Str name)
{
    for (size_t i = labels->count; i > 0; i--)
        if (str_equal(labels->labels[i - 1].name, name))
            return labels->labels[i - 1].value;
    return (Str){0};
}

static size_t put(char *buffer, size_t size, Str text)
{
    size_t room = EVENT_NAME_BYTES_MAX - size;
    size_t kept = text.size < room ? text.size : room;
    if (kept > 0)
        memcpy(buffer + size, text.text, kept);
    return size + kept;
}

static Str series_with(RemoteLabels *labels, Str ending, char buffer[EVENT_SERIES_BYTES_MAX])
{
    char name[EVENT_NAME_BYTES_MAX];
    Str  first = label_of(labels, STR("__name__"));
    size_t size = put(name, put(name, 0, first), ending);
    if (first.size + ending.size > sizeof name)
        return (Str){0};
    size = series_text((Str){.text = name, .size = size}, labels->labels, labels->count, buffer,
                       EVENT_SERIES_BYTES_MAX);
    return (Str){.text = buffer, .size = size};
}

static odd_rc add_histograms(const RemoteWrite *write, Str source, RemoteLabels *labels,
                             ProtoReader reader, uint64_t histogram_count)
{
    char count[EVENT_SERIES_BYTES_MAX], sum[EVENT_SERIES_BYTES_MAX];
    Str  name_count = series_with(labels, STR("_count"), count);
    Str  name_sum = series_with(labels, STR("_sum"), sum);
    if (name_count.size == 0 || name_sum.size == 0) {
        decoded_refuse(write->decoded, histogram_count, "a series is refused: %s",
                       "its labels are too long");
        return ODD_OK;
    }
    ProtoField field;
    odd_rc     rc = ODD_OK;
    while (rc == ODD_OK && proto_next(&reader, &field))
        if (field.tag == PROTO_TAG(write->histograms, PROTO_BYTES))
            rc = add_histogram(write, source, name_count, name_sum, field.bytes);
    return rc;
}

/* What the first look at a series tells: its labels, and where what they are for begins. */
typedef struct {
    RemoteLabels labels;
    uint64_t     samples, histograms;
    ProtoReader  first; /* Stands before the first sample or histogram. */
} Look;

static odd_rc look_at(const RemoteWrite *write, Str message, Look *look)
{
    ProtoReader reader = {.bytes = message}, before = reader;
    ProtoField  field;
    for (; proto_next(&reader, &field); before = reader) {
        bool sample = field.tag == PROTO_TAG(REMOTE_SAMPLES, PROTO_BYTES);
        bool histogram = field.tag == PROTO_TAG(write->histograms, PROTO_BYTES);
        if (sample || histogram) {
            if (look->samples + look->histograms == 0)
                look->first = before;
            look->samples += sample;
            look->histograms += histogram;
        } else if (proto_number(&field) == REMOTE_LABELS) {
            odd_rc rc = write->read_labels(write, &field, &look->labels);
            if (rc != ODD_OK)
                return rc;
        }
    }
    return reader.problem == NULL ? ODD_OK : remote_torn(write->decoded, "a series", &reader);
}

static Str source_of(const RemoteWrite *write, const RemoteLabels *labels, char *buffer)
{
    Str job = label_of(labels, STR("job"));
    if (job.size == 0)
        return str_of(write->wire->source);
    size_t size = put(buffer, put(buffer, 0, STR(SOURCE_PREFIX)), job);
    return (Str){.text = buffer, .size = size};
}

odd_rc remote_series(const RemoteWrite *write, Str message)
{
    Look look;
    look.labels.count = 0;
    look.labels.fault = NULL;
    look.samples = look.histograms = 0;
    look.first = (ProtoReader){0};
    odd_rc rc = look_at(write, message, &look);
    if (rc != ODD_OK || look.samples + look.histograms == 0)
        return rc;

    char source_text[EVENT_NAME_BYTES_MAX], text[EVENT_SERIES_BYTES_MAX];
    RemoteLabels *labels = &look.labels;
    Str    source = source_of(write, labels, source_text);
    size_t size = 0;
    if (labels->fault == NULL)
        size = series_text((Str){0}, labels->labels, labels->count, text, sizeof text);
    if (size == 0) {
        bool has_name = label_of(labels, STR("__name__")).size > 0;
        const char *fault = has_name ? "its labels are too long" : "it has no name";
        decoded_refuse(write->decoded, look.samples + look.histograms, "a series is refused: %s",
                       labels->fault != NULL ? labels->fault : fault);
        return ODD_OK;
    }
    if (look.samples > 0)
        rc = add_samples(write, source, (Str){.text = text, .size = size}, look.first);
    if (rc == ODD_OK && look.histograms > 0)
        rc = add_histograms(write, source, labels, look.first, look.histograms);
    return rc;
}
