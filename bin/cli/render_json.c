/* SPDX-License-Identifier: Apache-2.0
 *
 * render_json.c - the answer for programs: {"findings": [...], "summary": {...}, "notes": [...]} */
#include <math.h>

#include "cli/json.h"
#include "cli/render.h"

/* A finding about more rows than this lists the first ones, and its count tells the rest. */
#define JSON_ROWS_MAX 100000

static void named_text(Json *json, const char *name, Piece text)
{
    json_name(json, name);
    json_piece(json, text);
}

static void named_integer(Json *json, const char *name, int64_t value)
{
    json_name(json, name);
    json_integer(json, value);
}

static void named_real(Json *json, const char *name, double value)
{
    json_name(json, name);
    json_real(json, value);
}

static void named_number(Json *json, const char *name, double value)
{
    json_name(json, name);
    json_number(json, value);
}

static void named_time(Json *json, const char *name, odd_time time)
{
    json_name(json, name);
    json_time(json, time);
}

static void rows_write(Json *json, const Finding *finding)
{
    json_name(json, "rows");
    json_open(json, '[');
    int64_t left = JSON_ROWS_MAX;
    for (size_t i = 0; i < finding->span_count; i++)
        for (int64_t row = finding->spans[i].first; row <= finding->spans[i].last && left > 0;
             left--)
            json_integer(json, row++);
    json_close(json, ']');
}

static void reasons_write(Json *json, const Finding *finding)
{
    json_name(json, "explain");
    json_open(json, '{');
    for (size_t i = 0; i < finding->reason_count; i++) {
        const Reason *reason = &finding->reasons[i];
        if (!isfinite(reason->value) && reason->text.size > 0)
            named_text(json, reason->name.text, reason->text);
        else
            named_number(json, reason->name.text, reason->value);
    }
    json_close(json, '}');
}

static void finding_write(Json *json, const Finding *finding)
{
    json_open(json, '{');
    named_integer(json, "rank", finding->rank);
    named_text(json, "kind", finding->kind);
    named_text(json, "signal", finding->signal);
    if (finding->pattern.size > 0)
        named_text(json, "pattern", finding->pattern);
    named_time(json, "time", finding->time);
    named_time(json, "last_time", finding->last_time);
    if (finding->level.size > 0)
        named_text(json, "level", finding->level);
    named_real(json, "surprise", finding->surprise);
    named_number(json, "effect", finding->effect);
    named_text(json, "sentence", finding->sentence);
    named_text(json, "how_rare", finding->how_rare);
    named_text(json, "sample", finding->sample);
    named_text(json, "source", finding->source);
    named_integer(json, "row", finding->row);
    named_integer(json, "last_row", finding->last_row);
    rows_write(json, finding);
    named_integer(json, "repeats", finding->repeats);
    named_number(json, "seen", finding->seen);
    named_number(json, "expected", finding->expected);
    reasons_write(json, finding);
    json_close(json, '}');
}

static void source_write(Json *json, const Source *source)
{
    json_open(json, '{');
    named_text(json, "source", source->name);
    named_text(json, "kind", source->kind);
    named_integer(json, "rows", (int64_t)source->rows);
    named_integer(json, "records", (int64_t)source->records);
    named_integer(json, "bytes", (int64_t)source->bytes);
    named_integer(json, "timed_rows", (int64_t)source->timed_rows);
    named_integer(json, "cut_rows", (int64_t)source->cut_rows);
    named_integer(json, "nul_rows", (int64_t)source->nul_rows);
    named_integer(json, "invalid_utf8_rows", (int64_t)source->invalid_utf8_rows);
    named_integer(json, "backward_rows", (int64_t)source->backward_rows);
    named_time(json, "first_time", source->first_time);
    named_time(json, "last_time", source->last_time);
    json_close(json, '}');
}

static void summary_write(Json *json, const Report *report)
{
    json_name(json, "summary");
    json_open(json, '{');
    named_integer(json, "rows", (int64_t)report->rows);
    named_integer(json, "bytes", (int64_t)report->bytes);
    named_integer(json, "patterns", (int64_t)report->patterns);
    if (report->series > 0)
        named_integer(json, "series", (int64_t)report->series);
    named_integer(json, "findings", (int64_t)report->finding_count);
    named_time(json, "first_time", report->first_time);
    named_time(json, "last_time", report->last_time);
    json_name(json, "interrupted");
    json_bool(json, report->interrupted);
    json_name(json, "sources");
    json_open(json, '[');
    for (size_t i = 0; i < report->source_count; i++)
        source_write(json, &report->sources[i]);
    json_close(json, ']');
    json_close(json, '}');
}

void render_json(Buffer *out, const Report *report)
{
    Json json = {.out = out};
    json_open(&json, '{');
    json_name(&json, "findings");
    json_open(&json, '[');
    for (size_t i = 0; i < report->finding_count; i++)
        finding_write(&json, &report->findings[i]);
    json_close(&json, ']');
    summary_write(&json, report);
    json_name(&json, "notes");
    json_open(&json, '[');
    for (size_t i = 0; i < report->note_count; i++) {
        json_open(&json, '{');
        named_text(&json, "topic", report->notes[i].topic);
        named_text(&json, "sentence", report->notes[i].sentence);
        json_close(&json, '}');
    }
    json_close(&json, ']');
    json_close(&json, '}');
}
