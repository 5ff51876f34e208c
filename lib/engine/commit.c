/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/batch.h"
#include "engine/db.h"
#include "engine/judge.h"
#include "event/level.h"

static void count_line(Source *source, const Item *item)
{
    SourceCounts *counts = &source->counts;
    counts->rows++;
    counts->bytes += item->line_size;
    counts->cut_rows += item->is_cut;
    counts->nul_rows += item->has_nul;
    counts->invalid_utf8_rows += item->has_invalid_utf8;
    if (item->time == ODD_TIME_NONE)
        return;
    counts->timed_rows++;
    counts->backward_rows += source->last_time != ODD_TIME_NONE && item->time < source->last_time;
    if (counts->first_time == ODD_TIME_NONE || item->time < counts->first_time)
        counts->first_time = item->time;
    if (counts->last_time == ODD_TIME_NONE || item->time > counts->last_time)
        counts->last_time = item->time;
    source->last_time = item->time;
}

/* Times are new on every line; they are no values to compare. */
static void find_places(const odd_db *db, Line *line, PatternPlace *all)
{
    uint32_t count = pattern_places(db->patterns, line->signal, line->lexed, all);
    line->variables = all;
    line->variable_count = count;
    for (uint32_t i = 0; i < count; i++)
        if (line->lexed->values[all[i].value].kind != KIND_TIME)
            line->places[line->place_count++] = (LinePlace){.at = all[i]};
    /* A signal's places are linked newest first, nearly always from the last to the first. */
    uint32_t hint = NONE;
    for (uint32_t i = line->place_count; i-- > 0;)
        hint = line->places[i].known =
            signals_known_place(&db->signals, line->signal, line->places[i].at.place, hint);
}

static void learn_values(odd_db *db, const Line *line, Str whole)
{
    for (uint32_t i = 0; i < line->place_count; i++) {
        LinePlace filled = line->places[i];
        const Value *value = &line->lexed->values[filled.at.value];
        Place *place = filled.known != NONE
                           ? &db->signals.places[filled.known]
                           : signals_place(&db->signals, line->signal, filled.at.place);
        if (place != NULL)
            place_count(&db->signals, place, line->side, line->spot, value->hash,
                        str_part(line->message, value->from, value->from + value->size), whole);
    }
}

static void learn_record(odd_db *db, Source *source, const Line *line, Str whole)
{
    Signals *signals = &db->signals;
    Signal *signal = &signals->signals[line->signal];
    if (line->is_frame) {
        signal->frames[line->side]++;
        Signal *head = &signals->signals[pattern_root(db->patterns, source->last_signal)];
        head->rows[line->side]++;
        return;
    }
    Ruler ruler = line->spot.time != ODD_TIME_NONE ? RULER_TIME : RULER_ORDER;
    int64_t moment = ruler == RULER_TIME ? line->spot.time : (int64_t)line->spot.sequence;
    uint32_t bucket = timeline_bucket(&signals->rulers[ruler], moment);
    signals_count(signals, line->signal, line->side, line->spot, line->level, ruler, bucket, whole);
    if (line->side == SIDE_JUDGED) {
        db->last_judged = line->spot;
        history_add(&db->totals[ruler], &signals->rulers[ruler], bucket);
        if (line->level >= LEVEL_ERROR)
            history_add(&db->errors[ruler], &signals->rulers[ruler], bucket);
    }
    source->counts.records++;
    source->last_signal = line->signal;
}

static odd_rc keep_score(odd_db *db, const Line *line, Judgement judgement)
{
    Score *grown =
        mem_grow(&db->mem, db->scores, &db->score_capacity, db->score_count + 1, sizeof *grown);
    if (grown == NULL)
        return problem_say(&db->problem, ODD_NOMEM, "no memory left for the scores of %zu rows",
                           db->score_count);
    db->scores = grown;
    grown[db->score_count++] = (Score){.row = line->spot.row,
                                       .time = line->spot.time,
                                       .source = line->spot.source,
                                       .signal = line->head,
                                       .surprise = (float)judgement.surprise,
                                       .reason = judgement.reason};
    return ODD_OK;
}

static Lexed lexed_of(const odd_batch *batch, const Item *item)
{
    return (Lexed){.key = item->key,
                   .check = item->check,
                   .value_count = item->value_count,
                   .byte_count = item->message_size,
                   .values = batch->values + item->value_from};
}

/* What a line says but for its variables: two lines that differ in the kind of a variable alone, a
 * number here and a hexadecimal one there, say the same. */
static uint64_t words_key(const Lexed *lexed)
{
    uint64_t key = lexed->value_count;
    for (uint32_t i = 0; i < lexed->value_count; i++)
        key = hash_add(key, lexed->values[i].kind == KIND_WORD ? lexed->values[i].hash : 0);
    return key;
}

/* Its sample, values and shape. */
static void learn_text(odd_db *db, const Line *line, Str whole)
{
    signals_sample(&db->signals, line->signal, line->side, whole);
    learn_values(db, line, whole);
    if (db->lines[SIDE_REFERENCE] > 0)
        shapes_count(&db->shapes, words_key(line->lexed), line->side, line->spot, line->signal,
                     line->level, whole);
}

/* time: the line's own, not one that it inherits. */
static void feed_session(odd_db *db, const Line *line, Str whole, odd_time time)
{
    if (db->sessions.feed == NULL || db->sessions.ended)
        return;
    session_feed_line(db->sessions.feed, &(SessionLine){.text = whole,
                                                        .row = line->spot.row,
                                                        .time = time,
                                                        .symbol = line->signal,
                                                        .level = line->level,
                                                        .reference = line->side == SIDE_REFERENCE});
}

/* One line: which pattern, how surprising, and only then learnt. */
odd_rc commit_line(odd_db *db, odd_batch *batch)
{
    const Item *item = &batch->items[batch->next];
    Source *source = &db->sources[batch->source];
    count_line(source, item);
    db->line_count++;

    Lexed lexed = lexed_of(batch, item);
    LinePlace places[LEX_VALUES_MAX];
    PatternPlace variables[LEX_VALUES_MAX];
    Line line = {.message = batch_message(batch, item),
                 .lexed = &lexed,
                 .places = places,
                 .side = source->reading.reference ? SIDE_REFERENCE : SIDE_JUDGED,
                 .level = item->level,
                 .family = source->family,
                 .spot = {.sequence = db->line_count,
                          .row = batch->first_row + batch->next,
                          .time = source->last_time,
                          .source = (uint32_t)batch->source}};
    db->lines[line.side]++;
    line.is_frame = item->continues && source->counts.records > 0;
    bool is_new;
    line.signal = pattern_learn(db->patterns, line.message, &lexed, &is_new);
    db_follow_merges(db);
    if (signals_at(&db->signals, line.signal) == NULL)
        return problem_say(&db->problem, ODD_NOMEM, "no memory left after %zu patterns",
                           db->signals.signal_count);
    if (is_new)
        db->signals.signals[line.signal].trouble = (uint8_t)level_of_words(line.message);
    line.head = line.is_frame ? source->last_signal : line.signal;
    batch->next++;

    find_places(db, &line, variables);
    Judgement judgement = {0};
    if (db->options.scores) {
        judgement = judge_line(db, &line);
        judge_learn(db, &line);
    }
    learn_record(db, source, &line, batch_line(batch, item));
    learn_text(db, &line, batch_line(batch, item));
    if (!line.is_frame)
        feed_session(db, &line, batch_line(batch, item), item->time);
    if (db->taker != NULL)
        return db->taker(db->taker_context, &line, judgement);
    return db->options.scores ? keep_score(db, &line, judgement) : ODD_OK;
}

/* Where the next line of a batch belongs in time: lines without time follow their predecessor. */
static odd_time head_time(const odd_db *db, const odd_batch *batch)
{
    odd_time own = batch->items[batch->next].time;
    return own != ODD_TIME_NONE ? own : db->sources[batch->source].last_time;
}

/* The head whose next line is the earliest; of equals the first, so that ties never depend on
 * anything but the order of the heads. */
static size_t earliest_head(const odd_db *db, odd_batch *const *heads, size_t head_count)
{
    size_t earliest = 0;
    for (size_t i = 1; i < head_count; i++)
        if (head_time(db, heads[i]) < head_time(db, heads[earliest]))
            earliest = i;
    return earliest;
}

odd_rc odd_commit(odd_db *db, odd_batch *const *heads, size_t head_count, size_t *ret_used_up)
{
    if (head_count == 0)
        return problem_say(&db->problem, ODD_MISUSE, "odd_commit needs at least one batch");
    for (size_t i = 0; i < head_count; i++)
        if (heads[i]->next >= heads[i]->item_count && !heads[i]->is_sheet)
            return problem_say(&db->problem, ODD_MISUSE, "batch %zu of %zu is used up already", i,
                               head_count);
    for (size_t i = 0; i < head_count; i++)
        if (heads[i]->next == heads[i]->item_count) { /* Nothing but a table's head. */
            *ret_used_up = i;
            return ODD_OK;
        }
    for (;;) {
        size_t at = earliest_head(db, heads, head_count);
        odd_rc rc = heads[at]->is_sheet ? commit_row(db, heads[at]) : commit_line(db, heads[at]);
        if (rc != ODD_OK)
            return rc;
        if (heads[at]->next == heads[at]->item_count) {
            *ret_used_up = at;
            return ODD_OK;
        }
    }
}
