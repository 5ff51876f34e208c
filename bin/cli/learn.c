/* SPDX-License-Identifier: Apache-2.0 */
#include "learn.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "complain.h"
#include "interrupt.h"

#define NS_PER_S 1000000000LL
#define READ_BYTES 65536

static odd_time clock_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return (odd_time)now.tv_sec * NS_PER_S + now.tv_nsec;
}

static double clock_seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

double learning_seconds(const Learning *learning)
{
    return clock_seconds() - learning->started_s;
}

odd_time learning_last_time(const Learning *learning)
{
    odd_rows *rows;
    odd_time last = ODD_TIME_NONE;
    if (odd_query(learning->db, &(odd_question){.view = ODD_SOURCES}, &rows) != ODD_OK)
        return last;
    int column = odd_column(rows, "last_time");
    while (odd_next(rows) == ODD_ROW) {
        odd_time time = odd_int(rows, column);
        if (time != ODD_TIME_NONE && (last == ODD_TIME_NONE || time > last))
            last = time;
    }
    odd_rows_close(rows);
    return last;
}

static bool learn_file(Learning *learning, const Lesson *lesson, const char *name, bool reference,
                       int32_t zone_s)
{
    bool standard = strcmp(name, "-") == 0;
    FILE *file = standard ? stdin : fopen(name, "r");
    if (!file) {
        complain("cannot read %s: %s", name, strerror(errno));
        return false;
    }
    int source;
    odd_reading reading = {.now = learning->now, .zone_s = zone_s, .reference = reference};
    bool good = odd_source(learning->db, name, &reading, &source) == ODD_OK;
    char bytes[READ_BYTES];
    for (size_t size; good && (size = fread(bytes, 1, sizeof bytes, file)) > 0;) {
        good = odd_put(learning->db, source, bytes, size) == ODD_OK;
        if (good && lesson->step)
            good = lesson->step(lesson->context, learning->db);
    }
    good = good && odd_end(learning->db, source) == ODD_OK;
    if (good && lesson->step)
        good = lesson->step(lesson->context, learning->db);
    if (!standard)
        fclose(file);
    return good;
}

bool learn(const Options *options, const Lesson *lesson, Learning *ret)
{
    *ret = (Learning){.started_s = clock_seconds(), .now = clock_now()};
    ret->now = options->now.kind == MOMENT_TIME ? options->now.time : ret->now;
    ret->good_count = lesson->reference_count;
    odd_options wish = {.seed = options->seed,
                        .memory_bytes_max = options->memory_bytes,
                        .findings_per_day = options->findings_per_day,
                        .session_key = options->session_key,
                        .scores = lesson->scores,
                        .sessions = lesson->sessions};
    if (odd_open(&wish, &ret->db) != ODD_OK) {
        complain("cannot start: out of memory");
        return false;
    }
    interrupt_watch();
    for (size_t i = 0; i < lesson->input_count; i++)
        if (!learn_file(ret, lesson, lesson->inputs[i], i < lesson->reference_count, options->zone_s))
            return false;
    return true;
}

void learning_close(Learning *learning)
{
    odd_close(learning->db);
}
