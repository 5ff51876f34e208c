/* SPDX-License-Identifier: Apache-2.0
 *
 * features_speed.c - what features cost, in this process: each mode prints one line of figures.
 *
 *     features_speed update ENTITIES FACTS   facts a second into the table, on one core; bytes an
 *                                            entity
 *     features_speed events FACTS            posted events a second through the fold, on one core
 *     features_speed read ENTITIES READS     ns of a read of 20 features: p50, p99
 *     features_speed join LABELS SAMPLES MiB seconds, peak MiB, sum of the values, rows; memory for
 *                                            sorting
 *     features_speed asof LABELS SAMPLES LIBRARY   the same by DuckDB's ASOF JOIN
 *     features_speed ask PORT COUNT REQUEST  us of a round trip: p50, p99
 */
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "base/time.h"
#include "feature/table.h"
#include "store/duckdb.h"

#define FEATURES 20
#define FROM (1764547200LL * NS_PER_S)
#define JOIN_ENTITIES 1000
#define STEP_NS 1000000LL
#define ANSWER_BYTES 65536
#define CHUNK 10000

static void fail(const char *what)
{
    fprintf(stderr, "features_speed: %s\n", what);
    exit(1);
}

static double seconds(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static double peak_mib(void)
{
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return (double)usage.ru_maxrss / 1024;
}

static int by_size(const void *left, const void *right)
{
    double a = *(const double *)left, b = *(const double *)right;
    return (a > b) - (a < b);
}

static void print_quantiles(double *took, size_t count, double unit)
{
    qsort(took, count, sizeof *took, by_size);
    printf("%.3f,%.3f\n", took[count / 2] * unit, took[count * 99 / 100] * unit);
}

static uint64_t next(uint64_t *state)
{
    *state = *state * 6364136223846793005ULL + 1442695040888963407ULL;
    return *state >> 33;
}

/* Twenty of the aggregates that a model has most of. */
static void define(char *json, size_t size)
{
    static const char *const kinds[] = {"count", "sum", "mean", "max", "last"};
    size_t at = (size_t)snprintf(json, size, "{\"features\":[");
    for (int i = 0; i < FEATURES; i++)
        at += (size_t)snprintf(json + at, size - at,
                               "%s{\"name\":\"f%d\",\"from\":\"events\",\"entity\":\"u\",\"value\":"
                               "\"x\",\"aggregate\":\"%s\",\"window\":\"%dm\"%s}",
                               i > 0 ? "," : "", i, kinds[i % 5], 5 * (i + 1),
                               i % 5 == 4 ? "" : ",\"step\":\"5m\"");
    snprintf(json + at, size - at, "]}");
}

static FeatureTable *table_opened(void)
{
    static FeatureTable table;
    char json[8192];
    define(json, sizeof json);
    feature_table_open(&table, 1, 0);
    if (feature_table_define(&table, str_of(json)) != ODD_OK)
        fail("no memory for the table");
    return &table;
}

static Str entity_name(uint64_t number, char room[32])
{
    return (Str){.text = room,
                 .size = (size_t)snprintf(room, 32, "user-%llu", (unsigned long long)number)};
}

static void fill(FeatureTable *table, uint64_t entities)
{
    char room[32];
    for (uint64_t i = 0; i < entities; i++)
        for (uint32_t f = 0; f < FEATURES; f++) {
            Fact fact = {.time = FROM, .known = FROM, .value = (double)i, .feature = f};
            feature_table_take(table, &fact, entity_name(i, room));
        }
    table->now = FROM;
}

static void update(uint64_t entities, uint64_t facts)
{
    FeatureTable *table = table_opened();
    uint64_t rng = 1;
    char room[32];
    fill(table, entities);
    uint64_t *drawn = calloc(facts, sizeof *drawn);
    for (uint64_t i = 0; drawn != NULL && i < facts; i++)
        drawn[i] = next(&rng) % entities;
    double begun = seconds(), names = 0;
    for (uint64_t i = 0; drawn != NULL && i < facts; i++) {
        Fact fact = {.time = FROM + (odd_time)i * 1000, .known = FROM + (odd_time)i * 1000,
                     .value = (double)i, .feature = (uint32_t)(i % FEATURES)};
        feature_table_take(table, &fact, entity_name(drawn[i], room));
    }
    double took = seconds() - begun;
    begun = seconds();
    for (uint64_t i = 0; drawn != NULL && i < facts; i++)
        names += (double)entity_name(drawn[i], room).size;
    took -= seconds() - begun; /* Writing names is the bench's own work. */
    printf("%.0f,%.0f,%.0f\n", (double)facts / took, (double)table->mem.bytes / (double)entities,
           names / (double)facts);
    free(drawn);
}

static void read_many(uint64_t entities, uint64_t reads)
{
    FeatureTable *table = table_opened();
    uint64_t rng = 1;
    char room[32];
    size_t numbers[FEATURES];
    FeatureValue values[FEATURES];
    double *took = calloc(reads, sizeof *took), sum = 0;
    for (size_t i = 0; i < FEATURES; i++)
        numbers[i] = i;
    fill(table, entities);
    for (uint64_t i = 0; took != NULL && i < reads; i++) {
        Str entity = entity_name(next(&rng) % entities, room);
        double begun = seconds();
        feature_table_read(table, entity, numbers, FEATURES, FROM + NS_PER_S, values);
        took[i] = seconds() - begun;
        sum += values[0].value;
    }
    if (took == NULL || !(sum > 0))
        fail("nothing was read");
    print_quantiles(took, reads, 1e9);
}

/* -- through the fold -------------------------------------------------------------------------- */

static void step_all(odd_fold *fold)
{
    for (int i = 0; i < ODD_SHARD_COUNT; i++)
        if (odd_fold_step(fold, i) != ODD_OK)
            fail("a shard does not step");
}

static void events_many(uint64_t count)
{
    odd_fold *fold;
    odd_events *events;
    char json[8192], body[128];
    uint64_t rng = 1, position = 1;
    define(json, sizeof json);
    if (odd_fold_open(NULL, &fold) != ODD_OK || odd_events_open(NULL, FROM, &events) != ODD_OK ||
        odd_events_features(events, json, strlen(json), 0, NULL, NULL) != ODD_OK ||
        odd_events_tick(events) != ODD_OK || odd_fold_feed(fold, events, position) != ODD_ROW)
        fail("no fold");
    step_all(fold);
    odd_fold_merge(fold);
    double took = 0;
    for (uint64_t done = 0; done < count; done += CHUNK) {
        odd_events_clear(events, FROM + (odd_time)done * 1000);
        odd_wire wire = {.source = "paid", .now = FROM + (odd_time)done * 1000};
        for (int i = 0; i < CHUNK; i++) {
            odd_decoded decoded = {0};
            int size = snprintf(body, sizeof body, "{\"u\":\"user-%llu\",\"x\":%llu.5}",
                                (unsigned long long)(next(&rng) % 10000),
                                (unsigned long long)(next(&rng) % 100));
            odd_decode("posted", &wire, body, (size_t)size, events, &decoded);
        }
        double begun = seconds();
        odd_fold_feed(fold, events, ++position);
        step_all(fold);
        odd_fold_apply(fold);
        took += seconds() - begun;
    }
    odd_feature_counts counts = odd_feature_count(fold);
    printf("%.0f,%.0f\n", (double)count / took, (double)counts.facts / took);
    odd_events_close(events);
    odd_fold_close(fold);
}

/* -- point in time ----------------------------------------------------------------------------- */

/* The same samples and labels in SQL: see asof. */
static uint64_t entity_of(uint64_t i)
{
    return i * 7919 % JOIN_ENTITIES;
}

static odd_time label_time(uint64_t i, uint64_t labels, uint64_t samples)
{
    uint64_t step = samples / labels > 0 ? samples / labels : 1;
    return FROM + (odd_time)(i * step) * STEP_NS + STEP_NS / 2;
}

static double joined_sum;

static int add_row(void *context, size_t row, odd_time time, const odd_feature_value *values)
{
    uint64_t *rows = context;
    (void)row; /* Each counts alike. */
    (void)time;
    if (!values[0].was_missing)
        joined_sum += values[0].value;
    *rows += 1;
    return 1;
}

static void give_samples(odd_join *join, uint64_t samples)
{
    Mem mem = {0};
    Facts facts = {.mem = &mem};
    char room[32];
    for (uint64_t i = 0; i < samples; i++) {
        odd_time time = FROM + (odd_time)i * STEP_NS;
        Fact fact = {.time = time, .known = time, .value = (double)(i % 1000)};
        if (!facts_add(&facts, fact, entity_name(entity_of(i), room)))
            fail("no memory for facts");
        if (i % CHUNK == CHUNK - 1 || i + 1 == samples) {
            if (odd_join_facts(join, facts.bytes, facts.size) != ODD_OK)
                fail("no room for facts");
            facts_clear(&facts);
        }
    }
    facts_close(&facts);
}

static void join_many(uint64_t labels, uint64_t samples, uint64_t mib)
{
    static const char json[] = "{\"features\":[{\"name\":\"x\",\"from\":\"metrics\",\"entity\":"
                               "\"u\",\"aggregate\":\"last\"}]}";
    odd_events *events;
    odd_join *join;
    char room[32];
    uint64_t rows = 0;
    if (odd_events_open(NULL, FROM, &events) != ODD_OK ||
        odd_events_features(events, json, sizeof json - 1, 0, NULL, NULL) != ODD_OK ||
        odd_join_open(events, 0, "/tmp", mib << 20, &join) != ODD_OK)
        fail("no join");
    double begun = seconds();
    for (uint64_t i = 0; i < labels; i++) {
        entity_name(entity_of(i * 31), room);
        const char *entity = room;
        if (odd_join_label(join, label_time(i, labels, samples), &entity) != ODD_OK)
            fail("no memory for labels");
    }
    give_samples(join, samples);
    if (odd_join_run(join, add_row, &rows) != ODD_OK)
        fail(odd_join_errmsg(join));
    printf("%.2f,%.0f,%.0f,%llu\n", seconds() - begun, peak_mib(), joined_sum,
           (unsigned long long)rows);
    odd_join_close(join);
    odd_events_close(events);
}

static void asof_many(uint64_t labels, uint64_t samples, const char *library)
{
    DuckOptions options = {.library = library, .memory_bytes_max = 8ull << 30, .threads = 1};
    Duck *duck;
    DuckAnswer *answer;
    char problem[512], sql[1024];
    uint64_t step = samples / labels > 0 ? samples / labels : 1;
    if (duck_open(&options, &duck, problem, sizeof problem) != ODD_OK)
        fail(problem);
    snprintf(sql, sizeof sql,
             "CREATE TABLE s AS SELECT 'user-' || (i * 7919 %% %d) AS u, i * %lld AS t, (i %% "
             "1000)::DOUBLE AS x FROM range(%llu) r(i)",
             JOIN_ENTITIES, STEP_NS, (unsigned long long)samples);
    if (duck_run(duck, sql) != ODD_OK)
        fail(duck_problem(duck));
    snprintf(sql, sizeof sql,
             "CREATE TABLE l AS SELECT 'user-' || (i * 31 * 7919 %% %d) AS u, i * %llu * %lld + "
             "%lld AS t FROM range(%llu) r(i)",
             JOIN_ENTITIES, (unsigned long long)step, STEP_NS, STEP_NS / 2,
             (unsigned long long)labels);
    if (duck_run(duck, sql) != ODD_OK)
        fail(duck_problem(duck));
    double begun = seconds();
    if (duck_ask(duck,
                 "SELECT sum(x), count(*) FROM (SELECT l.u, l.t, s.x FROM l ASOF LEFT JOIN s ON "
                 "l.u = s.u AND l.t >= s.t)",
                 DUCK_SELECT, &answer) != ODD_OK ||
        duck_answer_next(answer) != ODD_ROW)
        fail(duck_problem(duck));
    printf("%.2f,%.0f,%.0f,%lld\n", seconds() - begun, peak_mib(), duck_answer_cell(answer, 0).real,
           (long long)duck_answer_cell(answer, 1).integer);
    duck_answer_close(answer);
    duck_close(duck);
}

/* -- round trips ------------------------------------------------------------------------------- */

/* How long the whole answer is; 0: not known yet. */
static size_t answer_size(const char *bytes, size_t size)
{
    const char *end = memmem(bytes, size, "\r\n", 2);
    const char *body = memmem(bytes, size, "\r\n\r\n", 4);
    if (size > 0 && bytes[0] == '$' && end != NULL)
        return (size_t)(end - bytes) + 2 + strtoul(bytes + 1, NULL, 10) + 2;
    const char *length = body != NULL ? strcasestr(bytes, "content-length:") : NULL;
    return length != NULL && length < body
               ? (size_t)(body - bytes) + 4 + strtoul(length + 15, NULL, 10)
               : 0;
}

static void round_trip(int socket_number, const char *request, size_t size)
{
    static char answer[ANSWER_BYTES + 1];
    size_t got = 0, wanted = 0;
    if (write(socket_number, request, size) != (ssize_t)size)
        fail("the request cannot be sent");
    while (wanted == 0 || got < wanted) {
        ssize_t part = read(socket_number, answer + got, ANSWER_BYTES - got);
        if (part <= 0)
            fail("no answer");
        got += (size_t)part;
        answer[got] = '\0';
        wanted = answer_size(answer, got);
    }
}

static void ask_many(int port, size_t count, const char *request)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port),
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int one = 1, number = socket(AF_INET, SOCK_STREAM, 0);
    double *took = calloc(count, sizeof *took);
    if (took == NULL || number < 0 ||
        connect(number, (struct sockaddr *)&address, sizeof address) != 0)
        fail("nobody listens there");
    setsockopt(number, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    for (size_t i = 0; i < count; i++) {
        double begun = seconds();
        round_trip(number, request, strlen(request));
        took[i] = seconds() - begun;
    }
    print_quantiles(took, count, 1e6);
    close(number);
    free(took);
}

static uint64_t number_of(const char *text)
{
    return strtoull(text, NULL, 10);
}

int main(int argc, char **argv)
{
    const char *mode = argc > 1 ? argv[1] : "";
    if (strcmp(mode, "update") == 0 && argc == 4)
        update(number_of(argv[2]), number_of(argv[3]));
    else if (strcmp(mode, "events") == 0 && argc == 3)
        events_many(number_of(argv[2]));
    else if (strcmp(mode, "read") == 0 && argc == 4)
        read_many(number_of(argv[2]), number_of(argv[3]));
    else if (strcmp(mode, "join") == 0 && argc == 5)
        join_many(number_of(argv[2]), number_of(argv[3]), number_of(argv[4]));
    else if (strcmp(mode, "asof") == 0 && argc == 5)
        asof_many(number_of(argv[2]), number_of(argv[3]), argv[4]);
    else if (strcmp(mode, "ask") == 0 && argc == 5)
        ask_many(atoi(argv[2]), number_of(argv[3]), argv[4]);
    else
        fail("update, events, read, join, asof or ask, as its first lines say");
    return 0;
}
