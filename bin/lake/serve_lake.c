/* SPDX-License-Identifier: Apache-2.0 */
#include "lake/serve_lake.h"

#include <errno.h>
#include <inttypes.h>
#include <oddball.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include "lake/confine.h"
#include "lake/frames.h"
#include "lake/job.h"

#define FLUSH_BYTES 65536
#define READ_BYTES 65536

/* -- the job -- */

static bool job_read(FrameBuffer *job)
{
    char part[READ_BYTES];
    ssize_t size;
    while ((size = read(STDIN_FILENO, part, sizeof part)) != 0) {
        if (size < 0 && errno != EINTR)
            return false;
        if (size > 0)
            frame_put(job, part, (size_t)size);
    }
    return !job->failed;
}

/* A text; "": not given. */
static const char *field(const FrameBuffer *job, const char *name)
{
    size_t at = 0;
    Frame frame;
    while (frame_next(job, &at, &frame))
        if (frame.kind == FRAME_FIELD && strcmp(frame.bytes, name) == 0)
            return frame.bytes + strlen(name) + 1;
    return "";
}

static int64_t number(const FrameBuffer *job, const char *name)
{
    return strtoll(field(job, name), NULL, 10);
}

/* -- the answer -- */

static void out_flush(FrameBuffer *out)
{
    for (size_t at = 0; at < out->size;) {
        ssize_t size = write(STDOUT_FILENO, out->bytes + at, out->size - at);
        if (size < 0 && errno != EINTR)
            exit(1); /* The parent is gone. */
        at += size > 0 ? (size_t)size : 0;
    }
    out->size = 0;
}

static void out_end(FrameBuffer *out, odd_rc rc, const char *sentence)
{
    char bytes[2048];
    bytes[0] = (char)rc;
    snprintf(bytes + 1, sizeof bytes - 1, "%s", sentence);
    frame_add(out, FRAME_END, bytes, 1 + strlen(bytes + 1));
    out_flush(out);
}

static void cell_out(FrameBuffer *out, const odd_rows *rows, int column)
{
    uint64_t bits;
    double real = odd_double(rows, column);
    switch (odd_cell_kind(rows, column)) {
    case ODD_CELL_MISSING:
        frame_add(out, FRAME_MISSING, NULL, 0);
        break;
    case ODD_CELL_BOOL:
        frame_add(out, FRAME_BOOL, odd_int(rows, column) ? "\1" : "\0", 1);
        break;
    case ODD_CELL_INT:
        frame_add_u64(out, FRAME_INT, (uint64_t)odd_int(rows, column));
        break;
    case ODD_CELL_REAL:
        memcpy(&bits, &real, sizeof bits);
        frame_add_u64(out, FRAME_REAL, bits);
        break;
    case ODD_CELL_TEXT:
        frame_add(out, FRAME_TEXT, odd_text(rows, column), odd_text_size(rows, column));
        break;
    }
}

static void query(odd_lake *lake, const FrameBuffer *job, FrameBuffer *out)
{
    odd_rows *rows;
    odd_rc rc = odd_lake_query(lake, field(job, "sql"), &rows);
    if (rc != ODD_OK && rc != ODD_FULL) {
        out_end(out, rc, odd_lake_errmsg(lake));
        return;
    }
    const char *note = odd_lake_errmsg(lake);
    if (*note != '\0')
        frame_add(out, FRAME_NOTE, note, strlen(note));
    if (rc == ODD_FULL)
        frame_add(out, FRAME_CUT, NULL, 0);
    int count = odd_column_count(rows);
    for (int i = 0; i < count; i++)
        frame_add(out, FRAME_COLUMN, odd_column_name(rows, i), strlen(odd_column_name(rows, i)));
    while (odd_next(rows) == ODD_ROW) {
        for (int i = 0; i < count; i++)
            cell_out(out, rows, i);
        if (out->size > FLUSH_BYTES)
            out_flush(out);
    }
    odd_rows_close(rows);
    out_end(out, ODD_OK, "");
}

/* -- lines -- */

typedef struct {
    FrameBuffer lines; /* As they are, no frames. */
    int         problem; /* errno */
} CatOut;

static bool cat_flush(CatOut *cat)
{
    for (size_t at = 0; at < cat->lines.size && cat->problem == 0;) {
        ssize_t size = write(JOB_CAT_DESCRIPTOR, cat->lines.bytes + at, cat->lines.size - at);
        if (size < 0 && errno != EINTR)
            cat->problem = errno;
        at += size > 0 ? (size_t)size : 0;
    }
    cat->lines.size = 0;
    return cat->problem == 0;
}

static int cat_line(void *context, const char *line, size_t size)
{
    CatOut *cat = context;
    frame_put(&cat->lines, line, size);
    frame_put(&cat->lines, "\n", 1);
    return cat->lines.size < FLUSH_BYTES || cat_flush(cat);
}

/* A reader that closed the pipe has seen enough. */
static void cat(odd_lake *lake, const FrameBuffer *job, FrameBuffer *out)
{
    CatOut lines = {.problem = 0};
    odd_rc rc = odd_lake_cat(lake, field(job, "source"), number(job, "since"), number(job, "until"),
                             cat_line, &lines);
    cat_flush(&lines);
    frames_free(&lines.lines);
    char sentence[256] = "";
    if (lines.problem != 0 && lines.problem != EPIPE) {
        snprintf(sentence, sizeof sentence, "writing the lines: %s", strerror(lines.problem));
        rc = ODD_IO;
    }
    out_end(out, rc, *sentence != '\0' ? sentence : odd_lake_errmsg(lake));
}

/* -- the work -- */

static void change(odd_lake *lake, const FrameBuffer *job, const char *task, FrameBuffer *out)
{
    const char *answer = "";
    uint64_t position = strtoull(field(job, "commit"), NULL, 10);
    odd_rc rc;
    if (strcmp(task, "write") == 0)
        rc = odd_lake_write(lake, position, &answer);
    else if (strcmp(task, "tidy") == 0)
        rc = odd_lake_tidy(lake, position, number(job, "now"), number(job, "oldest"),
                           (uint64_t)number(job, "bytes_max"), &answer);
    else
        rc = odd_lake_back_to(lake, position);
    if (rc == ODD_OK)
        frame_add(out, FRAME_ANSWER, answer, strlen(answer));
    out_end(out, rc, rc == ODD_OK ? "" : odd_lake_errmsg(lake));
}

/* given: tables, a letter for each; the file of the first one has number `first`. */
static odd_rc hot_open(odd_lake *lake, const char *given, int first)
{
    for (int table = 0; table < ODD_TABLE_COUNT; table++) {
        char file[32];
        if (strchr(given, 'a' + table) == NULL)
            continue;
        snprintf(file, sizeof file, "/dev/fd/%d", first + table);
        odd_rc rc = odd_lake_hot(lake, (odd_table)table, file);
        if (rc != ODD_OK)
            return rc;
    }
    return ODD_OK;
}

static void work(const FrameBuffer *job, FrameBuffer *out)
{
    const char *task = field(job, "task");
    char problem[1024] = "";
    odd_lake_options options = {
        .path = field(job, "lake"),
        .library = field(job, "library"),
        .memory_bytes_max = (uint64_t)number(job, "memory"),
        .threads = (int)number(job, "threads"),
        .row_count_max = (uint64_t)number(job, "rows"),
        .position_given = *field(job, "position") != '\0',
        .position = strtoull(field(job, "position"), NULL, 10),
    };
    odd_lake *lake;
    odd_rc rc = odd_lake_open(&options, &lake, problem, sizeof problem);
    if (rc != ODD_OK) {
        out_end(out, rc, problem);
        return;
    }
    bool is_query = strcmp(task, "query") == 0, is_cat = strcmp(task, "cat") == 0;
    rc = hot_open(lake, field(job, "hot"), JOB_HOT_DESCRIPTOR);
    if (rc == ODD_OK)
        rc = hot_open(lake, field(job, "more"), JOB_MORE_DESCRIPTOR);
    if (is_query || is_cat)
        confine_to_reading(options.path, is_cat);
    if (rc != ODD_OK)
        out_end(out, rc, odd_lake_errmsg(lake));
    else if (is_query)
        query(lake, job, out);
    else if (is_cat)
        cat(lake, job, out);
    else
        change(lake, job, task, out);
    odd_lake_close(lake);
}

/* Ends with the thread that waits; takes no more than it may; and is nice to what ingests. */
static void limit(const FrameBuffer *job)
{
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != (pid_t)number(job, "parent"))
        exit(1);
    bool reads = strcmp(field(job, "task"), "query") == 0 || strcmp(field(job, "task"), "cat") == 0;
    confine_resources((rlim_t)number(job, "seconds"), (rlim_t)number(job, "memory"));
    if (strcmp(field(job, "task"), "write") != 0) /* Learning may wait for that. */
        setpriority(PRIO_PROCESS, 0, reads ? 5 : 15);
}

int lake_serve(void)
{
    FrameBuffer job = {0}, out = {0};
    if (!job_read(&job))
        return 1;
    limit(&job);
    work(&job, &out);
    frames_free(&job);
    frames_free(&out);
    return 0;
}
