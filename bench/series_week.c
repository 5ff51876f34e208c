/* SPDX-License-Identifier: Apache-2.0
 *
 * series_week.c - many series in which nothing is wrong, through the fold: findings a day; and how
 * many machines are found where a tenth of their series moves at once.
 *
 *     series_week SERIES DAYS INTERVAL_S     prints the findings of each day, then of all
 *     series_week SERIES DAYS INTERVAL_S OFF
 *         On the last day a tenth of the series of each machine is OFF of its scatters higher for
 *         ten samples, one machine after the other.  Prints how many machines were found by then,
 *         and how many findings there were of others.
 *
 * By turns: noise, noise with a season of a day, what follows its last value, a latency with a
 * heavy tail, counts, a counter, something sparse, a constant, a share between 0 and 1.
 */
#include <math.h>
#include <oddball.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NS_PER_S 1000000000LL
#define DAY_S 86400
#define FIRST_MOMENT (1763856000 * NS_PER_S) /* A Sunday, 0:00. */
#define KIND_COUNT 9
#define OF_MACHINE 400 /* Series. */
#define MOVED_SHARE 10 /* One of so many. */
#define MOVED_MOMENTS 10

typedef struct {
    odd_fold   *fold;
    odd_events *events;
    double     *states; /* Of each series. */
    int         series;
    uint64_t    position, rng;
    odd_time    now;
    double      off;     /* Of the series that moved. */
    int         machine; /* That they are of; -1: none. */
} Week;

static void fail(const char *what)
{
    fprintf(stderr, "series_week: %s\n", what);
    exit(1);
}

static double uniform(Week *w)
{
    w->rng = w->rng * 6364136223846793005ULL + 1442695040888963407ULL;
    return ((double)(w->rng >> 11) + 0.5) / 0x1p53;
}

/* Box and Muller. */
static double noise(Week *w)
{
    return sqrt(-2 * log(uniform(w))) * cos(6.283185307179586 * uniform(w));
}

static double count_of(Week *w, double mean)
{
    double limit = exp(-mean), product = uniform(w), count = 0;
    for (; product > limit; count++)
        product *= uniform(w);
    return count;
}

/* Of what is sparse or constant nothing moves. */
static double off_of(const Week *w, int i)
{
    bool is_moved = i / OF_MACHINE == w->machine && i % OF_MACHINE % MOVED_SHARE == 0;
    return is_moved ? w->off : 0;
}

static double value_of(Week *w, int i)
{
    double *state = &w->states[i], off = off_of(w, i);
    double day = (double)(w->now / NS_PER_S % DAY_S) / DAY_S;
    switch (i % KIND_COUNT) {
    case 0:
        return 100 + 5 * (noise(w) + off);
    case 1:
        return 200 + 80 * sin(6.283185307179586 * (day + i % 7 / 7.0)) + 8 * (noise(w) + off);
    case 2:
        *state = 0.9 * *state + noise(w);
        return 50 + *state + 2.3 * off;
    case 3:
        return 20 * exp(0.6 * (noise(w) + off));
    case 4:
        return count_of(w, 6 + 2.4 * off);
    case 5:
        *state += 1000 + floor(100 * fabs(noise(w)) + 60 * off);
        return *state;
    case 6:
        return uniform(w) < 0.02 ? 1 + count_of(w, 2) : 0;
    case 7:
        return 42;
    default:
        return 1 / (1 + exp(-noise(w) - off));
    }
}

/* A sample of each, a tick, and all that the fold does then. */
static void moment(Week *w)
{
    char name[96];
    odd_events_clear(w->events, w->now);
    for (int i = 0; i < w->series; i++) {
        snprintf(name, sizeof name, "clean_%d{instance=\"host-%d\"}", i % OF_MACHINE,
                 i / OF_MACHINE);
        if (odd_events_sample(w->events, "week", name, w->now, value_of(w, i)) != ODD_OK)
            fail("no memory for the events");
    }
    if (odd_events_tick(w->events) != ODD_OK)
        fail("no memory");
    if (odd_fold_feed(w->fold, w->events, ++w->position) != ODD_ROW)
        fail(odd_fold_errmsg(w->fold));
    for (int i = 0; i < ODD_SHARD_COUNT; i++)
        if (odd_fold_step(w->fold, i) != ODD_OK)
            fail(odd_fold_errmsg(w->fold));
    if (odd_fold_merge(w->fold) != ODD_OK)
        fail(odd_fold_errmsg(w->fold));
    const void *rows;
    size_t size;
    if (odd_fold_table(w->fold, ODD_TABLE_SAMPLES, &rows, &size) != ODD_OK)
        fail(odd_fold_errmsg(w->fold));
}

static void days_pass(Week *w, int days, int interval_s)
{
    printf("findings");
    for (int day = 0; day < days; day++) {
        uint64_t before = odd_fold_findings(w->fold);
        for (int i = 0; i < DAY_S / interval_s; i++, w->now += interval_s * NS_PER_S)
            moment(w);
        printf(" %d", (int)(odd_fold_findings(w->fold) - before));
        fflush(stdout);
    }
    printf(" sum %d\n", (int)odd_fold_findings(w->fold));
}

typedef struct {
    int found, others;
} Told;

/* Findings that began in the episode of a machine are of it, or of others. */
static Told told_since(Week *w, odd_time since)
{
    char name[64];
    Told told = {0};
    odd_question question = {.view = ODD_FINDINGS};
    odd_rows *rows;
    if (odd_fold_query(w->fold, &question, &rows) != ODD_OK)
        fail(odd_fold_errmsg(w->fold));
    snprintf(name, sizeof name, "host-%d", w->machine);
    int time = odd_column(rows, "time"), series = odd_column(rows, "pattern");
    while (odd_next(rows) == ODD_ROW) {
        if (odd_int(rows, time) < since)
            continue;
        bool is_its = strstr(odd_text(rows, series), name) != NULL;
        told.found |= is_its;
        told.others += !is_its;
    }
    odd_rows_close(rows);
    return told;
}

static void machines_move(Week *w, int interval_s)
{
    Told sum = {0};
    int machines = w->series / OF_MACHINE;
    int moments = DAY_S / interval_s / (machines > 0 ? machines : 1);
    for (int machine = 0; machine < machines; machine++) {
        for (int i = MOVED_MOMENTS; i < moments; i++, w->now += interval_s * NS_PER_S)
            moment(w);
        odd_time since = w->now;
        w->machine = machine;
        for (int i = 0; i < MOVED_MOMENTS; i++, w->now += interval_s * NS_PER_S)
            moment(w);
        Told told = told_since(w, since);
        w->machine = -1;
        sum.found += told.found;
        sum.others += told.others;
    }
    printf("found %d of %d machines, others %d\n", sum.found, machines, sum.others);
}

int main(int argc, char **argv)
{
    if (argc != 4 && argc != 5)
        fail("usage: series_week SERIES DAYS INTERVAL_S [OFF]");
    Week w = {.series = atoi(argv[1]), .now = FIRST_MOMENT, .rng = 11, .machine = -1};
    int days = atoi(argv[2]), interval_s = atoi(argv[3]);
    w.off = argc == 5 ? atof(argv[4]) : 0;
    odd_options options = {.memory_bytes_max = 8ull << 30, .series_max = 4000000};
    if (w.series < 1 || days < 1 || interval_s < 1)
        fail("series, days and seconds are to be whole numbers from 1 on");
    w.states = calloc((size_t)w.series, sizeof *w.states);
    if (w.states == NULL || odd_fold_open(&options, &w.fold) != ODD_OK ||
        odd_events_open(NULL, w.now, &w.events) != ODD_OK)
        fail("no memory");
    days_pass(&w, argc == 5 ? days - 1 : days, interval_s);
    if (argc == 5)
        machines_move(&w, interval_s);
    odd_events_close(w.events);
    odd_fold_close(w.fold);
    free(w.states);
    return 0;
}
