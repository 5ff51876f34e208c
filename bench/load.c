/* SPDX-License-Identifier: Apache-2.0
 *
 * load.c - a sender for benchmarks of the server: requests as fast as they are acknowledged.
 *
 *     load HOST:PORT lines|otlp|samples CONNECTIONS REQUESTS ITEMS [SERIES]
 *
 * Each connection is a thread that sends its requests one after the other and waits for each
 * answer; a request has ITEMS lines, log records or samples, these of SERIES series of each
 * connection in turn.  Prints
 * items,seconds,rate,p50_ms,p99_ms,max_ms,refused,bytes.  Anything but 2xx is refused and counted.
 */
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define SERIES_USUAL 2000

typedef struct {
    char  *bytes;
    size_t size, capacity;
} Bytes;

typedef struct {
    const char *host, *port, *kind;
    int         number, requests, items, series;
    double     *delays;
    int         done, refused;
    uint64_t    sent_bytes;
} Sender;

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static uint64_t wall_ns(void)
{
    struct timespec t;
    clock_gettime(CLOCK_REALTIME, &t);
    return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

static void put(Bytes *b, const void *bytes, size_t size)
{
    if (b->size + size > b->capacity) {
        b->capacity = 2 * (b->size + size);
        b->bytes = realloc(b->bytes, b->capacity);
        if (b->bytes == NULL)
            abort();
    }
    memcpy(b->bytes + b->size, bytes, size);
    b->size += size;
}

static void put_varint(Bytes *b, uint64_t value)
{
    unsigned char byte;
    for (; value >= 128; value >>= 7) {
        byte = (unsigned char)(value | 128);
        put(b, &byte, 1);
    }
    byte = (unsigned char)value;
    put(b, &byte, 1);
}

static void put_field(Bytes *b, int field, const Bytes *message)
{
    put_varint(b, (uint64_t)field << 3 | 2);
    put_varint(b, message->size);
    put(b, message->bytes, message->size);
}

static void put_string(Bytes *b, int field, const char *text)
{
    put_varint(b, (uint64_t)field << 3 | 2);
    put_varint(b, strlen(text));
    put(b, text, strlen(text));
}

static void put_fixed64(Bytes *b, int field, uint64_t value)
{
    put_varint(b, (uint64_t)field << 3 | 1);
    put(b, &value, 8); /* Little-endian machines alone send load. */
}

/* Lines of about 114 bytes, of a few dozen patterns. */
static void line_text(char *text, size_t size, const Sender *s, int request, int item)
{
    static const char *const verbs[] = {"served", "stored", "fetched", "checked", "queued"};
    unsigned n = (unsigned)(request * 7919 + item * 104729 + s->number * 31);
    snprintf(text, size,
             "%s object %08x of bucket-%02u for 10.%u.%u.%u in %u ms, %u bytes, attempt 1",
             verbs[n % 5], n * 2654435761u, n % 37, n % 250, n / 7 % 250, n / 11 % 250, n % 900,
             n % 100000);
}

static void body_lines(Bytes *body, const Sender *s, int request)
{
    char text[256], line[320];
    time_t seconds = time(NULL);
    struct tm tm;
    char stamp[40];
    gmtime_r(&seconds, &tm);
    strftime(stamp, sizeof stamp, "%Y-%m-%dT%H:%M:%SZ", &tm);
    for (int i = 0; i < s->items; i++) {
        line_text(text, sizeof text, s, request, i);
        int size = snprintf(line, sizeof line, "%s INFO %s\n", stamp, text);
        put(body, line, (size_t)size);
    }
}

static void body_otlp(Bytes *body, const Sender *s, int request)
{
    char text[256], name[32];
    static __thread Bytes value, pair, resource, record, scope, logs;
    value.size = pair.size = resource.size = scope.size = logs.size = 0;
    snprintf(name, sizeof name, "service-%d", s->number);
    put_string(&value, 1, name);
    put_string(&pair, 1, "service.name");
    put_field(&pair, 2, &value);
    put_field(&resource, 1, &pair);
    put_field(&logs, 1, &resource);
    for (int i = 0; i < s->items; i++) {
        line_text(text, sizeof text, s, request, i);
        record.size = value.size = 0;
        put_fixed64(&record, 1, wall_ns());
        put_varint(&record, 2 << 3);
        put_varint(&record, 9);
        put_string(&value, 1, text);
        put_field(&record, 5, &value);
        put_field(&scope, 2, &record);
    }
    put_field(&logs, 2, &scope);
    put_field(body, 1, &logs);
}

static void put_label(Bytes *series, const char *name, const char *text)
{
    static __thread Bytes label;
    label.size = 0;
    put_string(&label, 1, name);
    put_string(&label, 2, text);
    put_field(series, 1, &label);
}

/* A block of snappy that is one literal after the other: nothing of the server's work is saved. */
static void snappy_literal(Bytes *to, const Bytes *from)
{
    put_varint(to, from->size);
    for (size_t at = 0; at < from->size;) {
        size_t size = from->size - at < 65536 ? from->size - at : 65536;
        unsigned char head[3] = {61 << 2, (unsigned char)((size - 1) & 255),
                                 (unsigned char)((size - 1) >> 8)};
        put(to, head, sizeof head);
        put(to, from->bytes + at, size);
        at += size;
    }
}

static void body_samples(Bytes *body, const Sender *s, int request)
{
    static __thread Bytes series, sample, all;
    char text[32];
    all.size = 0;
    for (int i = 0; i < s->items; i++) {
        int number = (int)(((int64_t)request * s->items + i) % s->series);
        series.size = sample.size = 0;
        put_label(&series, "__name__", "node_cpu_seconds_total");
        snprintf(text, sizeof text, "%d", number % 64);
        put_label(&series, "cpu", text);
        snprintf(text, sizeof text, "host-%d-%d", s->number, number / 64);
        put_label(&series, "instance", text);
        put_label(&series, "job", "node");
        double value = number + request * 0.25;
        uint64_t bits;
        memcpy(&bits, &value, 8);
        put_fixed64(&sample, 1, bits);
        put_varint(&sample, 2 << 3);
        put_varint(&sample, wall_ns() / 1000000);
        put_field(&series, 2, &sample);
        put_field(&all, 1, &series);
    }
    snappy_literal(body, &all);
}

static int dial(const Sender *s)
{
    struct addrinfo hints = {.ai_socktype = SOCK_STREAM}, *found;
    if (getaddrinfo(s->host, s->port, &hints, &found) != 0)
        return -1;
    int descriptor = socket(found->ai_family, SOCK_STREAM, 0), one = 1;
    if (connect(descriptor, found->ai_addr, found->ai_addrlen) != 0) {
        close(descriptor);
        descriptor = -1;
    }
    freeaddrinfo(found);
    if (descriptor >= 0)
        setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    return descriptor;
}

static int send_all(int descriptor, const Bytes *b)
{
    for (size_t at = 0; at < b->size;) {
        ssize_t sent = send(descriptor, b->bytes + at, b->size - at, MSG_NOSIGNAL);
        if (sent <= 0)
            return -1;
        at += (size_t)sent;
    }
    return 0;
}

/* The status of one answer, read to its end; -1: the connection is gone. */
static int answer(int descriptor)
{
    char text[65536];
    size_t size = 0;
    for (;;) {
        ssize_t got = recv(descriptor, text + size, sizeof text - 1 - size, 0);
        if (got <= 0)
            return -1;
        size += (size_t)got;
        text[size] = '\0';
        const char *end = strstr(text, "\r\n\r\n");
        if (end == NULL)
            continue;
        const char *length = strcasestr(text, "content-length:");
        size_t body = length != NULL && length < end ? strtoul(length + 15, NULL, 10) : 0;
        if (size >= (size_t)(end + 4 - text) + body)
            return (int)strtol(text + 9, NULL, 10);
    }
}

static void request_make(Bytes *request, Bytes *body, const Sender *s, int number)
{
    char head[400];
    const char *path = "/v1/logs", *type = "application/x-protobuf", *more = "";
    char lines_path[64];
    body->size = request->size = 0;
    if (strcmp(s->kind, "lines") == 0) {
        body_lines(body, s, number);
        snprintf(lines_path, sizeof lines_path, "/ingest?source=load-%d", s->number);
        path = lines_path;
        type = "text/plain";
    } else if (strcmp(s->kind, "otlp") == 0) {
        body_otlp(body, s, number);
    } else {
        body_samples(body, s, number);
        path = "/api/v1/write";
        more = "Content-Encoding: snappy\r\nX-Prometheus-Remote-Write-Version: 0.1.0\r\n";
    }
    int size = snprintf(head, sizeof head,
                        "POST %s HTTP/1.1\r\nHost: localhost\r\nContent-Type: %s\r\n%s"
                        "Content-Length: %zu\r\n\r\n",
                        path, type, more, body->size);
    put(request, head, (size_t)size);
    put(request, body->bytes, body->size);
}

static void *run(void *context)
{
    Sender *s = context;
    Bytes request = {0}, body = {0};
    int descriptor = dial(s);
    for (int i = 0; i < s->requests && descriptor >= 0; i++) {
        request_make(&request, &body, s, i);
        double from = now();
        int status = send_all(descriptor, &request) == 0 ? answer(descriptor) : -1;
        s->delays[s->done++] = now() - from;
        s->sent_bytes += request.size;
        s->refused += status < 200 || status > 299;
        if (status < 0) {
            close(descriptor);
            descriptor = dial(s);
        }
    }
    if (descriptor >= 0)
        close(descriptor);
    free(request.bytes);
    free(body.bytes);
    return NULL;
}

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

int main(int argc, char **argv)
{
    char *colon = argc == 6 || argc == 7 ? strrchr(argv[1], ':') : NULL;
    if (colon == NULL) {
        fputs("load HOST:PORT lines|otlp|samples CONNECTIONS REQUESTS ITEMS [SERIES]\n", stderr);
        return 2;
    }
    *colon = '\0';
    int connections = atoi(argv[3]), requests = atoi(argv[4]), items = atoi(argv[5]);
    int series = argc == 7 ? atoi(argv[6]) : SERIES_USUAL;
    if (connections < 1 || requests < 1 || items < 1 || series < 1)
        return 2;
    Sender *senders = calloc((size_t)connections, sizeof *senders);
    pthread_t *threads = calloc((size_t)connections, sizeof *threads);
    double *delays = calloc((size_t)(connections * requests) + 1, sizeof *delays);
    if (senders == NULL || threads == NULL || delays == NULL)
        return 2;
    double from = now();
    for (int i = 0; i < connections; i++) {
        senders[i] = (Sender){.host = argv[1], .port = colon + 1, .kind = argv[2], .number = i,
                              .requests = requests, .items = items, .series = series,
                              .delays = delays + i * requests};
        pthread_create(&threads[i], NULL, run, &senders[i]);
    }
    int done = 0, refused = 0;
    uint64_t bytes = 0;
    for (int i = 0; i < connections; i++) {
        pthread_join(threads[i], NULL);
        memmove(delays + done, senders[i].delays, (size_t)senders[i].done * sizeof *delays);
        done += senders[i].done;
        refused += senders[i].refused;
        bytes += senders[i].sent_bytes;
    }
    double seconds = now() - from;
    qsort(delays, (size_t)done, sizeof *delays, by_size);
    double sent = (double)(done - refused) * items;
    printf("%.0f,%.3f,%.0f,%.2f,%.2f,%.2f,%d,%llu\n", sent, seconds, sent / seconds,
           1e3 * delays[done / 2], 1e3 * delays[done * 99 / 100],
           1e3 * delays[done > 0 ? done - 1 : 0], refused, (unsigned long long)bytes);
    free(delays);
    free(threads);
    free(senders);
    return 0;
}
