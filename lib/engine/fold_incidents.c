/* SPDX-License-Identifier: Apache-2.0
 *
 * fold_incidents.c - incidents and changes as rows, and all that belongs to one incident. */
#include <math.h>

#include "base/time.h"
#include "engine/fold.h"
#include "engine/rows.h"

#define LIKE_MAX 3
#define LIKE_LEAST 0.2
#define INNOCENT_MOST 3.0 /* Surprise, from which on it is odd. */

static void incident_rows(const Board *board, const Incidents *incidents,
                          const odd_question *question, odd_rows *rows, int *count)
{
    for (size_t i = incidents->count; i-- > 0;) {
        BoardIncident incident = board_incident_shown(board, &incidents->incidents[i]);
        if (!fold_in_span(question, incident.time, incident.last_time))
            continue;
        if (question->row_count_max > 0 && (*count)++ >= question->row_count_max)
            break;
        rows_text(rows, str_of(incident.id));
        rows_int(rows, incident.time);
        rows_int(rows, incident.last_time);
        rows_double(rows, incident.view.surprise);
        rows_text(rows, str_of(incident.view.sentence));
        rows_text(rows, str_of(board_incident_state(&incident)));
        rows_int(rows, (int64_t)incident.findings);
        rows_int(rows, (int64_t)incident.view.hidden);
        rows_text(rows, str_of(incident.view.cause));
        rows_text(rows, str_of(incident.again));
        rows_int(rows, (int64_t)incident.times);
    }
}

odd_rc fold_incidents(const odd_fold *fold, const odd_question *question, odd_rows **ret_rows)
{
    static const char *const columns[] = {"id",    "time",     "last_time", "surprise",
                                          "sentence", "state", "findings",  "hidden",
                                          "cause", "again",    "times",     NULL};
    odd_rows *rows = rows_open(columns);
    int count = 0;
    if (rows != NULL) {
        incident_rows(&fold->board, &fold->board.parted, question, rows, &count);
        incident_rows(&fold->board, &fold->board.incidents, question, rows, &count);
    }
    return rows != NULL ? rows_finish(rows, ret_rows) : ODD_NOMEM;
}

/* -- changes ----------------------------------------------------------------------------------- */

odd_rc fold_changes(const odd_fold *fold, const odd_question *question, odd_rows **ret_rows)
{
    static const char *const columns[] = {"id",     "time",  "what",   "service", "host", "version",
                                          "title", "author", "link",   "source",  "seen", NULL};
    odd_rows *rows = rows_open(columns);
    for (size_t i = fold->board.changes.count; rows != NULL && i-- > 0;) {
        const Change *change = &fold->board.changes.changes[i];
        if (!fold_in_span(question, change->time, change->time))
            continue;
        rows_text(rows, str_of(change->id));
        rows_int(rows, change->time);
        rows_text(rows, str_of(change->what));
        rows_text(rows, str_of(change->service));
        rows_text(rows, str_of(change->host));
        rows_text(rows, str_of(change->version));
        rows_text(rows, str_of(change->title));
        rows_text(rows, str_of(change->author));
        rows_text(rows, str_of(change->link));
        rows_text(rows, str_of(change->source));
        rows_int(rows, change->is_seen);
    }
    return rows != NULL ? rows_finish(rows, ret_rows) : ODD_NOMEM;
}

/* -- one incident ------------------------------------------------------------------------------ */

typedef struct { /* A row of it. */
    const char *part, *role, *state, *id, *why;
    Str         sentence;
    int64_t     rank; /* 0: none. */
    odd_time    time;
    double      surprise;
    int64_t     signals;
} Part;

static void part_row(odd_rows *rows, const Part *part)
{
    rows_constant(rows, part->part);
    rows_constant(rows, part->role);
    rows_constant(rows, part->state);
    rows_int(rows, part->rank);
    rows_text(rows, str_of(part->id));
    rows_int(rows, part->time);
    rows_double(rows, part->surprise);
    rows_text(rows, part->sentence);
    rows_text(rows, str_of(part->why));
    rows_int(rows, part->signals);
}

static void finding_row(const BoardFinding *finding, odd_rows *rows)
{
    char sentence[BOARD_SENTENCE_SIZE], why[160];
    Writer w = writer_make(why, sizeof why);
    if (finding->shown_in[0] != '\0')
        writer_add(&w, "somebody said so");
    else if (finding->link != LINK_NONE)
        writer_add(&w, "%s: %s", link_words((LinkReason)finding->link), finding->link_text);
    part_row(rows, &(Part){.part = "finding",
                           .role = finding->rank > 0 ? role_word((Role)finding->role) : "",
                           .state = board_finding_state(finding),
                           .rank = finding->rank,
                           .id = finding->id,
                           .time = finding->first.time,
                           .surprise = finding->surprise,
                           .sentence = board_sentence(finding, sentence),
                           .why = why,
                           .signals = (int64_t)finding->neighbours + 1});
}

static void finding_rows(const odd_fold *fold, const BoardIncident *incident, odd_rows *rows)
{
    for (size_t i = 0; i < fold->board.finding_count; i++)
        if (strcmp(board_incident_of(&fold->board.findings[i]), incident->id) == 0)
            finding_row(&fold->board.findings[i], rows);
}

static void hint_rows(const BoardIncident *incident, odd_rows *rows)
{
    for (size_t i = 0; i < incident->hint_count; i++) {
        const Hint *hint = &incident->hints[i];
        int64_t rank = incident->view.hint_ranks[i];
        part_row(rows,
                 &(Part){.part = "hint",
                         .role = rank > 0 ? role_word((Role)incident->view.hint_roles[i]) : "",
                         .state = rank > 0 ? "" : "hidden",
                         .rank = rank,
                         .id = hint->id,
                         .time = hint->time,
                         .surprise = hint->surprise,
                         .sentence = str_of(hint->sentence),
                         .why = "too faint to be told by itself",
                         .signals = 1});
    }
}

static void named_row(const BoardIncident *incident, odd_rows *rows)
{
    if (incident->view.named_rank == 0)
        return;
    part_row(rows, &(Part){.part = "named",
                           .role = role_word((Role)incident->view.named_role),
                           .state = "",
                           .rank = incident->view.named_rank,
                           .id = "",
                           .time = incident->view.named_time,
                           .surprise = NAN,
                           .sentence = str_of(incident->view.named),
                           .why = "several findings name it",
                           .signals = 0});
}

/* Who names or is named, as the findings say. */
static bool is_of(const Board *board, const BoardIncident *incident, const Who *who)
{
    for (size_t i = 0; i < board->finding_count; i++) {
        if (strcmp(board_incident_of(&board->findings[i]), incident->id) != 0)
            continue;
        LinkSide side = board_side(&board->findings[i]);
        if (who_shared(who, &side.who) != NULL || link_names(&side, who) != NULL)
            return true;
    }
    return false;
}

static void change_rows(const odd_fold *fold, const BoardIncident *incident, odd_rows *rows)
{
    char words[CHANGE_WORDS_SIZE];
    for (size_t i = 0; i < fold->board.changes.count; i++) {
        const Change *change = &fold->board.changes.changes[i];
        Who who = change_who(change);
        if (time_minus(incident->time, change->time) > CHANGE_BEFORE_NS ||
            change->time > incident->last_time || !is_of(&fold->board, incident, &who))
            continue;
        bool is_cause = strcmp(change->id, incident->view.cause) == 0;
        size_t size = change_words(change, words);
        part_row(rows, &(Part){.part = "change",
                               .role = role_word(is_cause ? ROLE_CAUSE : ROLE_CHANGE),
                               .state = "",
                               .rank = is_cause,
                               .id = change->id,
                               .time = change->time,
                               .surprise = NAN,
                               .sentence = {.text = words, .size = size},
                               .why = change->is_seen ? "seen" : "sent",
                               .signals = 0});
    }
}

static void check_rows(const BoardIncident *incident, odd_rows *rows)
{
    for (int i = 0; i < CHECK_COUNT; i++) {
        const Check *check = &incident->checks[i];
        if (check->signals == 0)
            continue;
        bool is_innocent = (double)check->surprise < INNOCENT_MOST;
        part_row(rows, &(Part){.part = "checked",
                               .role = "",
                               .state = is_innocent ? "innocent" : "odd as well",
                               .id = "",
                               .time = ODD_TIME_NONE,
                               .surprise = i == CHECK_PATTERNS ? NAN : (double)check->surprise,
                               .sentence = str_of(check_words((CheckSort)i)),
                               .why = "",
                               .signals = check->signals});
    }
}

/* The likest ones that began before. */
static void like_rows(const odd_fold *fold, const BoardIncident *incident, odd_rows *rows)
{
    const Incidents *all = &fold->board.incidents;
    const BoardIncident *likest[LIKE_MAX] = {NULL};
    for (const BoardIncident *other = incident; other-- > all->incidents;) {
        const BoardIncident *one = other;
        for (int i = 0; i < LIKE_MAX && one != NULL; i++)
            if (likest[i] == NULL ||
                incident_likeness(incident, one) > incident_likeness(incident, likest[i])) {
                const BoardIncident *less = likest[i];
                likest[i] = one;
                one = less;
            }
    }
    for (int i = 0; i < LIKE_MAX && likest[i] != NULL; i++) {
        double likeness = incident_likeness(incident, likest[i]);
        char why[32];
        Writer w = writer_make(why, sizeof why);
        if (likeness < LIKE_LEAST)
            continue;
        writer_add(&w, "%.0f %% alike", 100 * likeness);
        part_row(rows, &(Part){.part = "like",
                               .role = "",
                               .state = board_incident_state(likest[i]),
                               .id = likest[i]->id,
                               .time = likest[i]->time,
                               .surprise = likest[i]->view.surprise,
                               .sentence = str_of(likest[i]->view.sentence),
                               .why = why,
                               .signals = (int64_t)likest[i]->findings});
    }
}

odd_rc odd_fold_incident(odd_fold *fold, const char *id, odd_rows **ret_rows)
{
    static const char *const columns[] = {"part", "role",     "state",    "rank", "id",
                                          "time", "surprise", "sentence", "why",  "signals", NULL};
    const BoardIncident *incident = board_find_incident(&fold->board, id);
    if (incident == NULL)
        return problem_say(&fold->problem, ODD_NOTFOUND, "there is no incident %s", id);
    odd_rows *rows = rows_open(columns);
    if (rows != NULL) {
        finding_rows(fold, incident, rows);
        hint_rows(incident, rows);
        named_row(incident, rows);
        change_rows(fold, incident, rows);
        check_rows(incident, rows);
        if (incidents_find(&fold->board.incidents, id) != NULL)
            like_rows(fold, incident, rows);
    }
    odd_rc rc = rows != NULL ? rows_finish(rows, ret_rows) : ODD_NOMEM;
    return rc == ODD_OK ? rc : problem_say(&fold->problem, rc, "no memory left for the answer");
}
