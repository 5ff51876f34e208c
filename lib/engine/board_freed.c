/* SPDX-License-Identifier: Apache-2.0
 *
 * board_freed.c - what is held back leaves its place in the budget to others.
 *
 * The threshold counts all findings, held back or not, so that a verdict leaves no trace in it.
 * While something is held back, candidates below the threshold are kept as they came, each with
 * how many had reached it by then and how many were wanted.  Those that would have been told
 * without the findings that were held back by then are told, beside the others.  Which these are is
 * worked out anew from the candidates, the findings and the overlay, at each tick; so an undo takes
 * away what it gave. */
#include "base/time.h"
#include "engine/board.h"

#define BELOW_MAX 256 /* The latest ones. */

struct Below {
    Candidate c;
    odd_time  noted;   /* By the clock of the data. */
    uint64_t  number;  /* So many findings had been told. */
    double    reached; /* Beginnings that came as far, itself not among them. */
    double    wanted;
};

/* ODD_TIME_NONE: nobody holds anything back. */
static odd_time first_heard(const Overlay *overlay)
{
    odd_time first = ODD_TIME_NONE;
    for (size_t i = 0; i < overlay->count; i++) {
        const OverlayEntry *entry = &overlay->entries[i];
        if (overlay_holds_back((VerdictKind)entry->verdict.kind) &&
            (first == ODD_TIME_NONE || entry->heard < first))
            first = entry->heard;
    }
    return first;
}

odd_rc board_note_below(Board *board, const Candidate *c)
{
    if (first_heard(&board->overlay) == ODD_TIME_NONE ||
        board_going_on(board->findings, board->finding_count, c) != NULL ||
        board_beside(board->findings, board->finding_count, c) != NULL)
        return ODD_OK;
    if (board->below_count == BELOW_MAX)
        memmove(&board->below[0], &board->below[1], --board->below_count * sizeof *board->below);
    Below *grown = mem_grow(board->mem, board->below, &board->below_capacity,
                            board->below_count + 1, sizeof *grown);
    if (grown == NULL)
        return ODD_NOMEM;
    board->below = grown;
    Sense sense = board_sense(c);
    memset(&grown[board->below_count], 0, sizeof *grown);
    grown[board->below_count++] = (Below){.c = *c,
                                          .noted = board->clock,
                                          .number = board->told,
                                          .reached = board_reached(board, sense, c->surprise),
                                          .wanted = board_wanted(board, sense)};
    return ODD_OK;
}

/* -- who is told ------------------------------------------------------------------------------- */

static const OverlayEntry *entry_of(const Overlay *overlay, const char *id)
{
    for (size_t i = 0; i < overlay->count; i++)
        if (strcmp(overlay->entries[i].verdict.id, id) == 0)
            return &overlay->entries[i];
    return NULL;
}

/* As beginnings are forgotten. */
static double weight_of(const Candidate *began, odd_time by)
{
    odd_time late = time_minus(by, began->time);
    return late > 0 ? board_kept(late) : 1;
}

static bool is_as_far(const Candidate *other, const Candidate *c)
{
    return board_sense(other) == board_sense(c) &&
           board_step(other->surprise) >= board_step(c->surprise);
}

static double held_back(const Board *board, const Below *below)
{
    double sum = 0;
    for (size_t i = 0; i < board->finding_count; i++) {
        const BoardFinding *finding = &board->findings[i];
        if (finding->shown == SHOWN || finding->number >= below->number ||
            !is_as_far(&finding->first, &below->c))
            continue;
        const OverlayEntry *entry = entry_of(&board->overlay, finding->by);
        if (entry != NULL && entry->heard <= below->noted)
            sum += weight_of(&finding->first, below->noted);
    }
    return sum;
}

static bool is_told(const Board *board, const Below *below)
{
    double told = 0;
    for (size_t i = 0; i < board->freed_count; i++)
        if (is_as_far(&board->freed[i].first, &below->c))
            told += weight_of(&board->freed[i].first, below->noted);
    return below->reached - held_back(board, below) + told + 1 <= below->wanted;
}

/* -- as findings ------------------------------------------------------------------------------- */

/* All that is known of its surprise is that it is as odd as the budget wants. */
static double surprise_of(const Candidate *c)
{
    return c->surprise - (double)board_step(c->surprise) / BOARD_STEPS_OF_ONE;
}

static void goes_on(BoardFinding *finding, const Candidate *c)
{
    finding->repeats++;
    if (c->last_time > finding->last_time)
        finding->last_time = c->last_time;
    if (surprise_of(c) > finding->surprise)
        finding->surprise = surprise_of(c);
}

/* before: as it was when it was worked out last; NULL: it is new. */
static void begins(BoardFinding *made, const Below *below, const char *id,
                   const BoardFinding *before)
{
    memset(made, 0, sizeof *made);
    if (before != NULL)
        *made = *before;
    else
        made->changed = 1;
    made->first = below->c;
    made->last_time = below->c.last_time;
    made->repeats = 1;
    made->neighbours = 0;
    made->surprise = surprise_of(&below->c);
    made->is_raised = 1;
    made->number = below->number;
    memcpy(made->id, id, ID_SIZE);
}

static void settle(Board *board, BoardFinding *finding)
{
    bool is_over = time_minus(board->clock, finding->last_time) > GOES_ON_NS;
    uint8_t state = is_over ? STATE_RESOLVED : finding->repeats > 1 ? STATE_ONGOING : STATE_NEW;
    finding->changed |= finding->state != state;
    finding->state = state;
    board_look(board, finding);
}

static const BoardFinding *find(const BoardFinding *findings, size_t count, const char *id)
{
    for (size_t i = 0; i < count; i++)
        if (memcmp(findings[i].id, id, ID_SIZE) == 0)
            return &findings[i];
    return NULL;
}

static odd_rc take(Board *board, const Below *below, const BoardFinding *before, size_t count)
{
    char id[ID_SIZE];
    BoardFinding *told = board_going_on(board->freed, board->freed_count, &below->c);
    if (told != NULL) {
        goes_on(told, &below->c);
        return ODD_OK;
    }
    told = board_beside(board->freed, board->freed_count, &below->c);
    if (told != NULL)
        told->neighbours++;
    if (told != NULL || !is_told(board, below))
        return ODD_OK;
    BoardFinding *grown = mem_grow(board->mem, board->freed, &board->freed_capacity,
                                   board->freed_count + 1, sizeof *grown);
    if (grown == NULL)
        return ODD_NOMEM;
    board->freed = grown;
    board_id(&below->c, id);
    begins(&grown[board->freed_count++], below, id, find(before, count, id));
    return ODD_OK;
}

static void forget(Board *board, odd_time before)
{
    size_t gone = 0;
    while (gone < board->below_count &&
           (before == ODD_TIME_NONE || board->below[gone].noted < before))
        gone++;
    board->below_count -= gone;
    if (gone > 0)
        memmove(&board->below[0], &board->below[gone], board->below_count * sizeof *board->below);
    if (board->below_count == 0)
        board_freed_close(board);
}

odd_rc board_free_budget(Board *board)
{
    odd_rc rc = ODD_OK;
    forget(board, first_heard(&board->overlay));
    if (board->below_count == 0)
        return ODD_OK;
    BoardFinding *before = board->freed;
    size_t count = board->freed_count, capacity = board->freed_capacity;
    board->freed = NULL;
    board->freed_count = board->freed_capacity = 0;
    for (size_t i = 0; rc == ODD_OK && i < board->below_count; i++)
        rc = take(board, &board->below[i], before, count);
    for (size_t i = 0; i < board->freed_count; i++)
        settle(board, &board->freed[i]);
    mem_free(board->mem, before, capacity * sizeof *before);
    return rc;
}

/* -- saving ------------------------------------------------------------------------------------ */

void board_freed_close(Board *board)
{
    mem_free(board->mem, board->below, board->below_capacity * sizeof *board->below);
    mem_free(board->mem, board->freed, board->freed_capacity * sizeof *board->freed);
    board->below = NULL;
    board->freed = NULL;
    board->below_count = board->below_capacity = board->freed_count = board->freed_capacity = 0;
}

void board_freed_save(const Board *board, ImageOut *out)
{
    image_put_array(out, board->below, board->below_count, board->below_count,
                    sizeof *board->below);
    image_put_array(out, board->freed, board->freed_count, board->freed_count,
                    sizeof *board->freed);
}

void board_freed_load(Board *board, ImageIn *in)
{
    board->below = image_get_array(in, board->mem, &board->below_count, &board->below_capacity,
                                   sizeof *board->below);
    board->freed = image_get_array(in, board->mem, &board->freed_count, &board->freed_capacity,
                                   sizeof *board->freed);
}
