/* SPDX-License-Identifier: Apache-2.0
 *
 * board_alerts.c - alerts that others fire: told beside the budget, as long as they fire.
 *
 * Somebody has decided already that such a one is to be told; what is left to find out is what it
 * belongs to.  It is over when that is said, or when nobody has said for long that it is not: its
 * incident is over with it if nothing else of it goes on. */
#include "base/time.h"
#include "engine/board.h"

static bool all_is_over(const Board *board, const BoardIncident *incident)
{
    for (size_t i = 0; i < board->finding_count; i++)
        if (board->findings[i].state != STATE_RESOLVED &&
            memcmp(board->findings[i].incident, incident->id, ID_SIZE) == 0)
            return false;
    return true;
}

static void alert_ends(Board *board, BoardFinding *finding)
{
    if (finding->state == STATE_RESOLVED)
        return;
    finding->state = STATE_RESOLVED;
    finding->changed = 1;
    BoardIncident *incident = incidents_find(&board->incidents, finding->incident);
    if (incident == NULL || incident->state >= INCIDENT_RESOLVED)
        return;
    incident->is_dirty = 1;
    if (all_is_over(board, incident))
        incident->state = INCIDENT_RESOLVED;
}

/* The same labels, and the same beginning if it says one. */
static BoardFinding *alert_find(Board *board, const Candidate *c)
{
    for (size_t i = board->finding_count; i-- > 0;) {
        BoardFinding *finding = &board->findings[i];
        if (finding->first.kind == FINDING_ALERT && finding->first.pattern == c->pattern &&
            (c->has_beginning ? finding->first.time == c->time : finding->state != STATE_RESOLVED))
            return finding;
    }
    return NULL;
}

static void alert_goes_on(Board *board, BoardFinding *finding, const Candidate *c)
{
    Candidate *first = &finding->first;
    BoardIncident *incident = incidents_find(&board->incidents, finding->incident);
    finding->repeats++;
    finding->last_time = c->last_time > finding->last_time ? c->last_time : finding->last_time;
    bool is_retold = strcmp(first->sentence, c->sentence) != 0;
    uint8_t shown = finding->shown;
    finding->changed |= finding->state != STATE_ONGOING || is_retold;
    finding->state = STATE_ONGOING;
    first->ends = c->ends;
    memcpy(first->sentence, c->sentence, sizeof first->sentence);
    memcpy(first->sample, c->sample, sizeof first->sample);
    first->sample_size = c->sample_size;
    if (incident != NULL && incident->state == INCIDENT_RESOLVED) /* It was thought over. */
        incident->state = INCIDENT_ONGOING;
    board_look(board, finding);
    board_goes_on(board, finding, is_retold || finding->shown != shown);
}

void board_alerts_tick(Board *board, odd_time now)
{
    for (size_t i = 0; i < board->finding_count; i++) {
        BoardFinding *finding = &board->findings[i];
        if (finding->first.kind != FINDING_ALERT || finding->state == STATE_RESOLVED)
            continue;
        if (now >= finding->first.ends) {
            alert_ends(board, finding);
            continue;
        }
        if (board->clock > finding->last_time)
            finding->last_time = board->clock;
        BoardIncident *incident = incidents_find(&board->incidents, finding->incident);
        if (incident != NULL && finding->last_time > incident->last_time)
            incident->last_time = finding->last_time;
    }
}

/* A storm of alerts pushes out nothing else, and is told by its first ones. */
static bool has_room(const Board *board)
{
    size_t count = 0;
    for (size_t i = 0; i < board->finding_count; i++)
        count += board->findings[i].first.kind == FINDING_ALERT &&
                 board->findings[i].state != STATE_RESOLVED;
    return count < ALERTS_FIRING_MAX;
}

odd_rc board_take_alert(Board *board, const Candidate *c)
{
    BoardFinding *finding = alert_find(board, c);
    bool is_over = c->ends == ODD_TIME_NONE;
    if (finding != NULL && is_over)
        alert_ends(board, finding);
    else if (finding != NULL)
        alert_goes_on(board, finding, c);
    else if (!is_over && has_room(board))
        return board_begins(board, c, c->surprise);
    else
        board->dropped += !is_over;
    return ODD_OK;
}
