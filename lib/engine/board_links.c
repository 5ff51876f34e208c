/* SPDX-License-Identifier: Apache-2.0
 *
 * board_links.c - incidents as people linked and parted them.
 *
 * Which findings are of one incident is decided without people (board_incidents.c), and goes on so.
 * What they say lies over it: where a finding is shown is worked out from where it is and from what
 * was said, in the order in which it was said, whenever one of the two changes. */
#include <inttypes.h>
#include <stdio.h>

#include "base/hash.h"
#include "engine/board.h"

#define PARTED_SEED 0x706172746564696eULL
#define GOES_BEHIND SIZE_MAX

const char *board_incident_of(const BoardFinding *finding)
{
    return finding->shown_in[0] != '\0' ? finding->shown_in : finding->incident;
}

static bool is_of(const BoardFinding *finding, const char *incident)
{
    return strcmp(board_incident_of(finding), incident) == 0;
}

static void show_in(BoardFinding *finding, const char *incident)
{
    char id[ID_SIZE]; /* It may be where it is shown now. */
    snprintf(id, sizeof id, "%s", incident);
    memset(finding->shown_in, 0, sizeof finding->shown_in);
    if (strcmp(id, finding->incident) != 0)
        memcpy(finding->shown_in, id, sizeof id);
}

BoardIncident *board_find_incident(const Board *board, const char *id)
{
    BoardIncident *found = incidents_find(&board->incidents, id);
    return found != NULL ? found : incidents_find(&board->parted, id);
}

/* Of a finding, or of an incident that all of it is shown in; NULL: it is gone. */
static const char *shown_of(const Board *board, const char *id)
{
    for (size_t i = 0; i < board->finding_count; i++)
        if (strcmp(board->findings[i].id, id) == 0)
            return board_incident_of(&board->findings[i]);
    for (size_t i = 0; i < board->finding_count; i++)
        if (strcmp(board->findings[i].incident, id) == 0)
            return board_incident_of(&board->findings[i]);
    const BoardIncident *incident = board_find_incident(board, id);
    return incident != NULL ? incident->id : NULL;
}

/* In the order of their beginnings; those that were parted come last. */
static size_t order_of(const Board *board, const char *id)
{
    const BoardIncident *incident = incidents_find(&board->incidents, id);
    return incident != NULL ? (size_t)(incident - board->incidents.incidents) : GOES_BEHIND;
}

static void link_two(Board *board, const char *a, const char *b)
{
    char into[ID_SIZE], from[ID_SIZE];
    const char *first = shown_of(board, a), *second = shown_of(board, b);
    if (first == NULL || second == NULL || strcmp(first, second) == 0)
        return;
    bool is_first = order_of(board, first) <= order_of(board, second);
    snprintf(into, sizeof into, "%s", is_first ? first : second);
    snprintf(from, sizeof from, "%s", is_first ? second : first);
    for (size_t i = 0; i < board->finding_count; i++)
        if (is_of(&board->findings[i], from))
            show_in(&board->findings[i], into);
}

/* It is shown in an incident of its own. */
static odd_rc part(Board *board, BoardFinding *finding)
{
    size_t others = 0;
    for (size_t i = 0; i < board->finding_count; i++)
        others += is_of(&board->findings[i], board_incident_of(finding));
    if (others < 2)
        return ODD_OK;
    char id[ID_SIZE];
    snprintf(id, sizeof id, "%016" PRIx64, hash_bytes(finding->id, ID_SIZE - 1, PARTED_SEED));
    if (incidents_find(&board->parted, id) == NULL) {
        BoardIncident *made = incidents_add(&board->parted);
        if (made == NULL)
            return ODD_NOMEM;
        memcpy(made->id, id, sizeof id);
        made->grew = ODD_TIME_NONE;
    }
    show_in(finding, id);
    return ODD_OK;
}

static odd_rc arrange_by(Board *board, const Verdict *verdict)
{
    if (verdict->kind == VERDICT_LINK)
        link_two(board, verdict->finding, verdict->with);
    for (size_t i = 0; verdict->kind == VERDICT_UNLINK && i < board->finding_count; i++)
        if (strcmp(board->findings[i].id, verdict->finding) == 0)
            return part(board, &board->findings[i]);
    return ODD_OK;
}

/* Those without findings are gone: they were linked to others again. */
static void sum_parted(Board *board)
{
    size_t kept = 0;
    for (size_t i = 0; i < board->parted.count; i++) {
        BoardIncident *incident = &board->parted.incidents[i];
        for (size_t k = 0; k < board->finding_count; k++) {
            const BoardFinding *finding = &board->findings[k];
            if (!is_of(finding, incident->id))
                continue;
            bool is_first = incident->findings++ == 0;
            if (is_first || finding->first.time < incident->time)
                incident->time = finding->first.time;
            if (is_first || finding->last_time > incident->last_time)
                incident->last_time = finding->last_time;
            if (finding->surprise > incident->surprise)
                incident->surprise = finding->surprise;
        }
        if (incident->findings == 0)
            continue;
        incident_age(incident, board->clock, GOES_ON_NS);
        board->parted.incidents[kept++] = *incident;
    }
    board->parted.count = kept;
}

odd_rc board_arrange(Board *board)
{
    odd_rc rc = ODD_OK;
    incidents_close(&board->parted);
    board->parted = (Incidents){.mem = board->mem};
    for (size_t i = 0; i < board->finding_count; i++)
        memset(board->findings[i].shown_in, 0, sizeof board->findings[i].shown_in);
    for (size_t i = 0; rc == ODD_OK && i < board->overlay.count; i++)
        rc = arrange_by(board, &board->overlay.entries[i].verdict);
    sum_parted(board);
    for (size_t i = 0; board->overlay.link_count > 0 && i < board->finding_count; i++) {
        BoardFinding *finding = &board->findings[i];
        BoardIncident *before = incidents_find(&board->incidents, finding->incident);
        BoardIncident *after = board_find_incident(board, finding->shown_in);
        if (before != NULL && after != NULL)
            before->is_dirty = after->is_dirty = 1;
    }
    return rc;
}

BoardIncident board_incident_shown(const Board *board, const BoardIncident *incident)
{
    BoardIncident shown = *incident;
    bool is_parted = incidents_find(&board->parted, incident->id) != NULL;
    for (size_t i = 0; board->overlay.link_count > 0 && !is_parted && i < board->finding_count;
         i++) {
        const BoardFinding *finding = &board->findings[i];
        bool was_here = strcmp(finding->incident, incident->id) == 0;
        bool is_here = is_of(finding, incident->id);
        if (was_here == is_here)
            continue;
        if (was_here) {
            shown.findings -= shown.findings > 0;
            continue;
        }
        shown.findings++;
        shown.time = finding->first.time < shown.time ? finding->first.time : shown.time;
        shown.last_time =
            finding->last_time > shown.last_time ? finding->last_time : shown.last_time;
        if (shown.state == INCIDENT_RESOLVED && finding->state != STATE_RESOLVED)
            shown.state = INCIDENT_ONGOING;
    }
    if (shown.view.joined[0] != '\0')
        memcpy(shown.again, shown.view.joined, sizeof shown.again);
    return shown;
}
