/* SPDX-License-Identifier: Apache-2.0
 *
 * incident.h - findings that belong together, and what was the case before.
 *
 * Which findings are of an incident, and its state, depend on the candidates alone; how it is told
 * (`view`) also on what verdicts and rules hide, and is worked out anew when these change.
 *
 * SHAPE      Flat records, in the order of their beginnings; INCIDENTS_MAX, the oldest go first.
 */
#ifndef ENGINE_INCIDENT_H
#define ENGINE_INCIDENT_H
#include <oddball.h>

#include "base/image.h"
#include "incident/title.h"
#include "incident/who.h"

#define INCIDENTS_MAX 1024
#define INCIDENT_KEYS 16   /* Of its signals; further ones are not compared. */
#define INCIDENT_PLACES 8
#define INCIDENT_HINTS 3
#define ID_SIZE 17 /* 16 hexadecimal digits and a NUL. */

/* X(name, word) */
#define INCIDENT_STATE_MAP(X)                                                             \
    X(NEW, "new")               /* It began just now.                                  */ \
    X(ONGOING, "ongoing")                                                                 \
    X(ESCALATING, "escalating") /* It grew: more of it, or far odder than when it was told. */ \
    X(REGRESSED, "regressed")   /* It had been over, and is back.                      */ \
    X(RESOLVED, "resolved")                                                               \
    X(JOINED, "joined")         /* It turned out to be a part of another: `again`.     */
typedef enum {
#define X(name, word) INCIDENT_##name,
    INCIDENT_STATE_MAP(X)
#undef X
        INCIDENT_STATE_COUNT
} IncidentState;

/* What of the places of an incident was looked at. */
#define CHECK_MAP(X)                      \
    X(PROCESSOR, "processors")            \
    X(MEMORY, "memory")                   \
    X(DISK, "disks and file systems")     \
    X(NETWORK, "network and connections") \
    X(ERRORS, "errors")                   \
    X(LATENCY, "waiting times")           \
    X(LOAD, "load")                       \
    X(OTHER, "other series")              \
    X(PATTERNS, "patterns of lines")
typedef enum {
#define X(name, words) CHECK_##name,
    CHECK_MAP(X)
#undef X
        CHECK_COUNT
} CheckSort;

typedef struct {
    uint32_t signals;
    float    surprise; /* Of the oddest of them that is none of the findings. */
} Check;

typedef struct { /* What was odd before it, and not told. */
    odd_time time;
    uint64_t pattern;
    double   surprise;
    double   seen;
    char     id[24];
    uint8_t  kind, level, is_metric;
    uint8_t  unused[5];
    char     source[96];
    char     text[160]; /* Of its pattern, or the name of its series. */
    char     sentence[320];
} Hint;

typedef struct { /* As it looks without what is hidden. */
    double   surprise;
    uint64_t hidden;   /* Of its findings. */
    char     cause[WHO_NAME_SIZE]; /* Id of a finding, a hint or a change, or the name of who is
                                      named; "": none is one. */
    char     shown[16]; /* "hidden", "expected"; "": it is shown, and its state is its own. */
    char     sentence[TITLE_SIZE];
    char     named[WHO_NAME_SIZE]; /* Who is named by several and has no finding; "": nobody. */
    odd_time named_time;           /* First. */
    uint8_t  named_rank, named_role;
    uint8_t  hint_ranks[INCIDENT_HINTS]; /* As those of findings. */
    uint8_t  hint_roles[INCIDENT_HINTS];
    char     joined[ID_SIZE]; /* That people say it is a part of; "": none. */
    uint8_t  unused[7];
} IncidentView;

typedef struct {
    odd_time time, last_time;
    odd_time grew;     /* When it escalated last; ODD_TIME_NONE: never.       */
    double   surprise; /* The oddest so far.                                  */
    double   marked_surprise; /* As it was then, or when it began.            */
    uint64_t marked_findings;
    uint64_t findings;
    uint64_t checked_findings; /* So many there were when `checks` were made. */
    uint64_t times;    /* So often it, or its like, was there before.         */
    uint64_t keys[INCIDENT_KEYS];     /* Of its signals (board_key).          */
    uint64_t places[INCIDENT_PLACES]; /* Of whom they are.                    */
    uint32_t key_count, place_count;
    Check    checks[CHECK_COUNT];
    Hint     hints[INCIDENT_HINTS]; /* The oddest; hint_count of them. */
    char     id[ID_SIZE], again[ID_SIZE]; /* again: the one before; "": none. */
    uint8_t  state;    /* IncidentState */
    uint8_t  is_dirty; /* Its findings changed since it was told.             */
    uint8_t  hint_count;
    uint8_t  unused[11];
    IncidentView view;
} BoardIncident;

typedef struct {
    Mem           *mem;
    BoardIncident *incidents;
    size_t         count, capacity;
} Incidents;

const char *incident_state_word(IncidentState state);
const char *check_words(CheckSort sort);

BoardIncident *incidents_find(const Incidents *incidents, const char *id);
BoardIncident *incidents_add(Incidents *incidents); /* All zero; NULL: no memory. */

void incident_note(BoardIncident *incident, uint64_t key, uint64_t place);
bool incident_has_key(const BoardIncident *incident, uint64_t key);
bool incident_has_place(const BoardIncident *incident, uint64_t place);

/* How often, in incidents that are over, both places had findings at once. */
unsigned incidents_together(const Incidents *incidents, uint64_t a, uint64_t b);

/* The last one that is over and had that signal; NULL: none.  *ret_times: how many had it. */
const BoardIncident *incidents_like(const Incidents *incidents, uint64_t key, uint64_t *ret_times);

/* From 0 to 1: how much two have in common, their signals and whom they are of. */
double incident_likeness(const BoardIncident *a, const BoardIncident *b);

/* Its state, at that time of the data. */
void incident_age(BoardIncident *incident, odd_time clock, odd_time over_after);

void incidents_close(Incidents *incidents);
void incidents_save(const Incidents *incidents, ImageOut *out);
void incidents_load(Incidents *incidents, ImageIn *in);

#endif
