/* SPDX-License-Identifier: Apache-2.0
 *
 * fold_questions.c - which findings a person is asked about, and how precise findings are by what
 * was answered. */
#include <stdio.h>

#include "base/hash.h"
#include "base/time.h"
#include "engine/fold.h"
#include "engine/rows.h"
#include "incident/like.h"
#include "incident/question.h"

#define SPAN_NS (30 * S_PER_DAY * NS_PER_S)
#define DAY_NS (S_PER_DAY * NS_PER_S)
#define SEED 0x7175657374696f6eULL
#define EXAMPLES 4

Like board_like(const BoardFinding *finding)
{
    const Candidate *c = &finding->first;
    return like_of((FindingKind)c->kind, c->is_metric, c->source, c->pattern, c->pattern_text);
}

static uint64_t hash_text(const char *text)
{
    return hash_bytes(text, strlen(text), SEED);
}

static Answer answer_of(const BoardFinding *finding)
{
    if (finding->said & 1u << VERDICT_REAL)
        return ANSWER_REAL;
    if (finding->said & (1u << VERDICT_EXPECTED | 1u << VERDICT_NEW_NORMAL))
        return ANSWER_EXPECTED;
    return finding->said & 1u << VERDICT_UNSURE ? ANSWER_UNSURE : ANSWER_NONE;
}

static bool was_said_today(const odd_fold *fold, const BoardFinding *finding)
{
    const Overlay *overlay = &fold->board.overlay;
    for (size_t i = 0; finding->said != 0 && i < overlay->count; i++) {
        const Verdict *verdict = &overlay->entries[i].verdict;
        if (strcmp(verdict->finding, finding->id) == 0 &&
            verdict->made / DAY_NS == fold->now / DAY_NS)
            return true;
    }
    return false;
}

static Asked asked_of(const odd_fold *fold, const BoardFinding *finding)
{
    const Candidate *c = &finding->first;
    Like like = board_like(finding);
    return (Asked){.id = hash_text(finding->id),
                   .signal = hash_add(hash_text(c->source), c->pattern),
                   .like = like_hash(&like),
                   .incident = hash_text(board_incident_of(finding)),
                   .time = c->time,
                   .kind = c->kind,
                   .answer = (uint8_t)answer_of(finding),
                   .is_held = finding->shown != SHOWN,
                   .was_today = was_said_today(fold, finding)};
}

typedef struct {
    Asked  *asked;
    size_t *at; /* In the findings. */
    size_t  count, capacity;
} Late;

/* Those of the last thirty days; of alerts the rules are asked, and not people. */
static bool late_open(odd_fold *fold, Late *late)
{
    const Board *board = &fold->board;
    *late = (Late){.capacity = board->finding_count};
    late->asked = mem_take(&fold->mem, late->capacity * sizeof *late->asked);
    late->at = mem_take(&fold->mem, late->capacity * sizeof *late->at);
    for (size_t i = 0; late->asked != NULL && late->at != NULL && i < late->capacity; i++) {
        const BoardFinding *finding = &board->findings[i];
        if (finding->first.kind == FINDING_ALERT ||
            time_minus(board->clock, finding->first.time) > SPAN_NS)
            continue;
        late->at[late->count] = i;
        late->asked[late->count++] = asked_of(fold, finding);
    }
    return late->capacity == 0 || (late->asked != NULL && late->at != NULL);
}

static void late_close(odd_fold *fold, Late *late)
{
    mem_free(&fold->mem, late->asked, late->capacity * sizeof *late->asked);
    mem_free(&fold->mem, late->at, late->capacity * sizeof *late->at);
}

/* A line each, an id and a sentence: what is like it, of other signals, the latest first. */
static void put_examples(const odd_fold *fold, const Late *late, const Asked *one, odd_rows *rows)
{
    char text[EXAMPLES * (ID_SIZE + BOARD_SENTENCE_SIZE)], sentence[BOARD_SENTENCE_SIZE];
    const char *told[EXAMPLES];
    size_t size = 0, count = 0;
    for (size_t i = late->count; i-- > 0 && count < EXAMPLES;) {
        const BoardFinding *finding = &fold->board.findings[late->at[i]];
        if (&late->asked[i] == one || late->asked[i].like != one->like || late->asked[i].is_held ||
            late->asked[i].signal == one->signal)
            continue;
        bool is_new = true;
        for (size_t k = 0; k < count; k++)
            is_new &= strcmp(told[k], finding->first.pattern_text) != 0;
        if (!is_new)
            continue;
        told[count++] = finding->first.pattern_text;
        Str words = board_sentence(finding, sentence);
        size += (size_t)snprintf(text + size, sizeof text - size, "%s%s %.*s", size > 0 ? "\n" : "",
                                 finding->id, (int)words.size, words.text);
    }
    rows_text(rows, (Str){.text = text, .size = size});
}

static void question_row(const odd_fold *fold, const Late *late, const QuestionAsked *question,
                         odd_rows *rows)
{
    char sentence[BOARD_SENTENCE_SIZE];
    const BoardFinding *finding = &fold->board.findings[late->at[question->at]];
    rows_text(rows, str_of(finding->id));
    rows_int(rows, finding->first.time);
    rows_double(rows, finding->surprise);
    rows_constant(rows, finding_kind_word((FindingKind)finding->first.kind));
    rows_text(rows, str_of(finding->first.source));
    rows_text(rows, str_of(finding->first.pattern_text));
    rows_text(rows, board_sentence(finding, sentence));
    rows_text(rows, str_of(board_incident_of(finding)));
    rows_constant(rows, question->by_chance ? "chance" : "most");
    rows_int(rows, (int64_t)question->like);
    rows_int(rows, (int64_t)question->days);
    rows_double(rows, question->real);
    put_examples(fold, late, &late->asked[question->at], rows);
}

odd_rc fold_questions(odd_fold *fold, const odd_question *wish, odd_rows **ret_rows)
{
    static const char *const columns[] = {"id",       "time",   "surprise", "kind",
                                          "source",   "signal", "sentence", "incident",
                                          "reason",   "like",   "days",     "real",
                                          "examples", NULL};
    size_t a_day = wish->row_count_max > 0 ? (size_t)wish->row_count_max : QUESTIONS_A_DAY;
    QuestionAsked asked[QUESTIONS_A_DAY_MAX];
    Late late;
    odd_rows *rows = rows_open(columns);
    bool good = late_open(fold, &late) && rows != NULL;
    size_t count = good ? questions_choose(late.asked, late.count, a_day, &fold->mem, asked) : 0;
    good &= count != SIZE_MAX;
    for (size_t i = 0; good && i < count; i++)
        question_row(fold, &late, &asked[i], rows);
    late_close(fold, &late);
    if (good)
        return rows_finish(rows, ret_rows);
    odd_rows_close(rows);
    return ODD_NOMEM;
}

odd_rc fold_precision(odd_fold *fold, odd_rows **ret_rows)
{
    static const char *const columns[] = {"answers", "real", "estimate", "lower", "upper", NULL};
    Late late;
    odd_rows *rows = rows_open(columns);
    bool good = late_open(fold, &late) && rows != NULL;
    PrecisionEstimate of = questions_precision(late.asked, late.count);
    late_close(fold, &late);
    if (!good) {
        odd_rows_close(rows);
        return ODD_NOMEM;
    }
    rows_int(rows, (int64_t)of.answers);
    rows_int(rows, (int64_t)of.real);
    rows_double(rows, of.estimate);
    rows_double(rows, of.lower);
    rows_double(rows, of.upper);
    return rows_finish(rows, ret_rows);
}
