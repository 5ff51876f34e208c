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
#define NAMED_MAX 4      /* Who are named and have no finding. */
#define SUSPECTS_MAX (MEMBERS_MAX + INCIDENT_HINTS + CHANGES_TOLD_MAX + NAMED_MAX)
#define PARTS_MAX 3      /* The cause, and two that came of it. */

typedef struct {
    BoardFinding *finding; /* Or ... */
    const Change *change;  /* ... this, or ... */
    const Hint   *hint;    /* ... this, or ... */
    const char   *named;   /* ... who is named. */
    LinkSide      side;
} Member;

typedef struct {
    Member  members[SUSPECTS_MAX];
    Suspect suspects[SUSPECTS_MAX];
    size_t  order[SUSPECTS_MAX];
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
    return (Suspect){.onset = board_onset(c),
                     .surprise = finding->surprise,
                     .deviations = c->effect,
                     .nature = nature_of((FindingKind)c->kind, c->is_metric, (Level)c->level,
                                         str_of(c->pattern_text)),
                     .is_new = is_new_pattern(c),
                     .change = -1};
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

static OverlayFinding hint_evidence(const Hint *hint)
{
    return (OverlayFinding){.id = hint->id,
                            .source = hint->source,
                            .text = hint->text,
                            .kind = finding_kind_word((FindingKind)hint->kind),
                            .sentence = str_of(hint->sentence),
                            .sample = STR(""),
                            .signal = hint->pattern,
                            .is_metric = hint->is_metric,
                            .is_raised = true, /* No rule was made for it. */
                            .time = hint->time,
                            .last_time = hint->time,
                            .surprise = hint->surprise};
}

static Suspect suspect_of_hint(const Hint *hint)
{
    return (Suspect){.onset = hint->time,
                     .surprise = hint->surprise,
                     .deviations = NAN,
                     .nature = nature_of((FindingKind)hint->kind, hint->is_metric,
                                         (Level)hint->level, str_of(hint->text)),
                     .is_new = !hint->is_metric && hint->seen <= 1,
                     .is_hint = true,
                     .change = -1};
}

/* Those that nobody hides. */
static void story_add_hints(Story *story, Board *board, const BoardIncident *incident)
{
    for (size_t i = 0; i < incident->hint_count; i++) {
        const Hint *hint = &incident->hints[i];
        OverlayFinding evidence = hint_evidence(hint);
        if (overlay_view(&board->overlay, &evidence).shown != SHOWN)
            continue;
        story->members[story->count] = (Member){
            .hint = hint,
            .side = {.who = hint_who(hint), .text = str_of(hint->text), .time = hint->time}};
        story->suspects[story->count++] = suspect_of_hint(hint);
    }
}

/* It is of one of them, or one of them names it; those whose own place it is, and that it is the
 * latest change of, know its number. */
static bool change_touches(Story *story, const Change *change, const Who *who, int number)
{
    bool touches = false;
    for (size_t i = 0; i < story->findings; i++) {
        Suspect *suspect = &story->suspects[i];
        bool is_own = who_shared(who, &story->members[i].side.who) != NULL;
        if (is_own && suspect->change < 0 &&
            time_minus(change->time, suspect->onset) <= SUSPECT_DELAY_NS)
            suspect->change = number;
        touches |= is_own || link_names(&story->members[i].side, who) != NULL;
    }
    return touches;
}

/* The latest first.  What was changed later than the first onset is no cause. */
static void story_add_changes(Story *story, const Board *board)
{
    odd_time first = story_onset(story);
    int told = 0;
    for (size_t i = board->changes.count; i-- > 0 && told < CHANGES_TOLD_MAX;) {
        const Change *change = &board->changes.changes[i];
        if (time_minus(first, change->time) > CHANGE_BEFORE_NS ||
            time_minus(change->time, first) > SUSPECT_DELAY_NS)
            continue;
        Who who = change_who(change);
        if (!change_touches(story, change, &who, (int)story->count))
            continue;
        told++;
        story->members[story->count] =
            (Member){.change = change, .side = {.who = who, .time = change->time}};
        story->suspects[story->count++] = (Suspect){.onset = change->time,
                                                    .deviations = NAN,
                                                    .nature = NATURE_CHANGE,
                                                    .is_seen = change->is_seen,
                                                    .change = -1};
    }
}

static bool is_in(const Story *story, const char *name)
{
    for (size_t i = 0; i < story->count; i++)
        for (size_t k = 0; k < story->members[i].side.who.count; k++)
            if (strcmp(story->members[i].side.who.names[k].text, name) == 0)
                return true;
    return false;
}

static const char *whose(const Member *member)
{
    return member->side.who.count > 0 ? member->side.who.names[0].text
                                      : member->finding->first.source;
}

/* Findings of how many places name it; the first of them goes into *ret_onset. */
static unsigned count_naming(const Story *story, const char *name, odd_time *ret_onset)
{
    const char *places[MEMBERS_MAX];
    unsigned count = 0;
    for (size_t i = 0; i < story->findings; i++) {
        const Mentions *mentions = &story->members[i].finding->mentions;
        bool names = false, is_new = true;
        for (size_t k = 0; k < mentions->count; k++)
            names |= strcmp(mentions->names[k], name) == 0;
        for (unsigned k = 0; k < count; k++)
            is_new &= strcmp(places[k], whose(&story->members[i])) != 0;
        if (names && (count == 0 || story->suspects[i].onset < *ret_onset))
            *ret_onset = story->suspects[i].onset;
        if (names && is_new)
            places[count++] = whose(&story->members[i]);
    }
    return count;
}

/* Who is named by findings of several places and has none of its own: nothing is known of it but
 * that all who need it suffer. */
static void story_add_named(Story *story)
{
    int added = 0;
    for (size_t i = 0; i < story->findings && added < NAMED_MAX; i++) {
        const Mentions *mentions = &story->members[i].finding->mentions;
        for (size_t k = 0; k < mentions->count && added < NAMED_MAX; k++) {
            odd_time onset = 0;
            if (is_in(story, mentions->names[k]) ||
                count_naming(story, mentions->names[k], &onset) < 2)
                continue;
            Member *member = &story->members[story->count];
            *member = (Member){.named = mentions->names[k],
                               .side = {.who = {.count = 1}, .time = onset}};
            snprintf(member->side.who.names[0].text, WHO_NAME_SIZE, "%s", mentions->names[k]);
            story->suspects[story->count++] =
                (Suspect){.onset = onset, .deviations = NAN, .change = -1};
            added++;
        }
    }
}

static void story_count_names(Story *story)
{
    for (size_t i = 0; i < story->findings; i++)
        for (size_t k = 0; k < story->count; k++) {
            /* Who tells of what feeds a model does not complain of it. */
            if (i == k || story->suspects[k].nature == NATURE_INPUT ||
                who_shared(&story->members[i].side.who, &story->members[k].side.who))
                continue;
            bool names = link_names(&story->members[i].side, &story->members[k].side.who) != NULL;
            story->suspects[i].names += names;
            story->suspects[k].named_by += names;
        }
}

static void story_give_roles(const Story *story, BoardIncident *incident)
{
    for (size_t rank = 0; rank < story->count; rank++) {
        size_t at = story->order[rank];
        const Member *member = &story->members[at];
        Role role = suspect_role(&story->suspects[at], rank);
        if (member->finding != NULL) {
            member->finding->role = (uint8_t)role;
            member->finding->rank = (uint8_t)(rank + 1);
        } else if (member->hint != NULL) {
            incident->view.hint_roles[member->hint - incident->hints] = (uint8_t)role;
            incident->view.hint_ranks[member->hint - incident->hints] = (uint8_t)(rank + 1);
        } else if (member->named != NULL && incident->view.named_rank == 0) {
            incident->view.named_role = (uint8_t)role;
            incident->view.named_rank = (uint8_t)(rank + 1);
            incident->view.named_time = story->suspects[at].onset;
            snprintf(incident->view.named, sizeof incident->view.named, "%s", member->named);
        }
    }
}

/* Who it is of, if the sentence does not say so. */
static const char *where_of(const Member *member)
{
    if (member->change != NULL || member->named != NULL)
        return "";
    if (member->side.who.count > 0 && strcmp(member->side.who.names[0].text, WHO_HERE) != 0)
        return member->side.who.names[0].text;
    return member->hint != NULL ? member->hint->source : member->finding->first.source;
}

static void named_words(const Story *story, const char *name, char words[CHANGE_WORDS_SIZE])
{
    Writer w = writer_make(words, CHANGE_WORDS_SIZE);
    odd_time onset = 0;
    unsigned count = count_naming(story, name, &onset);
    writer_add(&w, "%s is named by %u services or machines", name, count);
}

/* The first suspect is told, and the first of each other place. */
static bool is_told(const Member *member, const TitlePart *parts, size_t count)
{
    if (count == 0)
        return true;
    if (member->finding == NULL)
        return false;
    for (size_t i = 0; i < count; i++)
        if (strcmp(parts[i].where, where_of(member)) == 0)
            return false;
    return true;
}

static const char *id_of(const Member *member)
{
    return member->finding != NULL  ? member->finding->id
           : member->change != NULL ? member->change->id
           : member->hint != NULL   ? member->hint->id
                                    : member->named;
}

static void view_write(const Story *story, IncidentView *view)
{
    char words[CHANGE_WORDS_SIZE];
    TitlePart parts[PARTS_MAX];
    size_t count = 0, told = 0;
    for (size_t rank = 0; rank < story->count && count < PARTS_MAX; rank++) {
        size_t at = story->order[rank];
        const Member *member = &story->members[at];
        if (!is_told(member, parts, count))
            continue;
        if (member->change != NULL)
            change_words(member->change, words);
        if (member->named != NULL)
            named_words(story, member->named, words);
        told += member->finding != NULL;
        parts[count++] =
            (TitlePart){.sentence = member->finding != NULL ? member->finding->first.sentence
                                    : member->hint != NULL  ? member->hint->sentence
                                                            : words,
                        .where = where_of(member),
                        .onset = story->suspects[at].onset};
    }
    Writer w = writer_make(view->sentence, sizeof view->sentence);
    title_write(&w, parts, count, story->shown - told);
    if (!nature_is_impact(story->suspects[story->order[0]].nature))
        snprintf(view->cause, sizeof view->cause, "%s", id_of(&story->members[story->order[0]]));
}

static void story_surprise(const Story *story, IncidentView *view)
{
    for (size_t i = 0; i < story->findings; i++)
        if (story->suspects[i].surprise > view->surprise)
            view->surprise = story->suspects[i].surprise;
}

static void story_tell(Story *story, Board *board, BoardIncident *incident)
{
    story_add_hints(story, board, incident);
    story_add_changes(story, board);
    story_add_named(story);
    story_count_names(story);
    suspects_rank(story->suspects, story->count, story->order);
    story_give_roles(story, incident);
    story_surprise(story, &incident->view);
    view_write(story, &incident->view);
}

/* All of it is shown in others; or its findings had to make room: it is told as it was. */
static void incident_tell_joined(const Board *board, BoardIncident *incident)
{
    for (size_t i = 0; i < board->finding_count; i++) {
        const BoardFinding *finding = &board->findings[i];
        if (finding->shown_in[0] == '\0' || memcmp(finding->incident, incident->id, ID_SIZE) != 0)
            continue;
        memcpy(incident->view.joined, finding->shown_in, sizeof finding->shown_in);
        snprintf(incident->view.shown, sizeof incident->view.shown, "%s",
                 incident_state_word(INCIDENT_JOINED));
        return;
    }
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
        if (strcmp(board_incident_of(finding), incident->id) != 0)
            continue;
        finding->rank = finding->role = 0;
        is_muted |= finding->shown == SHOWN_HIDDEN;
        story_add(finding->shown == SHOWN ? &story : &hidden, finding);
    }
    incident->is_dirty = 0;
    if (story.shown + hidden.shown == 0) {
        incident_tell_joined(board, incident);
        return;
    }
    memset(&incident->view, 0, sizeof incident->view);
    incident->view.hidden = hidden.shown;
    story_tell(story.shown > 0 ? &story : &hidden, board, incident);
    if (story.shown == 0)
        snprintf(incident->view.shown, sizeof incident->view.shown, "%s",
                 is_muted ? "hidden" : "expected");
}

void board_tell(Board *board, bool all)
{
    if (board->below_count > 0)
        board_free_budget(board);
    if (all || board->overlay.link_count > 0)
        board_arrange(board);
    for (size_t i = 0; i < board->parted.count; i++)
        incident_tell(board, &board->parted.incidents[i]);
    for (size_t i = 0; i < board->incidents.count; i++) {
        BoardIncident *incident = &board->incidents.incidents[i];
        if (all || incident->is_dirty)
            incident_tell(board, incident);
    }
}
