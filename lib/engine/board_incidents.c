/* SPDX-License-Identifier: Apache-2.0
 *
 * board_incidents.c - which findings are one incident.
 *
 * A finding that begins is compared with those that go on, and joins the incident of the one that
 * it hangs together with most surely.  If it surely belongs to several incidents, these are one:
 * the oldest of them. */
#include <inttypes.h>
#include <stdio.h>

#include "base/hash.h"
#include "base/time.h"
#include "engine/board.h"
#include "event/series.h"

#define SEED 0x66696e64696e6773ULL
#define COMPARED_MAX 512 /* The latest ones: a flood is not compared with all of itself. */
#define LINK_SURE LINK_WORDS
#define JOINED_AT_ONCE_MAX 8

static bool is_model(const Candidate *c)
{
    return board_sense(c) == SENSE_MODELS;
}

/* Of a machine or a service, and not of one of its series. */
static bool is_of_target(const Candidate *c)
{
    return c->kind == FINDING_SILENT || c->kind == FINDING_TOGETHER;
}

static Who who_is(const Candidate *c)
{
    Str source = str_of(c->source), text = str_of(c->pattern_text);
    if (is_model(c)) {
        const char *of = strstr(c->pattern_text, " of ");
        size_t column = of != NULL ? (size_t)(of - c->pattern_text) : 0;
        return who_of_model(source, str_part(text, 0, column));
    }
    if (c->kind == FINDING_ALERT) /* Who hands it on is nobody that it is about. */
        return who_of(STR(""), text);
    if (!c->is_metric)
        return who_of(source, STR(""));
    return is_of_target(c) ? who_of_target(source, text) : who_of(source, text);
}

/* Patterns have the same id in all sources; of a metric and an alert it is the name without its
 * labels. */
static uint64_t words_of(const Candidate *c)
{
    if (is_model(c) || (c->is_metric && is_of_target(c)))
        return 0;
    Str name = series_name(str_of(c->pattern_text));
    bool is_named = c->is_metric || c->kind == FINDING_ALERT;
    return is_named ? hash_bytes(name.text, name.size, c->kind) : c->pattern;
}

/* The onset of a drift is an estimate, and may lie days before it. */
odd_time board_onset(const Candidate *c)
{
    return is_model(c) ? c->last_time : c->time;
}

static LinkSide side_of(const Candidate *c, odd_time last_time, const Mentions *mentions)
{
    return (LinkSide){.who = who_is(c),
                      .names = mentions->names,
                      .name_count = mentions->count,
                      .words = words_of(c),
                      .text = str_of(c->pattern_text),
                      .sample = {.text = c->sample, .size = c->sample_size},
                      .time = board_onset(c),
                      .last_time = last_time,
                      .is_model = is_model(c)};
}

LinkSide board_side(const BoardFinding *finding)
{
    LinkSide side = side_of(&finding->first, finding->last_time, &finding->mentions);
    side.beside = (Str){.text = finding->beside, .size = finding->beside_size};
    return side;
}

/* Of its signal and what is odd of it, and of whom it is. */
static uint64_t key_of(const BoardFinding *finding)
{
    const Candidate *c = &finding->first;
    return hash_add(hash_bytes(c->source, strlen(c->source), SEED), c->pattern);
}

static uint64_t place_of(const Candidate *c, const Who *who)
{
    const char *name = who->count > 0 ? who->names[0].text : c->source;
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
}

void board_goes_on(Board *board, const BoardFinding *finding, bool is_retold)
{
    BoardIncident *incident = incidents_find(&board->incidents, finding->incident);
    if (incident == NULL)
        return;
    incident_hear(incident, finding);
    incident->is_dirty |= is_retold;
}

static void join(BoardIncident *incident, BoardFinding *finding, uint64_t place)
{
    memcpy(finding->incident, incident->id, ID_SIZE);
    incident->findings++;
    incident->is_dirty = 1;
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

typedef struct {
    Link                best;
    const BoardFinding *other; /* That it is linked to so; NULL: none. */
    size_t              count; /* Of the incidents that it is surely linked to. */
    char                incidents[JOINED_AT_ONCE_MAX][ID_SIZE];
} Links;

static void links_note(Links *links, const BoardFinding *other)
{
    for (size_t i = 0; i < links->count; i++)
        if (memcmp(links->incidents[i], other->incident, ID_SIZE) == 0)
            return;
    if (links->count < JOINED_AT_ONCE_MAX)
        memcpy(links->incidents[links->count++], other->incident, ID_SIZE);
}

/* To those that go on, the latest first. */
static Links links_find(const Board *board, const BoardFinding *own, const LinkSide *side,
                        uint64_t place)
{
    Links links = {.count = 0};
    size_t compared = 0;
    for (size_t i = board->finding_count; i-- > 0 && compared < COMPARED_MAX;) {
        const BoardFinding *other = &board->findings[i];
        if (other == own || other->state == STATE_RESOLVED)
            continue;
        compared++;
        LinkSide older = board_side(other);
        Link link = link_of(&older, side);
        if (link.reason == LINK_NONE && link_is_at_once(&older, side))
            link = link_by_history(
                incidents_together(&board->incidents, place_of(&other->first, &older.who), place));
        if (link.reason >= LINK_SURE)
            links_note(&links, other);
        if (link.reason <= links.best.reason)
            continue;
        links.best = link;
        links.other = other;
    }
    return links;
}

/* All that belongs to `from` belongs to `into`, which began before it. */
static void unite(Board *board, BoardIncident *into, BoardIncident *from)
{
    for (size_t i = 0; i < board->finding_count; i++) {
        BoardFinding *finding = &board->findings[i];
        if (memcmp(finding->incident, from->id, ID_SIZE) != 0)
            continue;
        LinkSide side = board_side(finding);
        finding->changed = 1;
        into->findings--; /* It is counted below. */
        join(into, finding, place_of(&finding->first, &side.who));
    }
    into->findings += from->findings;
    from->findings = 0;
    from->state = INCIDENT_JOINED;
    from->is_dirty = 0;
    memcpy(from->again, into->id, ID_SIZE);
}

/* The oldest of those that it is linked to; the others become a part of it. */
static BoardIncident *united(Board *board, const Links *links)
{
    BoardIncident *into = NULL;
    for (size_t i = 0; i < board->incidents.count; i++) {
        BoardIncident *incident = &board->incidents.incidents[i];
        bool is_linked = memcmp(links->other->incident, incident->id, ID_SIZE) == 0;
        for (size_t k = 0; k < links->count; k++)
            is_linked |= memcmp(links->incidents[k], incident->id, ID_SIZE) == 0;
        if (!is_linked)
            continue;
        if (into == NULL)
            into = incident;
        else
            unite(board, into, incident);
    }
    return into;
}

static Mentions find_mentions(const Board *board, const Candidate *c, const Who *who)
{
    Mentions mentions;
    memset(&mentions, 0, sizeof mentions);
    if (board->known == NULL)
        return mentions;
    known_mentions(board->known, who, str_of(c->pattern_text), &mentions);
    known_mentions(board->known, who, (Str){.text = c->sample, .size = c->sample_size}, &mentions);
    return mentions;
}

odd_rc board_join(Board *board, BoardFinding *finding)
{
    Who who = who_is(&finding->first);
    finding->mentions = find_mentions(board, &finding->first, &who);
    LinkSide side = board_side(finding);
    uint64_t place = place_of(&finding->first, &who);
    Links links = links_find(board, finding, &side, place);
    BoardIncident *incident = links.other != NULL ? united(board, &links) : NULL;
    if (incident == NULL)
        return begin(board, finding, place);
    finding->link = (uint8_t)links.best.reason;
    memcpy(finding->link_text, links.best.text, sizeof finding->link_text);
    memcpy(finding->linked, links.other->id, ID_SIZE);
    join(incident, finding, place);
    return ODD_OK;
}

odd_rc board_take_change(Board *board, const Change *change)
{
    for (size_t i = 0; i < board->incidents.count; i++) {
        BoardIncident *incident = &board->incidents.incidents[i];
        incident->is_dirty |= incident->state < INCIDENT_RESOLVED &&
                              time_minus(incident->time, change->time) <= CHANGE_BEFORE_NS;
    }
    return changes_take(&board->changes, change);
}

void board_incidents_tick(Board *board)
{
    for (size_t i = 0; i < board->incidents.count; i++) {
        BoardIncident *incident = &board->incidents.incidents[i];
        if (incident->state < INCIDENT_RESOLVED)
            incident_age(incident, board->clock, GOES_ON_NS);
    }
}
