/* SPDX-License-Identifier: Apache-2.0
 *
 * series_fold.c - many series through the fold: what a sample costs, what a series takes, and what
 * a checkpoint writes when all series have moved, and when few have.
 *
 *     series_fold SERIES ROUNDS THREADS DIR     prints one line of figures
 *
 * ns a sample, of all threads together; bytes a series; then for a first checkpoint, one after
 * another round, and one after samples of the first hundredth of series: seconds and bytes.
 */
#include <oddball.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#define NS_PER_S 1000000000LL
#define FIRST_MOMENT (1763899200 * NS_PER_S)
#define STEP_NS (15 * NS_PER_S)
#define COMMIT_SERIES 20000
#define THREADS_MAX 64

typedef struct {
    odd_fold   *fold;
    odd_store  *store;
    odd_events *events;
    int         series, threads;
    uint64_t    position;
    odd_time    now;
    uint64_t    rng;
    const char *folder;
} Bench;

static void fail(const char *what)
{
    fprintf(stderr, "series_fold: %s\n", what);
    exit(1);
}

static double seconds(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* Sum of twelve uniforms: about normal. */
static double noise(Bench *b)
{
    double sum = -6;
    for (int i = 0; i < 12; i++) {
        b->rng = b->rng * 6364136223846793005ULL + 1442695040888963407ULL;
        sum += (double)(b->rng >> 11) / 0x1p53;
    }
    return sum;
}

typedef struct {
    odd_fold  *fold;
    atomic_int next;
} Steps;

static void *step(void *context)
{
    Steps *steps = context;
    int shard;
    while ((shard = atomic_fetch_add(&steps->next, 1)) < ODD_SHARD_COUNT)
        if (odd_fold_step(steps->fold, shard) != ODD_OK)
            fail("a shard cannot go on");
    return NULL;
}

static void step_all(Bench *b)
{
    Steps steps = {.fold = b->fold};
    pthread_t ids[THREADS_MAX];
    for (int i = 0; i < b->threads; i++)
        pthread_create(&ids[i], NULL, step, &steps);
    for (int i = 0; i < b->threads; i++)
        pthread_join(ids[i], NULL);
}

/* Gives the seconds that learning took. */
static double commit(Bench *b)
{
    const void *rows;
    size_t size;
    if (odd_events_tick(b->events) != ODD_OK)
        fail("no memory");
    double began = seconds();
    if (odd_fold_feed(b->fold, b->events, ++b->position) != ODD_ROW)
        fail(odd_fold_errmsg(b->fold));
    step_all(b);
    if (odd_fold_merge(b->fold) != ODD_OK)
        fail(odd_fold_errmsg(b->fold));
    double took = seconds() - began;
    if (odd_fold_table(b->fold, ODD_TABLE_SAMPLES, &rows, &size) != ODD_OK)
        fail(odd_fold_errmsg(b->fold));
    return took;
}

/* One sample of the first series. */
static double round_of(Bench *b, int series)
{
    double took = 0;
    char name[128];
    odd_events_clear(b->events, b->now);
    for (int i = 0, in = 0; i < series; i++) {
        snprintf(name, sizeof name,
                 "node_metric_%d{cpu=\"%d\",instance=\"host-%d:9100\",job=\"node\"}", i % 500 / 8,
                 i % 8, i / 500);
        if (odd_events_sample(b->events, "prometheus:node", name, b->now, 100 + i % 7 + noise(b)) !=
            ODD_OK)
            fail("no memory for the events");
        if (++in % COMMIT_SERIES == 0) {
            took += commit(b);
            odd_events_clear(b->events, b->now);
        }
    }
    took += commit(b);
    b->now += STEP_NS;
    return took;
}

static double disk_bytes(const Bench *b)
{
    static const char *const names[] = {"catalog.db", "catalog.db-wal"};
    char path[4096];
    double bytes = 0;
    for (size_t i = 0; i < 2; i++) {
        struct stat status;
        snprintf(path, sizeof path, "%s/%s", b->folder, names[i]);
        if (stat(path, &status) == 0)
            bytes += (double)status.st_blocks * 512;
    }
    return bytes;
}

static void checkpoint(Bench *b, double *ret_seconds, double *ret_bytes)
{
    double before = disk_bytes(b), began = seconds();
    if (odd_checkpoint(b->fold, b->store, NULL, 0) != ODD_OK)
        fail(odd_fold_errmsg(b->fold));
    *ret_seconds = seconds() - began;
    *ret_bytes = disk_bytes(b) - before;
}

int main(int argc, char **argv)
{
    if (argc != 5)
        fail("usage: series_fold SERIES ROUNDS THREADS DIR");
    Bench b = {.series = atoi(argv[1]), .threads = atoi(argv[3]), .now = FIRST_MOMENT, .rng = 7,
               .folder = argv[4]};
    int rounds = atoi(argv[2]);
    odd_options options = {.memory_bytes_max = 8ull << 30, .series_max = 4000000};
    char problem[256];
    if (b.threads < 1 || b.threads > THREADS_MAX || b.series < 1 || rounds < 1)
        fail("series, rounds and threads are to be whole numbers from 1 on");
    if (odd_fold_open(&options, &b.fold) != ODD_OK ||
        odd_events_open(NULL, b.now, &b.events) != ODD_OK)
        fail("no memory");
    if (odd_store_open(argv[4], NULL, &b.store, problem, sizeof problem) != ODD_OK)
        fail(problem);
    double first = round_of(&b, b.series), took = 0;
    for (int i = 1; i < rounds; i++)
        took += round_of(&b, b.series);
    double s[3], bytes[3];
    checkpoint(&b, &s[0], &bytes[0]);
    round_of(&b, b.series);
    checkpoint(&b, &s[1], &bytes[1]);
    round_of(&b, b.series / 100);
    checkpoint(&b, &s[2], &bytes[2]);
    printf("%d series: %.0f ns a sample (first %.0f), %.0f bytes a series; checkpoints %.2f s %.1f "
           "MB, %.2f s %.1f MB, %.2f s %.1f MB\n",
           b.series, took / ((double)b.series * (rounds - 1)) * 1e9, first / b.series * 1e9,
           (double)odd_fold_bytes(b.fold) / b.series, s[0], bytes[0] / 1e6, s[1], bytes[1] / 1e6,
           s[2], bytes[2] / 1e6);
    odd_events_close(b.events);
    odd_fold_close(b.fold);
    odd_store_close(b.store);
    return 0;
}
