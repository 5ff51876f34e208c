/* SPDX-License-Identifier: Apache-2.0
 *
 * patterns.c - the command `patterns`: what the lines of a log have in common. */
#include <unistd.h>

#include "cli/answer.h"
#include "cli/complain.h"
#include "cli/csv.h"
#include "cli/field.h"
#include "cli/json.h"

typedef struct {
    int signal, count, pattern;
} Columns;

static void csv_write(Out *out, odd_rows *rows, Columns columns)
{
    Csv csv = {.out = &out->text};
    buffer_puts(&out->text, "signal,count,pattern\n");
    while (odd_next(rows) == ODD_ROW) {
        csv_piece(&csv, field_text(rows, columns.signal));
        csv_integer(&csv, odd_int(rows, columns.count));
        csv_piece(&csv, field_text(rows, columns.pattern));
        csv_end(&csv);
        out_step(out);
    }
}

static void json_write(Out *out, odd_rows *rows, Columns columns)
{
    Json json = {.out = &out->text};
    json_open(&json, '{');
    json_name(&json, "patterns");
    json_open(&json, '[');
    while (odd_next(rows) == ODD_ROW) {
        json_open(&json, '{');
        json_name(&json, "signal");
        json_piece(&json, field_text(rows, columns.signal));
        json_name(&json, "count");
        json_integer(&json, odd_int(rows, columns.count));
        json_name(&json, "pattern");
        json_piece(&json, field_text(rows, columns.pattern));
        json_close(&json, '}');
        out_step(out);
    }
    json_close(&json, ']');
    json_close(&json, '}');
}

static int answer(const Learning *learning, const Options *options)
{
    odd_rows *rows;
    odd_question question = {.view = ODD_PATTERNS, .wildcard = options->wildcard};
    if (odd_query(learning->db, &question, &rows) != ODD_OK) {
        complain("cannot list the patterns: %s", odd_errmsg(learning->db));
        return STATUS_ERROR;
    }
    Columns columns = {.signal = odd_column(rows, "signal"),
                       .count = odd_column(rows, "count"),
                       .pattern = odd_column(rows, "pattern")};
    Out out = {.descriptor = STDOUT_FILENO};
    if (options->format == FORMAT_JSON)
        json_write(&out, rows, columns);
    else
        csv_write(&out, rows, columns);
    odd_rows_close(rows);
    return answer_end(&out, learning, STATUS_FINE);
}

static int run(const Options *options, int count, const char *const *arguments)
{
    if (count == 0) {
        complain("patterns needs a file: oddball patterns app.log (or - for standard input)");
        return STATUS_ERROR;
    }
    if (options->format == FORMAT_TEXT || options->format == FORMAT_HTML) {
        complain("patterns come as csv or json: --format csv");
        return STATUS_ERROR;
    }
    Lesson lesson = {.inputs = arguments, .input_count = (size_t)count};
    Learning learning;
    int status = STATUS_ERROR;
    if (learn(options, &lesson, &learning))
        status = answer(&learning, options);
    learning_close(&learning);
    return status;
}

static const char *const option_names[] = {"wildcard", "format", "now",  "zone",
                                           "threads",  "memory", "seed", NULL};

const Command command_patterns = {
    .name = "patterns",
    .summary = "List the patterns of a log with their counts, as CSV",
    .example = "oddball patterns app.log\n"
               "oddball patterns --wildcard '<*>' app.log\n"
               "oddball patterns --format json app.log",
    .usage = "FILE...",
    .details = "Columns: signal, count (rows), pattern. Variable places show their type, such as "
               "<num> or <ip>.",
    .options = option_names,
    .formats = "csv or json (csv)",
    .run = run,
};
