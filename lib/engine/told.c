/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/told.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/time.h"
#include "engine/rows.h"
#include "event/level.h"
#include "incident/group.h"
#include "incident/sentence.h"

#define FINDINGS_DEFAULT 20
#define GROUP_ROWS_MAX 256 /* Further rows of a group are not listed. */
#define ROWS_TEXT_SIZE 2048
#define ROW_SPAN_SIZE 44 /* At most, of ",<row>-<row>". */
#define PATTERN_BYTES_MAX 1024
#define PLACE_NAME_BYTES_MAX 64

static Str copy_of(odd_db *db, Str text)
{
    char *copy = mem_take(&db->mem, text.size);
    if (copy == NULL)
        return (Str){0};
    memcpy(copy, text.text, text.size);
    return (Str){.text = copy, .size = text.size};
}

static void text_free(odd_db *db, Str text)
{
    mem_free(&db->mem, (char *)text.text, text.size);
}

/* What a finding says in words, copied: odd_explain and ODD_NOTES may be asked when further lines
 * have moved the originals.  Where memory is short a text is empty; only the showing suffers. */
static void told_words(odd_db *db, Finding *finding)
{
    char text[PATTERN_BYTES_MAX];
    if (finding->is_metric) {
        finding->pattern = copy_of(db, finding->pattern);
        return;
    }
    finding->pattern = copy_of(db, db_pattern_text(db, finding->signal, NULL, text, sizeof text));
    finding->value = copy_of(db, finding->value);
    finding->session = copy_of(db, finding->session);
    if (finding->kind == FINDING_VALUE && finding->place_number >= 0)
        finding->place = copy_of(db, (Str){.text = text,
                                           .size = pattern_place_name(db->patterns, finding->signal,
                                                                      finding->place_number, text,
                                                                      PLACE_NAME_BYTES_MAX)});
    finding->level = (Level)signal_level(&db->signals.signals[finding->signal]);
}

static void words_free(odd_db *db, Finding *finding)
{
    text_free(db, finding->pattern);
    text_free(db, finding->place);
    text_free(db, finding->value);
    text_free(db, finding->session);
}

void told_clear(odd_db *db)
{
    Told *told = &db->told;
    for (size_t i = 0; i < told->count; i++)
        words_free(db, &told->findings[i]);
    words_free(db, &told->closest);
    mem_free(&db->mem, told->findings, told->capacity * sizeof *told->findings);
    *told = (Told){0};
}

static odd_rc told_closest(odd_db *db, Finding finding)
{
    if (finding.surprise <= db->told.closest.surprise)
        return ODD_OK;
    words_free(db, &db->told.closest);
    told_words(db, &finding);
    db->told.closest = finding;
    return ODD_OK;
}

static Str sample_of(const odd_db *db, uint32_t number)
{
    const Signal *signal = &db->signals.signals[number];
    return signals_text(&db->signals, signal->sample_from, signal->sample_size);
}

odd_rc told_add(odd_db *db, Finding finding)
{
    Told *told = &db->told;
    if (finding.surprise < ODD_SURPRISE)
        return told_closest(db, finding);
    if (told->count == CANDIDATES_MAX) {
        told->overflow++;
        return ODD_OK;
    }
    Finding *grown =
        mem_grow(&db->mem, told->findings, &told->capacity, told->count + 1, sizeof *grown);
    if (grown == NULL)
        return ODD_NOMEM;
    told->findings = grown;
    finding.number = (uint32_t)told->count;
    told_words(db, &finding);
    if (finding.sample.size == 0 && !finding.is_metric)
        finding.sample = sample_of(db, finding.signal);
    grown[told->count++] = finding;
    return ODD_OK;
}

static bool within_span(const odd_question *question, const Finding *finding)
{
    if (finding->first.time == ODD_TIME_NONE)
        return true;
    return (question->since == 0 || finding->last.time >= question->since) &&
           (question->until == 0 || finding->first.time < question->until);
}

/* Those within the span come first; gives how many.  The others stay behind them, as their texts
 * are owned. */
static size_t keep_span(Told *told, const odd_question *question)
{
    size_t kept = 0;
    for (size_t i = 0; i < told->count; i++) {
        Finding finding = told->findings[i];
        if (!within_span(question, &finding))
            continue;
        told->findings[i] = told->findings[kept];
        told->findings[kept++] = finding;
    }
    return kept;
}

/* Days that the input covers: of the logs together, or of the longest table of series. */
static double days_of(const odd_db *db)
{
    const Timeline *timeline = &db->signals.rulers[RULER_TIME];
    int64_t longest = timeline->bucket_count > 0 ? timeline->newest - timeline->start : 0;
    for (size_t i = 0; i < db->source_count; i++) {
        const SourceCounts *counts = &db->sources[i].counts;
        bool is_table = series_book_known_source(&db->book, (uint32_t)i) != NULL;
        int64_t span = is_table ? time_minus(counts->last_time, counts->first_time) : 0;
        longest = span > longest ? span : longest;
    }
    return (double)longest / (double)(S_PER_DAY * NS_PER_S);
}

/* Findings that the alarm budget allows: so many a day, and never less than those of one day. */
static size_t budget(const odd_db *db)
{
    double days = days_of(db);
    double allowed = ceil(db->options.findings_per_day * (days > 1 ? days : 1));
    return allowed < CANDIDATES_MAX ? (size_t)allowed : CANDIDATES_MAX;
}

typedef struct {
    uint64_t *rows;
    size_t    count, capacity;
} RowSet;

static void row_set_add(RowSet *set, uint64_t row)
{
    if (set->count < set->capacity)
        set->rows[set->count++] = row;
}

static int compare_rows(const void *left, const void *right)
{
    uint64_t a = *(const uint64_t *)left, b = *(const uint64_t *)right;
    return (a > b) - (a < b);
}

/* The rows of a finding and of those told with it, in order, as far as there is room. */
static void rows_of_group(const odd_db *db, const Finding *head, RowSet *set)
{
    for (size_t i = 0; i < db->told.count; i++) {
        const Finding *f = &db->told.findings[i];
        if (f->group != head->group)
            continue;
        for (size_t k = 0; k < f->row_count; k++)
            if (f->rows[k].source == head->first.source)
                row_set_add(set, f->rows[k].row);
        if (f->row_count == 0 && f->kind != FINDING_GONE)
            row_set_add(set, f->first.row);
    }
    qsort(set->rows, set->count, sizeof *set->rows, compare_rows);
}

/* "12-40": of a series all that it was odd for. */
static void rows_cell_of_metric(const Finding *f, odd_rows *rows)
{
    char text[ROW_SPAN_SIZE];
    const char *format = f->last.row > f->first.row ? "%llu-%llu" : "%llu";
    int size = f->first.row > 0
                   ? snprintf(text, sizeof text, format, (unsigned long long)f->first.row,
                              (unsigned long long)f->last.row)
                   : 0;
    rows_text(rows, (Str){.text = text, .size = (size_t)size});
}

/* "14,15,20-22" */
static void rows_cell_of(const odd_db *db, const Finding *head, odd_rows *rows)
{
    uint64_t numbers[GROUP_ROWS_MAX];
    RowSet set = {.rows = numbers, .capacity = GROUP_ROWS_MAX};
    rows_of_group(db, head, &set);
    char text[ROWS_TEXT_SIZE];
    size_t used = 0;
    for (size_t from = 0, to; from < set.count && used + ROW_SPAN_SIZE < sizeof text; from = to) {
        for (to = from + 1; to < set.count && numbers[to] <= numbers[to - 1] + 1;)
            to++;
        used += (size_t)snprintf(text + used, sizeof text - used, used > 0 ? ",%llu" : "%llu",
                                 (unsigned long long)numbers[from]);
        if (numbers[to - 1] > numbers[from])
            used += (size_t)snprintf(text + used, sizeof text - used, "-%llu",
                                     (unsigned long long)numbers[to - 1]);
    }
    rows_text(rows, (Str){.text = text, .size = used});
}

static void finding_row(odd_db *db, const Finding *f, int64_t rank, odd_rows *rows)
{
    char text[SENTENCE_SIZE];
    rows_int(rows, rank);
    rows_constant(rows, finding_kind_word(f->kind));
    rows_text(rows, f->is_metric ? f->pattern : str_of(odd_signal(db, f->signal)));
    rows_int(rows, f->first.time);
    rows_int(rows, f->last.time);
    rows_double(rows, f->surprise);
    rows_text(rows, (Str){.text = text, .size = sentence_write(f, text, sizeof text)});
    rows_text(rows, (Str){.text = text, .size = sentence_how_rare(f, text, sizeof text)});
    rows_text(rows, f->sample);
    const Source *source = &db->sources[f->first.source];
    rows_text(rows, (Str){.text = source->name, .size = source->name_size});
    rows_int(rows, (int64_t)f->first.row);
    rows_int(rows, (int64_t)f->last.row);
    rows_int(rows, (int64_t)f->repeats);
    rows_double(rows, f->seen);
    rows_double(rows, f->expected);
    rows_double(rows, finding_effect(f));
    rows_text(rows, f->pattern);
    if (f->is_metric)
        rows_cell_of_metric(f, rows);
    else
        rows_cell_of(db, f, rows);
    rows_constant(rows, level_name(f->level));
}

odd_rc told_answer(odd_db *db, const odd_question *question, odd_rows **ret_rows)
{
    static const char *const columns[] = {
        "rank",     "kind",   "signal", "time",   "last_time", "surprise", "sentence",
        "how_rare", "sample", "source", "row",    "last_row",  "repeats",  "seen",
        "expected", "effect", "pattern", "rows",  "level",     NULL};
    Told *told = &db->told;
    size_t groups = findings_group(told->findings, keep_span(told, question));
    size_t limit = question->row_count_max > 0 ? (size_t)question->row_count_max : FINDINGS_DEFAULT;
    if (question->view == ODD_FINDINGS && budget(db) < limit)
        limit = budget(db);
    odd_rows *rows = rows_open(columns);
    for (size_t i = 0; rows != NULL && i < groups && i < limit; i++)
        finding_row(db, &told->findings[i], (int64_t)i + 1, rows);
    told->told_count = groups < limit ? groups : limit;
    return rows_finish(rows, ret_rows);
}

static void fact(odd_rows *rows, const char *name, double value)
{
    rows_constant(rows, name);
    rows_double(rows, value);
    rows_constant(rows, "");
}

static void fact_text(odd_rows *rows, const char *name, Str text)
{
    rows_constant(rows, name);
    rows_double(rows, NAN);
    rows_text(rows, text);
}

static void facts_of_metric(const odd_db *db, const Finding *f, odd_rows *rows)
{
    fact(rows, "seen", f->seen);
    fact(rows, "expected", f->expected);
    fact(rows, "lower", f->lower);
    fact(rows, "upper", f->upper);
    fact(rows, "history", (double)f->history);
    fact(rows, "looked_at", (double)f->looked_at);
    fact(rows, "neighbours", (double)f->neighbours);
    fact(rows, "series", (double)db->book.count);
}

/* The numbers behind the sentence, then what else was looked at. */
static void facts(const odd_db *db, const Finding *f, odd_rows *rows)
{
    const Signal *signal = &db->signals.signals[f->signal];
    fact(rows, "seen", f->seen);
    fact(rows, "expected", f->expected);
    fact(rows, "history", (double)f->history);
    fact(rows, "looked_at", (double)f->looked_at);
    fact_text(rows, "place", f->place);
    fact_text(rows, "value", f->value);
    fact_text(rows, "session", f->session);
    fact(rows, "neighbours", (double)f->neighbours);
    fact(rows, "pattern_records", (double)signal->records[SIDE_JUDGED]);
    fact(rows, "pattern_good_records", (double)signal->records[SIDE_REFERENCE]);
    fact(rows, "pattern_first_row", (double)signal->first.row);
    fact(rows, "pattern_last_row", (double)signal->last.row);
    fact(rows, "lines", (double)db->lines[SIDE_JUDGED]);
    fact(rows, "good_lines", (double)db->lines[SIDE_REFERENCE]);
    fact(rows, "patterns", (double)db->signals.signal_count);
    fact(rows, "rates", (double)db->signals.course_count);
    fact(rows, "places", (double)db->signals.place_count);
    fact(rows, "sessions", (double)db->sessions.total);
}

const Finding *told_ranked(odd_db *db, int rank)
{
    if (rank >= 1 && (size_t)rank <= db->told.told_count)
        return &db->told.findings[rank - 1];
    problem_say(&db->problem, ODD_RANGE, "there is no finding of rank %d in the last answer", rank);
    return NULL;
}

odd_rc odd_explain(odd_db *db, int rank, odd_rows **ret_rows)
{
    static const char *const columns[] = {"name", "value", "text", NULL};
    const Finding *f = told_ranked(db, rank);
    if (f == NULL)
        return ODD_RANGE;
    odd_rows *rows = rows_open(columns);
    if (rows == NULL)
        return problem_say(&db->problem, ODD_NOMEM, "no memory left for the answer");
    if (f->is_metric)
        facts_of_metric(db, f, rows);
    else
        facts(db, f, rows);
    return rows_finish(rows, ret_rows);
}
