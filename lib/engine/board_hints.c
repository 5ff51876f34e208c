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

/* It is of one of the findings, or one of them names whom it is of; and none tells it already. */
static bool concerns(const Board *board, const BoardIncident *incident, const Hint *hint)
{
    Who who = hint_who(hint);
    bool does = false;
    for (size_t i = 0; i < board->finding_count; i++) {
        const BoardFinding *finding = &board->findings[i];
        if (memcmp(finding->incident, incident->id, ID_SIZE) != 0)
            continue;
        if (finding->first.pattern == hint->pattern &&
            strncmp(finding->first.source, hint->source, sizeof hint->source - 1) == 0)
            return false;
        LinkSide side = board_side(finding);
        does |= who_shared(&who, &side.who) != NULL || link_names(&side, &who) != NULL;
    }
    return does;
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
    for (size_t i = 0; i < board->hints.count; i++) {
        const Hint *hint = &board->hints.hints[i];
        odd_time late = time_minus(hint->time, incident->time);
        if (late >= -BEFORE_NS && late <= AFTER_NS && !has_hint(incident, hint) &&
            concerns(board, incident, hint))
            take(incident, hint);
    }
}

void board_give_hints(Board *board)
{
    for (size_t i = 0; board->hints.count > 0 && i < board->incidents.count; i++)
        if (board->incidents.incidents[i].is_dirty)
            give(board, &board->incidents.incidents[i]);
}
