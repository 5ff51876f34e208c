/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/answer.h"

#include <stdio.h>
#include <stdlib.h>

#include "engine/rows.h"
#include "incident/sentence.h"

#define PATTERN_TEXT_SIZE 4096

odd_rc odd_query(odd_db *db, const odd_question *question, odd_rows **ret_rows)
{
    odd_rc rc = ODD_NOTFOUND;
    switch (question->view) {
    case ODD_FINDINGS:
        rc = answer_findings(db, question, ret_rows);
        break;
    case ODD_DIFF:
        rc = answer_diff(db, question, ret_rows);
        break;
    case ODD_PATTERNS:
        rc = answer_patterns(db, question, ret_rows);
        break;
    case ODD_SCORES:
        rc = answer_scores(db, question, ret_rows);
        break;
    case ODD_SAMPLES:
        rc = answer_samples(db, question, ret_rows);
        break;
    case ODD_SESSIONS:
        rc = answer_sessions(db, question, ret_rows);
        break;
    case ODD_SOURCES:
        rc = answer_sources(db, question, ret_rows);
        break;
    case ODD_TIMELINE:
        rc = answer_timeline(db, question, ret_rows);
        break;
    case ODD_NOTES:
        rc = answer_notes(db, question, ret_rows);
        break;
    case ODD_SERIES:
        rc = answer_series(db, question, ret_rows);
        break;
    case ODD_VERDICTS:
    case ODD_FEATURES:
    case ODD_QUESTIONS:
    case ODD_PRECISION:
    case ODD_MODELS:
    case ODD_MODEL_FEATURES:
    case ODD_MODEL_DRIFT:
    case ODD_MODEL_COURSE:
    case ODD_CHANGES:
    case ODD_MODEL_GROUPS:
    case ODD_MODEL_CURVE:
    case ODD_MODEL_QUESTIONS:
    case ODD_MODEL_LABELS:
    case ODD_INCIDENTS: /* Of a fold alone. */
        break;
    }
    if (rc == ODD_NOMEM)
        return problem_say(&db->problem, rc, "no memory left for the answer");
    if (rc == ODD_NOTFOUND)
        return problem_say(&db->problem, rc, "there is no view number %d", (int)question->view);
    return rc;
}

typedef struct {
    PatternRef reference;
    uint64_t   lines;
} PatternCount;

static int by_count(const void *left, const void *right)
{
    const PatternCount *a = left, *b = right;
    if (a->lines != b->lines)
        return a->lines > b->lines ? -1 : 1;
    return a->reference < b->reference ? -1 : a->reference > b->reference;
}

static void pattern_row(odd_db *db, const odd_question *question, PatternRef reference,
                        odd_rows *rows)
{
    char text[PATTERN_TEXT_SIZE];
    const Signal *signal = &db->signals.signals[reference];
    rows_text(rows, str_of(odd_signal(db, reference)));
    rows_int(rows, (int64_t)signal->rows[SIDE_JUDGED]);
    rows_text(rows, db_pattern_text(db, reference, question->wildcard, text, sizeof text));
    rows_int(rows, (int64_t)signal->records[SIDE_JUDGED]);
    rows_int(rows, (int64_t)signal->first.row);
    rows_int(rows, (int64_t)signal->last.row);
    rows_int(rows, (int64_t)signal->rows[SIDE_REFERENCE]);
}

odd_rc answer_patterns(odd_db *db, const odd_question *question, odd_rows **ret_rows)
{
    static const char *const columns[] = {"signal",   "count",           "pattern", "records",
                                          "first_row", "last_row", "reference_count", NULL};
    odd_settle(db);
    size_t capacity = 0, count = 0;
    PatternCount *counts =
        mem_grow(&db->mem, NULL, &capacity, db->signals.signal_count + 1, sizeof *counts);
    odd_rows *rows = counts != NULL ? rows_open(columns) : NULL;
    if (rows == NULL) {
        mem_free(&db->mem, counts, capacity * sizeof *counts);
        return ODD_NOMEM;
    }
    for (size_t i = 0; i < db->signals.signal_count; i++) {
        uint64_t lines =
            db->signals.signals[i].rows[SIDE_JUDGED] + db->signals.signals[i].rows[SIDE_REFERENCE];
        if (lines > 0)
            counts[count++] = (PatternCount){.reference = (PatternRef)i, .lines = lines};
    }
    qsort(counts, count, sizeof *counts, by_count);
    size_t limit = question->row_count_max > 0 ? (size_t)question->row_count_max : count;
    for (size_t i = 0; i < count && i < limit; i++)
        pattern_row(db, question, counts[i].reference, rows);
    mem_free(&db->mem, counts, capacity * sizeof *counts);
    return rows_finish(rows, ret_rows);
}

odd_rc answer_scores(odd_db *db, const odd_question *question, odd_rows **ret_rows)
{
    static const char *const columns[] = {"source_number", "row",    "time", "reference",
                                          "surprise",      "reason", NULL};
    (void)question; /* Scores come in full; the caller filters. */
    odd_rows *rows = rows_open(columns);
    for (size_t i = 0; rows != NULL && i < db->score_count; i++) {
        const Score *score = &db->scores[i];
        rows_int(rows, score->source);
        rows_int(rows, (int64_t)score->row);
        rows_int(rows, score->time);
        rows_int(rows, score->signal);
        rows_double(rows, (double)score->surprise);
        rows_constant(rows, score->reason != NULL ? score->reason : "");
    }
    odd_rc rc = rows_finish(rows, ret_rows);
    if (rc == ODD_OK)
        db->score_count = 0;
    return rc;
}

odd_rc answer_sources(odd_db *db, const odd_question *question, odd_rows **ret_rows)
{
    static const char *const columns[] = {
        "source",     "kind",      "rows",     "records",           "bytes",
        "timed_rows", "cut_rows",  "nul_rows", "invalid_utf8_rows", "backward_rows",
        "first_time", "last_time", NULL};
    (void)question;
    odd_rows *rows = rows_open(columns);
    for (size_t i = 0; rows != NULL && i < db->source_count; i++) {
        const Source *source = &db->sources[i];
        const SourceCounts *c = &source->counts;
        rows_text(rows, (Str){.text = source->name, .size = source->name_size});
        bool is_table = series_book_known_source(&db->book, (uint32_t)i) != NULL;
        rows_constant(rows, is_table          ? "series"
                            : source->sampled ? layout_kind_name(&source->layout)
                                              : "");
        const uint64_t counts[] = {
            c->rows,     c->records,           c->bytes,        c->timed_rows, c->cut_rows,
            c->nul_rows, c->invalid_utf8_rows, c->backward_rows};
        for (size_t k = 0; k < sizeof counts / sizeof counts[0]; k++)
            rows_int(rows, (int64_t)counts[k]);
        rows_int(rows, c->first_time);
        rows_int(rows, c->last_time);
    }
    return rows_finish(rows, ret_rows);
}

/* Along time where lines tell it, else along their numbers (then `time` is missing). */
odd_rc answer_timeline(odd_db *db, const odd_question *question, odd_rows **ret_rows)
{
    static const char *const columns[] = {"time", "rows", "errors", NULL};
    (void)question;
    Ruler ruler = db->signals.rulers[RULER_TIME].bucket_count > 0 ? RULER_TIME : RULER_ORDER;
    const Timeline *timeline = &db->signals.rulers[ruler];
    history_follow(&db->totals[ruler], timeline);
    history_follow(&db->errors[ruler], timeline);
    odd_rows *rows = rows_open(columns);
    for (uint32_t i = 0; rows != NULL && i < timeline->bucket_count; i++) {
        rows_int(rows, ruler == RULER_TIME ? timeline_moment(timeline, i) : ODD_TIME_NONE);
        rows_int(rows, db->totals[ruler].counts[i]);
        rows_int(rows, db->errors[ruler].counts[i]);
    }
    return rows_finish(rows, ret_rows);
}

/* A sentence about a count, if there is anything to tell. */
static void note_count(odd_rows *rows, const char *topic, uint64_t count, const char *sentence)
{
    char text[SENTENCE_SIZE];
    if (count == 0)
        return;
    rows_constant(rows, topic);
    int size = snprintf(text, sizeof text, sentence, (unsigned long long)count);
    rows_text(rows, (Str){.text = text, .size = (size_t)size});
}

odd_rc answer_notes(odd_db *db, const odd_question *question, odd_rows **ret_rows)
{
    static const char *const columns[] = {"topic", "sentence", NULL};
    (void)question;
    odd_rows *rows = rows_open(columns);
    if (rows == NULL)
        return ODD_NOMEM;
    if (pattern_table_coarse(db->patterns) > 0) {
        rows_constant(rows, "memory");
        rows_constant(rows, "nearly every line is different: to stay within memory, patterns have "
                            "become coarser (--memory gives more)");
    }
    note_count(rows, "memory", db->signals.spared,
               "memory was short: %llu times a sample, a value or a rate was not kept "
               "(--memory gives more)");
    note_count(rows, "findings", db->told.overflow,
               "%llu more odd things than can be kept were left out");
    note_count(rows, "shapes", db->shapes.overflow,
               "%llu lines took no part in the comparison: there was no room for more shapes "
               "(--memory gives more)");
    note_count(rows, "sessions", sessions_lost(&db->sessions),
               "%llu sessions had no room in memory (--memory gives more)");
    series_notes(db, rows);
    if (db->told.closest.surprise > 0) {
        char text[SENTENCE_SIZE];
        const char start[] = "Closest to odd: ";
        memcpy(text, start, sizeof start);
        size_t size = sizeof start - 1;
        size += sentence_write(&db->told.closest, text + size, sizeof text - size);
        rows_constant(rows, "closest");
        rows_text(rows, (Str){.text = text, .size = size});
    }
    return rows_finish(rows, ret_rows);
}
