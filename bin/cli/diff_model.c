/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/diff_model.h"

#include <math.h>
#include <string.h>
#include <unistd.h>

#include "cli/answer.h"
#include "cli/complain.h"
#include "cli/csv.h"
#include "cli/fail_on.h"
#include "cli/field.h"
#include "cli/json.h"
#include "cli/page_model.h"
#include "cli/page_model_file.h"
#include "cli/pool.h"
#include "cli/predictions.h"
#include "cli/terminal.h"
#include "cli/words.h"
#include "cli/wrap.h"
#include "input/clock.h"

#define JSON_ROWS_MAX 100000
#define FINDINGS_SHOWN 20

static const char *const text_columns[] = {"kind", "signal", "what",     "cause",
                                           "seen", "expected", "sentence", NULL};
static const char *const real_columns[] = {"surprise", "effect", "lower", "upper", "harm", NULL};
static const char *const integer_columns[] = {"first_row", "last_row", "together", NULL};
static const char *const figure_columns[] = {"estimate", "lower", "upper", "realised", NULL};

static bool text_is(const odd_rows *rows, const char *column, const char *text)
{
    return strcmp(odd_text(rows, odd_column(rows, column)), text) == 0;
}

static odd_rows *ask(odd_model *model, odd_model_view view)
{
    odd_rows *rows = NULL;
    if (odd_model_query(model, view, &rows) != ODD_OK && view == ODD_MODEL_FINDINGS)
        complain("cannot sum up what was read: %s", odd_model_errmsg(model));
    return rows;
}

/* -- whether it is odd ----------------------------------------------------------------------- */

static bool fails(const Options *options, odd_rows *rows)
{
    if (!text_is(rows, "state", "odd"))
        return false;
    bool harmful = odd_int(rows, odd_column(rows, "harmful")) != 0;
    if (harmful && fail_on_matches(options->fail_on, "harmful", false, true))
        return true;
    return fail_on_matches(options->fail_on, odd_text(rows, odd_column(rows, "kind")), false,
                           harmful);
}

typedef struct {
    size_t odd, harmful;
    size_t shown; /* Of the odd ones. */
    bool   fails;
} Sum;

static Sum sum_of(const Options *options, odd_model *model, bool *ret_good)
{
    Sum sum = {0};
    odd_rows *rows = ask(model, ODD_MODEL_FINDINGS);
    *ret_good = rows != NULL;
    while (rows != NULL && odd_next(rows) == ODD_ROW) {
        bool is_odd = text_is(rows, "state", "odd");
        sum.odd += is_odd;
        sum.harmful += is_odd && odd_int(rows, odd_column(rows, "harmful")) != 0;
        sum.fails |= fails(options, rows);
    }
    odd_rows_close(rows);
    size_t most = options->findings > 0 ? (size_t)options->findings : FINDINGS_SHOWN;
    sum.shown = sum.odd < most ? sum.odd : most;
    return sum;
}

/* -- JSON ------------------------------------------------------------------------------------ */

static void finding_json(Json *json, const odd_rows *rows)
{
    json_open(json, '{');
    for (size_t i = 0; text_columns[i] != NULL; i++) {
        json_name(json, text_columns[i]);
        json_piece(json, field_text(rows, odd_column(rows, text_columns[i])));
    }
    for (size_t i = 0; real_columns[i] != NULL; i++) {
        json_name(json, real_columns[i]);
        json_number(json, odd_double(rows, odd_column(rows, real_columns[i])));
    }
    for (size_t i = 0; integer_columns[i] != NULL; i++) {
        json_name(json, integer_columns[i]);
        json_integer(json, odd_int(rows, odd_column(rows, integer_columns[i])));
    }
    json_name(json, "harmful");
    json_bool(json, odd_int(rows, odd_column(rows, "harmful")) != 0);
    json_name(json, "time");
    json_time(json, odd_int(rows, odd_column(rows, "time")));
    json_name(json, "rows");
    json_open(json, '[');
    int64_t first = odd_int(rows, odd_column(rows, "first_row"));
    int64_t last = odd_int(rows, odd_column(rows, "last_row"));
    for (int64_t row = first; first > 0 && row <= last && row - first < JSON_ROWS_MAX; row++)
        json_integer(json, row);
    json_close(json, ']');
    json_close(json, '}');
}

static void findings_json(Json *json, odd_model *model, const char *name, const char *state,
                          size_t most)
{
    odd_rows *rows = ask(model, ODD_MODEL_FINDINGS);
    json_name(json, name);
    json_open(json, '[');
    for (size_t told = 0; told < most && rows != NULL && odd_next(rows) == ODD_ROW;)
        if (text_is(rows, "state", state)) {
            finding_json(json, rows);
            told++;
        }
    json_close(json, ']');
    odd_rows_close(rows);
}

static void quality_json(Json *json, odd_rows *rows)
{
    json_name(json, "quality");
    json_open(json, '[');
    while (rows != NULL && odd_next(rows) == ODD_ROW) {
        json_open(json, '{');
        json_name(json, "metric");
        json_piece(json, field_text(rows, odd_column(rows, "metric")));
        json_name(json, "first_row");
        json_integer(json, odd_int(rows, odd_column(rows, "first_row")));
        json_name(json, "last_row");
        json_integer(json, odd_int(rows, odd_column(rows, "last_row")));
        for (size_t i = 0; figure_columns[i] != NULL; i++) {
            json_name(json, figure_columns[i]);
            json_number(json, odd_double(rows, odd_column(rows, figure_columns[i])));
        }
        json_name(json, "trust");
        json_piece(json, field_text(rows, odd_column(rows, "trust")));
        json_close(json, '}');
    }
    json_close(json, ']');
}

static void segments_json(Json *json, odd_model *model)
{
    static const char *const numbers[] = {"loss", "lower", "upper", "reference_loss", "all"};
    static const char *const counts[] = {"rows", "reference_rows"};
    odd_rows *rows = ask(model, ODD_MODEL_SEGMENTS);
    json_name(json, "segments");
    json_open(json, '[');
    while (rows != NULL && odd_next(rows) == ODD_ROW) {
        json_open(json, '{');
        json_name(json, "segment");
        json_piece(json, field_text(rows, odd_column(rows, "segment")));
        for (size_t i = 0; i < sizeof counts / sizeof counts[0]; i++) {
            json_name(json, counts[i]);
            json_integer(json, odd_int(rows, odd_column(rows, counts[i])));
        }
        for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
            json_name(json, numbers[i]);
            json_number(json, odd_double(rows, odd_column(rows, numbers[i])));
        }
        json_name(json, "known");
        json_bool(json, odd_int(rows, odd_column(rows, "known")) != 0);
        json_close(json, '}');
    }
    json_close(json, ']');
    odd_rows_close(rows);
}

static void verdict_json(Json *json, odd_model *model)
{
    odd_rows *rows = ask(model, ODD_MODEL_VERDICT);
    if (rows != NULL && odd_next(rows) == ODD_ROW) {
        json_name(json, "verdict");
        json_piece(json, field_text(rows, odd_column(rows, "verdict")));
    }
    odd_rows_close(rows);
}

static void write_json(Buffer *out, const Predictions *predictions, const Sum *sum)
{
    Json json = {.out = out};
    odd_rows *quality = ask(predictions->model, ODD_MODEL_QUALITY);
    json_open(&json, '{');
    findings_json(&json, predictions->model, "findings", "odd", sum->shown);
    findings_json(&json, predictions->model, "negligible", "negligible", SIZE_MAX);
    quality_json(&json, quality);
    segments_json(&json, predictions->model);
    json_name(&json, "summary");
    json_open(&json, '{');
    json_name(&json, "reference_rows");
    json_integer(&json, (int64_t)predictions->reference_rows - 1);
    json_name(&json, "rows");
    json_integer(&json, (int64_t)predictions->rows - 1);
    json_name(&json, "harmful");
    json_integer(&json, (int64_t)sum->harmful);
    verdict_json(&json, predictions->model);
    json_name(&json, "passed");
    json_bool(&json, !sum->fails);
    json_close(&json, '}');
    json_close(&json, '}');
    buffer_puts(out, "\n");
    odd_rows_close(quality);
}

/* -- CSV ------------------------------------------------------------------------------------- */

static void write_csv(Buffer *out, odd_model *model, size_t most)
{
    odd_rows *rows = ask(model, ODD_MODEL_FINDINGS);
    Csv csv = {.out = out};
    size_t odd = 0;
    buffer_puts(out, "state,kind,signal,what,cause,harmful,surprise,effect,lower,upper,harm,"
                     "first_row,last_row,time,together,sentence\n");
    while (rows != NULL && odd_next(rows) == ODD_ROW) {
        static const char *const texts[] = {"state", "kind", "signal", "what", "cause"};
        odd += text_is(rows, "state", "odd");
        if (odd > most && text_is(rows, "state", "odd"))
            continue;
        for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
            csv_piece(&csv, field_text(rows, odd_column(rows, texts[i])));
        csv_integer(&csv, odd_int(rows, odd_column(rows, "harmful")));
        for (size_t i = 0; real_columns[i] != NULL; i++)
            csv_about(&csv, odd_double(rows, odd_column(rows, real_columns[i])));
        csv_integer(&csv, odd_int(rows, odd_column(rows, "first_row")));
        csv_integer(&csv, odd_int(rows, odd_column(rows, "last_row")));
        csv_time(&csv, odd_int(rows, odd_column(rows, "time")));
        csv_integer(&csv, odd_int(rows, odd_column(rows, "together")));
        csv_piece(&csv, field_text(rows, odd_column(rows, "sentence")));
        csv_end(&csv);
    }
    odd_rows_close(rows);
}

/* -- text ------------------------------------------------------------------------------------ */

static void since(Buffer *out, const odd_rows *rows)
{
    int64_t first = odd_int(rows, odd_column(rows, "first_row"));
    odd_time time = odd_int(rows, odd_column(rows, "time"));
    if (first <= 1 || text_is(rows, "what", "duplicate"))
        return;
    buffer_puts(out, ", since about row ");
    words_count(out, (uint64_t)first);
    if (time != ODD_TIME_NONE) {
        buffer_puts(out, " (");
        words_time(out, time);
        buffer_puts(out, ")");
    }
}

static void consequence(Buffer *out, const odd_rows *rows)
{
    double harm = odd_double(rows, odd_column(rows, "harm"));
    double effect = odd_double(rows, odd_column(rows, "effect"));
    bool   is_column = text_is(rows, "kind", "drift") && !text_is(rows, "cause", "pipeline");
    if (is_column)
        buffer_format(out, "\n    as far as a shift of %.2f standard deviations", effect);
    if (is_column && !isnan(harm) && !text_is(rows, "what", "errors"))
        buffer_format(out, "; on such rows the model erred %.2f %s %s", 100 * fabs(harm),
                      odd_text(rows, odd_column(rows, "unit")), harm > 0 ? "more" : "less");
}

typedef struct { /* A finding, and what began with it. */
    int64_t rank;
    size_t  follower_count;
    Buffer  text;
} Leader;

static Leader *leader_find(Leader *leaders, size_t count, int64_t rank)
{
    for (size_t i = 0; i < count; i++)
        if (leaders[i].rank == rank)
            return &leaders[i];
    return NULL;
}

static void leader_begin(Leader *leader, size_t number, const odd_rows *rows)
{
    bool harmful = odd_int(rows, odd_column(rows, "harmful")) != 0;
    buffer_format(&leader->text, "%2zu. %s%s", number, harmful ? "harmful: " : "",
                  odd_text(rows, odd_column(rows, "sentence")));
    since(&leader->text, rows);
    consequence(&leader->text, rows);
}

static void leader_follow(Leader *leader, const odd_rows *rows)
{
    bool is_first = leader->follower_count++ == 0;
    buffer_puts(&leader->text, is_first ? "\n    together with it: " : ";\n    ");
    buffer_puts(&leader->text, odd_text(rows, odd_column(rows, "sentence")));
}

/* The worst `most` that are odd; what began with a worse one is told there. */
static void write_findings(Buffer *out, odd_model *model, size_t most)
{
    odd_rows *rows = ask(model, ODD_MODEL_FINDINGS);
    Pool pool = {0};
    Leader *leaders = pool_take(&pool, most * sizeof *leaders);
    int64_t rank = 0;
    size_t count = 0, told = 0;
    while (told < most && rows != NULL && odd_next(rows) == ODD_ROW) {
        rank++;
        if (!text_is(rows, "state", "odd"))
            continue;
        told++;
        Leader *leader = leader_find(leaders, count, odd_int(rows, odd_column(rows, "together")));
        if (leader != NULL) {
            leader_follow(leader, rows);
            continue;
        }
        leaders[count].rank = rank;
        leader_begin(&leaders[count], count + 1, rows);
        count++;
    }
    odd_rows_close(rows);
    for (size_t i = 0; i < count; i++) {
        buffer_format(out, "%s\n", buffer_text(&leaders[i].text));
        buffer_free(&leaders[i].text);
    }
    pool_free(&pool);
}

static void write_verdict(Buffer *out, odd_model *model)
{
    odd_rows *rows = ask(model, ODD_MODEL_VERDICT);
    if (rows != NULL && odd_next(rows) == ODD_ROW && !text_is(rows, "verdict", "none"))
        buffer_format(out, "Verdict: %s; %s.\n", odd_text(rows, odd_column(rows, "verdict")),
                      odd_text(rows, odd_column(rows, "sentence")));
    odd_rows_close(rows);
}

static void write_negligible(Buffer *out, odd_model *model)
{
    odd_rows *rows = ask(model, ODD_MODEL_FINDINGS);
    bool any = false;
    while (rows != NULL && odd_next(rows) == ODD_ROW) {
        if (text_is(rows, "state", "odd"))
            continue;
        buffer_puts(out, any ? ", " : "Real but negligible: ");
        buffer_puts(out, odd_text(rows, odd_column(rows, "signal")));
        any = true;
    }
    if (any)
        buffer_puts(out, "\n");
    odd_rows_close(rows);
}

/* The last chunk's figures; and what came true, where it is known. */
static void write_quality(Buffer *out, odd_model *model)
{
    odd_rows *rows = ask(model, ODD_MODEL_QUALITY);
    Buffer last = {0};
    int64_t chunk = -1;
    while (rows != NULL && odd_next(rows) == ODD_ROW) {
        int64_t first = odd_int(rows, odd_column(rows, "first_row"));
        if (first != chunk) {
            buffer_clear(&last);
            buffer_puts(&last, "Quality of rows ");
            words_count(&last, (uint64_t)first);
            buffer_puts(&last, " to ");
            words_count(&last, (uint64_t)odd_int(rows, odd_column(rows, "last_row")));
            buffer_puts(&last, ":");
        }
        chunk = first;
        double estimate = odd_double(rows, odd_column(rows, "estimate"));
        double realised = odd_double(rows, odd_column(rows, "realised"));
        if (isnan(estimate))
            continue;
        buffer_format(&last, "\n    %s %.3f (%.3f to %.3f) without labels",
                      odd_text(rows, odd_column(rows, "metric")), estimate,
                      odd_double(rows, odd_column(rows, "lower")),
                      odd_double(rows, odd_column(rows, "upper")));
        if (!isnan(realised))
            buffer_format(&last, ", came true as %.3f", realised);
    }
    if (last.size > 0)
        buffer_format(out, "%s\n", buffer_text(&last));
    buffer_free(&last);
    odd_rows_close(rows);
}

/* Groups of rows: how the model does on each. */
static void write_segments(Buffer *out, odd_model *model)
{
    odd_rows *rows = ask(model, ODD_MODEL_SEGMENTS);
    bool any = false;
    while (rows != NULL && odd_next(rows) == ODD_ROW) {
        if (!any)
            buffer_puts(out, "Errors by group, of 1 (95 % interval), and in the reference:\n");
        any = true;
        buffer_format(out, "    %s: %.3f (%.3f to %.3f)%s, was %.3f; ",
                      odd_text(rows, odd_column(rows, "segment")),
                      odd_double(rows, odd_column(rows, "loss")),
                      odd_double(rows, odd_column(rows, "lower")),
                      odd_double(rows, odd_column(rows, "upper")),
                      odd_int(rows, odd_column(rows, "known")) != 0 ? "" : " without labels",
                      odd_double(rows, odd_column(rows, "reference_loss")));
        words_count(out, (uint64_t)odd_int(rows, odd_column(rows, "rows")));
        buffer_puts(out, " rows\n");
    }
    odd_rows_close(rows);
}

static void write_all(Buffer *out, const Predictions *predictions, const Sum *sum)
{
    if (sum->odd > 0)
        write_findings(out, predictions->model, sum->shown);
    else
        buffer_puts(out, "Nothing has drifted by more than is tolerated.\n");
    if (sum->odd > sum->shown)
        buffer_format(out, "%zu more: --findings all shows them.\n", sum->odd - sum->shown);
    write_verdict(out, predictions->model);
    write_negligible(out, predictions->model);
    write_quality(out, predictions->model);
    write_segments(out, predictions->model);
    words_counted(out, predictions->rows > 0 ? predictions->rows - 1 : 0, "row", "rows");
    buffer_puts(out, " against ");
    words_count(out, predictions->reference_rows > 0 ? predictions->reference_rows - 1 : 0);
    buffer_format(out, ", %zu drifted (%zu harmful), ", sum->odd, sum->harmful);
    words_seconds(out, clock_seconds() - predictions->started_s);
    buffer_puts(out, "\n");
}

/* Names of columns and values are whatever the tables hold: wrap_lines makes them visible. */
static void write_text(Buffer *out, const Predictions *predictions, const Sum *sum, int columns)
{
    Buffer all = {0};
    write_all(&all, predictions, sum);
    wrap_lines(out, buffer_text(&all), columns);
    buffer_free(&all);
}

static int answer(const Options *options, const Predictions *predictions,
                  const PredictionsTask *task)
{
    bool good;
    Sum sum = sum_of(options, predictions->model, &good);
    if (!good ||
        (options->html_path && !page_model_write(options->html_path, predictions->model, sum.shown,
                                                 task->reference, task->current)))
        return STATUS_ERROR;
    Out out = {.descriptor = STDOUT_FILENO};
    if (options->format == FORMAT_JSON)
        write_json(&out.text, predictions, &sum);
    else if (options->format == FORMAT_CSV)
        write_csv(&out.text, predictions->model, sum.shown);
    else if (options->format == FORMAT_HTML)
        page_model(&out.text, predictions->model, sum.shown, task->reference, task->current);
    else
        write_text(&out.text, predictions, &sum, terminal_width(STDOUT_FILENO, options->width));
    if (!out_close(&out)) {
        answer_complain(&out, "standard output");
        return STATUS_ERROR;
    }
    return sum.fails ? STATUS_ODD : STATUS_FINE;
}

int diff_model(const Options *options, const char *reference, const char *current)
{
    if (options->since.kind != MOMENT_NONE || options->until.kind != MOMENT_NONE) {
        complain("a table of predictions is compared whole: leave --since and --until out, and cut "
                 "the table instead");
        return STATUS_ERROR;
    }
    if (options->html_path && !page_model_allowed(options->html_path, reference, current))
        return STATUS_ERROR;
    PredictionsTask task = {.reference = reference, .current = current};
    Predictions predictions;
    int status = predictions_learn(options, &task, &predictions) ? STATUS_FINE : STATUS_ERROR;
    if (status == STATUS_FINE)
        status = answer(options, &predictions, &task);
    predictions_close(&predictions);
    return status;
}
