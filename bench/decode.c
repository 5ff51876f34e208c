/* SPDX-License-Identifier: Apache-2.0
 *
 * decode.c - how many records or samples a second a wire format gives, on one thread.
 *
 *     decode [SECONDS [FORMAT]]
 *
 * Requests of 1,000 items are made here: log records of about 90 bytes of text with three
 * attributes, a trace and a span, of one resource with two attributes; gauges with three labels;
 * series of Prometheus with seven labels and one sample; lines of an exporter; lines pushed to
 * Loki, as JSON; documents of a log shipper; entries of the journal; messages of syslog.
 * Each format decodes its request again and again for SECONDS (1) into the same events, without
 * masks.  Prints a row for each: format, items and megabytes a second, bytes an item.
 */
#include <snappy-c.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <oddball.h>

#define ITEM_COUNT 1000
#define REQUEST_BYTES_MAX (2u << 20)

typedef struct {
    char *bytes;
    size_t size;
} Request;

static Request request_of(void)
{
    Request request = {.bytes = malloc(REQUEST_BYTES_MAX)};
    if (request.bytes == NULL)
        abort();
    return request;
}

static double processor_seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* -- protobuf, from the inside to the outside: a message is put before what it holds ---------- */

static void put(Request *request, const void *bytes, size_t size)
{
    if (request->size + size > REQUEST_BYTES_MAX)
        abort();
    memcpy(request->bytes + request->size, bytes, size);
    request->size += size;
}

static void put_varint(Request *request, uint64_t value)
{
    for (; value >= 128; value >>= 7)
        put(request, (char[]){(char)((value & 127) | 128)}, 1);
    put(request, (char[]){(char)value}, 1);
}

static void put_field(Request *request, int number, const void *bytes, size_t size)
{
    put_varint(request, (uint64_t)number << 3 | 2);
    put_varint(request, size);
    put(request, bytes, size);
}

static void put_fixed(Request *request, int number, uint64_t value)
{
    put_varint(request, (uint64_t)number << 3 | 1);
    for (int i = 0; i < 8; i++)
        put(request, (char[]){(char)(value >> (8 * i))}, 1);
}

/* A message inside: what is put between the two calls moves to make room for its head. */
static size_t message_open(const Request *request)
{
    return request->size;
}

static void message_close(Request *request, size_t opened, int number)
{
    static char inner[REQUEST_BYTES_MAX];
    size_t size = request->size - opened;
    memcpy(inner, request->bytes + opened, size);
    request->size = opened;
    put_field(request, number, inner, size);
}

static void put_text_attribute(Request *request, int number, const char *key, const char *value)
{
    size_t pair = message_open(request);
    put_field(request, 1, key, strlen(key));
    size_t any = message_open(request);
    put_field(request, 1, value, strlen(value));
    message_close(request, any, 2);
    message_close(request, pair, number);
}

static void put_int_attribute(Request *request, int number, const char *key, uint64_t value)
{
    size_t pair = message_open(request);
    put_field(request, 1, key, strlen(key));
    size_t any = message_open(request);
    put_varint(request, 3 << 3);
    put_varint(request, value);
    message_close(request, any, 2);
    message_close(request, pair, number);
}

static int body_print(char *body, size_t size, int item)
{
    return snprintf(body, size,
                    "10.1.%d.%d GET /api/v1/orders/%d took %d ms, 3 items for customer %06d, "
                    "cached",
                    item % 250, item % 199, item, item % 977, item * 7);
}

static void put_record(Request *request, int item)
{
    char body[200];
    size_t record = message_open(request);
    put_fixed(request, 1, 1795464942000000000u + (uint64_t)item * 1000000);
    put_fixed(request, 11, 1795464942000000000u + (uint64_t)item * 1000000);
    put(request, "\x10\x09\x1a\x04INFO", 8);
    int size = body_print(body, sizeof body, item);
    size_t any = message_open(request);
    put_field(request, 1, body, (size_t)size);
    message_close(request, any, 5);
    put_text_attribute(request, 6, "http.request.method", "GET");
    put_int_attribute(request, 6, "http.response.status_code", 200);
    put_text_attribute(request, 6, "code.function.name", "OrderController.list");
    put_field(request, 9, "0123456789abcdef", 16);
    put_field(request, 10, "01234567", 8);
    message_close(request, record, 2);
}

static void put_gauge(Request *request, int item)
{
    char name[40];
    size_t metric = message_open(request);
    int size = snprintf(name, sizeof name, "process_queue_%d_length", item % 40);
    put_field(request, 1, name, (size_t)size);
    size_t data = message_open(request), point = message_open(request);
    put_fixed(request, 3, 1795464942000000000u + (uint64_t)item);
    put_fixed(request, 6, (uint64_t)item);
    put_text_attribute(request, 7, "queue", "orders");
    put_text_attribute(request, 7, "state", "waiting");
    put_int_attribute(request, 7, "shard", (uint64_t)item);
    message_close(request, point, 1);
    message_close(request, data, 5);
    message_close(request, metric, 2);
}

static Request protobuf_of(void (*put_item)(Request *request, int item))
{
    Request request = request_of();
    size_t group = message_open(&request), resource = message_open(&request);
    put_text_attribute(&request, 1, "service.name", "orders");
    put_text_attribute(&request, 1, "host.name", "web-1.example.org");
    message_close(&request, resource, 1);
    size_t scope = message_open(&request);
    for (int item = 0; item < ITEM_COUNT; item++)
        put_item(&request, item);
    message_close(&request, scope, 2);
    message_close(&request, group, 1);
    return request;
}

static Request json_of_logs(void)
{
    Request request = request_of();
    char *to = request.bytes;
    size_t left = REQUEST_BYTES_MAX;
    int size = snprintf(
        to, left,
        "{\"resourceLogs\":[{\"resource\":{\"attributes\":[{\"key\":\"service.name\",\"value\":"
        "{\"stringValue\":\"orders\"}},{\"key\":\"host.name\",\"value\":{\"stringValue\":"
        "\"web-1.example.org\"}}]},\"scopeLogs\":[{\"logRecords\":[");
    for (int item = 0; item < ITEM_COUNT; item++) {
        char body[200];
        body_print(body, sizeof body, item);
        size += snprintf(
            to + size, left - (size_t)size,
            "%s{\"timeUnixNano\":\"1795464942%09d\",\"observedTimeUnixNano\":\"1795464942%09d\","
            "\"severityNumber\":9,\"severityText\":\"INFO\",\"body\":{\"stringValue\":\"%s\"},"
            "\"attributes\":[{\"key\":\"http.request.method\",\"value\":{\"stringValue\":\"GET\"}},"
            "{\"key\":\"http.response.status_code\",\"value\":{\"intValue\":\"200\"}},"
            "{\"key\":\"code.function.name\",\"value\":{\"stringValue\":"
            "\"OrderController.list\"}}],"
            "\"traceId\":\"30313233343536373839616263646566\",\"spanId\":\"3031323334353637\"}",
            item > 0 ? "," : "", item, item, body);
    }
    size += snprintf(to + size, left - (size_t)size, "]}]}]}");
    request.size = (size_t)size;
    return request;
}

static void put_label(Request *request, const char *name, const char *value)
{
    size_t label = message_open(request);
    put_field(request, 1, name, strlen(name));
    put_field(request, 2, value, strlen(value));
    message_close(request, label, 1);
}

static void put_series(Request *request, int item)
{
    char device[32], instance[32], mode[16];
    size_t series = message_open(request);
    snprintf(device, sizeof device, "sd%c%d", 'a' + item % 26, item / 26 % 8);
    snprintf(instance, sizeof instance, "web-%d.example.org:9100", item / 208);
    snprintf(mode, sizeof mode, "mode_%d", item % 3);
    put_label(request, "__name__", "node_disk_io_time_seconds_total");
    put_label(request, "cluster", "production");
    put_label(request, "device", device);
    put_label(request, "environment", "eu-central-1");
    put_label(request, "instance", instance);
    put_label(request, "job", "node");
    put_label(request, "mode", mode);
    size_t sample = message_open(request);
    put_fixed(request, 1, 0x3ff0000000000000u + (uint64_t)item);
    put_varint(request, 2 << 3);
    put_varint(request, 1795464942000u + (uint64_t)item);
    message_close(request, sample, 2);
    message_close(request, series, 1);
}

static Request snappy_of_series(void)
{
    Request plain = request_of(), packed = request_of();
    for (int item = 0; item < ITEM_COUNT; item++)
        put_series(&plain, item);
    packed.size = REQUEST_BYTES_MAX;
    if (snappy_compress(plain.bytes, plain.size, packed.bytes, &packed.size) != SNAPPY_OK)
        abort();
    free(plain.bytes);
    return packed;
}

static Request text_of(int (*print)(char *to, size_t size, int item), const char *before,
                       const char *after)
{
    Request request = request_of();
    put(&request, before, strlen(before));
    for (int item = 0; item < ITEM_COUNT; item++) {
        char text[600];
        put(&request, text, (size_t)print(text, sizeof text, item));
    }
    request.size -= after[0] != '\0'; /* The last comma. */
    put(&request, after, strlen(after));
    return request;
}

static int exporter_print(char *to, size_t size, int item)
{
    return snprintf(to, size, "node_cpu_seconds_total{cpu=\"%d\",mode=\"mode_%d\"} %d.%06d\n",
                    item / 8, item % 8, item * 77, item * 997);
}

static int loki_print(char *to, size_t size, int item)
{
    char body[200];
    body_print(body, sizeof body, item);
    return snprintf(to, size, "[\"1795464942%09d\",\"%s\"],", item, body);
}

static int bulk_print(char *to, size_t size, int item)
{
    char body[200];
    body_print(body, sizeof body, item);
    return snprintf(to, size,
                    "{\"create\":{\"_index\":\"logs\"}}\n{\"@timestamp\":"
                    "\"2026-11-23T20:15:42.%03dZ\",\"message\":\"%s\",\"log\":{\"level\":\"info\","
                    "\"file\":{\"path\":\"/var/log/orders.log\"}},\"host\":{\"name\":\"web-1\"}}\n",
                    item % 1000, body);
}

static int journal_print(char *to, size_t size, int item)
{
    char body[200];
    body_print(body, sizeof body, item);
    return snprintf(to, size,
                    "__CURSOR=s=739ad463348b4ceca5a9e69c95a3c93f;i=%x\n"
                    "__REALTIME_TIMESTAMP=1795464942%06d\n_TRANSPORT=stdout\nPRIORITY=6\n"
                    "_BOOT_ID=6c7c6013a26343b29e964691ff25d04c\n_HOSTNAME=web-1\n_PID=812\n"
                    "_SYSTEMD_UNIT=orders.service\nSYSLOG_IDENTIFIER=orders\nMESSAGE=%s\n\n",
                    (unsigned)item, item, body);
}

static int syslog_print(char *to, size_t size, int item)
{
    char body[200];
    body_print(body, sizeof body, item);
    return snprintf(to, size, "<30>Nov 23 20:%02d:42 web-1 orders[812]: %s\n", item % 60, body);
}

static void measure(const char *codec, Request request, double seconds)
{
    odd_events *events;
    odd_decoded decoded;
    odd_wire wire = {.source = "bench", .now = 1795464942000000000};
    if (odd_events_open(NULL, wire.now, &events) != ODD_OK)
        abort();
    uint64_t items = 0, rounds = 0;
    double started = processor_seconds(), took;
    do {
        odd_events_clear(events, wire.now);
        if (odd_decode(codec, &wire, request.bytes, request.size, events, &decoded) != ODD_OK ||
            decoded.accepted != ITEM_COUNT) {
            fprintf(stderr, "%s: %s\n", codec, decoded.message);
            exit(1);
        }
        items += decoded.accepted;
        rounds++;
        took = processor_seconds() - started;
    } while (took < seconds);
    printf("%-16s %9.0f items/s %7.1f MB/s %5.0f bytes\n", codec, (double)items / took,
           (double)(rounds * request.size) / took / 1e6, (double)request.size / ITEM_COUNT);
    odd_events_close(events);
    free(request.bytes);
}

typedef struct {
    const char *codec;
    Request (*make)(void);
} Format;

static Request logs(void)
{
    return protobuf_of(put_record);
}

static Request gauges(void)
{
    return protobuf_of(put_gauge);
}

static Request exporter(void)
{
    return text_of(exporter_print, "", "");
}

static Request loki(void)
{
    return text_of(loki_print, "{\"streams\":[{\"stream\":{\"app\":\"orders\"},\"values\":[",
                   "]}]}");
}

static Request bulk(void)
{
    return text_of(bulk_print, "", "");
}

static Request journal(void)
{
    return text_of(journal_print, "", "");
}

static Request messages(void)
{
    return text_of(syslog_print, "", "");
}

static const Format formats[] = {
    {"otlp_logs", logs},      {"otlp_logs_json", json_of_logs},
    {"otlp_metrics", gauges}, {"remote_write", snappy_of_series},
    {"exposition", exporter}, {"loki_json", loki},
    {"bulk", bulk},           {"journal_export", journal},
    {"syslog", messages},
};

int main(int count, char **arguments)
{
    double seconds = count > 1 ? strtod(arguments[1], NULL) : 1;
    for (size_t i = 0; i < sizeof formats / sizeof formats[0]; i++)
        if (count < 3 || strcmp(arguments[2], formats[i].codec) == 0)
            measure(formats[i].codec, formats[i].make(), seconds);
    return 0;
}
