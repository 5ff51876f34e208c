/* SPDX-License-Identifier: Apache-2.0
 *
 * fold_verdicts.c - what people and rules say: on its way to the board, as rows, and tried before
 * it is said. */
#include "engine/fold.h"
#include "engine/rows.h"

bool fold_verdict(odd_fold *fold, const Event *event)
{
    Verdict verdict;
    if (fold->rules_given)
        return true;
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
    odd_rc rc = board_hear(&fold->board, fold->verdicts, fold->verdict_count);
    for (int i = 0; rc == ODD_OK && fold->verdict_count > 0 && i < ODD_SHARD_COUNT; i++)
        rc = shard_models_hear(&fold->shards[i], fold->verdicts, fold->verdict_count);
    for (int i = 0; rc == ODD_OK && i < ODD_SHARD_COUNT; i++)
        rc = shard_normals_hear(&fold->shards[i], fold->verdicts, fold->verdict_count);
    fold->verdict_count = 0;
    return rc;
}

odd_rc odd_fold_rules(odd_fold *fold, const odd_events *events)
{
    EventReader reader = {.bytes = {.text = events->bytes, .size = events->size}};
    Event event;
    Verdict verdict;
    odd_rc rc = ODD_OK;
    fold->rules_given = true;
    fold->verdict_count = 0;
    overlay_clear(&fold->board.overlay);
    while (rc == ODD_OK && event_next(&reader, &event) == EVENT_READ)
        if (event.kind == EVENT_VERDICT && verdict_read_text(event.text, &verdict))
            rc = overlay_take(&fold->board.overlay, &verdict, fold->board.clock);
    board_look_again(&fold->board);
    return rc == ODD_OK ? rc : problem_say(&fold->problem, rc, "no memory left for the rules");
}

const char *odd_finding_kind(size_t number)
{
    return number < FINDING_KIND_COUNT ? finding_kind_word((FindingKind)number) : NULL;
}

/* -- rows -------------------------------------------------------------------------------------- */

/* Raised ones among them, behind the others. */
static size_t finding_count(const odd_fold *fold)
{
    const Board *board = &fold->board;
    return board->finding_count + board->raised_count + board->freed_count;
}

static const BoardFinding *finding_at(const odd_fold *fold, size_t i)
{
    const Board *board = &fold->board;
    if (i < board->finding_count)
        return &board->findings[i];
    i -= board->finding_count;
    return i < board->raised_count ? &board->raised[i] : &board->freed[i - board->raised_count];
}

typedef struct {
    int64_t fits, hidden, real, broken; /* Findings. */
} Effect;

static bool is_said_real(const BoardFinding *finding)
{
    return (finding->said & 1u << VERDICT_REAL) != 0;
}

/* What the entry does to the findings that there are, now that others do their part too; `fits` is
 * not counted.  Most findings have nothing to do with it, and are not looked at closer. */
static Effect effect_of(const odd_fold *fold, const Verdict *verdict)
{
    Effect effect = {0};
    char sentence[BOARD_SENTENCE_SIZE];
    for (size_t i = 0; i < finding_count(fold); i++) {
        const BoardFinding *finding = finding_at(fold, i);
        bool hides = strcmp(finding->by, verdict->id) == 0;
        bool breaks = strcmp(finding->broken, verdict->id) == 0;
        if (!hides && !breaks && !is_said_real(finding))
            continue;
        OverlayFinding evidence = board_evidence(finding, sentence);
        if (!overlay_fits(verdict, &evidence))
            continue;
        effect.hidden += hides;
        effect.broken += breaks;
        effect.real += is_said_real(finding);
    }
    return effect;
}

static OverlayEntry entry_of(const Verdict *verdict)
{
    return (OverlayEntry){.verdict = *verdict, .made_for = verdict->surprise};
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
    rows_text(rows, str_of(v->with));
    rows_text(rows, str_of(v->every));
    rows_text(rows, str_of(v->zone));
}

static void verdict_rows_add(const odd_fold *fold, const OverlayEntry *entry, odd_rows *rows)
{
    Effect effect = effect_of(fold, &entry->verdict);
    verdict_row(entry, rows);
    rows_int(rows, effect.hidden);
    rows_int(rows, effect.real);
    rows_int(rows, effect.broken);
}

/* Those that count from the next tick on, too: whoever has just said something looks for it. */
odd_rc fold_verdict_rows(const odd_fold *fold, odd_rows **ret_rows)
{
    static const char *const columns[] = {
        "id",     "verdict", "finding", "signal", "pattern", "source",   "host",
        "text",   "kind",    "from",    "until",  "lasts",   "made",     "surprise",
        "reason", "author",  "about",   "with",   "every",   "zone",     "hidden",
        "real",   "broken",  NULL};
    odd_rows *rows = rows_open(columns);
    for (size_t i = 0; rows != NULL && i < fold->board.overlay.count; i++)
        verdict_rows_add(fold, &fold->board.overlay.entries[i], rows);
    for (size_t i = 0; rows != NULL && i < fold->verdict_count; i++)
        if (fold->verdicts[i].kind != VERDICT_UNDO) {
            OverlayEntry coming = entry_of(&fold->verdicts[i]);
            verdict_rows_add(fold, &coming, rows);
        }
    return rows != NULL ? rows_finish(rows, ret_rows) : ODD_NOMEM;
}

/* -- before it is said ------------------------------------------------------------------------- */

static void try_row(const odd_fold *fold, const Verdict *verdict, odd_time since, odd_rows *rows)
{
    OverlayEntry entry = entry_of(verdict);
    Overlay alone = {.entries = &entry, .count = 1};
    Effect effect = {0};
    int64_t looked_at = 0;
    char sentence[BOARD_SENTENCE_SIZE];
    for (size_t i = 0; i < finding_count(fold); i++) {
        const BoardFinding *finding = finding_at(fold, i);
        if (since != 0 && finding->last_time < since)
            continue;
        OverlayFinding evidence = board_evidence(finding, sentence);
        looked_at++;
        if (!overlay_fits(verdict, &evidence))
            continue;
        OverlayView view = overlay_view(&alone, &evidence);
        effect.fits++;
        effect.hidden += view.shown != SHOWN;
        effect.broken += view.broken[0] != '\0';
        effect.real += is_said_real(finding);
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
    odd_rc rc = rows != NULL ? rows_finish(rows, ret_rows) : ODD_NOMEM;
    return rc == ODD_OK ? rc : problem_say(&fold->problem, rc, "no memory left for the answer");
}

/* -- of one finding ---------------------------------------------------------------------------- */

static void number_row(odd_rows *rows, const char *name, double value)
{
    rows_constant(rows, name);
    rows_double(rows, value);
    rows_missing(rows);
}

static void entry_row(const BoardFinding *finding, const Verdict *verdict, odd_rows *rows)
{
    bool hides = strcmp(finding->by, verdict->id) == 0;
    bool broken = strcmp(finding->broken, verdict->id) == 0;
    rows_constant(rows, hides ? "hides" : broken ? "broken" : "says");
    rows_missing(rows);
    rows_text(rows, str_of(verdict->id));
}

static void explain_rows(const odd_fold *fold, const BoardFinding *finding, odd_rows *rows)
{
    char sentence[BOARD_SENTENCE_SIZE];
    OverlayFinding evidence = board_evidence(finding, sentence);
    Sense sense = board_sense(&finding->first);
    number_row(rows, "seen", finding->first.seen);
    number_row(rows, "expected", finding->first.expected);
    number_row(rows, "surprise", finding->surprise);
    number_row(rows, "threshold", fold->board.threshold[sense]);
    number_row(rows, "repeats", (double)finding->repeats);
    number_row(rows, "neighbours", (double)finding->neighbours);
    if (finding->beside_size > 0) {
        rows_constant(rows, "beside");
        rows_missing(rows);
        rows_text(rows, (Str){.text = finding->beside, .size = finding->beside_size});
    }
    for (size_t i = 0; i < fold->board.overlay.count; i++)
        if (overlay_fits(&fold->board.overlay.entries[i].verdict, &evidence))
            entry_row(finding, &fold->board.overlay.entries[i].verdict, rows);
}

odd_rc odd_fold_explain(odd_fold *fold, const char *id, odd_rows **ret_rows)
{
    static const char *const columns[] = {"name", "value", "text", NULL};
    for (size_t i = finding_count(fold); i-- > 0;) {
        const BoardFinding *finding = finding_at(fold, i);
        if (strcmp(finding->id, id) != 0)
            continue;
        odd_rows *rows = rows_open(columns);
        if (rows != NULL)
            explain_rows(fold, finding, rows);
        odd_rc rc = rows != NULL ? rows_finish(rows, ret_rows) : ODD_NOMEM;
        return rc == ODD_OK ? rc : problem_say(&fold->problem, rc, "no memory left for the answer");
    }
    return problem_say(&fold->problem, ODD_NOTFOUND, "there is no finding %s", id);
}
