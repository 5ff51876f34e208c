/* SPDX-License-Identifier: Apache-2.0
 *
 * board_tell.c - incidents in words: the cause first, then what came of it, without what is hidden.
 *
 * Worked out from the findings, the changes and the overlay alone, and looked at by nobody who
 * decides: an undo leaves no trace here either. */
#include <math.h>
#include <stdio.h>

#include "base/time.h"
#include "engine/board.h"

#define MEMBERS_MAX 64   /* Of one incident, that are ranked; the oddest ones. */
#define CHANGES_TOLD_MAX 8
#define PARTS_MAX 3      /* The cause, and two that came of it. */

typedef struct {
    BoardFinding *finding; /* Or ... */
    const Change *change;  /* ... this. */
    LinkSide      side;
} Member;

typedef struct {
    Member  members[MEMBERS_MAX + CHANGES_TOLD_MAX];
    Suspect suspects[MEMBERS_MAX + CHANGES_TOLD_MAX];
    size_t  order[MEMBERS_MAX + CHANGES_TOLD_MAX];
    size_t  count, findings;
    size_t  shown; /* Findings, those that found no room as well. */
} Story;

const char *board_incident_state(const BoardIncident *incident)
{
    return incident->view.shown[0] != '\0' ? incident->view.shown
                                           : incident_state_word((IncidentState)incident->state);
}

static bool is_new_pattern(const Candidate *c)
{
    return !c->is_metric && (c->kind == FINDING_NEW || (c->kind == FINDING_RARE && c->seen <= 1));
}

static Suspect suspect_of(const BoardFinding *finding)
{
    const Candidate *c = &finding->first;
    return (Suspect){.onset = c->time,
                     .surprise = finding->surprise,
                     .deviations = c->effect,
                     .nature = nature_of((FindingKind)c->kind, c->is_metric, (Level)c->level,
                                         str_of(c->pattern_text)),
                     .is_new = is_new_pattern(c),
                     .changed = ODD_TIME_NONE};
}

static void story_add(Story *story, BoardFinding *finding)
{
    size_t at = story->findings;
    story->shown++;
    if (at == MEMBERS_MAX) { /* In place of the least odd, if that is less odd. */
        at = 0;
        for (size_t i = 1; i < MEMBERS_MAX; i++)
            if (story->suspects[i].surprise < story->suspects[at].surprise)
                at = i;
        if (story->suspects[at].surprise >= finding->surprise)
            return;
    } else {
        story->count = ++story->findings;
    }
    story->members[at] = (Member){.finding = finding, .side = board_side(finding)};
    story->suspects[at] = suspect_of(finding);
}

static odd_time story_onset(const Story *story)
{
    odd_time first = story->suspects[0].onset;
    for (size_t i = 1; i < story->findings; i++)
        if (story->suspects[i].onset < first)
            first = story->suspects[i].onset;
    return first;
}

/* It is of one of them, or one of them names it.  Those whose own place it is are told. */
static bool change_touches(Story *story, const Change *change, const Who *who)
{
    bool touches = false;
    for (size_t i = 0; i < story->findings; i++) {
        Suspect *suspect = &story->suspects[i];
        bool is_own = who_shared(who, &story->members[i].side.who) != NULL;
        if (is_own && time_minus(change->time, suspect->onset) <= SUSPECT_DELAY_NS &&
            (suspect->changed == ODD_TIME_NONE || change->time > suspect->changed))
            suspect->changed = change->time;
        touches |= is_own || link_names(&story->members[i].side, who) != NULL;
    }
    return touches;
}

/* What was changed later is no cause of it. */
static void story_add_changes(Story *story, const Board *board)
{
    odd_time first = story_onset(story);
    for (size_t i = board->changes.count; i-- > 0;) {
        const Change *change = &board->changes.changes[i];
        if (time_minus(first, change->time) > CHANGE_BEFORE_NS ||
            time_minus(change->time, first) > SUSPECT_DELAY_NS ||
            story->count == MEMBERS_MAX + CHANGES_TOLD_MAX)
            continue;
        Who who = change_who(change);
        if (!change_touches(story, change, &who))
            continue;
        story->members[story->count] =
            (Member){.change = change, .side = {.who = who, .time = change->time}};
        story->suspects[story->count++] = (Suspect){.onset = change->time,
                                                    .deviations = NAN,
                                                    .nature = NATURE_CHANGE,
                                                    .changed = ODD_TIME_NONE};
    }
}

static void story_count_names(Story *story)
{
    for (size_t i = 0; i < story->findings; i++)
        for (size_t k = 0; k < story->count; k++) {
            if (i == k || who_shared(&story->members[i].side.who, &story->members[k].side.who))
                continue;
            bool names = link_names(&story->members[i].side, &story->members[k].side.who) != NULL;
            story->suspects[i].names += names;
            story->suspects[k].named_by += names;
        }
}

static void story_give_roles(const Story *story)
{
    for (size_t rank = 0; rank < story->count; rank++) {
        size_t at = story->order[rank];
        BoardFinding *finding = story->members[at].finding;
        if (finding == NULL)
            continue;
        finding->role = (uint8_t)suspect_role(&story->suspects[at], rank);
        finding->rank = (uint8_t)(rank + 1);
    }
}

/* Who it is of, if the sentence does not say so. */
static const char *where_of(const Member *member)
{
    if (member->change != NULL)
        return "";
    return member->side.who.count > 0 && strcmp(member->side.who.names[0].text, WHO_HERE) != 0
               ? member->side.who.names[0].text
               : member->finding->first.source;
}

static void view_write(const Story *story, IncidentView *view)
{
    char words[CHANGE_WORDS_SIZE];
    TitlePart parts[PARTS_MAX];
    size_t count = 0, told = 0;
    for (size_t rank = 0; rank < story->count && count < PARTS_MAX; rank++) {
        size_t at = story->order[rank];
        const Member *member = &story->members[at];
        if (member->change != NULL && rank > 0)
            continue; /* It is one of two that may be why: the surer one is told. */
        const char *sentence = member->finding != NULL ? member->finding->first.sentence : words;
        if (member->change != NULL)
            change_words(member->change, words);
        told += member->finding != NULL;
        parts[count++] = (TitlePart){.sentence = sentence,
                                     .where = where_of(member),
                                     .onset = story->suspects[at].onset};
    }
    Writer w = writer_make(view->sentence, sizeof view->sentence);
    title_write(&w, parts, count, story->shown - told);
    const Member *first = &story->members[story->order[0]];
    if (!nature_is_impact(story->suspects[story->order[0]].nature))
        snprintf(view->cause, sizeof view->cause, "%s",
                 first->change != NULL ? first->change->id : first->finding->id);
}

static void story_surprise(const Story *story, IncidentView *view)
{
    for (size_t i = 0; i < story->findings; i++)
        if (story->suspects[i].surprise > view->surprise)
            view->surprise = story->suspects[i].surprise;
}

static void story_tell(Story *story, const Board *board, IncidentView *view)
{
    story_add_changes(story, board);
    story_count_names(story);
    suspects_rank(story->suspects, story->count, story->order);
    story_give_roles(story);
    story_surprise(story, view);
    view_write(story, view);
}

/* Where none is shown it tells of itself as it was. */
static void incident_tell(Board *board, BoardIncident *incident)
{
    Story story, hidden;
    story.count = story.findings = story.shown = 0;
    hidden.count = hidden.findings = hidden.shown = 0;
    bool is_muted = false;
    for (size_t i = 0; i < board->finding_count; i++) {
        BoardFinding *finding = &board->findings[i];
        if (memcmp(finding->incident, incident->id, ID_SIZE) != 0)
            continue;
        finding->rank = finding->role = 0;
        is_muted |= finding->shown == SHOWN_HIDDEN;
        story_add(finding->shown == SHOWN ? &story : &hidden, finding);
    }
    incident->is_dirty = 0;
    if (story.shown + hidden.shown == 0)
        return; /* They had to make room: it is told as it was. */
    memset(&incident->view, 0, sizeof incident->view);
    incident->view.hidden = hidden.shown;
    story_tell(story.shown > 0 ? &story : &hidden, board, &incident->view);
    if (story.shown == 0)
        snprintf(incident->view.shown, sizeof incident->view.shown, "%s",
                 is_muted ? "hidden" : "expected");
}

void board_tell(Board *board, bool all)
{
    for (size_t i = 0; i < board->incidents.count; i++) {
        BoardIncident *incident = &board->incidents.incidents[i];
        if (all || incident->is_dirty)
            incident_tell(board, incident);
    }
}
