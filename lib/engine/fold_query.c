/* SPDX-License-Identifier: Apache-2.0
 *
 * fold_query.c - the views of odd_fold_query, one function each. */
#include <inttypes.h>
#include <stdio.h>

#include "engine/fold_sources.h"
#include "engine/rows.h"
#include "event/level.h"

#define TEXT_SIZE 4096

static bool is_full(const odd_question *question, int *left)
{
    return question->row_count_max > 0 && (*left)-- == 0;
}

static void rows_level(odd_rows *rows, int level)
{
    rows_constant(rows, level != LEVEL_NONE ? level_name((Level)level) : "");
}

static void rows_hash(odd_rows *rows, uint64_t hash)
{
    char text[20];
    snprintf(text, sizeof text, "%016" PRIx64, hash);
    rows_text(rows, str_of(text));
}

/* "real", or "real, expected" where people differ; "": nobody said anything. */
static void rows_said(odd_rows *rows, unsigned said)
{
    char text[64] = "";
    size_t size = 0;
    for (int kind = 0; kind < VERDICT_UNDO; kind++)
        if (said & 1u << kind)
            size += (size_t)snprintf(text + size, sizeof text - size, "%s%s", size > 0 ? ", " : "",
                                     verdict_word((VerdictKind)kind));
    rows_text(rows, str_of(text));
}

/* What its incident is called; "": it is of none. */
static Str title_of(const odd_fold *fold, const BoardFinding *finding)
{
    const BoardIncident *incident = board_find_incident(&fold->board, board_incident_of(finding));
    return str_of(incident != NULL ? incident->view.sentence : "");
}

/* The newest first. */
static odd_rc query_findings(odd_fold *fold, const odd_question *question, odd_rows **ret)
{
    static const char *const columns[] = {
        "id",          "time",      "last_time",   "surprise",  "kind",    "source", "signal",
        "pattern",     "sentence",  "state",       "how_rare",  "sample",  "seen",   "expected",
        "incident",    "level",     "repeats",     "hidden_by", "verdict", "metric", "title",
        "like_source", "like_kind", "like_signal", NULL};
    odd_rows *rows = rows_open(columns);
    char sentence[BOARD_SENTENCE_SIZE];
    int left = question->row_count_max;
    size_t count;
    BoardFinding **all = board_all(&fold->board, &fold->mem, &count);
    for (size_t i = 0; rows != NULL && i < count; i++) {
        BoardFinding *finding = all[question->earliest_first ? i : count - 1 - i];
        const Candidate *first = &finding->first;
        if (!fold_in_span(question, first->time, finding->last_time) ||
            (question->changed && !board_is_news(finding)))
            continue;
        if (is_full(question, &left))
            break;
        rows_text(rows, str_of(finding->id));
        rows_int(rows, first->time);
        rows_int(rows, finding->last_time);
        rows_double(rows, finding->surprise);
        rows_constant(rows, finding_kind_word((FindingKind)first->kind));
        rows_text(rows, str_of(first->source));
        rows_hash(rows, first->pattern);
        rows_text(rows, str_of(first->pattern_text));
        rows_text(rows, board_sentence(finding, sentence));
        rows_constant(rows, board_finding_state(finding));
        rows_text(rows, str_of(first->how_rare));
        rows_text(rows, (Str){.text = first->sample, .size = first->sample_size});
        rows_double(rows, first->seen);
        rows_double(rows, first->expected);
        rows_text(rows, str_of(board_incident_of(finding)));
        rows_level(rows, first->level);
        rows_int(rows, (int64_t)finding->repeats);
        rows_text(rows, str_of(finding->by));
        rows_said(rows, finding->said);
        rows_int(rows, first->is_metric);
        rows_text(rows, question->changed ? title_of(fold, finding) : STR(""));
        Like like = board_like(finding);
        rows_text(rows, str_of(like.source));
        rows_text(rows, str_of(like.kind));
        rows_text(rows, str_of(like.signal));
        if (question->changed)
            board_news_told(finding);
    }
    mem_free(&fold->mem, all, count * sizeof(BoardFinding *));
    return rows_finish(rows, ret);
}

static void pattern_row(Shard *shard, uint32_t reference, const odd_question *question,
                        odd_rows *rows)
{
    char text[TEXT_SIZE];
    const Signal *signal = &shard->db->signals.signals[reference];
    rows_hash(rows, shard_pattern_id(shard, reference));
    rows_text(rows, names_text(&shard->sources, signal->last.source));
    rows_text(rows, db_pattern_text(shard->db, reference, question->wildcard, text, sizeof text));
    rows_int(rows, (int64_t)signal->rows[SIDE_JUDGED]);
    rows_int(rows, (int64_t)signal->records[SIDE_JUDGED]);
    rows_int(rows, signal_first_time(signal));
    rows_int(rows, signal_last_time(signal));
    rows_level(rows, signal_level(signal));
}

static odd_rc query_patterns(odd_fold *fold, const odd_question *question, odd_rows **ret)
{
    static const char *const columns[] = {"signal",  "source",     "pattern",   "count",
                                          "records", "first_time", "last_time", "level", NULL};
    odd_rows *rows = rows_open(columns);
    int left = question->row_count_max;
    for (int i = 0; rows != NULL && i < ODD_SHARD_COUNT; i++) {
        Shard *shard = &fold->shards[i];
        for (uint32_t k = 0; k < shard->db->signals.signal_count; k++) {
            const Signal *signal = &shard->db->signals.signals[k];
            if (signal->rows[SIDE_JUDGED] == 0 ||
                !fold_in_span(question, signal_first_time(signal), signal_last_time(signal)))
                continue;
            if (is_full(question, &left))
                return rows_finish(rows, ret);
            pattern_row(shard, k, question, rows);
        }
    }
    return rows_finish(rows, ret);
}

static odd_rc query_sources(const odd_fold *fold, odd_rows **ret)
{
    static const char *const columns[] = {
        "source",   "kind",       "rows",       "records",   "samples", "bytes",
        "cut_rows", "late_rows",  "first_time", "last_time", "known",   "series",
        "refused",  "early_rows", "watched",    "judged",    NULL};
    FoldSources list;
    odd_rows *rows = rows_open(columns);
    if (rows == NULL || !fold_sources_open(fold, &list)) {
        odd_rows_close(rows);
        return ODD_NOMEM;
    }
    for (size_t i = 0; i < list.count; i++) {
        const FoldSource *source = &list.sources[i];
        rows_text(rows, source->name);
        rows_constant(rows, source->kind);
        rows_int(rows, (int64_t)source->rows);
        rows_int(rows, (int64_t)source->records);
        rows_int(rows, (int64_t)source->samples);
        rows_int(rows, (int64_t)source->bytes);
        rows_int(rows, (int64_t)source->cut);
        rows_int(rows, (int64_t)source->late);
        rows_int(rows, source->first_time);
        rows_int(rows, source->last_time);
        rows_int(rows, source->known);
        rows_int(rows, (int64_t)source->series);
        rows_int(rows, (int64_t)source->refused);
        rows_int(rows, (int64_t)source->early);
        rows_int(rows, (int64_t)source->watched);
        rows_int(rows, (int64_t)source->judged);
    }
    fold_sources_close(&list);
    return rows_finish(rows, ret);
}

static void series_row(const Shard *shard, uint32_t number, odd_rows *rows)
{
    static const char *const seasons[] = {"", "day", "week"};
    const Series *series = shard_series(shard, number);
    const SeriesWatch *watch =
        series->watch != WATCH_NONE ? watch_table_at(&shard->watches, series->watch) : NULL;
    rows_text(rows, shard_series_name(shard, number));
    rows_text(rows, names_text(&shard->metric_source_names, series->source));
    rows_int(rows, (int64_t)series->samples);
    rows_int(rows, series->first_time);
    rows_int(rows, series->last_time);
    rows_double(rows, series->last_value);
    rows_double(rows, (double)series->surprise);
    rows_int(rows, watch != NULL);
    rows_constant(rows, watch != NULL ? series_class_name(series_class(&watch->kind)) : "");
    rows_constant(rows, watch != NULL ? seasons[series_season(watch)] : "");
}

static odd_rc query_series(const odd_fold *fold, const odd_question *question, odd_rows **ret)
{
    static const char *const columns[] = {"series",    "source",     "samples",  "first_time",
                                          "last_time", "last_value", "surprise", "watched",
                                          "class",     "season",     NULL};
    odd_rows *rows = rows_open(columns);
    int left = question->row_count_max;
    for (int i = 0; rows != NULL && i < ODD_SHARD_COUNT; i++) {
        const Shard *shard = &fold->shards[i];
        for (uint32_t k = 0; k < shard->series_names.count; k++) {
            if (is_full(question, &left))
                return rows_finish(rows, ret);
            series_row(shard, k, rows);
        }
    }
    return rows_finish(rows, ret);
}

odd_rc odd_fold_query(odd_fold *fold, const odd_question *question, odd_rows **ret_rows)
{
    odd_rc rc = ODD_NOTFOUND;
    switch (question->view) {
    case ODD_FINDINGS:
        rc = query_findings(fold, question, ret_rows);
        break;
    case ODD_INCIDENTS:
        rc = fold_incidents(fold, question, ret_rows);
        break;
    case ODD_CHANGES:
        rc = fold_changes(fold, question, ret_rows);
        break;
    case ODD_PATTERNS:
        rc = query_patterns(fold, question, ret_rows);
        break;
    case ODD_SOURCES:
        rc = query_sources(fold, ret_rows);
        break;
    case ODD_SERIES:
        rc = query_series(fold, question, ret_rows);
        break;
    case ODD_FEATURES:
        return fold_feature_rows(fold, ret_rows);
    case ODD_VERDICTS:
        rc = fold_verdict_rows(fold, ret_rows);
        break;
    case ODD_QUESTIONS:
        rc = fold_questions(fold, question, ret_rows);
        break;
    case ODD_PRECISION:
        rc = fold_precision(fold, ret_rows);
        break;
    case ODD_NOTES:
        rc = fold_notes(fold, ret_rows);
        break;
    case ODD_MODELS:
    case ODD_MODEL_FEATURES:
    case ODD_MODEL_DRIFT:
    case ODD_MODEL_COURSE:
    case ODD_MODEL_GROUPS:
    case ODD_MODEL_CURVE:
    case ODD_MODEL_QUESTIONS:
    case ODD_MODEL_LABELS:
        rc = fold_models(fold->shards, fold->now, question, ret_rows);
        break;
    case ODD_DIFF:
    case ODD_SCORES:
    case ODD_SAMPLES:
    case ODD_SESSIONS:
    case ODD_TIMELINE:
        break;
    }
    if (rc == ODD_NOTFOUND)
        return problem_say(&fold->problem, rc, "a fold has no view number %d", (int)question->view);
    return rc == ODD_OK ? rc : problem_say(&fold->problem, rc, "no memory left for the answer");
}
