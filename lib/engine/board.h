/* SPDX-License-Identifier: Apache-2.0
 *
 * board.h - the merging stage: candidates of all shards become findings and incidents.
 *
 * A candidate that goes on with a finding (same pattern, source and kind, soon after) prolongs it;
 * an odd line soon after another of the same source is told by that one; the rest are new findings.
 * Findings that belong together (incident/link.h) are one incident.  Ids are hashes of what the
 * finding is about and when it began, so that a replay finds the same ones.
 *
 * The alarm budget is a rank among equals: a candidate needs a surprise that no more than
 * `findings_per_day` beginnings a day reached of late.  Each is a calibrated surprise of its own
 * source, but there may be a thousand sources; their rank needs no count of what was looked at.
 * What is reported is corrected by it, so that 3 is odd.  Those of series are corrected before for
 * all series that were looked at with them (stats/false_discovery.h).
 *
 * SHAPE      Flat records; FINDINGS_MAX, of which the oldest resolved go first.
 * EXACTNESS  Depends on the candidates, their order, and the ticks.
 */
#ifndef ENGINE_BOARD_H
#define ENGINE_BOARD_H
#include "engine/changes.h"
#include "engine/hints.h"
#include "engine/incident.h"
#include "engine/known.h"
#include "engine/shard.h"
#include "incident/like.h"
#include "incident/link.h"
#include "incident/suspect.h"

#define ODD_SURPRISE_MIN 3.0
#define FINDINGS_MAX 4096
#define RAISED_MAX 256
#define ALERTS_FIRING_MAX 512 /* At once; further ones are dropped, and counted. */
#define BESIDE_SIZE 256
#define BOARD_STEPS 128
#define BOARD_STEPS_OF_ONE 4.0 /* Steps of a surprise of 1. */

typedef enum { STATE_NEW = 0, STATE_ONGOING, STATE_RESOLVED, STATE_COUNT } BoardState;

/* Each has half of the budget for sure, and what the others leave of it. */
typedef enum { SENSE_LINES = 0, SENSE_METRICS, SENSE_MODELS, SENSE_COUNT } Sense;

typedef struct {
    Candidate first;     /* As it was when it began. */
    odd_time  last_time;
    uint64_t  repeats;   /* Candidates that joined it, itself among them. */
    uint64_t  neighbours; /* Of them, other odd lines beside it.          */
    double    surprise;  /* Corrected; the oddest so far. */
    char      id[ID_SIZE];
    char      incident[ID_SIZE];
    uint8_t   state;     /* BoardState */
    uint8_t   changed;   /* Since it was last told to listeners. */
    uint8_t   known;     /* They were told of it.               */
    uint8_t   shown;     /* Shown; what verdicts and rules say. */
    uint8_t   is_raised;
    uint8_t   unused_one; /* No byte of what is saved is left open. */
    uint32_t  said;      /* As in OverlayView. */
    uint32_t  unused_too;
    uint64_t  number;    /* How many findings were told before it. */
    char      by[VERDICT_ID_SIZE], broken[VERDICT_ID_SIZE];
    char      linked[ID_SIZE]; /* Because of this finding it is of its incident; "": it began it. */
    uint8_t   link;      /* LinkReason */
    uint8_t   role;      /* Role, of those that are shown; ... */
    uint8_t   rank;      /* ... 1: the first suspect; 0: not ranked. */
    uint8_t   beside_level; /* Of the line `beside`. */
    char      shown_in[ID_SIZE]; /* Where people linked or parted it to; "": as it is. */
    uint16_t  beside_size;
    char      link_text[WHO_NAME_SIZE];
    Mentions  mentions; /* Whom it names. */
    char      beside[BESIDE_SIZE]; /* Of the other odd lines the first gravest one, cut. */
} BoardFinding;

typedef struct {
    Mem           *mem;
    double         findings_per_day;
    BoardFinding  *findings; /* In the order of their beginnings here. */
    size_t         finding_count, finding_capacity;
    Incidents      incidents;
    Incidents      parted; /* What people said does not belong to others; of the overlay alone. */
    Changes        changes;
    Hints          hints;
    const Known   *known; /* NULL: nobody. */
    double         reached[SENSE_COUNT][BOARD_STEPS]; /* Forgetting: beginnings by surprise, from 3
                                                         on. */
    double         days;        /* Forgetting: the time that they took. */
    double         looks;       /* Forgetting: samples of series that were judged. */
    odd_time       clock;       /* Of the data: it never goes back. */
    double         threshold[SENSE_COUNT];
    uint64_t       dropped;     /* Old findings without room. */
    uint64_t       told;        /* Findings in all. */
    BoardFinding  *raised;      /* Told because somebody called their like real, or the rest of the
                                   model's the new normal; of no incident. */
    size_t         raised_count, raised_capacity;
    struct Below  *below;       /* Candidates below the threshold, while something is held back. */
    size_t         below_count, below_capacity;
    BoardFinding  *freed;       /* Those of them that have the place of what is held back. */
    size_t         freed_count, freed_capacity;
    Overlay        overlay;     /* Of the findings; decides nothing else. */
} Board;

void   board_open(Board *board, Mem *mem, double findings_per_day);
/* At a tick.  newest: the latest time that any shard believes; looks: samples judged since the tick
 * before. */
void   board_tick(Board *board, odd_time now, odd_time newest, double looks);
/* What a surprise of a series is to be corrected for, if so many series were judged at once. */
double board_looks(const Board *board, double series);
odd_rc board_take(Board *board, const Candidate *candidate);
/* A deploy, a restart ...: the incidents that it may be the cause of are told anew. */
odd_rc board_take_change(Board *board, const Change *change);
/* One that somebody's rule fired (board_alerts.c): takes nothing of the budget, and is always told.
 * At a tick it goes on, or is over. */
odd_rc board_take_alert(Board *board, const Candidate *candidate);
void   board_alerts_tick(Board *board, odd_time now);
odd_rc board_begins(Board *board, const Candidate *candidate, double surprise);
/* Of a candidate below the threshold that is like what somebody called real, corrected: one more of
 * `raised`, or of one of them.  Nothing else of the board knows of it. */
odd_rc board_raise(Board *board, const Candidate *candidate);
/* Another kind of the same, or what is known of it by now. */
void   board_retell(BoardFinding *finding, const Candidate *candidate);
/* One below the threshold, corrected, while something is held back; who is told in its place,
 * worked out anew (board_freed.c). */
typedef struct Below Below;
odd_rc board_note_below(Board *board, const Candidate *candidate);
odd_rc board_free_budget(Board *board);
void   board_freed_close(Board *board);
void   board_freed_save(const Board *board, ImageOut *out);
void   board_freed_load(Board *board, ImageIn *in);
/* Of the histogram of beginnings: the step of a surprise, how many of the sense came as far, how
 * many are wanted, and what is left of one after so long. */
size_t board_step(double surprise);
double board_reached(const Board *board, Sense sense, double surprise);
double board_wanted(const Board *board, Sense sense);
double board_kept(odd_time ns);
/* The one that the candidate goes on with, or that tells it beside itself; NULL: none. */
BoardFinding *board_going_on(BoardFinding *findings, size_t count, const Candidate *candidate);
BoardFinding *board_beside(BoardFinding *findings, size_t count, const Candidate *candidate);
Sense  board_sense(const Candidate *candidate);
void   board_id(const Candidate *candidate, char id[ID_SIZE]);
bool   board_is_over(const Board *board, const BoardFinding *finding);
void   board_close(Board *board);
void   board_save(const Board *board, ImageOut *out);
void   board_load(Board *board, ImageIn *in);

/* What verdicts and rules say (board_overlay.c). */
odd_rc   board_hear(Board *board, const Verdict *verdicts, size_t count);
void     board_look(Board *board, BoardFinding *finding); /* It began, or went on. */
void     board_look_again(Board *board);                  /* At all of them.       */
/* All findings, raised ones among them, in the order of their beginnings; to be freed with
 * mem_free.  NULL: no memory, or none. */
BoardFinding **board_all(Board *board, Mem *mem, size_t *ret_count);
Like           board_like(const BoardFinding *finding); /* fold_questions.c */
OverlayFinding board_evidence(const BoardFinding *finding, char *sentence);

/* Whether listeners are to be told of it, who hear of what is hidden only that it is so now. */
bool board_is_news(const BoardFinding *finding);
void board_news_told(BoardFinding *finding);

/* Incidents (board_incidents.c): a finding that just began becomes a part of one, or begins one;
 * one that goes on; how they stand at a tick. */
odd_rc board_join(Board *board, BoardFinding *finding);
/* is_retold: what its incident is told by has changed. */
void   board_goes_on(Board *board, const BoardFinding *finding, bool is_retold);
void   board_incidents_tick(Board *board);
/* What was odd and is not told, and may be why: to the incidents that changed (board_hints.c). */
void   board_give_hints(Board *board);
/* What they are called, and who is the cause (board_tell.c): of those whose findings changed. */
void   board_tell(Board *board, bool all);
/* As people linked them (board_links.c): where findings are shown, worked out anew; in which one a
 * finding is; one by its id; and as it is with what is shown in it. */
odd_rc         board_arrange(Board *board);
const char    *board_incident_of(const BoardFinding *finding);
BoardIncident *board_find_incident(const Board *board, const char *id); /* NULL: there is none. */
BoardIncident  board_incident_shown(const Board *board, const BoardIncident *incident);

LinkSide    board_side(const BoardFinding *finding);
odd_time    board_onset(const Candidate *candidate); /* By which it is linked and ranked. */
const char *board_incident_state(const BoardIncident *incident); /* "hidden" and "expected" too. */

const char *board_state_name(BoardState state);
const char *board_finding_state(const BoardFinding *finding); /* "hidden" and "expected" too. */

/* Its sentence, and who else it tells.  buffer holds BOARD_SENTENCE_SIZE. */
#define BOARD_SENTENCE_SIZE (SENTENCE_SIZE + 64)
Str board_sentence(const BoardFinding *finding, char *buffer);

#endif
