/* SPDX-License-Identifier: Apache-2.0
 *
 * fold_verdicts.c - what people and rules say: on its way to the board, as rows, and tried before
 * it is said. */
#include "engine/fold.h"
#include "engine/rows.h"

bool fold_verdict(odd_fold *fold, const Event *event)
{
    Verdict verdict;
    if (!verdict_read_text(event->text, &verdict)) {
        fold->torn++;
        return true;
    }
    Verdict *grown = mem_grow(&fold->mem, fold->verdicts, &fold->verdict_capacity,
                              fold->verdict_count + 1, sizeof *grown);
    if (grown == NULL)
        return false;
    fold->verdicts = grown;
    grown[fold->verdict_count++] = verdict;
    return true;
}

odd_rc fold_hear_verdicts(odd_fold *fold)
{
    odd_rc rc = ODD_OK;
    for (size_t i = 0; rc == ODD_OK && i < fold->verdict_count; i++)
        rc = board_hear(&fold->board, &fold->verdicts[i]);
    fold->verdict_count = 0;
    return rc;
}

odd_rc odd_fold_rules(odd_fold *fold, const odd_events *events)
{
    EventReader reader = {.bytes = {.text = events->bytes, .size = events->size}};
    Event event;
    Verdict verdict;
    odd_rc rc = ODD_OK;
    overlay_clear(&fold->board.overlay);
    while (rc == ODD_OK && event_next(&reader, &event) == EVENT_READ)
        if (event.kind == EVENT_VERDICT && verdict_read_text(event.text, &verdict))
            rc = overlay_take(&fold->board.overlay, &verdict);
    board_look_again(&fold->board);
    return rc == ODD_OK ? rc : problem_say(&fold->problem, rc, "no memory left for the rules");
}

/* -- rows -------------------------------------------------------------------------------------- */

typedef struct {
    int64_t fits, hidden, real, broken; /* Findings. */
} Effect;

/* What the entry does to the findings that there are, now that others do their part too. */
static Effect effect_of(const odd_fold *fold, const Verdict *verdict)
{
    Effect effect = {0};
    char sentence[BOARD_SENTENCE_SIZE];
    for (size_t i = 0; i < fold->board.finding_count; i++) {
        const BoardFinding *finding = &fold->board.findings[i];
        Evidence evidence = board_evidence(finding, sentence);
        if (!overlay_fits(verdict, &evidence))
            continue;
        effect.fits++;
        effect.hidden += strcmp(finding->by, verdict->id) == 0;
        effect.broken += strcmp(finding->broken, verdict->id) == 0;
        effect.real += (finding->said & 1u << VERDICT_REAL) != 0;
    }
    return effect;
}

static void verdict_row(const OverlayEntry *entry, odd_rows *rows)
{
    const Verdict *v = &entry->verdict;
    rows_text(rows, str_of(v->id));
    rows_constant(rows, verdict_word((VerdictKind)v->kind));
    rows_text(rows, str_of(v->finding));
    rows_text(rows, str_of(v->signal));
    rows_text(rows, str_of(v->pattern));
    rows_text(rows, str_of(v->source));
    rows_text(rows, str_of(v->host));
    rows_text(rows, str_of(v->find));
    rows_text(rows, str_of(v->what));
    rows_int(rows, v->from);
    rows_int(rows, v->until);
    rows_constant(rows, v->lasts == LASTS_FOREVER          ? "forever"
                        : v->kind == VERDICT_WINDOW        ? "window"
                                                    : "worse");
    rows_int(rows, v->made);
    rows_double(rows, entry->made_for);
    rows_text(rows, str_of(v->reason));
    rows_text(rows, str_of(v->author));
    rows_text(rows, str_of(v->about));
}

odd_rc fold_verdict_rows(const odd_fold *fold, odd_rows **ret_rows)
{
    static const char *const columns[] = {
        "id",    "verdict",  "finding", "signal", "pattern", "source", "host",
        "text",  "kind",     "from",    "until",  "lasts",   "made",   "surprise",
        "reason", "author",  "about",   "hidden", "real",    "broken", NULL};
    odd_rows *rows = rows_open(columns);
    for (size_t i = 0; rows != NULL && i < fold->board.overlay.count; i++) {
        const OverlayEntry *entry = &fold->board.overlay.entries[i];
        Effect effect = effect_of(fold, &entry->verdict);
        verdict_row(entry, rows);
        rows_int(rows, effect.hidden);
        rows_int(rows, effect.real);
        rows_int(rows, effect.broken);
    }
    return rows_finish(rows, ret_rows);
}

/* -- before it is said ------------------------------------------------------------------------- */

static void try_row(const odd_fold *fold, const Verdict *verdict, odd_time since, odd_rows *rows)
{
    OverlayEntry entry;
    memset(&entry, 0, sizeof entry);
    entry.verdict = *verdict;
    entry.made_for = verdict->surprise;
    Overlay alone = {.entries = &entry, .count = 1};
    Effect effect = {0};
    int64_t looked_at = 0;
    char sentence[BOARD_SENTENCE_SIZE];
    for (size_t i = 0; i < fold->board.finding_count; i++) {
        const BoardFinding *finding = &fold->board.findings[i];
        Evidence evidence = board_evidence(finding, sentence);
        if (since != 0 && finding->last_time < since)
            continue;
        looked_at++;
        if (!overlay_fits(verdict, &evidence))
            continue;
        OverlayView view = overlay_view(&alone, &evidence);
        effect.fits++;
        effect.hidden += view.shown != SHOWN;
        effect.broken += view.broken[0] != '\0';
        effect.real += (finding->said & 1u << VERDICT_REAL) != 0;
    }
    rows_text(rows, str_of(verdict->id));
    rows_constant(rows, verdict_word((VerdictKind)verdict->kind));
    rows_int(rows, looked_at);
    rows_int(rows, effect.fits);
    rows_int(rows, effect.hidden);
    rows_int(rows, effect.real);
    rows_int(rows, effect.broken);
}

odd_rc odd_fold_try(odd_fold *fold, const odd_events *events, odd_time since, odd_rows **ret_rows)
{
    static const char *const columns[] = {"id",     "verdict", "looked_at", "fits",
                                          "hidden", "real",    "broken",    NULL};
    EventReader reader = {.bytes = {.text = events->bytes, .size = events->size}};
    Event event;
    Verdict verdict;
    odd_rows *rows = rows_open(columns);
    while (rows != NULL && event_next(&reader, &event) == EVENT_READ)
        if (event.kind == EVENT_VERDICT && verdict_read_text(event.text, &verdict) &&
            verdict.kind != VERDICT_UNDO)
            try_row(fold, &verdict, since, rows);
    odd_rc rc = rows_finish(rows, ret_rows);
    return rc == ODD_OK ? rc : problem_say(&fold->problem, rc, "no memory left for the answer");
}
