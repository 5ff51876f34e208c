/* SPDX-License-Identifier: Apache-2.0
 *
 * sessions.c - how well odd sessions agree with labels: HDFS 2 %, in the order of arrival.
 *
 * usage: sessions [--floors F1 F1_REFERENCE] [--dump] [FOLDER]
 *
 * FOLDER holds HDFS_2percent.log.gz and anomaly_label.csv.gz.  Each line is read once; no label is
 * used but to count.  Rows of the table:
 *   whole          sessions end with the input: each is judged against all others
 *   so far         each SO_FAR_SESSIONS that have ended are judged against all until then
 *   past           one session after the other: each is judged against those before it alone
 *   reference      the first 10 % of the normal sessions are given as known good
 *   vector rarity  baseline: -log10 of the share of sessions with the same count vector
 *   length rarity  baseline: the same for the number of events
 * F1, precision and recall at surprise >= 3, and F1 at the best number of sessions, which nobody
 * knows without labels (sessions of equal surprise go together).
 * Exit status 77 if there is no data, 1 if an F1 is below its floor.
 */
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include <zlib.h>

#include "base/hash.h"
#include "base/real.h"
#include "base/time.h"
#include "detect/session_feed.h"
#include "pattern/pattern.h"

#define LINES_MAX 400000
#define SESSIONS_MAX 20000
#define BYTES_MAX (64u << 20)
#define SEED 42
#define LEVEL_INFO_OR_LESS 3
#define THRESHOLD 3.0
#define SO_FAR_SESSIONS 250

typedef struct {
    char     key[SESSION_KEY_BYTES_MAX + 1];
    bool     anomaly, reference, ended;
    uint32_t last_line;
    double   surprise;
} Labelled;

typedef struct {
    uint32_t session, line;
} BenchEvent;

typedef struct {
    SessionLine *lines;
    size_t       line_count;
    Labelled    *sessions; /* In order of first row. */
    size_t       session_count, anomaly_count;
    BenchEvent  *events; /* In order of lines; a line has one for each of its sessions. */
    size_t       event_count;
    bool         dump;
} Bench;

static void *must(void *block)
{
    if (block != NULL)
        return block;
    fputs("sessions: out of memory\n", stderr);
    exit(2);
}

static char *file_read(const char *folder, const char *name)
{
    char path[4096];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    gzFile file = gzopen(path, "rb");
    if (file == NULL)
        return NULL;
    char *bytes = must(malloc(BYTES_MAX));
    int size = gzread(file, bytes, BYTES_MAX - 1);
    gzclose(file);
    bytes[size > 0 ? size : 0] = '\0';
    return bytes;
}

/* -- the data ------------------------------------------------------------------------------ */

/* 081109 203518 143 INFO dfs.DataNode$DataXceiver: Receiving block ... */
static SessionLine line_parse(char *text, uint64_t row, PatternTable *patterns)
{
    int day, clock, message = 0;
    char level[16];
    if (sscanf(text, "%6d %6d %*d %15s %*[^:]: %n", &day, &clock, level, &message) != 3)
        message = 0;
    Civil civil = {.year = 2000 + day / 10000,
                   .month = day / 100 % 100,
                   .day = day % 100,
                   .hour = clock / 10000,
                   .minute = clock / 100 % 100,
                   .second = clock % 100};
    static Lexed lexed;
    Str said = str_of(text + message);
    lex(said, SEED, &lexed);
    bool is_new;
    PatternRef pattern = pattern_learn(patterns, said, &lexed, &is_new);
    return (SessionLine){.text = str_of(text),
                         .row = row,
                         .time = time_from_civil(civil),
                         .symbol = pattern,
                         .level =
                             strcmp(level, "WARN") == 0 ? SHAPE_LEVEL_WARN : LEVEL_INFO_OR_LESS};
}

static void lines_parse(Bench *bench, char *log, PatternTable *patterns)
{
    bench->lines = must(calloc(LINES_MAX, sizeof *bench->lines));
    for (char *text = strtok(log, "\r\n"); text != NULL; text = strtok(NULL, "\r\n")) {
        assert(bench->line_count < LINES_MAX);
        bench->lines[bench->line_count] = line_parse(text, bench->line_count + 1, patterns);
        bench->line_count++;
    }
    pattern_settle(patterns);
    for (size_t i = 0; i < bench->line_count; i++)
        bench->lines[i].symbol = pattern_root(patterns, bench->lines[i].symbol);
}

static Labelled *session_find(Bench *bench, Str key)
{
    static uint32_t slots[4 * SESSIONS_MAX];
    size_t slot = hash_bytes(key.text, key.size, SEED) % (4 * SESSIONS_MAX);
    for (; slots[slot] != 0; slot = (slot + 1) % (4 * SESSIONS_MAX))
        if (str_equal(str_of(bench->sessions[slots[slot] - 1].key), key))
            return &bench->sessions[slots[slot] - 1];
    assert(bench->session_count < SESSIONS_MAX);
    assert(key.size <= SESSION_KEY_BYTES_MAX);
    Labelled *session = &bench->sessions[bench->session_count++];
    memcpy(session->key, key.text, key.size);
    slots[slot] = (uint32_t)bench->session_count;
    return session;
}

static void sessions_label(Bench *bench, char *labels)
{
    bench->sessions = must(calloc(SESSIONS_MAX, sizeof *bench->sessions));
    SessionKey key = session_key_of(STR("blk_"));
    for (size_t i = 0; i < bench->line_count; i++) {
        size_t at = 0;
        Str text = bench->lines[i].text, value;
        while ((value = session_key_next(&key, text, &at)).size > 0)
            session_find(bench, value);
    }
    for (char *row = strtok(labels, "\r\n"); row != NULL; row = strtok(NULL, "\r\n")) {
        char *comma = strchr(row, ',');
        if (comma == NULL || strcmp(comma, ",Anomaly") != 0)
            continue;
        session_find(bench, str_part(str_of(row), 0, (size_t)(comma - row)))->anomaly = true;
        bench->anomaly_count++;
    }
    size_t normal = 0, wanted = (bench->session_count - bench->anomaly_count) / 10;
    for (size_t i = 0; i < bench->session_count && normal < wanted; i++)
        if (!bench->sessions[i].anomaly) {
            bench->sessions[i].reference = true;
            normal++;
        }
}

static void events_list(Bench *bench)
{
    bench->events = must(calloc(2 * LINES_MAX, sizeof *bench->events));
    SessionKey key = session_key_of(STR("blk_"));
    for (size_t i = 0; i < bench->line_count; i++) {
        size_t at = 0, first = bench->event_count;
        Str value;
        while ((value = session_key_next(&key, bench->lines[i].text, &at)).size > 0) {
            uint32_t session = (uint32_t)(session_find(bench, value) - bench->sessions);
            size_t k = first;
            while (k < bench->event_count && bench->events[k].session != session)
                k++;
            assert(bench->event_count < 2 * LINES_MAX);
            if (k == bench->event_count)
                bench->events[bench->event_count++] = (BenchEvent){session, (uint32_t)i};
            bench->sessions[session].last_line = (uint32_t)i;
        }
    }
}

/* -- what is measured ---------------------------------------------------------------------- */

static double f1(size_t hits, size_t said, size_t truth)
{
    return said + truth == 0 ? 0 : 2.0 * (double)hits / (double)(said + truth);
}

static int more_surprising(const void *a, const void *b)
{
    const Labelled *left = *(const Labelled *const *)a, *right = *(const Labelled *const *)b;
    return (left->surprise < right->surprise) - (left->surprise > right->surprise);
}

/* Sessions that were given as known good are not counted.  Gives the F1 at the threshold. */
static double table_row(const Bench *bench, const char *name, bool skip_reference)
{
    const Labelled **by_surprise = must(calloc(bench->session_count, sizeof(const Labelled *)));
    size_t count = 0, truth = 0, said = 0, hits = 0, right = 0;
    for (size_t i = 0; i < bench->session_count; i++) {
        const Labelled *session = &bench->sessions[i];
        if (skip_reference && session->reference)
            continue;
        by_surprise[count++] = session;
        truth += session->anomaly;
        said += session->surprise >= THRESHOLD;
        hits += session->surprise >= THRESHOLD && session->anomaly;
    }
    qsort(by_surprise, count, sizeof(const Labelled *), more_surprising);
    double best = 0;
    for (size_t k = 0; k < count; k++) {
        right += by_surprise[k]->anomaly;
        bool tied = k + 1 < count && by_surprise[k + 1]->surprise == by_surprise[k]->surprise;
        if (!tied && f1(right, k + 1, truth) > best)
            best = f1(right, k + 1, truth);
    }
    double here = f1(hits, said, truth);
    printf("%-14s %.3f %9.3f %6.3f %5zu %8.3f\n", name, here,
           said == 0 ? 0 : (double)hits / (double)said, (double)hits / (double)truth, said, best);
    free((void *)by_surprise);
    return here;
}

static void judgement_keep(void *context, const SessionJudgement *ended)
{
    Bench *bench = context;
    Labelled *session = session_find(bench, str_of(ended->key));
    session->surprise = ended->surprise;
    const ShapeTrait *t = &ended->traits[0];
    if (bench->dump)
        printf("%s %s %.2f kind %d pattern %u count %u usual %u, %u of %u\n", session->key,
               session->anomaly ? "anomaly" : "normal", session->surprise, (int)t->kind, t->symbol,
               t->count, t->usual, t->sessions, t->of);
}

static void whole_run(Bench *bench, Mem *mem)
{
    SessionFeed *feed = must(session_feed_open(mem, SEED, NULL, judgement_keep, bench));
    clock_t begin = clock();
    for (size_t i = 0; i < bench->line_count; i++)
        session_feed_line(feed, &bench->lines[i]);
    clock_t middle = clock();
    session_feed_end(feed);
    clock_t end = clock();
    SessionKey key = session_feed_key(feed);
    printf("key '%.*s', %.0f ns a line, %.0f ns a session at the end, %.1f MB\n", key.size,
           key.word, 1e9 * (double)(middle - begin) / CLOCKS_PER_SEC / (double)bench->line_count,
           1e9 * (double)(end - middle) / CLOCKS_PER_SEC / (double)bench->session_count,
           (double)mem->bytes_peak / 1e6);
    session_feed_close(feed);
}

static void events_put(Bench *bench, SessionTable *table, bool reference)
{
    SessionJudgement ended;
    for (size_t i = 0; i < bench->event_count; i++) {
        const SessionLine *line = &bench->lines[bench->events[i].line];
        const Labelled *session = &bench->sessions[bench->events[i].session];
        SessionEvent event = {.key = str_of(session->key),
                              .row = line->row,
                              .time = line->time,
                              .symbol = line->symbol,
                              .level = line->level,
                              .reference = reference && session->reference};
        if (session_put(table, &event, &ended))
            judgement_keep(bench, &ended);
    }
    while (session_end(table, &ended))
        judgement_keep(bench, &ended);
}

static void reference_run(Bench *bench, Mem *mem)
{
    SessionTable *table = must(session_table_open(mem, SEED, SESSION_COUNT_MAX));
    events_put(bench, table, true);
    session_table_close(table);
}

static int by_last_line(const void *a, const void *b)
{
    const Labelled *left = *(Labelled *const *)a, *right = *(Labelled *const *)b;
    return (left->last_line > right->last_line) - (left->last_line < right->last_line);
}

static void judgement_keep_first(void *context, const SessionJudgement *ended)
{
    Labelled *session = session_find(context, str_of(ended->key));
    if (session->ended)
        return;
    session->ended = true;
    session->surprise = ended->surprise;
}

/* All events of the first `count` sessions that end, judged as if the input ended with them. */
static void prefix_run(Bench *bench, Labelled *const *by_end, size_t count)
{
    Mem mem = {0};
    SessionTable *table = must(session_table_open(&mem, SEED, SESSION_COUNT_MAX));
    SessionJudgement ended;
    for (size_t i = 0; i < bench->event_count; i++) {
        const SessionLine *line = &bench->lines[bench->events[i].line];
        const Labelled *session = &bench->sessions[bench->events[i].session];
        SessionEvent event = {.key = str_of(session->key),
                              .row = line->row,
                              .time = line->time,
                              .symbol = line->symbol,
                              .level = line->level};
        if (by_last_line(&session, &by_end[count - 1]) <= 0)
            session_put(table, &event, &ended);
    }
    while (session_end(table, &ended))
        judgement_keep_first(bench, &ended);
    session_table_close(table);
}

static void so_far_run(Bench *bench)
{
    Labelled **by_end = must(calloc(bench->session_count, sizeof(Labelled *)));
    for (size_t i = 0; i < bench->session_count; i++)
        by_end[i] = &bench->sessions[i];
    qsort(by_end, bench->session_count, sizeof(Labelled *), by_last_line);
    for (size_t done = 0; done < bench->session_count;) {
        size_t left = bench->session_count - done;
        done += left < SO_FAR_SESSIONS ? left : SO_FAR_SESSIONS;
        prefix_run(bench, by_end, done);
    }
    free((void *)by_end);
}

static int by_session(const void *a, const void *b)
{
    const BenchEvent *left = a, *right = b;
    if (left->session != right->session)
        return left->session < right->session ? -1 : 1;
    return (left->line > right->line) - (left->line < right->line);
}

/* With room for one, a session ends when the next begins. */
static void past_run(Bench *bench, Mem *mem)
{
    qsort(bench->events, bench->event_count, sizeof *bench->events, by_session);
    SessionTable *table = must(session_table_open(mem, SEED, 1));
    events_put(bench, table, false);
    session_table_close(table);
}

/* -- baselines ----------------------------------------------------------------------------- */

static int by_number(const void *a, const void *b)
{
    uint64_t left = *(const uint64_t *)a, right = *(const uint64_t *)b;
    return (left > right) - (left < right);
}

/* The sum of a hash for each line is a hash of the count vector. */
static void rarity_run(Bench *bench, bool whole_vector)
{
    uint64_t *vectors = must(calloc(bench->session_count, sizeof *vectors));
    uint64_t *sorted = must(calloc(bench->session_count, sizeof *sorted));
    for (size_t i = 0; i < bench->event_count; i++)
        vectors[bench->events[i].session] +=
            whole_vector ? hash_add(SEED, bench->lines[bench->events[i].line].symbol) : 1;
    memcpy(sorted, vectors, bench->session_count * sizeof *sorted);
    qsort(sorted, bench->session_count, sizeof *sorted, by_number);
    for (size_t i = 0; i < bench->session_count; i++) {
        const uint64_t *one =
            bsearch(&vectors[i], sorted, bench->session_count, sizeof *sorted, by_number);
        const uint64_t *first = one, *last = one;
        while (first > sorted && first[-1] == *one)
            first--;
        while (last + 1 < sorted + bench->session_count && last[1] == *one)
            last++;
        bench->sessions[i].surprise =
            -real_log10((double)(last - first + 1) / (double)bench->session_count);
    }
    free(vectors);
    free(sorted);
}

static int bench_run(Bench *bench, char *log, char *labels, const double *floors)
{
    Mem mem = {0}, pattern_mem = {0};
    PatternTable *patterns = must(pattern_table_open(&pattern_mem, SEED, 64u << 20));
    lines_parse(bench, log, patterns);
    sessions_label(bench, labels);
    events_list(bench);
    printf("%zu lines, %zu patterns, %zu sessions, %zu anomalies\n", bench->line_count,
           pattern_count(patterns), bench->session_count, bench->anomaly_count);
    pattern_table_close(patterns);
    whole_run(bench, &mem);
    puts("                  F1 precision recall  said best-k F1");
    double whole = table_row(bench, "whole", false);
    bench->dump = false;
    reference_run(bench, &mem);
    double reference = table_row(bench, "reference", true);
    so_far_run(bench);
    table_row(bench, "so far", false);
    past_run(bench, &mem);
    table_row(bench, "past", false);
    rarity_run(bench, true);
    table_row(bench, "vector rarity", false);
    rarity_run(bench, false);
    table_row(bench, "length rarity", false);
    free(bench->lines);
    free(bench->sessions);
    free(bench->events);
    return whole < floors[0] || reference < floors[1];
}

int main(int argc, char **argv)
{
    double floors[2] = {0, 0};
    Bench bench = {0};
    int at = 1;
    for (; at < argc && argv[at][0] == '-'; at++)
        if (strcmp(argv[at], "--dump") == 0) {
            bench.dump = true;
        } else if (strcmp(argv[at], "--floors") == 0 && at + 2 < argc) {
            floors[0] = atof(argv[++at]);
            floors[1] = atof(argv[++at]);
        } else {
            fputs("usage: sessions [--floors F1 F1_REFERENCE] [--dump] [FOLDER]\n", stderr);
            return 2;
        }
    const char *data = getenv("ODDBALL_DATA");
    char folder[4096];
    snprintf(folder, sizeof folder, "%s/logs/hdfs", data != NULL ? data : "../shared/data");
    const char *chosen = at < argc ? argv[at] : folder;
    char *log = file_read(chosen, "HDFS_2percent.log.gz");
    char *labels = file_read(chosen, "anomaly_label.csv.gz");
    int status = 77;
    if (log != NULL && labels != NULL)
        status = bench_run(&bench, log, labels, floors);
    else
        puts("skipped: no data");
    free(log);
    free(labels);
    return status;
}
