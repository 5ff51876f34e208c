/* SPDX-License-Identifier: Apache-2.0
 *
 * speed.c - what learning and scoring a log costs, on one thread, through the public interface.
 *
 *     speed FILE [MEGABYTES]
 *
 * FILE is repeated in memory to MEGABYTES (200) before anything is measured, fed in pieces of
 * 1 MiB with scores on, and the scores are drained after each piece.  Prints names and values:
 *   lines bytes seconds           of the whole; seconds of processor time
 *   first_lines first_seconds     of FILE's first occurrence, rounded up to a piece
 *   patterns                      at the end
 *   peak_bytes                    of memory, less the log itself
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <oddball.h>

#define PIECE_BYTES ((size_t)1 << 20)
#define MEGABYTES_DEFAULT 200
#define MEGABYTES_MAX 100000

typedef struct {
    char *bytes;
    size_t size, file_size;
} Log;

typedef struct {
    odd_db *db;
    int source;
    size_t lines;
    double surprise; /* The sum, so that each score is looked at. */
} Feed;

static double processor_seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* Of this program alone: what getrusage tells begins with the memory of whoever started it. */
static size_t peak_bytes(void)
{
    FILE *file = fopen("/proc/self/status", "r");
    char line[256];
    size_t kilobytes = 0;
    while (file != NULL && fgets(line, sizeof line, file) != NULL)
        if (strncmp(line, "VmHWM:", 6) == 0)
            kilobytes = strtoul(line + 6, NULL, 10);
    if (file != NULL)
        fclose(file);
    return kilobytes * 1024;
}

/* The file as often as it fits into `size`, at least once. */
static int log_read(const char *path, size_t size, Log *ret_log)
{
    FILE *file = fopen(path, "rb");
    if (file == NULL || fseek(file, 0, SEEK_END) != 0)
        return 0;
    long end = ftell(file);
    rewind(file);
    size_t file_size = end > 0 ? (size_t)end : 0;
    size_t rounds = file_size == 0 || file_size > size ? 1 : size / file_size;
    char *bytes = malloc(rounds * file_size + 1);
    int good = bytes != NULL && file_size > 0 && fread(bytes, 1, file_size, file) == file_size;
    fclose(file);
    for (size_t round = 1; good && round < rounds; round++)
        memcpy(bytes + round * file_size, bytes, file_size);
    if (!good) {
        free(bytes);
        return 0;
    }
    *ret_log = (Log){.bytes = bytes, .size = rounds * file_size, .file_size = file_size};
    return 1;
}

static odd_rc drain(Feed *feed)
{
    odd_rows *rows = NULL;
    odd_rc rc = odd_query(feed->db, &(odd_question){.view = ODD_SCORES}, &rows);
    if (rc != ODD_OK)
        return rc;
    const int surprise = odd_column(rows, "surprise");
    for (; odd_next(rows) == ODD_ROW; feed->lines++)
        feed->surprise += odd_double(rows, surprise);
    odd_rows_close(rows);
    return ODD_OK;
}

static odd_rc feed_all(Feed *feed, const Log *log)
{
    double begin = processor_seconds(), first_seconds = 0;
    size_t first_lines = 0;
    odd_rc rc = ODD_OK;
    for (size_t at = 0; rc == ODD_OK && at < log->size; at += PIECE_BYTES) {
        size_t size = log->size - at < PIECE_BYTES ? log->size - at : PIECE_BYTES;
        rc = odd_put(feed->db, feed->source, log->bytes + at, size);
        if (rc == ODD_OK && at + size == log->size)
            rc = odd_end(feed->db, feed->source);
        if (rc == ODD_OK)
            rc = drain(feed);
        if (first_lines == 0 && at + size >= log->file_size) {
            first_lines = feed->lines;
            first_seconds = processor_seconds() - begin;
        }
    }
    printf("lines %zu\nbytes %zu\nseconds %.6f\nfirst_lines %zu\nfirst_seconds %.6f\n", feed->lines,
           log->size, processor_seconds() - begin, first_lines, first_seconds);
    return rc;
}

static size_t pattern_count(odd_db *db)
{
    odd_rows *rows = NULL;
    size_t count = 0;
    if (odd_query(db, &(odd_question){.view = ODD_PATTERNS}, &rows) != ODD_OK)
        return 0;
    while (odd_next(rows) == ODD_ROW)
        count++;
    odd_rows_close(rows);
    return count;
}

static int measure(const char *path, const Log *log)
{
    Feed feed = {0};
    size_t before = peak_bytes();
    odd_rc rc = odd_open(&(odd_options){.scores = 1}, &feed.db);
    if (rc == ODD_OK)
        rc = odd_source(feed.db, path, NULL, &feed.source);
    if (rc == ODD_OK)
        rc = feed_all(&feed, log);
    if (rc != ODD_OK) {
        fprintf(stderr, "speed: %s: %s\n", path, odd_strerror(rc));
    } else {
        printf("peak_bytes %zu\n", peak_bytes() - before);
        printf("patterns %zu\n", pattern_count(feed.db));
    }
    odd_close(feed.db);
    return rc == ODD_OK && feed.surprise >= 0 ? 0 : 1;
}

int main(int count, char **arguments)
{
    long megabytes = count > 2 ? strtol(arguments[2], NULL, 10) : MEGABYTES_DEFAULT;
    if (count < 2 || count > 3 || megabytes < 1 || megabytes > MEGABYTES_MAX) {
        fputs("usage: speed FILE [MEGABYTES]\n", stderr);
        return 2;
    }
    Log log;
    if (!log_read(arguments[1], (size_t)megabytes * 1000000, &log)) {
        fprintf(stderr, "speed: cannot read %s\n", arguments[1]);
        return 2;
    }
    int status = measure(arguments[1], &log);
    free(log.bytes);
    return status;
}
