/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/learn.h"

#include <string.h>
#include <time.h>
#include <unistd.h>

#include "cli/complain.h"
#include "cli/interrupt.h"
#include "cli/progress.h"
#include "input/reader.h"

#define NS_PER_S 1000000000LL

typedef struct {
    const Lesson *lesson;
    odd_db       *db;
    Progress      progress;
    bool          step_failed;
} Feeding;

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

/* Seconds east of UTC of this machine at that moment. */
static int32_t local_zone(odd_time time)
{
    time_t seconds = (time_t)(time / NS_PER_S);
    struct tm tm;
    if (!localtime_r(&seconds, &tm))
        return 0;
    return (int32_t)tm.tm_gmtoff;
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

static odd_rc step(void *context, const ReaderCounts *counts)
{
    Feeding *feeding = context;
    progress_show(&feeding->progress, (ProgressState){.rows = counts->rows,
                                                      .done = counts->bytes_done,
                                                      .total = counts->bytes_total,
                                                      .seconds = clock_seconds()});
    if (feeding->lesson->step && !feeding->lesson->step(feeding->lesson->context, feeding->db)) {
        feeding->step_failed = true;
        return ODD_MISUSE;
    }
    return ODD_OK;
}

static void notes_tell(const Notes *notes, bool quiet)
{
    for (size_t i = 0; i < notes->count && !quiet; i++)
        complain("%s", notes->sentences[i]);
    if (notes->left_out > 0 && !quiet)
        complain("%llu more notes are left out", (unsigned long long)notes->left_out);
}

/* What is later than --until need not be read of a journal; what is earlier than --since must be,
 * since what is normal is learnt from it. */
static odd_time journal_end(const Options *options, odd_time now)
{
    bool known = options->until.kind == MOMENT_TIME || options->until.kind == MOMENT_NOW;
    return known ? moment_resolve(options->until, now, now) : 0;
}

static bool feed(const Options *options, const Lesson *lesson, const Inputs *good,
                 const Inputs *inputs, Learning *learning, Notes *notes)
{
    const atomic_bool *stop = interrupt_watch();
    Feeding feeding = {.lesson = lesson, .db = learning->db};
    progress_begin(&feeding.progress, options->quiet, learning->started_s);
    bool local = options->zone_local || (lesson->machine && !options->zone_given);
    ReaderOptions reader = {
        .threads = options->threads,
        .now = options->now.kind == MOMENT_NONE ? 0 : learning->now,
        .zone_s = local ? local_zone(learning->now) : options->zone_s,
        .stream = {.stop = stop, .until_ns = journal_end(options, learning->now)},
        .step = step,
        .context = &feeding,
    };
    ReaderCounts counts = {0};
    odd_rc rc = reader_feed(learning->db, good, inputs, &reader, notes, &counts);
    progress_end(&feeding.progress);
    learning->interrupted = atomic_load(stop);
    if (learning->interrupted && counts.rows == 0)
        complain("stopped before anything was read");
    else if (learning->interrupted)
        complain("stopped after %llu lines; this is what is known so far",
                 (unsigned long long)counts.rows);
    if (rc != ODD_OK && !feeding.step_failed)
        complain("cannot go on reading: %s", odd_errmsg(learning->db));
    return rc == ODD_OK;
}

/* What a folder holds may be unreadable, and is noted; what was named must be there. */
static bool all_readable(const Lesson *lesson)
{
    for (size_t i = 0; i < lesson->input_count && !lesson->machine; i++) {
        const char *name = lesson->inputs[i];
        bool special = strcmp(name, "-") == 0 || strncmp(name, "journal:", 8) == 0;
        if (!special && access(name, R_OK) != 0)
            return false;
    }
    return true;
}

static bool open_engine(const Options *options, const Lesson *lesson, Learning *learning)
{
    odd_options wish = {.seed = options->seed,
                        .memory_bytes_max = options->memory_bytes,
                        .findings_per_day = options->findings_per_day,
                        .session_key = options->session_key,
                        .scores = lesson->scores,
                        .sessions = lesson->sessions};
    odd_rc rc = odd_open(&wish, &learning->db);
    if (rc != ODD_OK)
        complain("cannot start: %s%s", odd_strerror(rc),
                 options->memory_bytes > 0 ? "; try a larger --memory" : "");
    return rc == ODD_OK;
}

bool learn(const Options *options, const Lesson *lesson, Learning *ret)
{
    *ret = (Learning){.started_s = clock_seconds(), .now = clock_now()};
    if (options->now.kind == MOMENT_TIME)
        ret->now = options->now.time;
    if (!open_engine(options, lesson, ret))
        return false;
    ret->incomplete = !all_readable(lesson);

    Notes notes = {0};
    Inputs good = {0}, inputs = {0};
    bool fine = inputs_find(lesson->inputs, lesson->reference_count, &good, &notes) &&
                inputs_find(lesson->inputs + lesson->reference_count,
                            lesson->input_count - lesson->reference_count, &inputs, &notes);
    if (!fine)
        complain("out of memory while looking for the inputs");
    bool nothing = good.count + inputs.count == 0;
    bool half = lesson->reference_count > 0 && (good.count == 0 || inputs.count == 0);
    ret->good_count = good.count;
    if (fine && !nothing && !half)
        fine = feed(options, lesson, &good, &inputs, ret, &notes);
    notes_tell(&notes, options->quiet && !nothing && !half);
    if (fine && (nothing || half)) {
        complain(half && !nothing ? "one side of the comparison has nothing to read"
                                  : "there is nothing to read");
        fine = false;
    }
    inputs_free(&good);
    inputs_free(&inputs);
    notes_free(&notes);
    return fine;
}

void learning_close(Learning *learning)
{
    odd_close(learning->db);
}
