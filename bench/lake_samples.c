/* SPDX-License-Identifier: Apache-2.0
 *
 * lake_samples.c - the rows that samples become on their way to the lake, with what was expected of
 * each: what bench/lake.py measures the lake with.
 *
 *     lake_samples FILE DIR     DIR/samples and DIR/commits are written
 *
 * A line of FILE is the time in ns, a tab, the value, a tab, the name of the series; an empty line
 * ends a commit.
 */
#include <oddball.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int fail(const char *what)
{
    fprintf(stderr, "lake_samples: %s\n", what);
    return 1;
}

typedef struct {
    FILE *samples, *commits;
} Tables;

static int append(FILE *to, odd_fold *fold, odd_table table)
{
    const void *bytes;
    size_t size;
    if (odd_fold_table(fold, table, &bytes, &size) != ODD_OK)
        return fail(odd_fold_errmsg(fold));
    return fwrite(bytes, 1, size, to) == size ? 0 : fail("the rows cannot be written");
}

static int learn(odd_fold *fold, odd_events *events, uint64_t position, Tables to)
{
    if (odd_events_tick(events) != ODD_OK)
        return fail("no memory for the events");
    odd_rc rc = odd_fold_feed(fold, events, position);
    for (int shard = 0; rc == ODD_ROW && shard < ODD_SHARD_COUNT; shard++)
        if (odd_fold_step(fold, shard) != ODD_OK)
            return fail(odd_fold_errmsg(fold));
    if (rc != ODD_ROW || odd_fold_merge(fold) != ODD_OK)
        return fail(odd_fold_errmsg(fold));
    int status = append(to.samples, fold, ODD_TABLE_SAMPLES);
    return status == 0 ? append(to.commits, fold, ODD_TABLE_COMMITS) : status;
}

static int run(FILE *from, Tables to)
{
    odd_fold *fold;
    odd_events *events;
    if (odd_fold_open(NULL, &fold) != ODD_OK || odd_events_open(NULL, 0, &events) != ODD_OK)
        return fail("out of memory");
    char line[8192];
    uint64_t position = 0;
    odd_time time = 0;
    int status = 0;
    while (status == 0 && fgets(line, sizeof line, from) != NULL) {
        line[strcspn(line, "\n")] = '\0';
        if (line[0] == '\0') {
            status = learn(fold, events, ++position, to);
            odd_events_clear(events, time);
            continue;
        }
        char *at;
        time = strtoll(line, &at, 10);
        double value = strtod(at + 1, &at);
        if (odd_events_known(events) == 0)
            odd_events_clear(events, time);
        if (odd_events_sample(events, "host", at + 1, time, value) != ODD_OK)
            status = fail("no memory for the events");
    }
    odd_events_close(events);
    odd_fold_close(fold);
    return status;
}

static FILE *create(const char *folder, const char *name)
{
    char path[4096];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    return fopen(path, "wb");
}

int main(int argc, char **argv)
{
    FILE *from = argc == 3 ? fopen(argv[1], "rb") : NULL;
    if (from == NULL)
        return fail("usage: lake_samples FILE DIR");
    Tables to = {.samples = create(argv[2], "samples"), .commits = create(argv[2], "commits")};
    bool there = to.samples != NULL && to.commits != NULL;
    int status = there ? run(from, to) : fail("the folder cannot be written");
    if (there && (fclose(to.samples) != 0 || fclose(to.commits) != 0))
        status = fail("the rows cannot be written");
    fclose(from);
    return status;
}
