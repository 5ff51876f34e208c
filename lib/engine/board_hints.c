/* SPDX-License-Identifier: Apache-2.0
 *
 * board_hints.c - which hints an incident takes: what was odd shortly before it of somebody who is
 * in it, or whom its findings name.  They stay with it. */
#include "base/time.h"
#include "engine/board.h"

#define BEFORE_NS (600 * NS_PER_S)
#define AFTER_NS (60 * NS_PER_S)

static bool has_hint(const BoardIncident *incident, const Hint *hint)
{
    for (size_t i = 0; i < incident->hint_count; i++)
        if (incident->hints[i].pattern == hint->pattern &&
            strcmp(incident->hints[i].source, hint->source) == 0)
            return true;
    return false;
}

static bool is_in_time(const BoardIncident *incident, const Hint *hint)
{
    odd_time late = time_minus(hint->time, incident->time);
    return late >= -BEFORE_NS && late <= AFTER_NS;
}

/* A finding tells it already. */
static bool is_told(const BoardFinding *finding, const Hint *hint)
{
    return finding->first.pattern == hint->pattern &&
           strncmp(finding->first.source, hint->source, sizeof hint->source - 1) == 0;
}

/* Of each hint: none of the findings tells it, and it is of one of them, or one of them names whom
 * it is of. */
static void find_concerned(const Board *board, const BoardIncident *incident,
                           bool concerned[HINTS_MAX])
{
    bool told[HINTS_MAX] = {false};
    for (size_t i = 0; i < board->finding_count; i++) {
        const BoardFinding *finding = &board->findings[i];
        if (memcmp(finding->incident, incident->id, ID_SIZE) != 0)
            continue;
        LinkSide side = board_side(finding);
        for (size_t k = 0; k < board->hints.count; k++) {
            const Hint *hint = &board->hints.hints[k];
            if (told[k] || !is_in_time(incident, hint))
                continue;
            Who who = hint_who(hint);
            told[k] = is_told(finding, hint);
            concerned[k] |= who_shared(&who, &side.who) != NULL || link_names(&side, &who) != NULL;
        }
    }
    for (size_t k = 0; k < board->hints.count; k++)
        concerned[k] &= !told[k];
}

static void take(BoardIncident *incident, const Hint *hint)
{
    size_t at = incident->hint_count;
    if (at < INCIDENT_HINTS) {
        incident->hints[incident->hint_count++] = *hint;
        return;
    }
    for (size_t i = at = 0; i < INCIDENT_HINTS; i++)
        if (incident->hints[i].surprise < incident->hints[at].surprise)
            at = i;
    if (incident->hints[at].surprise < hint->surprise)
        incident->hints[at] = *hint;
}

static void give(const Board *board, BoardIncident *incident)
{
    bool concerned[HINTS_MAX] = {false};
    find_concerned(board, incident, concerned);
    for (size_t k = 0; k < board->hints.count; k++)
        if (concerned[k] && !has_hint(incident, &board->hints.hints[k])) {
            take(incident, &board->hints.hints[k]);
            incident->is_dirty = 1;
        }
}

/* What comes within a minute of an incident's beginning may concern it as well. */
void board_give_hints(Board *board)
{
    for (size_t i = 0; board->hints.count > 0 && i < board->incidents.count; i++) {
        BoardIncident *incident = &board->incidents.incidents[i];
        bool is_young = incident->state < INCIDENT_RESOLVED &&
                        time_minus(board->clock, incident->time) <= 2 * AFTER_NS;
        if (incident->is_dirty || is_young)
            give(board, incident);
    }
}
