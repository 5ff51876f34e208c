/* SPDX-License-Identifier: Apache-2.0
 *
 * score.c - the command `score`: a surprise for every row, or for every session. */
#include <assert.h>
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "cli/answer.h"
#include "cli/complain.h"
#include "cli/csv.h"
#include "cli/field.h"
#include "cli/samples.h"
#include "cli/score_model.h"
#include "cli/spool.h"

typedef enum { KIND_UNKNOWN = 0, KIND_LOG, KIND_SERIES } Kind;

typedef struct {
    Kind  kind;
    Spool spool; /* Of a log.    */
    Out   out;   /* Of a series. */
} Scoring;

static bool spool_fail(void)
{
    complain("cannot keep the scores until the end in a temporary file: %s; make room, or set "
             "TMPDIR to a folder with room", strerror(errno));
    return false;
}

static Kind kind_of(odd_db *db)
{
    odd_rows *rows;
    Kind      kind = KIND_LOG;
    if (odd_query(db, &(odd_question){.view = ODD_SOURCES}, &rows) != ODD_OK)
        return kind;
    while (odd_next(rows) == ODD_ROW)
        if (strcmp(odd_text(rows, odd_column(rows, "kind")), "series") == 0)
            kind = KIND_SERIES;
    odd_rows_close(rows);
    return kind;
}

/* What was scored of a log goes to the spool. */
static bool spool_lines(Spool *spool, odd_db *db)
{
    odd_rows *rows;
    if (odd_query(db, &(odd_question){.view = ODD_SCORES}, &rows) != ODD_OK) {
        complain("cannot get the scores: %s", odd_errmsg(db));
        return false;
    }
    const int row_column = odd_column(rows, "row"), time_column = odd_column(rows, "time");
    const int reference_column = odd_column(rows, "reference");
    const int surprise_column = odd_column(rows, "surprise");
    const int reason_column = odd_column(rows, "reason");
    bool good = true;
    while (good && odd_next(rows) == ODD_ROW) {
        SpoolRow row = {.row = odd_int(rows, row_column),
                        .time = odd_int(rows, time_column),
                        .reference = odd_int(rows, reference_column),
                        .surprise = odd_double(rows, surprise_column)};
        Piece reason = field_text(rows, reason_column);
        row.reason_size =
            (uint32_t)(reason.size < SPOOL_REASON_MAX ? reason.size : SPOOL_REASON_MAX);
        memcpy(row.reason, reason.text, row.reason_size);
        good = spool_write(spool, &row) || spool_fail();
    }
    odd_rows_close(rows);
    return good;
}

/* After each commit. */
static bool step(void *context, odd_db *db)
{
    Scoring *scoring = context;
    bool     is_first = scoring->kind == KIND_UNKNOWN;
    if (is_first)
        scoring->kind = kind_of(db);
    if (scoring->kind == KIND_SERIES)
        return samples_write(db, is_first, &scoring->out);
    if (is_first && !spool_open(&scoring->spool))
        return spool_fail();
    return spool_lines(&scoring->spool, db);
}

/* The id of each signal, asked for once. */
typedef struct {
    Buffer text; /* SIGNAL_SIZE bytes for each reference; not asked for yet: NULs. */
} Signals;

#define SIGNAL_SIZE 16

static const char *signal_of(Signals *signals, const odd_db *db, int64_t reference)
{
    size_t at = (size_t)reference * SIGNAL_SIZE;
    if (at >= signals->text.size)
        buffer_repeat(&signals->text, '\0', at + SIGNAL_SIZE - signals->text.size);
    char *kept = signals->text.text + at;
    if (*kept == '\0') {
        const char *signal = odd_signal(db, reference);
        assert(strlen(signal) == SIGNAL_SIZE);
        memcpy(kept, signal, SIGNAL_SIZE);
    }
    return kept;
}

static int rows_answer(const Learning *learning, Spool *spool)
{
    if ((spool->file == NULL && !spool_open(spool)) || !spool_rewind(spool)) {
        spool_fail();
        return STATUS_ERROR;
    }
    odd_settle(learning->db);
    Out out = {.descriptor = STDOUT_FILENO};
    Csv csv = {.out = &out.text};
    buffer_puts(&out.text, "row,time,signal,surprise,reason\n");
    Signals signals = {0};
    SpoolRow row;
    while (!out.closed && spool_read(spool, &row)) {
        csv_integer(&csv, row.row);
        csv_time(&csv, row.time);
        csv_text(&csv, signal_of(&signals, learning->db, row.reference), SIGNAL_SIZE);
        csv_real(&csv, row.surprise);
        csv_text(&csv, row.reason, row.reason_size);
        csv_end(&csv);
        out_step(&out);
    }
    int status = errno && !out.closed ? (spool_fail(), STATUS_ERROR) : STATUS_FINE;
    buffer_free(&signals.text);
    return answer_end(&out, learning, status);
}

static int sessions_answer(const Learning *learning)
{
    odd_rows *rows;
    if (odd_query(learning->db, &(odd_question){.view = ODD_SESSIONS}, &rows) != ODD_OK) {
        complain("cannot list the sessions: %s", odd_errmsg(learning->db));
        return STATUS_ERROR;
    }
    Out out = {.descriptor = STDOUT_FILENO};
    Csv csv = {.out = &out.text};
    buffer_puts(&out.text, "session,first_row,last_row,events,surprise,reason\n");
    const int session_column = odd_column(rows, "session"),
              reason_column = odd_column(rows, "reason");
    const int integer_columns[] = {odd_column(rows, "first_row"), odd_column(rows, "last_row"),
                                   odd_column(rows, "events")};
    const int surprise_column = odd_column(rows, "surprise");
    while (!out.closed && odd_next(rows) == ODD_ROW) {
        csv_piece(&csv, field_text(rows, session_column));
        for (int i = 0; i < 3; i++)
            csv_integer(&csv, odd_int(rows, integer_columns[i]));
        csv_real(&csv, odd_double(rows, surprise_column));
        csv_piece(&csv, field_text(rows, reason_column));
        csv_end(&csv);
        out_step(&out);
    }
    odd_rows_close(rows);
    return answer_end(&out, learning, STATUS_FINE);
}

static int answer(const Learning *learning, bool sessions, bool quiet, Scoring *scoring)
{
    if (sessions)
        return sessions_answer(learning);
    if (scoring->kind == KIND_UNKNOWN) /* Nothing was read. */
        scoring->kind = kind_of(learning->db);
    if (scoring->kind == KIND_SERIES) {
        if (!quiet)
            samples_notes(learning->db);
        return answer_end(&scoring->out, learning, STATUS_FINE);
    }
    return rows_answer(learning, &scoring->spool);
}

static int run(const Options *options, int count, const char *const *arguments)
{
    if (count != 1) {
        complain("score takes one file: oddball score app.log (or - for standard input)");
        return STATUS_ERROR;
    }
    if (options->format != FORMAT_NONE && options->format != FORMAT_CSV) {
        complain("scores come as csv: leave --format out");
        return STATUS_ERROR;
    }
    if (options->quality && options->blocks) {
        complain("--quality and --blocks are two tables: ask for one of them");
        return STATUS_ERROR;
    }
    if (!options->reference && (options->quality || options->blocks)) {
        complain("%s is of predictions against others that are good: name these with --reference",
                 options->quality ? "--quality" : "--blocks");
        return STATUS_ERROR;
    }
    if (!options->reference && options->html_path) {
        complain("the page of scores is of predictions against others that are good: name these "
                 "with --reference; of a log or of metrics `scan --html` writes one");
        return STATUS_ERROR;
    }
    if (options->reference)
        return score_model(options, arguments[0]);
    Scoring scoring = {.out = {.descriptor = STDOUT_FILENO}};
    Lesson lesson = {.inputs = arguments,
                     .input_count = 1,
                     .scores = !options->sessions,
                     .sessions = options->sessions ? ODD_SESSIONS_ALL : ODD_SESSIONS_NONE,
                     .step = options->sessions ? NULL : step,
                     .context = &scoring};
    Learning learning;
    int status = STATUS_ERROR;
    if (learn(options, &lesson, &learning))
        status = answer(&learning, options->sessions, options->quiet, &scoring);
    learning_close(&learning);
    spool_close(&scoring.spool);
    return status;
}

static const char *const option_names[] = {
    "sessions", "session-key", "reference",   "quality", "blocks",   "chunk", "time",
    "id",       "prediction",  "probability", "outcome", "segments", "drop",  "kind",
    "html", "format",   "now",         "zone",        "threads", "memory",   "seed",  NULL};

const Command command_score = {
    .name = "score",
    .summary = "Give every row of a log or of metrics its surprise, as CSV",
    .example = "oddball score app.log\n"
               "oddball score cpu.csv\n"
               "oddball score --reference reference.csv predictions.csv\n"
               "oddball score --reference reference.csv --quality predictions.csv\n"
               "oddball score --reference reference.csv --blocks predictions.csv\n"
               "oddball score --sessions app.log\n"
               "oddball score --sessions --session-key request_id app.log",
    .usage = "[--sessions] FILE",
    .details = "Columns of a log: row, time, signal, surprise, reason; with --sessions: session, "
               "first_row, last_row, events, surprise, reason. Of a table of metrics, a row for "
               "each number: row, time, signal, value, expected, lower, upper, surprise, alarm, "
               "reason, together (the surprise of all numbers of the row), share (of it that this "
               "one has). Of a table of predictions (--reference), a row for each row and column: "
               "row, time, signal, surprise, effect, alarm; with --quality: metric, first_row, "
               "last_row, estimate, lower, upper, realised, trust; with --blocks a row for each "
               "block of time and column: signal, time, first_row, last_row, usual, surprise, "
               "effect, alarm, compared with blocks of the same hour of the week, or with the "
               "nearest like them that there are enough of; with --html FILE all of it is a page "
               "as well, as diff writes it. A surprise of 3 is once in a thousand. "
               "The surprises of the first rows don't change when rows follow.",
    .options = option_names,
    .formats = "csv",
    .run = run,
};
