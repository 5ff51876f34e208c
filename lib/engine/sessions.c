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
#include "stats/combine.h"

#define REASON_SIZE 600
#define HINT_SURPRISE 1.0 /* From here on a session counts as one more that was looked at. */
#define PATTERN_BYTES_MAX 200

static void sessions_take(void *context, const SessionJudgement *ended)
{
    Sessions *s = context;
    s->total++;
    s->hinted[ended->traits[0].kind] += ended->surprise >= HINT_SURPRISE;
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

uint64_t sessions_lost(const Sessions *s)
{
    return s->lost + (s->feed != NULL ? session_feed_lost(s->feed) : 0);
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

typedef struct { /* An odd session, and the way in which it is. */
    const SessionJudgement *session;
    PatternRef              root;
    int                     trait;
} OddSession;

static int by_way(const void *left, const void *right)
{
    const OddSession *a = left, *b = right;
    if (a->root != b->root)
        return a->root < b->root ? -1 : 1;
    if (a->trait != b->trait)
        return a->trait < b->trait ? -1 : 1;
    if (a->session->surprise < b->session->surprise || a->session->surprise > b->session->surprise)
        return a->session->surprise > b->session->surprise ? -1 : 1;
    return a->session < b->session ? -1 : a->session > b->session;
}

static bool same_way(const OddSession *a, const OddSession *b)
{
    return a->root == b->root && a->trait == b->trait;
}

static odd_rc add_session(odd_db *db, const OddSession *odd, double surprise)
{
    const SessionJudgement *session = odd->session;
    char reason[REASON_SIZE];
    uint32_t source = db->signals.signals[odd->root].first.source;
    return told_add(
        db, (Finding){
                .kind = FINDING_SESSION,
                .signal = odd->root,
                .first = {.row = session->first_row, .time = session->first_time, .source = source},
                .last = {.row = session->last_row, .time = session->last_time, .source = source},
                .repeats = session->events,
                .surprise = surprise,
                .seen = 1,
                .expected = NAN,
                .history = db->sessions.total,
                .looked_at = db->sessions.total,
                .trait = odd->trait,
                .session = str_of(session->key),
                .value = reason_of(db, session, 1, reason, sizeof reason)});
}

/* How many sessions were looked at for such a trait: those that hint at one; but counts come in
 * degrees, so that every session with the pattern is one. */
static double looks(const Sessions *s, const OddSession *odd)
{
    const ShapeTrait *trait = &odd->session->traits[0];
    return trait->kind == TRAIT_COUNT ? (double)trait->of : (double)s->hinted[trait->kind];
}

/* [group, group + count) are odd in the same way, the oddest first.  Of many looks chance alone
 * makes one odd, which is corrected for; many that are odd in the same way it does not make. */
static odd_rc add_sessions(odd_db *db, const OddSession *group, size_t count)
{
    double total = (double)db->sessions.total;
    double least = group[count - 1].session->surprise;
    double alone = combine_bonferroni(group[0].session->surprise, looks(&db->sessions, &group[0]));
    double together = combine_crowd((double)count, least, total);
    double surprise = alone > together ? alone : together;
    odd_rc rc = ODD_OK;
    for (size_t i = 0; rc == ODD_OK && i < count; i++)
        rc = add_session(db, &group[i], surprise);
    return rc;
}

static size_t list_odd(const odd_db *db, OddSession *ret_list)
{
    size_t count = 0;
    for (size_t i = 0; i < db->sessions.count; i++) {
        const SessionJudgement *session = &db->sessions.list[i];
        if (session->surprise >= ODD_SURPRISE)
            ret_list[count++] = (OddSession){
                .session = session,
                .root = pattern_root(db->patterns, session->traits[0].symbol),
                .trait = (int)session->traits[0].kind};
    }
    qsort(ret_list, count, sizeof *ret_list, by_way);
    return count;
}

odd_rc sessions_add_findings(odd_db *db)
{
    sessions_end(&db->sessions);
    if (db->sessions.count == 0)
        return ODD_OK;
    size_t bytes = db->sessions.count * sizeof(OddSession);
    OddSession *list = mem_take(&db->mem, bytes);
    if (list == NULL)
        return ODD_NOMEM;
    size_t count = list_odd(db, list);
    odd_rc rc = ODD_OK;
    for (size_t from = 0, to; rc == ODD_OK && from < count; from = to) {
        for (to = from + 1; to < count && same_way(&list[from], &list[to]);)
            to++;
        rc = add_sessions(db, list + from, to - from);
    }
    mem_free(&db->mem, list, bytes);
    return rc;
}

odd_rc answer_sessions(odd_db *db, const odd_question *question, odd_rows **ret_rows)
{
    static const char *const columns[] = {"session", "first_row", "last_row", "events",
                                          "surprise", "reason", "key", NULL};
    odd_settle(db);
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
