/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/learn.h"

#include <inttypes.h>

#include "cli/complain.h"
#include "cli/interrupt.h"
#include "cli/page.h"
#include "cli/progress.h"
#include "cli/words.h"
#include "input/clock.h"
#include "input/reader.h"

typedef struct {
    const Lesson *lesson;
    odd_db       *db;
    Progress      progress;
    bool          step_failed;
} Feeding;

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

static void stop_tell(const ReaderCounts *counts)
{
    Buffer text = {0};
    if (counts->rows == 0) {
        buffer_puts(&text, "stopped before anything was read");
    } else {
        buffer_puts(&text, "stopped after ");
        words_counted(&text, counts->rows, "line", "lines");
    }
    if (counts->torn_lines == 1) {
        buffer_puts(&text, "; the last, torn line was left out");
    } else if (counts->torn_lines > 1) {
        buffer_puts(&text, "; ");
        words_count(&text, counts->torn_lines);
        buffer_puts(&text, " torn lines at the ends were left out");
    }
    if (counts->rows > 0)
        buffer_puts(&text, "; this is what is known so far");
    complain("%s", buffer_text(&text));
    buffer_free(&text);
}

static bool feed(const Options *options, const Lesson *lesson, const Inputs *good,
                 const Inputs *inputs, Learning *learning, Notes *notes, ReaderCounts *counts)
{
    const atomic_bool *stop = interrupt_watch();
    Feeding feeding = {.lesson = lesson, .db = learning->db};
    progress_begin(&feeding.progress, options->quiet, learning->started_s);
    bool local = options->zone_local || (lesson->machine && !options->zone_given);
    ReaderOptions reader = {
        .threads = options->threads,
        .now = options->now.kind == MOMENT_NONE ? 0 : learning->now,
        .zone_s = local ? clock_local_zone(learning->now) : options->zone_s,
        .kind = options->kind,
        .stream = {.stop = stop, .until_ns = journal_end(options, learning->now)},
        .step = step,
        .context = &feeding,
    };
    odd_rc rc = reader_feed(learning->db, good, inputs, &reader, notes, counts);
    progress_end(&feeding.progress);
    learning->interrupted = atomic_load(stop);
    if (learning->interrupted)
        stop_tell(counts);
    if (rc != ODD_OK && !feeding.step_failed)
        complain("cannot go on reading: %s", odd_errmsg(learning->db));
    return rc == ODD_OK;
}

static bool open_engine(const Options *options, const Lesson *lesson, Learning *learning)
{
    odd_options wish = {.seed = options->seed,
                        .memory_bytes_max = options->memory_bytes,
                        .findings_per_day = options->findings_per_day,
                        .session_key = options->session_key,
                        .scores = lesson->scores,
                        .lines = options->html_path || options->format == FORMAT_HTML,
                        .sessions = lesson->sessions};
    odd_rc rc = odd_open(&wish, &learning->db);
    if (rc != ODD_OK)
        complain("cannot start: %s%s", odd_strerror(rc),
                 options->memory_bytes > 0 ? "; try a larger --memory" : "");
    return rc == ODD_OK;
}

/* Before anything is learnt: is there something on both sides, and may the page be written? */
static bool worth_reading(const Options *options, const Lesson *lesson, const Inputs *good,
                          const Inputs *inputs)
{
    if (options->html_path && !page_allowed(options->html_path, good, inputs))
        return false;
    bool nothing = good->count + inputs->count == 0;
    bool half = lesson->reference_count > 0 && (good->count == 0 || inputs->count == 0);
    if (nothing)
        complain("there is nothing to read");
    else if (half)
        complain("one side of the comparison has nothing to read");
    return !nothing && !half;
}

/* What a folder holds may be unreadable, and is noted; what was named must give something. */
static void missing_tell(const Lesson *lesson, const Inputs *good, const Inputs *inputs,
                         const ReaderCounts *counts, Learning *learning)
{
    uint64_t lost = good->lost_count + inputs->lost_count + counts->input_lost_count;
    uint64_t failed = good->failed_count + inputs->failed_count + counts->input_failed_count;
    if (lesson->machine) /* Nobody named /var/log and the journal. */
        failed = 0;
    learning->incomplete = lost + failed > 0;
    if (lost > 0)
        complain("%" PRIu64 " %s in a folder could not be read: the answer lacks %s", lost,
                 lost == 1 ? "file" : "files", lost == 1 ? "it" : "them");
    if (failed > 0)
        complain("%" PRIu64 " %s named could not be read: the answer lacks %s", failed,
                 failed == 1 ? "input that was" : "inputs that were", failed == 1 ? "it" : "them");
}

/* A comparison needs lines on both sides. */
static bool is_comparable(const Lesson *lesson, const Learning *learning)
{
    odd_rows *rows;
    uint64_t good = 0, bad = 0;
    if (lesson->reference_count == 0 || learning->interrupted ||
        odd_query(learning->db, &(odd_question){.view = ODD_SOURCES}, &rows) != ODD_OK)
        return true;
    int column = odd_column(rows, "rows");
    for (size_t i = 0; odd_next(rows) == ODD_ROW; i++)
        *(i < learning->good_count ? &good : &bad) += (uint64_t)odd_int(rows, column);
    odd_rows_close(rows);
    if (good > 0 && bad > 0)
        return true;
    complain("nothing to compare: %s has no lines",
             good == 0 ? lesson->inputs[0] : lesson->inputs[lesson->reference_count]);
    return false;
}

static bool learn_inputs(const Options *options, const Lesson *lesson, const Inputs *good,
                         const Inputs *inputs, Learning *learning, Notes *notes)
{
    ReaderCounts counts = {0};
    learning->good_count = good->count;
    if (!worth_reading(options, lesson, good, inputs)) {
        notes_tell(notes, false); /* Why there is nothing is no mere note. */
        return false;
    }
    bool fine = feed(options, lesson, good, inputs, learning, notes, &counts);
    notes_tell(notes, options->quiet);
    missing_tell(lesson, good, inputs, &counts, learning);
    return fine && is_comparable(lesson, learning);
}

bool learn(const Options *options, const Lesson *lesson, Learning *ret)
{
    *ret = (Learning){.started_s = clock_seconds(), .now = clock_now()};
    if (options->now.kind == MOMENT_TIME)
        ret->now = options->now.time;
    if (!open_engine(options, lesson, ret))
        return false;

    Notes notes = {0};
    Inputs good = {0}, inputs = {0};
    bool fine = inputs_find(lesson->inputs, lesson->reference_count, &good, &notes) &&
                inputs_find(lesson->inputs + lesson->reference_count,
                            lesson->input_count - lesson->reference_count, &inputs, &notes);
    if (fine)
        fine = learn_inputs(options, lesson, &good, &inputs, ret, &notes);
    else
        complain("out of memory while looking for the inputs");
    inputs_free(&good);
    inputs_free(&inputs);
    notes_free(&notes);
    return fine;
}

void learning_close(Learning *learning)
{
    odd_close(learning->db);
}
