/* SPDX-License-Identifier: Apache-2.0
 *
 * board_incidents.c - which findings are one incident.
 *
 * A finding that begins is compared with those that go on.  It joins the incident of the one that
 * it hangs together with most surely; of equals with the one that began last. */
#include <inttypes.h>
#include <stdio.h>

#include "base/hash.h"
#include "base/time.h"
#include "engine/board.h"

#define SEED 0x66696e64696e6773ULL
#define COMPARED_MAX 512 /* The latest ones: a flood is not compared with all of itself. */

static bool is_model(const BoardFinding *finding)
{
    return board_sense(&finding->first) == SENSE_MODELS;
}

static Who who_is(const BoardFinding *finding)
{
    const Candidate *c = &finding->first;
    Str source = str_of(c->source), text = str_of(c->pattern_text);
    if (is_model(finding)) {
        const char *of = strstr(c->pattern_text, " of ");
        size_t column = of != NULL ? (size_t)(of - c->pattern_text) : 0;
        return who_of_model(source, str_part(text, 0, column));
    }
    if (!c->is_metric)
        return who_of(source, STR(""));
    return c->kind == FINDING_SILENT ? who_of_target(source, text) : who_of(source, text);
}

LinkSide board_side(const BoardFinding *finding)
{
    const Candidate *c = &finding->first;
    return (LinkSide){.who = who_is(finding),
                      .text = str_of(c->pattern_text),
                      .sample = {.text = c->sample, .size = c->sample_size},
                      .time = c->time,
                      .last_time = finding->last_time,
                      .is_model = is_model(finding)};
}

/* Of its signal and what is odd of it, and of whom it is. */
static uint64_t key_of(const BoardFinding *finding)
{
    const Candidate *c = &finding->first;
    return hash_add(hash_bytes(c->source, strlen(c->source), SEED), c->pattern);
}

static uint64_t place_of(const BoardFinding *finding, const Who *who)
{
    const char *name = who->count > 0 ? who->names[0].text : finding->first.source;
    return hash_bytes(name, strlen(name), SEED);
}

static void incident_hear(BoardIncident *incident, const BoardFinding *finding)
{
    if (finding->last_time > incident->last_time)
        incident->last_time = finding->last_time;
    if (finding->first.time < incident->time)
        incident->time = finding->first.time;
    if (finding->surprise > incident->surprise)
        incident->surprise = finding->surprise;
    incident->is_dirty = 1;
}

void board_goes_on(Board *board, const BoardFinding *finding)
{
    BoardIncident *incident = incidents_find(&board->incidents, finding->incident);
    if (incident != NULL)
        incident_hear(incident, finding);
}

static void join(BoardIncident *incident, BoardFinding *finding, uint64_t place)
{
    memcpy(finding->incident, incident->id, ID_SIZE);
    incident->findings++;
    incident_note(incident, key_of(finding), place);
    incident_hear(incident, finding);
}

static odd_rc begin(Board *board, BoardFinding *finding, uint64_t place)
{
    uint64_t times;
    const BoardIncident *before = incidents_like(&board->incidents, key_of(finding), &times);
    char again[ID_SIZE] = "";
    if (before != NULL)
        memcpy(again, before->id, ID_SIZE);
    BoardIncident *made = incidents_add(&board->incidents);
    if (made == NULL)
        return ODD_NOMEM;
    made->time = finding->first.time;
    made->last_time = finding->last_time;
    made->times = times;
    memcpy(made->again, again, ID_SIZE);
    uint64_t hash = hash_bytes(finding->id, ID_SIZE - 1, SEED);
    snprintf(made->id, ID_SIZE, "%016" PRIx64, hash);
    join(made, finding, place);
    return ODD_OK;
}

/* The surest link to one that goes on. */
static Link best_link(const Board *board, const BoardFinding *finding, const LinkSide *side,
                      uint64_t place, const BoardFinding **ret_other)
{
    Link best = {.reason = LINK_NONE};
    size_t compared = 0;
    *ret_other = NULL;
    for (size_t i = board->finding_count; i-- > 0 && compared < COMPARED_MAX;) {
        const BoardFinding *other = &board->findings[i];
        if (other == finding || other->state == STATE_RESOLVED)
            continue;
        compared++;
        LinkSide older = board_side(other);
        unsigned together =
            incidents_together(&board->incidents, place_of(other, &older.who), place);
        Link link = link_of(&older, side, together);
        if (link.reason <= best.reason)
            continue;
        best = link;
        *ret_other = other;
    }
    return best;
}

odd_rc board_join(Board *board, BoardFinding *finding)
{
    LinkSide side = board_side(finding);
    uint64_t place = place_of(finding, &side.who);
    const BoardFinding *other;
    Link link = best_link(board, finding, &side, place, &other);
    BoardIncident *incident =
        other != NULL ? incidents_find(&board->incidents, other->incident) : NULL;
    if (incident == NULL)
        return begin(board, finding, place);
    finding->link = (uint8_t)link.reason;
    memcpy(finding->link_text, link.text, sizeof finding->link_text);
    memcpy(finding->linked, other->id, ID_SIZE);
    join(incident, finding, place);
    return ODD_OK;
}

odd_rc board_take_change(Board *board, const Change *change)
{
    for (size_t i = 0; i < board->incidents.count; i++) {
        BoardIncident *incident = &board->incidents.incidents[i];
        incident->is_dirty |= incident->state != INCIDENT_RESOLVED &&
                              time_minus(incident->time, change->time) <= CHANGE_BEFORE_NS;
    }
    return changes_take(&board->changes, change);
}

void board_incidents_tick(Board *board)
{
    for (size_t i = 0; i < board->incidents.count; i++) {
        BoardIncident *incident = &board->incidents.incidents[i];
        if (incident->state != INCIDENT_RESOLVED)
            incident_age(incident, board->clock, BOARD_GOES_ON_NS);
    }
}
