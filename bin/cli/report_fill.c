/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/report.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "cli/buffer.h"
#include "cli/fail_on.h"
#include "cli/field.h"

/* Surprises from which a finding is shown louder: once in a million, in a billion. */
#define SURPRISE_HIGH 6
#define SURPRISE_HIGHEST 9

/* Column by name: an engine that does not give it leaves the field empty. */
static Piece column_piece(Pool *pool, const odd_rows *rows, const char *name)
{
    int column = odd_column(rows, name);
    if (column < 0)
        return (Piece){.text = "", .size = 0};
    Piece field = field_text(rows, column);
    return pool_keep(pool, field.text, field.size);
}

static int64_t column_int(const odd_rows *rows, const char *name)
{
    int column = odd_column(rows, name);
    return column < 0 ? 0 : odd_int(rows, column);
}

static uint64_t column_count(const odd_rows *rows, const char *name)
{
    int64_t value = column_int(rows, name);
    return value > 0 ? (uint64_t)value : 0;
}

static odd_time column_time(const odd_rows *rows, const char *name)
{
    int column = odd_column(rows, name);
    return column < 0 ? ODD_TIME_NONE : odd_int(rows, column);
}

static double column_real(const odd_rows *rows, const char *name)
{
    int column = odd_column(rows, name);
    return column < 0 ? (double)NAN : odd_double(rows, column);
}

static void *pool_array(Pool *pool, const Buffer *items)
{
    void *array = pool_take(pool, items->size);
    if (items->size > 0)
        memcpy(array, items->text, items->size);
    return array;
}

/* "14,15,20-22", with or without brackets and spaces. */
static void spans_read(Pool *pool, const char *text, Finding *finding)
{
    Buffer spans = {0};
    while (*text) {
        char *end;
        RowSpan span = {.first = strtoll(text, &end, 10)};
        if (end == text) {
            text++;
            continue;
        }
        span.last = span.first;
        if (*end == '-')
            span.last = strtoll(end + 1, &end, 10);
        if (span.first > 0 && span.last >= span.first)
            buffer_add(&spans, &span, sizeof span);
        text = end;
    }
    if (spans.size == 0 && finding->row > 0) {
        RowSpan span = {.first = finding->row, .last = finding->row};
        buffer_add(&spans, &span, sizeof span);
    }
    finding->spans = pool_array(pool, &spans);
    finding->span_count = spans.size / sizeof(RowSpan);
    buffer_free(&spans);
}

static void reasons_read(odd_db *db, Pool *pool, Finding *finding)
{
    odd_rows *rows;
    if (odd_explain(db, finding->rank, &rows) != ODD_OK)
        return;
    Buffer reasons = {0};
    while (odd_next(rows) == ODD_ROW) {
        Reason reason = {.name = column_piece(pool, rows, "name"),
                         .value = column_real(rows, "value"),
                         .text = column_piece(pool, rows, "text")};
        if (strcmp(reason.name.text, "value") == 0 && !isfinite(reason.value))
            finding->odd_part = reason.text;
        buffer_add(&reasons, &reason, sizeof reason);
    }
    odd_rows_close(rows);
    finding->reasons = pool_array(pool, &reasons);
    finding->reason_count = reasons.size / sizeof(Reason);
    buffer_free(&reasons);
}

/* The line of its series: empty if there is none. */
static Line line_read(odd_db *db, Pool *pool, int rank, bool near)
{
    odd_rows *rows;
    Line line = {.count = 0};
    if (odd_line(db, rank, near, LINE_POINT_MAX, &rows) != ODD_OK)
        return line;
    Buffer points = {0};
    while (odd_next(rows) == ODD_ROW) {
        LinePoint point = {.good = column_int(rows, "good") != 0,
                           .time = column_time(rows, "time"),
                           .row = column_count(rows, "row"),
                           .low = column_real(rows, "low"),
                           .high = column_real(rows, "high"),
                           .expected = column_real(rows, "expected"),
                           .lower = column_real(rows, "lower"),
                           .upper = column_real(rows, "upper")};
        buffer_add(&points, &point, sizeof point);
    }
    odd_rows_close(rows);
    line.points = pool_array(pool, &points);
    line.count = points.size / sizeof(LinePoint);
    buffer_free(&points);
    return line;
}

static void lines_read(odd_db *db, Report *report, Finding *finding)
{
    if (!finding->is_metric)
        return;
    if (!report->is_diff)
        finding->near = line_read(db, &report->pool, finding->rank, true);
    finding->whole = line_read(db, &report->pool, finding->rank, false);
}

static Finding finding_read(Pool *pool, const odd_rows *rows, FailOn fail_on)
{
    Finding finding = {
        .rank = (int)column_int(rows, "rank"),
        .kind = column_piece(pool, rows, "kind"),
        .signal = column_piece(pool, rows, "signal"),
        .sentence = column_piece(pool, rows, "sentence"),
        .how_rare = column_piece(pool, rows, "how_rare"),
        .sample = column_piece(pool, rows, "sample"),
        .source = column_piece(pool, rows, "source"),
        .pattern = column_piece(pool, rows, "pattern"),
        .level = column_piece(pool, rows, "level"),
        .time = column_time(rows, "time"),
        .last_time = column_time(rows, "last_time"),
        .surprise = column_real(rows, "surprise"),
        .seen = column_real(rows, "seen"),
        .expected = column_real(rows, "expected"),
        .effect = column_real(rows, "effect"),
        .row = column_int(rows, "row"),
        .last_row = column_int(rows, "last_row"),
        .repeats = column_int(rows, "repeats"),
    };
    finding.repeats_untold = strstr(finding.how_rare.text, "times") == NULL &&
                             strstr(finding.how_rare.text, "twice") == NULL;
    /* A pattern has an id; a series is called by its name. */
    finding.is_metric = finding.signal.size > 0 && finding.signal.size == finding.pattern.size &&
                        memcmp(finding.signal.text, finding.pattern.text, finding.signal.size) == 0;
    Piece spans = column_piece(pool, rows, "rows");
    spans_read(pool, spans.text, &finding);
    bool error = strcmp(finding.level.text, "error") == 0 ||
                 strcmp(finding.level.text, "fatal") == 0 ||
                 speaks_of_error(finding.sample.text, finding.sample.size);
    bool worse =
        is_worse(fail_on.directions, finding.kind.text, finding.signal.text, finding.effect);
    finding.fails = fail_on_matches(fail_on.list, finding.kind.text, error, worse);
    return finding;
}

static odd_rc findings_fill(odd_db *db, const odd_question *question, FailOn fail_on,
                            Report *report)
{
    odd_rows *rows;
    odd_rc rc = odd_query(db, question, &rows);
    if (rc != ODD_OK)
        return rc;
    Buffer findings = {0};
    while (odd_next(rows) == ODD_ROW) {
        Finding finding = finding_read(&report->pool, rows, fail_on);
        buffer_add(&findings, &finding, sizeof finding);
    }
    odd_rows_close(rows);
    report->findings = pool_array(&report->pool, &findings);
    report->finding_count = findings.size / sizeof(Finding);
    buffer_free(&findings);
    for (size_t i = 0; i < report->finding_count; i++) {
        reasons_read(db, &report->pool, &report->findings[i]);
        lines_read(db, report, &report->findings[i]);
    }
    return ODD_OK;
}

static void report_span(Report *report, odd_time first, odd_time last)
{
    if (first != ODD_TIME_NONE &&
        (report->first_time == ODD_TIME_NONE || first < report->first_time))
        report->first_time = first;
    if (last != ODD_TIME_NONE && (report->last_time == ODD_TIME_NONE || last > report->last_time))
        report->last_time = last;
}

static odd_rc sources_fill(odd_db *db, Report *report)
{
    odd_rows *rows;
    odd_rc rc = odd_query(db, &(odd_question){.view = ODD_SOURCES}, &rows);
    if (rc != ODD_OK)
        return rc;
    Buffer sources = {0};
    while (odd_next(rows) == ODD_ROW) {
        Source source = {
            .name = column_piece(&report->pool, rows, "source"),
            .kind = column_piece(&report->pool, rows, "kind"),
            .rows = column_count(rows, "rows"),
            .records = column_count(rows, "records"),
            .bytes = column_count(rows, "bytes"),
            .timed_rows = column_count(rows, "timed_rows"),
            .cut_rows = column_count(rows, "cut_rows"),
            .nul_rows = column_count(rows, "nul_rows"),
            .invalid_utf8_rows = column_count(rows, "invalid_utf8_rows"),
            .backward_rows = column_count(rows, "backward_rows"),
            .first_time = column_time(rows, "first_time"),
            .last_time = column_time(rows, "last_time"),
        };
        report->rows += source.rows;
        report->bytes += source.bytes;
        report_span(report, source.first_time, source.last_time);
        buffer_add(&sources, &source, sizeof source);
    }
    odd_rows_close(rows);
    report->sources = pool_array(&report->pool, &sources);
    report->source_count = sources.size / sizeof(Source);
    buffer_free(&sources);
    return ODD_OK;
}

static odd_rc timeline_fill(odd_db *db, const odd_question *question, Report *report)
{
    odd_rows *rows;
    odd_question timeline = {
        .view = ODD_TIMELINE, .since = question->since, .until = question->until};
    odd_rc rc = odd_query(db, &timeline, &rows);
    if (rc != ODD_OK)
        return rc;
    Buffer buckets = {0};
    while (odd_next(rows) == ODD_ROW) {
        Bucket bucket = {.time = column_time(rows, "time"),
                         .rows = column_count(rows, "rows"),
                         .errors = column_count(rows, "errors")};
        buffer_add(&buckets, &bucket, sizeof bucket);
    }
    odd_rows_close(rows);
    report->buckets = pool_array(&report->pool, &buckets);
    report->bucket_count = buckets.size / sizeof(Bucket);
    buffer_free(&buckets);
    return ODD_OK;
}

static odd_rc notes_fill(odd_db *db, Report *report)
{
    odd_rows *rows;
    odd_rc rc = odd_query(db, &(odd_question){.view = ODD_NOTES}, &rows);
    if (rc != ODD_OK)
        return rc;
    Buffer notes = {0};
    while (odd_next(rows) == ODD_ROW) {
        Note note = {.topic = column_piece(&report->pool, rows, "topic"),
                     .sentence = column_piece(&report->pool, rows, "sentence")};
        buffer_add(&notes, &note, sizeof note);
    }
    odd_rows_close(rows);
    report->notes = pool_array(&report->pool, &notes);
    report->note_count = notes.size / sizeof(Note);
    buffer_free(&notes);
    return ODD_OK;
}

static odd_rc rows_count(odd_db *db, odd_view view, uint64_t *ret_count)
{
    odd_rows *rows;
    odd_rc rc = odd_query(db, &(odd_question){.view = view}, &rows);
    if (rc != ODD_OK)
        return rc;
    while (odd_next(rows) == ODD_ROW)
        ++*ret_count;
    odd_rows_close(rows);
    return rc;
}

odd_rc report_fill(odd_db *db, const odd_question *question, FailOn fail_on, Report *ret)
{
    Report report = {.is_diff = question->view == ODD_DIFF,
                     .first_time = ODD_TIME_NONE,
                     .last_time = ODD_TIME_NONE,
                     .since = question->since,
                     .until = question->until};
    odd_rc rc = findings_fill(db, question, fail_on, &report);
    if (rc == ODD_OK)
        rc = sources_fill(db, &report);
    if (rc == ODD_OK)
        rc = timeline_fill(db, question, &report);
    if (rc == ODD_OK)
        rc = notes_fill(db, &report);
    if (rc == ODD_OK)
        rc = rows_count(db, ODD_PATTERNS, &report.patterns);
    if (rc == ODD_OK)
        rc = rows_count(db, ODD_SERIES, &report.series);
    if (rc != ODD_OK) {
        pool_free(&report.pool);
        return rc;
    }
    *ret = report;
    return ODD_OK;
}

int surprise_severity(double surprise, const char *level)
{
    if (surprise >= SURPRISE_HIGHEST || strcmp(level, "fatal") == 0)
        return 3;
    return surprise >= SURPRISE_HIGH || strcmp(level, "error") == 0 ? 2 : 1;
}

int finding_severity(const Finding *finding)
{
    return surprise_severity(finding->surprise, finding->level.text);
}

bool report_is_of_series(const Report *report)
{
    size_t tables = 0;
    for (size_t i = 0; i < report->source_count; i++) {
        bool is_table = strcmp(report->sources[i].kind.text, "series") == 0;
        if (!is_table && report->sources[i].rows > 0)
            return false;
        tables += is_table;
    }
    return tables > 0;
}

bool report_is_odd(const Report *report)
{
    for (size_t i = 0; i < report->finding_count; i++)
        if (report->findings[i].fails)
            return true;
    return false;
}

void report_free(Report *report)
{
    pool_free(&report->pool);
    *report = (Report){0};
}
