/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/sessions.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "engine/answer.h"
#include "engine/judge.h"
#include "engine/rows.h"
#include "engine/told.h"
#include "incident/session_reason.h"

#define REASON_SIZE 600
#define PATTERN_BYTES_MAX 200

static void sessions_take(void *context, const SessionJudgement *ended)
{
    Sessions *s = context;
    s->total++;
    if (s->only_odd && ended->surprise < ODD_SURPRISE)
        return;
    SessionJudgement *grown = mem_grow(s->mem, s->list, &s->capacity, s->count + 1, sizeof *grown);
    if (grown == NULL) {
        s->lost++;
        return;
    }
    s->list = grown;
    grown[s->count++] = *ended;
}

odd_rc sessions_open(Sessions *s, Mem *mem, const odd_options *options)
{
    s->mem = mem;
    if (options->sessions == ODD_SESSIONS_NONE)
        return ODD_OK;
    s->only_odd = options->sessions == ODD_SESSIONS_ODD;
    s->feed = session_feed_open(mem, options->seed, options->session_key, sessions_take, s);
    return s->feed != NULL ? ODD_OK : ODD_NOMEM;
}

void sessions_close(Sessions *s)
{
    session_feed_close(s->feed);
    mem_free(s->mem, s->list, s->capacity * sizeof *s->list);
}

static int by_first_row(const void *left, const void *right)
{
    const SessionJudgement *a = left, *b = right;
    if (a->first_row != b->first_row)
        return a->first_row < b->first_row ? -1 : 1;
    return strcmp(a->key, b->key);
}

void sessions_end(Sessions *s)
{
    if (s->feed == NULL || s->ended)
        return;
    s->ended = true;
    session_feed_end(s->feed);
    if (s->count > 0)
        qsort(s->list, s->count, sizeof *s->list, by_first_row);
}

/* "has `...` (3 of 4,310 sessions); ends without `...` (5 of 4,310 sessions)" */
static Str reason_of(const odd_db *db, const SessionJudgement *session, size_t trait_count,
                     char *buffer, size_t size)
{
    size_t used = 0;
    buffer[0] = '\0';
    for (size_t i = 0; i < trait_count && session->traits[i].evidence > 0; i++) {
        const ShapeTrait *trait = &session->traits[i];
        char text[PATTERN_BYTES_MAX], other_text[PATTERN_BYTES_MAX];
        PatternRef root = pattern_root(db->patterns, trait->symbol);
        PatternRef other = pattern_root(db->patterns, trait->other);
        Str other_pattern = db_pattern_text(db, other, NULL, other_text, sizeof other_text);
        SessionTrait told = {.kind = (SessionTraitKind)trait->kind,
                             .pattern = db_pattern_text(db, root, NULL, text, sizeof text),
                             .other = other_pattern,
                             .at_end = trait->at_end,
                             .count = trait->count,
                             .usual = trait->usual,
                             .sessions = trait->sessions,
                             .of = trait->of};
        if (used > 0 && used + 3 < size)
            used += (size_t)snprintf(buffer + used, size - used, "; ");
        used += session_reason_write(&told, buffer + used, size - used);
    }
    return (Str){.text = buffer, .size = used};
}

odd_rc sessions_add_findings(odd_db *db)
{
    Sessions *s = &db->sessions;
    sessions_end(s);
    for (size_t i = 0; i < s->count; i++) {
        const SessionJudgement *session = &s->list[i];
        if (session->surprise < ODD_SURPRISE)
            continue;
        char reason[REASON_SIZE];
        const Signal *signals = db->signals.signals;
        PatternRef root = pattern_root(db->patterns, session->traits[0].symbol);
        Spot first = {.row = session->first_row, .time = session->first_time, .sequence = 1};
        Spot last = {.row = session->last_row, .time = session->last_time, .sequence = 1};
        first.source = last.source = signals[root].first.source;
        odd_rc rc = told_add(db, (Finding){.kind = FINDING_SESSION,
                                           .signal = root,
                                           .first = first,
                                           .last = last,
                                           .repeats = session->events,
                                           .surprise = session->surprise,
                                           .seen = 1,
                                           .expected = NAN,
                                           .history = s->total,
                                           .looked_at = s->total,
                                           .trait = (int)session->traits[0].kind,
                                           .session = str_of(session->key),
                                           .value = reason_of(db, session, 1, reason, sizeof reason)});
        if (rc != ODD_OK)
            return rc;
    }
    return ODD_OK;
}

odd_rc answer_sessions(odd_db *db, const odd_question *question, odd_rows **ret_rows)
{
    static const char *const columns[] = {"session", "first_row", "last_row", "events",
                                          "surprise", "reason", "key", NULL};
    db_settle(db);
    sessions_end(&db->sessions);
    const Sessions *s = &db->sessions;
    size_t limit = question->row_count_max > 0 ? (size_t)question->row_count_max : s->count;
    char key_text[SESSION_KEY_WORD_MAX + 1] = "";
    if (s->feed != NULL) {
        SessionKey key = session_feed_key(s->feed);
        snprintf(key_text, sizeof key_text, "%.*s", (int)key.size, key.word);
    }
    odd_rows *rows = rows_open(columns);
    for (size_t i = 0; rows != NULL && i < s->count && i < limit; i++) {
        char reason[REASON_SIZE];
        rows_text(rows, str_of(s->list[i].key));
        rows_int(rows, (int64_t)s->list[i].first_row);
        rows_int(rows, (int64_t)s->list[i].last_row);
        rows_int(rows, (int64_t)s->list[i].events);
        rows_double(rows, s->list[i].surprise);
        rows_text(rows, reason_of(db, &s->list[i], SHAPE_TRAITS_MAX, reason, sizeof reason));
        rows_text(rows, str_of(key_text));
    }
    return rows_finish(rows, ret_rows);
}
