/* SPDX-License-Identifier: Apache-2.0
 *
 * lake_rows.c - the rows that a log becomes on its way to the lake, as files of tables: what
 * bench/lake.py measures the lake with.
 *
 *     lake_rows LOG DIR     DIR/logs, DIR/commits and DIR/templates are written
 */
#include <oddball.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define COMMIT_BYTES 65536
#define NS_PER_S 1000000000LL
#define FIRST_MOMENT (1763899200 * NS_PER_S) /* When the first commit comes; then one a second. */

static int fail(const char *what)
{
    fprintf(stderr, "lake_rows: %s\n", what);
    return 1;
}

static int append(const char *folder, const char *name, odd_fold *fold, odd_table table)
{
    char path[4096];
    const void *bytes;
    size_t size;
    if (odd_fold_table(fold, table, &bytes, &size) != ODD_OK)
        return fail(odd_fold_errmsg(fold));
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen(path, "ab");
    if (file == NULL || fwrite(bytes, 1, size, file) != size || fclose(file) != 0)
        return fail("the rows cannot be written");
    return 0;
}

/* One commit of whole lines, learnt. */
static int learn(odd_fold *fold, odd_events *events, const char *bytes, size_t size,
                 uint64_t position)
{
    odd_events_clear(events, FIRST_MOMENT + (odd_time)position * NS_PER_S);
    if (odd_events_lines(events, "app.log", 0, bytes, size) != ODD_OK ||
        odd_events_tick(events) != ODD_OK)
        return fail("no memory for the events");
    odd_rc rc = odd_fold_feed(fold, events, position);
    for (int shard = 0; rc == ODD_ROW && shard < ODD_SHARD_COUNT; shard++)
        if (odd_fold_step(fold, shard) != ODD_OK)
            return fail(odd_fold_errmsg(fold));
    return rc == ODD_ROW && odd_fold_merge(fold) == ODD_OK ? 0 : fail(odd_fold_errmsg(fold));
}

static int run(FILE *log, const char *folder)
{
    odd_fold *fold;
    odd_events *events;
    if (odd_fold_open(NULL, &fold) != ODD_OK ||
        odd_events_open(NULL, FIRST_MOMENT, &events) != ODD_OK)
        return fail("out of memory");
    static char bytes[2 * COMMIT_BYTES];
    size_t kept = 0;
    uint64_t position = 0;
    int status = 0;
    while (status == 0) {
        size_t size = kept + fread(bytes + kept, 1, COMMIT_BYTES, log);
        if (size == 0)
            break;
        const char *end = memrchr(bytes, '\n', size);
        size_t whole = end != NULL && !feof(log) ? (size_t)(end - bytes) + 1 : size;
        status = learn(fold, events, bytes, whole, ++position);
        if (status == 0)
            status = append(folder, "logs", fold, ODD_TABLE_LOGS);
        if (status == 0)
            status = append(folder, "commits", fold, ODD_TABLE_COMMITS);
        kept = size - whole;
        memmove(bytes, bytes + whole, kept);
    }
    if (status == 0)
        status = append(folder, "templates", fold, ODD_TABLE_TEMPLATES);
    odd_events_close(events);
    odd_fold_close(fold);
    return status;
}

int main(int argc, char **argv)
{
    FILE *log = argc == 3 ? fopen(argv[1], "rb") : NULL;
    if (log == NULL)
        return fail("usage: lake_rows LOG DIR");
    int status = run(log, argv[2]);
    fclose(log);
    return status;
}
