/* SPDX-License-Identifier: Apache-2.0
 *
 * board_overlay.c - findings as verdicts and rules show them.
 *
 * What is kept in a finding here is worked out from it and the overlay alone, and nobody who takes
 * candidates looks at it: that is why an undo leaves no trace in what comes later. */
#include <stdio.h>

#include "engine/board.h"

OverlayFinding board_evidence(const BoardFinding *finding, char *sentence)
{
    OverlayFinding evidence = candidate_evidence(&finding->first);
    evidence.id = finding->id;
    evidence.sentence = board_sentence(finding, sentence);
    evidence.last_time = finding->last_time;
    evidence.surprise = finding->surprise;
    evidence.is_raised = finding->is_raised;
    return evidence;
}

void board_look(Board *board, BoardFinding *finding)
{
    char sentence[BOARD_SENTENCE_SIZE];
    if (board->overlay.count == 0 && finding->shown == SHOWN && finding->said == 0 &&
        finding->broken[0] == '\0')
        return;
    OverlayFinding evidence = board_evidence(finding, sentence);
    OverlayView view = overlay_view(&board->overlay, &evidence);
    finding->changed |= finding->shown != view.shown;
    finding->shown = (uint8_t)view.shown;
    finding->said = view.said;
    memset(finding->by, 0, sizeof finding->by);
    memset(finding->broken, 0, sizeof finding->broken);
    snprintf(finding->by, sizeof finding->by, "%s", view.by);
    snprintf(finding->broken, sizeof finding->broken, "%s", view.broken);
}

/* There is who called its like real, or the new normal that it is odd to. */
static bool is_still_raised(const Board *board, const BoardFinding *finding)
{
    char sentence[BOARD_SENTENCE_SIZE];
    OverlayFinding evidence = board_evidence(finding, sentence);
    return evidence.baseline != 0 ? overlay_has_baseline(&board->overlay, evidence.baseline)
                                  : overlay_is_real(&board->overlay, &evidence);
}

/* Those that nobody calls real any more were never told. */
static void raised_look_again(Board *board)
{
    size_t kept = 0;
    for (size_t i = 0; i < board->raised_count; i++) {
        if (!is_still_raised(board, &board->raised[i]))
            continue;
        board->raised[kept] = board->raised[i];
        board_look(board, &board->raised[kept++]);
    }
    board->raised_count = kept;
}

void board_look_again(Board *board)
{
    for (size_t i = 0; i < board->finding_count; i++)
        board_look(board, &board->findings[i]);
    raised_look_again(board);
    board_tell(board, true);
}

odd_rc board_hear(Board *board, const Verdict *verdicts, size_t count)
{
    odd_rc rc = ODD_OK;
    for (size_t i = 0; rc == ODD_OK && i < count; i++)
        rc = overlay_take(&board->overlay, &verdicts[i], board->clock);
    if (count > 0) /* At the findings once, however much is said at once. */
        board_look_again(board);
    return rc;
}

bool board_is_news(const BoardFinding *finding)
{
    bool is_open = finding->shown == SHOWN && finding->state != STATE_RESOLVED;
    return finding->changed && (finding->known || is_open);
}

void board_news_told(BoardFinding *finding)
{
    finding->changed = 0;
    finding->known = finding->shown == SHOWN;
}

const char *board_finding_state(const BoardFinding *finding)
{
    if (finding->shown == SHOWN_HIDDEN)
        return "hidden";
    return finding->shown == SHOWN_EXPECTED ? "expected"
                                            : board_state_name((BoardState)finding->state);
}

/* -- raised findings --------------------------------------------------------------------------- */

static odd_rc raised_begins(Board *board, const Candidate *c)
{
    if (board->raised_count == RAISED_MAX)
        memmove(&board->raised[0], &board->raised[1],
                --board->raised_count * sizeof *board->raised);
    BoardFinding *grown = mem_grow(board->mem, board->raised, &board->raised_capacity,
                                   board->raised_count + 1, sizeof *grown);
    if (grown == NULL)
        return ODD_NOMEM;
    board->raised = grown;
    BoardFinding *made = &grown[board->raised_count++];
    memset(made, 0, sizeof *made);
    made->first = *c;
    made->last_time = c->last_time;
    made->repeats = 1;
    made->is_raised = 1;
    made->surprise = c->surprise;
    made->changed = 1;
    made->number = board->told;
    board_id(c, made->id);
    board_look(board, made);
    return ODD_OK;
}

odd_rc board_raise(Board *board, const Candidate *c)
{
    if (c->baseline == 0 && board_going_on(board->findings, board->finding_count, c) != NULL)
        return ODD_OK; /* It is told already. */
    BoardFinding *finding = board_going_on(board->raised, board->raised_count, c);
    if (finding == NULL)
        return c->goes_on ? ODD_OK : raised_begins(board, c);
    finding->repeats++;
    if (c->last_time > finding->last_time)
        finding->last_time = c->last_time;
    bool is_odder = c->surprise > finding->surprise;
    if (is_odder)
        finding->surprise = c->surprise;
    /* Why a model is off is known later. */
    if (c->baseline != 0 && (is_odder || finding_is_model((FindingKind)c->kind)))
        board_retell(finding, c);
    finding->changed |= finding->state != STATE_ONGOING;
    finding->state = STATE_ONGOING;
    board_look(board, finding);
    return ODD_OK;
}

/* Raised and freed ones in the order of their beginnings, each of those lists in its own. */
static BoardFinding *next_of(Board *board, size_t at[3])
{
    BoardFinding *lists[3] = {board->raised, board->freed, board->findings}, *first = NULL;
    size_t counts[3] = {board->raised_count, board->freed_count, board->finding_count}, from = 0;
    for (size_t i = 0; i < 3; i++) {
        if (at[i] == counts[i] || (first != NULL && lists[i][at[i]].number >= first->number))
            continue;
        first = &lists[i][at[i]];
        from = i;
    }
    at[from]++;
    return first;
}

BoardFinding **board_all(Board *board, Mem *mem, size_t *ret_count)
{
    size_t count = board->finding_count + board->raised_count + board->freed_count;
    size_t at[3] = {0, 0, 0};
    BoardFinding **all = mem_take(mem, count * sizeof(BoardFinding *));
    *ret_count = all != NULL ? count : 0;
    for (size_t i = 0; all != NULL && i < count; i++)
        all[i] = next_of(board, at);
    return all;
}
